"""What a query chooses of groups of stories (clusters, pairs, photos), a page of it at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from archive.search.query import QueryError
from archive.search.search import ids
from archive.search.unlooked import Unlooked, unlooked
from archive.web.cards import site_names
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

T = TypeVar("T")


def note_unlooked(visit: PageRequest, found: Iterable[Unlooked]) -> None:
    """Have the page begin with what a query asks for that nobody has looked for, and the operator's command for it."""
    for one in found:
        key = f"unlooked_{one.what}" + ("" if one.stories is None else "_left")
        visit.notices.append(visit.word(key, n=one.stories or 0, value=one.value, command=one.command))


def chosen(
    db: Database,
    visit: PageRequest,
    find: Callable[[set[int] | None], list[T]],
    size: int,
    *,
    needs: str = "",
    unreadable: type[Exception] | tuple[()] = (),
) -> tuple[list[T], int, dict[str, Any]]:
    """Those that `find` gives for the stories of `?q=…`, None for all, as far as they stand on `?page=…`; the status of
    the answer; and what its template is told: query, found, number, last, names of sites, problem.

    `needs` is what all of them need that has to be looked for, such as `has:twin`. `find` may raise `unreadable` where
    what it asks cannot be read.
    """
    query, problem, status = visit.wanted, "", 200
    found: list[T] = []
    try:
        found = find(set(ids(db, query)) if query else None)
        note_unlooked(visit, unlooked(db, f"({query}) {needs}" if query else needs))
    except QueryError as bad:
        problem, status = str(bad), 400
    except unreadable as bad:
        problem, status = str(bad), 503
    last = max(1, -(-len(found) // size))
    number = visit.number("page", 1, most=last)
    told = {"query": query, "found": len(found), "number": number, "last": last, "problem": problem}
    return found[(number - 1) * size : number * size], status, told | {"names": site_names(db)}
