"""What was silently changed: a list to narrow, the same as JSON, CSV and Atom."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response
from markupsafe import Markup

from archive.changes.candidates import KINDS
from archive.changes.changes import Asked, Event, Found, changes
from archive.changes.table import row, write
from archive.identity import identifier
from archive.instants import iso, now
from archive.replay.captures import stamp
from archive.search.query import QueryError
from archive.search.query_tree import MOST_LENGTH
from archive.search.unlooked import unlooked
from archive.web import story
from archive.web.cards import site_names
from archive.web.chosen import note_unlooked
from archive.web.feed import add, answer, begun
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

PAGE, MOST_PAGE, MOST_ROWS, MOST_ENTRIES = 20, 100, 300, 50
_MOST = 300  # whose texts are compared for one answer, 5 ms each: two seconds
_LEAST = ("0.01", "0.05", "0.2", "0.5")  # weights to choose from
_KEPT = ("q", "site", "since", "until", "kind", "min-weight")


def show(db: Database, visit: PageRequest) -> Response:
    """The page: `?q=…&kind=…&site=…&since=…&until=…&min-weight=…&page=…`."""
    number = visit.number("page", 1, most=_MOST // PAGE)
    context: dict[str, Any] = {
        "asked": {name: visit.args.get(name, "")[:MOST_LENGTH] for name in _KEPT},
        "kinds": KINDS,
        "weights": _LEAST,
        "number": number,
    }
    try:
        found = changes(db, _asked(visit), limit=PAGE, offset=(number - 1) * PAGE, most=_MOST)
        note_unlooked(visit, unlooked(db, _asked(visit).query))
    except QueryError as problem:
        empty = Found(events=[], more=False, unread=0)
        return visit.page("changes.html", 400, **context, found=empty, rows=[], problem=str(problem))
    names = site_names(db)
    rows = [_shown(visit, event, names.get(event.site, event.site)) for event in found.events]
    return visit.page("changes.html", **context, found=found, rows=rows, problem="")


def as_json(db: Database, visit: PageRequest) -> Response:
    """`/changes.json`: a page of changes, `size` of them."""
    size, number = visit.number("size", PAGE, most=MOST_PAGE), visit.number("page", 1, most=_MOST)
    try:
        found = changes(db, _asked(visit), limit=size, offset=(number - 1) * size, most=_MOST)
    except QueryError as problem:
        return Response.json({"error": str(problem)}, status=400)
    following = visit.origin + visit.again(page=number + 1) if found.more else None
    rows = [row(event) | {"page": visit.origin + _page(visit, event)} for event in found.events]
    document = {"page": number, "size": size, "next": following, "unread": found.unread, "changes": rows}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return Response(text, content_type="application/json; charset=utf-8")


def as_csv(db: Database, visit: PageRequest) -> Response:
    """`/changes.csv`: one row a change, at most MOST_ROWS."""
    try:
        found = changes(db, _asked(visit), limit=MOST_ROWS, most=_MOST)
    except QueryError as problem:
        return Response(f"{problem}\n", status=400)
    out = io.StringIO()
    write(out, found.events)
    headers = {"Content-Disposition": 'attachment; filename="changes.csv"'}
    return Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def as_atom(db: Database, visit: PageRequest) -> Response:
    """`/changes.atom`: the latest changes that were asked for, to be subscribed to."""
    try:
        found = changes(db, _asked(visit), limit=MOST_ENTRIES, most=_MOST)
    except QueryError as problem:
        return Response(f"{problem}\n", status=400)
    kept = {name: visit.args.get(name, "") for name in _KEPT}
    feed, here = begun(), visit.origin + visit.link("/changes.atom", **kept)
    add(feed, "title", " · ".join(filter(None, [kept["q"], visit.word("changes"), visit.word("archive")])))
    add(feed, "id", here)
    add(feed, "updated", found.events[0].at if found.events else iso(now()))
    add(add(feed, "author"), "name", visit.word("archive"))
    add(feed, "link", rel="self", href=here)
    add(feed, "link", rel="alternate", type="text/html", href=visit.origin + visit.link("/changes", **kept))
    for event in found.events:
        entry = add(feed, "entry")
        add(entry, "title", f"{visit.word(f'change_{event.kind}')}: {event.title}")
        add(entry, "id", f"urn:campuswarc:change:{identifier(event.url)}:{event.kind}:{stamp(event.at)}")
        add(entry, "link", rel="alternate", type="text/html", href=visit.origin + _page(visit, event))
        add(entry, "link", rel="via", href=event.url)
        add(entry, "updated", event.at)
        add(entry, "category", term=event.kind)
        add(entry, "content", str(_excerpt(event)), type="html")
    return answer(feed)


def _asked(visit: PageRequest) -> Asked:
    """What the parameters ask for. Raises QueryError."""
    kind, least = visit.args.get("kind", ""), visit.args.get("min-weight", "")
    if kind and kind not in KINDS:
        raise QueryError(f"kind is one of {', '.join(KINDS)}")
    try:
        weight = float(least) if least else None
        if weight is not None and not 0 <= weight <= 1:
            raise ValueError
    except ValueError:
        raise QueryError("min-weight is a number from 0 to 1") from None
    return Asked(
        query=visit.wanted,
        site=visit.args.get("site") or None,
        since=visit.args.get("since"),
        until=visit.args.get("until"),
        kinds=tuple(one for one in KINDS if kind in ("", one)),
        min_weight=weight,
    )


def _shown(visit: PageRequest, event: Event, site: str) -> dict[str, Any]:
    return {
        "event": event,
        "site_name": site,
        "state": "live",
        "page": visit.article(event.url),
        "whole": _page(visit, event) if event.version_times else "",
        "share": f"{100 * event.weight:.3g}",
        "excerpt": _excerpt(event),
        "then": visit.replay(stamp(event.since), event.former or event.url) if event.kind != "back" else "",
        "now": visit.replay(stamp(event.at), event.url) if event.kind in ("edited", "back") else "",
    }


def _page(visit: PageRequest, event: Event) -> str:
    """Where the two versions of an edit are compared; else the story."""
    if event.version_times is None:
        return visit.article(event.url)
    old, new = event.version_times
    return visit.article(event.url, from_=stamp(old), to=stamp(new))


def _excerpt(event: Event) -> Markup:
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in story.changed(event.excerpt))
