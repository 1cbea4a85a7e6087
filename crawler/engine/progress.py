"""What a person sees of a crawl: a live table on a terminal, one line a site in cron's mail."""

from __future__ import annotations

import sys
from collections import Counter
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

from crawler.engine.session import Session

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

_COLUMNS = ("listed", "new", "changed", "unchanged", "gone", "blocked", "refused", "failed", "pages")
_MOST_ROWS = 20


class Progress:
    """Shown while the `with` block runs; the summary when it ends."""

    def __init__(self, session: Session, *, quiet: bool = False) -> None:
        self._session, self._quiet = session, quiet
        self._begun = monotonic()
        self._live: Live | None = None

    def __enter__(self) -> Progress:
        if sys.stdout.isatty() and not self._quiet:
            from rich.live import Live  # loaded only where a person looks on

            self._live = Live(get_renderable=self._table, refresh_per_second=2, transient=True)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live.console.print(self._table())
        elif not self._quiet:
            for site, count in self._session.intake.counts.items():
                print(f"{site}: " + ", ".join(f"{count[name]} {name}" for name in _COLUMNS if count[name]))
            for site, said in self._session.over_budget.items():
                print(f"{site}: {said}; the rest stays due")
            if not self._session.seeds:
                print(self._why_nothing())
            print(f"{self._pages()} pages in {monotonic() - self._begun:.0f} s, {self._rate():.1f} pages/s")

    def _why_nothing(self) -> str:
        typed = self._session.home.typed
        if not self._session.all_sites:
            return f"no site is configured yet: {typed('campuswarc add https://news.example.edu/')}"
        when, now = typed("campuswarc sites --due"), typed("campuswarc crawl --all")
        return f"no listing is due: {when} says when; {now} looks now"

    def _pages(self) -> int:
        return sum(count["pages"] for count in self._session.intake.counts.values())

    def _rate(self) -> float:
        return self._pages() / max(monotonic() - self._begun, 0.001)

    def _table(self) -> Table:
        from rich.table import Table

        table = Table(
            title=f"{self._pages()} pages, {self._rate():.1f} pages/s", title_justify="left", box=None, padding=(0, 1)
        )
        table.add_column("site", no_wrap=True, overflow="ellipsis")
        for name in _COLUMNS:
            table.add_column(name, justify="right")
        counts = sorted(self._session.intake.counts.items(), key=lambda entry: -entry[1]["pages"])
        for site, count in counts[:_MOST_ROWS]:
            table.add_row(site, *(str(count[name]) for name in _COLUMNS))
        if len(counts) > _MOST_ROWS:
            rest: Counter[str] = sum((count for _, count in counts[_MOST_ROWS:]), Counter())
            table.add_row(f"… {len(counts) - _MOST_ROWS} more", *(str(rest[name]) for name in _COLUMNS))
        return table
