"""Listings that have stopped while others of their site go on: an old list left standing beside the new one."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from archive.instants import iso, parse
from archive.store.problems import STALLED, Problem

if TYPE_CHECKING:
    from sqlite_utils import Database

_LEAST = timedelta(days=7)
_SAME = timedelta(days=2)  # in which a page that has shown its last news may change once more


def stalled(
    db: Database,
    last_new: Mapping[str, datetime],
    apart: Collection[str],
    unusual: Callable[[list[date]], int | None],
    at: datetime,
) -> dict[str, list[Problem]]:
    """By site the listings that had a rhythm of their own, have been without news for longer than is usual, and whose
    page has not changed since, while others of the site had news: a remark, since a section may have ended.

    `last_new` is when a site had news; sites `apart` are silent as a whole, or are not to be told of. `unusual` gives
    the days without news that are unusual after such days with news, None where they are too few. A page that changes
    each time, for whatever reason, is none that stands still.
    """
    old = db.execute(
        "select site, url, last_new from listings where state = 'ok' and last_new < ? order by site, url",
        [iso(at - _LEAST)],
    )
    since = {
        url: (site, parse(new))
        for site, url, new in old.fetchall()
        if site not in apart and site in last_new and last_new[site] > parse(new)
    }
    days = db.execute(
        "select value, (select group_concat(day) from news_days where listing = value) from json_each(?)",
        [json.dumps(list(since))],
    )
    least = {url: unusual(sorted(map(date.fromisoformat, said.split(",")))) for url, said in days.fetchall() if said}
    quiet = [url for url, days in least.items() if days is not None and at - since[url][1] > timedelta(days=days)]
    changed = db.execute(
        "select value, (select fetched_at from captures where url = value and record_type = 'response' and status = 200"
        " order by fetched_at desc limit 1) from json_each(?)",
        [json.dumps(quiet)],
    )
    found: dict[str, list[Problem]] = {}
    for url, last in changed.fetchall():
        site, new = since[url]
        if last is not None and parse(last) <= new + _SAME:
            found.setdefault(site, []).append(_problem(site, url, new, least[url]))
    return found


def _problem(site: str, url: str, new: datetime, days: int | None) -> Problem:
    detail = (
        f"nothing new since {new:%Y-%m-%d}, more than {days} days, and its page has not changed, while other listings"
        " of the site had news"
    )
    return Problem(
        site=site,
        url=url,
        state=STALLED,
        reason=STALLED,
        detail=detail,
        since=iso(new),
        action=f"campuswarc fix {site}",
        line=f"{url}: {detail}",
    )
