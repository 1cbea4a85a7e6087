"""What the web has lost and the archive has kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from archive.web.cards import CARD, one
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

PAGE = 100
MOST_SITES = 30  # that are named, those that have lost most
_NOTICED = "select min(fetched_at) from captures where url = ? and fetched_at > ? and status in (404, 410)"


def show(db: Database, visit: PageRequest) -> Any:
    """Gone and moved articles, those last seen most recently first; of one site where asked for."""
    site = visit.args.get("site")
    where, values = ("and a.site = ?", [site]) if site else ("", [])
    n = one(db, f"select count(*) from articles a where a.state in ('gone', 'moved') {where}", values)
    number = visit.number("page", 1, most=max(1, -(-n // PAGE)))
    rows = db.query(
        f"{CARD} where a.state in ('gone', 'moved') {where} order by a.last_seen desc limit ? offset ?",
        [*values, PAGE, (number - 1) * PAGE],
    )
    per_site = db.query(
        "select site, count(*) as n from articles where state in ('gone', 'moved') group by site order by n desc limit"
        f" {MOST_SITES}"
    )
    found = [
        row
        | {
            "after": _days(row["published"] or row["first_seen"], row["last_seen"]),
            "noticed": one(db, _NOTICED, [row["url"], row["last_seen"]]),
        }
        for row in rows
    ]
    return visit.page(
        "gone.html", rows=found, n=n, number=number, last=-(-n // PAGE), per_site=list(per_site), site=site
    )


def _days(begin: str, end: str) -> int | None:
    """Whole days between two ISO times; None where one is not a full date."""
    try:
        return max(0, (date.fromisoformat(end[:10]) - date.fromisoformat(begin[:10])).days)
    except ValueError:
        return None
