"""Who copied whom: clusters of stories that are the same story, the greatest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from archive.near.clusters import clusters
from archive.search.query import QueryError
from archive.search.search import ids
from archive.web.cards import site_names
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

PAGE = 20


def show(db: Database, visit: PageRequest) -> Response:
    """The page: `?q=…&page=…`; a query chooses clusters with a story that meets it."""
    query, problem, status = visit.wanted, "", 200
    try:
        found = clusters(db, set(ids(db, query)) if query else None)
    except QueryError as bad:
        found, problem, status = [], str(bad), 400
    last = max(1, -(-len(found) // PAGE))
    number = visit.number("page", 1, most=last)
    names = site_names(db)
    shown = found[(number - 1) * PAGE : number * PAGE]
    context = {"query": query, "found": len(found), "clusters": shown, "number": number, "last": last, "names": names}
    return visit.page("clusters.html", status, **context, problem=problem)
