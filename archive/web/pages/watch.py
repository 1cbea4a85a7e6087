"""What a saved search has met: a page, Atom and JSON. Nobody is told which there are, nor where they tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from archive.guarded import DamagedDatabase
from archive.instants import iso, now
from archive.search.query import QueryError
from archive.watches.journal import Journal
from archive.watches.matching import latest
from archive.watches.watch import BadWatch, Watch, load
from archive.web.cards import site_names
from archive.web.feed import add, answer, begun
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

MOST = 50


def show(db: Database, visit: PageRequest, name: str) -> Response:
    """The page of a watch."""
    found = _found(db, visit, name)
    if isinstance(found, Response):
        return found
    watch, items = found
    names = site_names(db)
    return visit.page("watch.html", watch=watch, items=items, names=names)


def as_atom(db: Database, visit: PageRequest, name: str) -> Response:
    """`/watch/NAME.atom`, to be subscribed to: ids of entries stay, so a reader shows nothing twice."""
    found = _found(db, visit, name)
    if isinstance(found, Response):
        return found
    watch, items = found
    feed, here = begun(), visit.origin + visit.link(f"/watch/{watch.name}.atom")
    add(feed, "title", f"{watch.name}: {watch.query}")
    add(feed, "id", here)
    add(feed, "updated", items[0]["at"] if items else iso(now()))
    add(add(feed, "author"), "name", visit.word("archive"))
    add(feed, "link", rel="self", href=here)
    add(feed, "link", rel="alternate", type="text/html", href=visit.origin + visit.link(f"/watch/{watch.name}"))
    for one in items:
        entry = add(feed, "entry")
        kind = visit.word(f"change_{one['kind']}")
        add(entry, "title", f"{kind}: {one['title']}")
        add(entry, "id", f"urn:campuswarc:event:{one['id']}")
        add(entry, "link", rel="alternate", type="text/html", href=visit.origin + visit.article(one["url"]))
        add(entry, "link", rel="via", href=one["url"])
        add(entry, "updated", one["at"])
        add(entry, "category", term=one["kind"])
        add(entry, "summary", _summary(one))
    return answer(feed)


def as_json(db: Database, visit: PageRequest, name: str) -> Response:
    """`/watch/NAME.json`: the items as a webhook gets them."""
    found = _found(db, visit, name)
    if isinstance(found, Response):
        return found
    watch, items = found
    items = [one | {"page": visit.origin + visit.article(one["url"])} for one in items]
    text = json.dumps({"watch": watch.name, "query": watch.query, "items": items}, ensure_ascii=False, indent=1)
    return Response(text, content_type="application/json; charset=utf-8")


def _found(db: Database, visit: PageRequest, name: str) -> tuple[Watch, list[dict[str, Any]]] | Response:
    folder = visit.holding.path.parent
    try:
        watch = load(folder / "watches.toml").get(name)
        if watch is None:
            return visit.missing(visit.word("no_watch", name=name))
        if not (folder / "watches.db").exists():
            return watch, []
        with Journal(folder / "watches.db", read_only=True) as journal:
            return watch, latest(db, journal, watch, MOST)
    except DamagedDatabase:  # its text names the folder
        return visit.missing(visit.word("bad_journal"), status=503)
    except (BadWatch, QueryError):  # its text may name an address with a password
        return visit.missing(visit.word("bad_watch"), status=503)


def _summary(one: dict[str, Any]) -> str:
    if one["kind"] == "new":
        return str(one["excerpt"])
    return "\n".join([*(f"- {words}" for words in one["removed"]), *(f"+ {words}" for words in one["added"])])[:2000]
