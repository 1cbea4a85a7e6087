"""The sites: an overview, and one page each with its listings, growth, gaps, crawls and failures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from archive.instants import iso, now
from archive.web import growth, months
from archive.web.cards import CARD, first, one
from archive.web.pages.runs import counts_of
from archive.web.visit import Visit

if TYPE_CHECKING:
    from sqlite_utils import Database

_ALL = """
    select s.id, s.name, s.college, s.state,
           (select count(*) from articles where site = s.id) as n, (select max(published) from articles where site = s.id) as newest,
           (select count(*) from listings where site = s.id) as listings,
           (select count(*) from listings where site = s.id and state = 'ok') as listings_ok,
           (select count(*) from listings where site = s.id and state != 'retired' and (unfollowed is not null or doubt is not null or loops)) as incomplete,
           (select max(last_ok) from listings where site = s.id) as last_ok,
           (select group_concat(distinct reason) from listings where site = s.id and state not in ('ok', 'new')) as reasons
    from sites s order by coalesce(nullif(s.college, ''), s.name), s.id
"""
_COUNTS = "select site, substr(published, 1, 7), count(*) from articles where published >= ? and length(published) >= 7 group by 1, 2"
# What each of the last crawls did here, as it wrote it down: counting captures would read all of them.
_RUNS = "select id, begun, ended, reason, json_extract(counts, ?) as counts from runs where counts ->> ? is not null order by id desc limit 12"


def index(db: Database, visit: Visit) -> Any:
    """All sites with their size, trend and health."""
    counts: dict[str, dict[str, int]] = {}
    last = (one(db, "select max(published) from articles where published < ?", [f"{iso(now())[:10]}~"]) or "")[:7]
    if len(last) == 7 and last[:4].isdigit():
        for site, month, n in db.execute(_COUNTS, [f"{int(last[:4]) - 3:04}{last[4:]}"]).fetchall():
            counts.setdefault(site, {})[month] = n
    else:
        last = ""
    rows = [row | {"trend": growth.trend(counts.get(row["id"], {}), last, visit) if last else ""} for row in db.query(_ALL)]
    return visit.page("sites.html", sites=rows)


def show(db: Database, visit: Visit, id: str) -> Any:
    """One site."""
    id = unquote(id)
    site = first(db, "select * from sites where id = ?", [id])
    if site is None:
        return visit.missing(visit.word("no_site", id=id))
    counts = growth.by_month(db, id)
    path = f"$.{json.dumps(id, ensure_ascii=False)}"
    runs = [row | {"counts": counts_of(row["counts"])} for row in db.query(_RUNS, [path, path])]
    listings = list(db.query("select * from listings where site = ? order by section, url", [id]))
    claimed = [row["total_claimed"] for row in listings if row["total_claimed"]]
    return visit.page(
        "site.html", site=site, n=one(db, "select count(*) from articles where site = ?", [id]), listings=listings,
        claimed=sum(claimed) if claimed else None, chart=growth.chart(counts, visit, f"site:{id}"), years_=growth.years(counts),
        gaps=months.gaps(counts), runs=runs,
        frontier=dict(db.execute("select state, count(*) from frontier where site = ? group by state", [id]).fetchall()),
        failures=list(db.query("select * from failures where site = ? order by at desc limit 20", [id])),
        gone=one(db, "select count(*) from articles where site = ? and state in ('gone', 'moved')", [id]),
        newest=list(db.query(f"{CARD} where a.site = ? order by a.published desc limit 8", [id])),
    )
