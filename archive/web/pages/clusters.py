"""Who copied whom: clusters of stories that are the same story, the greatest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from archive.near.clusters import clusters
from archive.web.chosen import chosen
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

PAGE = 20


def show(db: Database, visit: PageRequest) -> Response:
    """The page: `?q=…&page=…`; a query chooses clusters with a story that meets it."""
    shown, status, told = chosen(db, visit, lambda among: clusters(db, among), PAGE, needs="has:duplicate")
    return visit.page("clusters.html", status, **told, clusters=shown)
