"""What the archive holds, how it grew, what is new, whether it is well."""

from __future__ import annotations

from collections import Counter
from typing import Any

from archive.store.problems import INCOMPLETE
from archive.web import growth
from archive.web.cards import CARD, one
from archive.web.holdings import Holdings
from archive.web.page_request import PageRequest

_SHOWN = 8  # listings that need a look; the others are at /sites
_NEWEST = 8  # articles
_FIGURES = {
    "articles": "select count(*) from articles",
    "sites": "select count(*) from sites",
    "versions": "select count(*) from version_rows",
    "captures": "select count(*) from captures",
    "documents": "select count(*) from attachments where capture is not null",
}
_LISTINGS = "select state, count(*) from listings where state != 'retired' group by state"
_NOT_WHOLE = f"select count(*) from listings l where {INCOMPLETE}"
_TROUBLED = (
    "select l.*, s.name from listings l join sites s on s.id = l.site where l.state not in ('ok', 'new', 'retired')"
    f" order by l.last_tried desc limit {_SHOWN}"
)


def show(held: Holdings, visit: PageRequest) -> Any:
    """The home page."""
    dbs = [*held.dbs.values()]
    months: Counter[str] = Counter()
    listings: Counter[str] = Counter()
    figures: Counter[str] = Counter()
    newest: list[dict[str, Any]] = []
    troubled: list[dict[str, Any]] = []
    for db in dbs:
        months.update(growth.by_month(db))
        figures.update({name: one(db, sql) for name, sql in _FIGURES.items()})
        listings.update(dict(db.execute(_LISTINGS).fetchall()))
        newest += db.query(f"{CARD} where a.published is not null order by a.published desc limit {_NEWEST}")
        troubled += db.query(_TROUBLED)
    newest.sort(key=lambda row: row["published"], reverse=True)  # each of them is sorted: ties keep their order
    troubled.sort(key=lambda row: row["last_tried"] or "", reverse=True)
    bad = sum(count for state, count in listings.items() if state not in ("ok", "new"))
    runs = [run for db in dbs for run in db.query("select * from runs order by id desc limit 1")]
    counts = dict(sorted(months.items()))
    return visit.page(
        "home.html",
        figures=figures,
        chart=growth.chart(counts, visit),
        years_=growth.years(counts),
        newest=newest[:_NEWEST],
        listings=dict(listings),
        n_listings=sum(listings.values()),
        incomplete=sum(one(db, _NOT_WHOLE) for db in dbs),
        bad=troubled[:_SHOWN],
        n_more=max(0, bad - _SHOWN),
        run=max(runs, key=lambda run: run["begun"], default=None),
    )
