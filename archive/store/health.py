"""How each site fares. Silence is failure: what should have come and did not is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from archive.instants import iso, parse
from archive.store.held import held_back

if TYPE_CHECKING:
    from sqlite_utils import Database

HOST_FAILED = "host_failed"  # a failure's kind: none of the stories on that host could be read in a run
_REMEMBERED = timedelta(days=30)  # a host that is not asked for stories any more is forgotten after that


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHealth:
    """One site's state."""

    site: str
    articles: int
    gone: int
    due: int
    failed: int
    blocked: int
    refused: int
    last_ok: str | None
    last_new: str | None
    problems: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def health(db: Database, silent_days: Mapping[str, int], at: datetime) -> list[SiteHealth]:
    """All active sites; `silent_days` says by site after how many days without a new article it counts as silent."""
    articles = _by_site(db, "select site, count(*) from articles group by site")
    lost = _by_site(db, "select site, sum(state = 'gone') from articles where state in ('gone', 'moved') group by site")
    due = _by_site(db, "select site, count(*) from frontier where due is not null and due <= ? group by site", iso(at))
    failed, blocked, refused = (
        _by_site(db, "select site, count(*) from frontier where state = ? group by site", state)
        for state in ("failed", "blocked", "refused")
    )
    read = {
        row[0]: row[1:]
        for row in db.execute("select site, max(last_ok), max(last_new) from listings group by site").fetchall()
    }
    wrong, incomplete, hosts = unread_listings(db), incomplete_listings(db), _hosts(db, at)
    held = held_back(db)
    found = []
    for (site,) in db.execute("select id from sites where state = 'active' order by id").fetchall():
        last_ok, last_new = read.get(site, (None, None))
        found.append(
            SiteHealth(
                site=site,
                articles=articles.get(site, 0),
                gone=lost.get(site, 0),
                due=due.get(site, 0),
                failed=failed.get(site, 0),
                blocked=blocked.get(site, 0),
                refused=refused.get(site, 0),
                last_ok=last_ok,
                last_new=last_new,
                problems=(
                    *wrong.get(site, ()),
                    *held.get(site, ()),
                    *incomplete.get(site, ()),
                    *hosts.get(site, ()),
                    *_silence(articles.get(site, 0), last_new, silent_days.get(site, 0), at),
                ),
            )
        )
    return found


def unread_listings(db: Database) -> dict[str, list[str]]:
    """What is wrong with the listings of each site, in words; sites with which nothing is are left out."""
    found: dict[str, list[str]] = {}
    listings = db.execute(
        "select site, url, state, reason, last_ok from listings"
        " where state in ('failed', 'blocked', 'empty') or state = 'new' and last_tried is not null order by rowid"
    )
    for site, url, state, reason, last_ok in listings.fetchall():
        since = f"last read well {last_ok[:10]}" if last_ok else "never read"
        found.setdefault(site, []).append(
            f"{url}: asked for, {since}" if state == "new" else f"{url}: {state} ({reason}), {since}"
        )
    return found


def incomplete_listings(db: Database) -> dict[str, list[str]]:
    """What is known to be missing of the listings of each site, and what has become worse, in words; as long as it is
    so."""
    found: dict[str, list[str]] = {}
    listings = db.execute(
        "select site, url, unfollowed, doubt, loops from listings"
        " where state != 'retired' and (unfollowed is not null or doubt is not null or loops) order by rowid"
    )
    for site, url, unfollowed, doubt, loops in listings.fetchall():
        said = (
            unfollowed and f"there is more than can be followed: {unfollowed}",
            doubt,
            loops and "its pager turns in circles: a walk ended before it",
        )
        found.setdefault(site, []).extend(f"{url}: {one}" for one in said if one)
    return found


def _hosts(db: Database, at: datetime) -> dict[str, list[str]]:
    """By site the hosts on which no story could be read in a run, nor has been since."""
    failed = db.execute(
        f"select site, url, detail, max(at) from failures where kind = '{HOST_FAILED}' and at > ? group by site, url",
        [iso(at - _REMEMBERED)],
    )
    read_since = (
        "select 1 from frontier where url >= ? and url < ? and site = ? and kind = 'article' and state in ('done',"
        " 'moved', 'gone') and done_at > ? limit 1"
    )
    found: dict[str, list[str]] = {}
    for site, url, detail, last in failed.fetchall():
        if (
            db.execute(read_since, [url, url[:-1] + "0", site, last]).fetchone() is None
        ):  # 0 is what follows / in the order of addresses
            found.setdefault(site, []).append(f"{url}: {detail} ({last[:10]})")
    return found


def _silence(articles: int, last_new: str | None, silent: int, at: datetime) -> list[str]:
    if silent and articles and last_new and parse(last_new) < at - timedelta(days=silent):
        return [f"silent: no new article since {last_new[:10]}, more than {silent} days"]
    return []


def _by_site(db: Database, sql: str, *values: Any) -> dict[str, int]:
    return dict(db.execute(sql, list(values)).fetchall())
