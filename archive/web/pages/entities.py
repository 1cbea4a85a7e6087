"""What stories name: people, institutions or places, those of most stories first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from archive.entities.entity import KINDS, Kind
from archive.entities.table import Mention, Named, counted, of
from archive.search.query import QueryError
from archive.search.search import ids
from archive.search.unlooked import unlooked
from archive.web.chosen import note_unlooked
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

PAGE = 50
_MOST_PAGES = 200
_BESIDE = 30  # names of a kind on the page of a story


def show(db: Database, visit: PageRequest) -> Response:
    """`/entities?q=…&kind=person|org|place&page=…`: names in the stories of a query."""
    query, problem, status = visit.wanted, "", 200
    kind: Kind = next((one for one in KINDS if one == visit.args.get("kind")), "person")
    number = visit.number("page", 1, most=_MOST_PAGES)
    found: list[Named] = []
    try:
        among = set(ids(db, query)) if query else None
        found = counted(db, kind, among, limit=PAGE + 1, offset=(number - 1) * PAGE)
        note_unlooked(visit, unlooked(db, f"({query}) person:any" if query else "person:any"))
    except QueryError as bad:
        problem, status = str(bad), 400
    more = len(found) > PAGE and number < _MOST_PAGES
    context = {"query": query, "kind": kind, "kinds": KINDS, "names": found[:PAGE], "number": number, "more": more}
    return visit.page("entities.html", status, **context, problem=problem)


def beside(db: Database, id_: int) -> dict[Kind, list[Mention]]:
    """What one story names, by kind; nothing where it has not been read."""
    found = of(db, id_)
    by_kind = {kind: [one for one in found if one.kind == kind][:_BESIDE] for kind in KINDS}
    return {kind: names for kind, names in by_kind.items() if names}
