"""TimeGate, TimeMap (RFC 7089) and CDX look-ups over HTTP: for other archives' tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from archive.instants import now
from archive.replay import cdx as lookup
from archive.replay import memento
from archive.replay.captures import captures, nearest, stamp
from archive.web.page_request import PageRequest
from archive.web.pages.replay import address, ascii_address, memento_headers, not_archived

if TYPE_CHECKING:
    from sqlite_utils import Database


def timegate(db: Database, visit: PageRequest, url: str) -> Response:
    """Leads to the memento nearest to Accept-Datetime; to the newest one where none is named (section 4.5.3)."""
    url = address(visit, url)
    try:
        at = memento.asked_for(visit.headers.get("accept-datetime", ""))
    except (ValueError, TypeError):  # section 4.5.2: a datetime that cannot be read is a bad request
        return Response("Accept-Datetime: a date as in RFC 7089, such as Wed, 13 Dec 2023 01:12:00 GMT\n", status=400)
    rows = captures(db, url)
    capture = nearest(rows, at or now())
    if capture is None:
        answer = not_archived(db, visit, url)
        answer.headers["Vary"] = "accept-datetime, Accept-Language, Cookie"
        return answer
    headers = memento_headers(visit, rows, capture)
    del headers["Memento-Datetime"]  # the gate is none itself
    location = visit.origin + visit.replay(stamp(capture["fetched_at"]), capture["url"])
    return Response("", status=302, headers={**headers, "Vary": "accept-datetime", "Location": location})


def timemap(db: Database, visit: PageRequest, url: str) -> Response:
    """All mementos of an address in application/link-format."""
    url = address(visit, url)
    rows = captures(db, url)
    if not rows:
        return not_archived(db, visit, url)
    url = rows[0]["url"]
    text = memento.timemap(
        rows,
        original=ascii_address(url),
        timegate=visit.origin + visit.timegate(url),
        here=visit.origin + visit.timemap(url),
        memento_at=lambda time: visit.origin + visit.replay(stamp(time), url),
    )
    return Response(text, content_type="application/link-format")


def cdx(db: Database, visit: PageRequest) -> Response:
    """`?url=…&matchType=…&from=…&to=…&closest=…&limit=…&fl=…&output=json`, answered in lines or in JSON."""
    asked = visit.args
    if not asked.get("url"):
        return Response("url= is needed: an address, or with matchType= its beginning, host or domain\n", status=400)
    fields = [name for name in asked.get("fl", "").split(",") if name] or list(lookup.FIELDS)
    try:
        unknown = set(fields) - set(lookup.FIELDS)
        if unknown:
            raise ValueError(f"fl= names {', '.join(sorted(unknown))}; there are {', '.join(lookup.FIELDS)}")
        query = lookup.Query(
            url=asked["url"],
            match=asked.get("matchType", "exact"),  # type: ignore[arg-type]
            begin=asked.get("from", ""),
            end=asked.get("to", ""),
            closest=asked.get("closest", ""),
            limit=visit.number("limit", lookup.MOST, least=0, most=lookup.MOST),
        )
        lines = lookup.find(db, query)
    except ValueError as problem:
        return Response(f"{problem}\n", status=400)
    rows = [[line[name] for name in fields] for line in lines]
    if asked.get("output") == "json":
        return Response(
            json.dumps([fields, *rows] if rows else [], ensure_ascii=False),
            content_type="application/json; charset=utf-8",
        )
    return Response(
        "".join(" ".join(part.replace(" ", "%20") for part in row) + "\n" for row in rows),
        content_type="text/plain; charset=utf-8",
    )
