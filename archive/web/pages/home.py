"""What the archive holds, how it grew, what is new, whether it is well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archive.web import growth
from archive.web.cards import CARD, one
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

_SHOWN = 8  # listings that need a look; the others are at /sites


def show(db: Database, visit: PageRequest) -> Any:
    """The home page."""
    counts = growth.by_month(db)
    figures = {
        "articles": one(db, "select count(*) from articles"),
        "sites": one(db, "select count(*) from sites"),
        "versions": one(db, "select count(*) from version_rows"),
        "captures": one(db, "select count(*) from captures"),
        "documents": one(db, "select count(*) from attachments where capture is not null"),
    }
    listings = dict(
        db.execute("select state, count(*) from listings where state != 'retired' group by state").fetchall()
    )
    bad = sum(count for state, count in listings.items() if state not in ("ok", "new"))
    newest = list(db.query(f"{CARD} where a.published is not null order by a.published desc limit 8"))
    return visit.page(
        "home.html",
        figures=figures,
        chart=growth.chart(counts, visit),
        years_=growth.years(counts),
        newest=newest,
        listings=listings,
        n_listings=sum(listings.values()),
        bad=list(
            db.query(
                "select l.*, s.name from listings l join sites s on s.id = l.site"
                " where l.state not in ('ok', 'new', 'retired')"
                f" order by l.last_tried desc limit {_SHOWN}"
            )
        ),
        n_more=max(0, bad - _SHOWN),
        run=next(iter(db.query("select * from runs order by id desc limit 1")), None),
    )
