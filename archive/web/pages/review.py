"""Doubtful readings, one a page, beside the page as it was. Only shown here; `campuswarc review` writes."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from archive.doubts import SURE, counted, doubts
from archive.replay.captures import stamp
from archive.search.query import QueryError
from archive.search.query_tree import MOST_LENGTH
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

_MOST = 10_000  # that are paged through, one by one


def show(db: Database, visit: PageRequest) -> Response:
    """The page: `?q=…&below=0.8&page=…`."""
    query = visit.wanted[:MOST_LENGTH]
    number = visit.number("page", 1, most=_MOST)
    try:
        below = min(1.01, max(0.0, float(visit.args.get("below") or SURE)))
    except ValueError:
        below = SURE
    context: dict[str, Any] = {"query": query, "below": below, "number": number}
    try:
        of = counted(db, query, below=below)
        one = next(iter(doubts(db, query, below=below, limit=1, offset=number - 1)), None)
    except QueryError as problem:
        return visit.page("review.html", 400, **context, of=0, one=None, problem=str(problem))
    return visit.page(
        "review.html",
        **context,
        of=of,
        one=one,
        problem="",
        paragraphs=one.body.split("\n\n") if one else [],
        frame=visit.replay(stamp(one.captured), one.captured_url, "mp_") if one else "",
        whole=visit.replay(stamp(one.captured), one.captured_url) if one else "",
        page=visit.article(one.url) if one else "",
        command=f"campuswarc review {shlex.quote(f'url:{one.url}')} --accept" if one else "",
    )
