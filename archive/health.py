"""How each site fares. Silence is failure: what should have come and did not is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from archive.instants import iso, parse

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHealth:
    """One site's state."""

    site: str
    articles: int
    gone: int
    due: int
    failed: int
    blocked: int
    last_ok: str | None
    last_new: str | None
    problems: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def health(db: Database, silent_days: Mapping[str, int], at: datetime) -> list[SiteHealth]:
    """All active sites; `silent_days` says by site after how many days without a new article it counts as silent."""
    articles = _by_site(db, "select site, count(*), sum(state = 'gone') from articles group by site")
    states = _by_site(
        db, "select site, sum(due <= ?), sum(state = 'failed'), sum(state = 'blocked') from frontier group by site", iso(at)
    )
    found = []
    for (site,) in db.execute("select id from sites where state = 'active' order by id").fetchall():
        rows = db.execute("select url, state, reason, last_ok, last_new, last_tried, complete from listings where site = ?", [site]).fetchall()
        count, gone = articles.get(site, (0, 0))
        due, failed, blocked = states.get(site, (0, 0, 0))
        last_new = max((row[4] for row in rows if row[4]), default=None)
        found.append(
            SiteHealth(
                site=site, articles=count, gone=gone or 0, due=due or 0, failed=failed or 0, blocked=blocked or 0,
                last_ok=max((row[3] for row in rows if row[3]), default=None), last_new=last_new,
                problems=tuple(_problems(rows, count, last_new, silent_days.get(site, 0), at)),
            )
        )
    return found


def _problems(rows: list[tuple[Any, ...]], articles: int, last_new: str | None, silent: int, at: datetime) -> list[str]:
    found = []
    for url, state, reason, last_ok, _, last_tried, _ in rows:
        since = f", last read well {last_ok[:10]}" if last_ok else ", never read well"
        if state in ("failed", "blocked", "empty"):
            found.append(f"{url}: {state} ({reason}){since}")
        elif state == "new" and last_tried:
            found.append(f"{url}: asked for, never read")
    if silent and articles and last_new and parse(last_new) < at - timedelta(days=silent):
        found.append(f"silent: no new article since {last_new[:10]}, more than {silent} days")
    return found


def _by_site(db: Database, sql: str, *values: Any) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in db.execute(sql, list(values)).fetchall()}
