"""What a site may cost a day: pages, bytes, minutes; what is spent by earlier runs of the day counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from spiders.site import Site

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(slots=True)
class Budget:
    """Of one site in one run."""

    site: Site
    pages: int = 0
    bytes: int = 0
    seconds: float = 0.0  # of earlier runs of the day
    begun: float | None = None  # when this run first asked it

    def spend(self, size: int) -> None:
        """An answer of as many bytes came."""
        self.pages += 1
        self.bytes += size
        if self.begun is None:
            self.begun = monotonic()

    @property
    def spent(self) -> str:
        """Which of them is spent, in words; empty while none is."""
        site = self.site
        seconds = self.seconds + (monotonic() - self.begun if self.begun is not None else 0.0)
        if site.pages_a_day and self.pages >= site.pages_a_day:
            return f"its {site.pages_a_day} pages a day are spent"
        if site.mb_a_day and self.bytes >= site.mb_a_day * 1_000_000:
            return f"its {site.mb_a_day} MB a day are spent"
        if site.minutes_a_day and seconds >= site.minutes_a_day * 60:
            return f"its {site.minutes_a_day} minutes a day are spent"
        return ""


def budget_of(db: Database, site: Site, at: datetime) -> Budget:
    """What is left of it today, UTC, by what was recorded: pages, bytes of their records, minutes between the first and
    the last of each run."""
    if not (site.pages_a_day or site.mb_a_day or site.minutes_a_day):
        return Budget(site)
    pages, size, seconds = db.execute(
        "select coalesce(sum(n), 0), coalesce(sum(size), 0), coalesce(sum(seconds), 0) from (select count(*) as n,"
        " sum(length) as size, 86400 * (julianday(max(fetched_at)) - julianday(min(fetched_at))) as seconds"
        " from captures where run in (select id from runs where begun >= ?) and site = ? and fetched_at >= ?"
        " group by run)",
        [f"{at - timedelta(days=1):%Y-%m-%d}", site.id, f"{at:%Y-%m-%d}"],
    ).fetchone()
    return Budget(site, pages, size, seconds)
