"""The sites: an overview, and one page each with its listings, growth, gaps, crawls and failures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from archive.article import DOUBTFUL
from archive.instants import iso, now
from archive.store.completeness import completeness
from archive.store.frontier import STATES
from archive.store.problems import INCOMPLETE
from archive.web import growth, months
from archive.web.cards import CARD, first, one
from archive.web.holdings import Holdings
from archive.web.page_request import PageRequest
from archive.web.pages.runs import in_words

if TYPE_CHECKING:
    from sqlite_utils import Database

PAGE = 100
FILTERS = ("well", "trouble", "retired")
# In memory: ten thousand names, each beside how its listings fare. What is shown of a page's sites is asked for these
# alone
_NAMES = f"""
    select s.id, s.name, s.college, s.state, count(l.url) as listings, coalesce(sum(l.state = 'ok'), 0) as listings_ok,
           max(l.last_ok) as last_ok,
           coalesce(sum({INCOMPLETE}), 0) as incomplete,
           coalesce(sum(l.state not in ('ok', 'new', 'retired')), 0) as bad,
           group_concat(distinct case when l.state not in ('ok', 'new', 'retired') then l.reason end) as reasons
    from sites s left join listings l on l.site = s.id group by s.id
"""
_NEWEST = "select max(published) from articles where published < ?"
_SIZE = "select count(*) as n, max(published) as newest from articles where site = ?"
_COUNTS = (
    "select substr(published, 1, 7), count(*) from articles where site = ? and published >= ? and length(published) >="
    " 7 group by 1"
)
# by the index of both
_FRONTIER = (
    f"select state, count(*) from frontier where state in ({', '.join('?' * len(STATES))}) and site = ? group by state"
)
# What each of the last crawls did here, as it wrote it down: counting captures would read all of them. Of the newest
# sixty alone: at ten thousand sites one of them has 300 KB of counts.
_RUNS = """
    select id, begun, ended, reason, json_extract(counts, ?) as counts
    from (select * from runs order by id desc limit 60)
    where counts ->> ? is not null order by id desc limit 12
"""


def index(held: Holdings, visit: PageRequest) -> Any:
    """The sites, a hundred to a page, with their size, trend and health; `q` and `state` choose among them. Sums of all
    come first."""
    rows = [(db, row) for db in held.dbs.values() for row in db.query(_NAMES)]
    rows.sort(key=lambda item: (item[1]["college"] or item[1]["name"] or "", item[1]["id"]))
    wanted, state = visit.args.get("q", "").strip(), visit.args.get("state", "")
    chosen = [
        (db, row)
        for db, row in rows
        if _is_called(row, wanted.casefold()) and (state not in FILTERS or _is(row, state))
    ]
    pages = -(-len(chosen) // PAGE)
    number = visit.number("page", 1, most=max(1, pages))
    newest = (one(db, _NEWEST, [f"{iso(now())[:10]}~"]) or "" for db in held.dbs.values())
    last = max(newest)[:7]
    last = last if len(last) == 7 and last[:4].isdigit() else ""
    shown = [
        row | (first(db, _SIZE, [row["id"]]) or {}) | {"trend": _trend(db, row["id"], last, visit)}
        for db, row in chosen[(number - 1) * PAGE : number * PAGE]
    ]
    sums = {
        "sites": len(rows),
        "articles": sum(one(db, "select count(*) from articles") for db in held.dbs.values()),
        **{name: sum(_is(row, name) for _, row in rows) for name in FILTERS},
    }
    return visit.page(
        "sites.html",
        sites=shown,
        sums=sums,
        filters=FILTERS,
        state=state,
        wanted=wanted,
        found=len(chosen),
        number=number,
        last=pages,
    )


def _is_called(row: dict[str, Any], wanted: str) -> bool:
    return not wanted or any(wanted in (row[name] or "").casefold() for name in ("id", "name", "college"))


def _is(row: dict[str, Any], state: str) -> bool:
    """`trouble`: a listing of it was not read well when it was last asked for, or not to its end."""
    if state == "retired" or row["state"] == "retired":
        return bool(state == row["state"])
    return bool(row["bad"] or row["incomplete"]) == (state == "trouble")


def _trend(db: Database, site: str, last: str, visit: PageRequest) -> Any:
    if not last:
        return ""
    counts = dict(db.execute(_COUNTS, [site, f"{int(last[:4]) - 3:04}{last[4:]}"]).fetchall())
    return growth.trend(counts, last, visit)


def show(db: Database, visit: PageRequest, id: str) -> Any:
    """One site."""
    id = unquote(id)
    site = first(db, "select *, json_extract(config, '$.ror') as ror from sites where id = ?", [id])
    if site is None:
        return visit.missing(visit.word("no_site", id=id))
    counts = growth.by_month(db, id)
    path = f"$.{json.dumps(id, ensure_ascii=False)}"
    runs = [row | {"counts": in_words(row["counts"], visit)} for row in db.query(_RUNS, [path, path])]
    known = {one.listing: one for one in completeness(db, [id])}
    listings = [
        row | {"known": known[row["url"]]}
        for row in db.query("select * from listings where site = ? order by section, url", [id])
    ]
    claimed = [row["total_claimed"] for row in listings if row["total_claimed"]]
    return visit.page(
        "site.html",
        site=site,
        n=one(db, "select count(*) from articles where site = ?", [id]),
        listings=listings,
        claimed=sum(claimed) if claimed else None,
        chart=growth.chart(counts, visit, f"site:{id}"),
        years_=growth.years(counts),
        gaps=months.gaps(counts),
        runs=runs,
        frontier=dict(db.execute(_FRONTIER, [*STATES, id]).fetchall()),
        failures=list(db.query("select * from failures where site = ? order by at desc limit 20", [id])),
        gone=one(db, "select count(*) from articles where site = ? and state in ('gone', 'moved')", [id]),
        doubtful=one(db, f"select count(*) from articles where {DOUBTFUL} and +site = ?", [id]),
        newest=list(db.query(f"{CARD} where a.site = ? order by a.published desc limit 8", [id])),
    )
