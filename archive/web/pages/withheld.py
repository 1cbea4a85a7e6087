"""What is withheld, since when and why, without a word of what it holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from archive.identity import identifier
from archive.store.withheld import Withheld, everything
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

STATUS = 451  # RFC 7725; the deeper one too, since what was removed is no more available than what is blocked


def show(db: Database, visit: PageRequest) -> Any:
    """The page that lists it."""
    return visit.page("withheld.html", rows=[_told(one) for one in everything(db)])


def as_json(db: Database, visit: PageRequest) -> Response:
    """The same for programs."""
    body = json.dumps([_told(one) for one in everything(db)], ensure_ascii=False, indent=1)
    return Response(body, content_type="application/json; charset=utf-8")


def answer(visit: PageRequest, kept: Withheld) -> Response:
    """What is said in its place."""
    if visit.in_json:
        return Response.json({"error": kept.sentence}, status=STATUS)
    day, until = kept.since[:10], (kept.until or "")[:10]
    if kept.depth == "removed":
        text = visit.word("withheld_removed", day=day)
    elif until:
        text = visit.word("withheld_until", day=day, until=until)
    else:
        text = visit.word("withheld_since", day=day)
    return visit.missing(
        text,
        heading=visit.word("withheld"),
        status=STATUS,
        details=[visit.word("withheld_reason", reason=kept.reason)],
        links_=[(visit.link("/withheld"), visit.word("withheld_all"))],
    )


def _told(one: Withheld) -> dict[str, str | None]:
    """Neither the address, whose words may be those of the headline, nor who decided."""
    return {
        "what": one.asked if one.kind == "site" else identifier(one.asked) if one.kind == "url" else one.asked,
        "kind": one.kind,
        "depth": one.depth,
        "reason": one.reason,
        "since": one.since,
        "until": one.until,
    }
