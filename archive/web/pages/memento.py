"""TimeGate, TimeMap (RFC 7089) and CDX look-ups over HTTP: for other archives' tools."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from datasette.utils.asgi import Response

from archive.instants import now
from archive.replay import cdx as lookup
from archive.replay import memento
from archive.replay.captures import captures, nearest, stamp
from archive.replay.cdx_query import asked
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


def timemap(db: Database, visit: PageRequest, url: str, form: str) -> Response:
    """All mementos of an address: in application/link-format, as JSON or as CDXJ."""
    url = address(visit, url)
    rows = captures(db, url)
    if not rows:
        return not_archived(db, visit, url)
    url = rows[0]["url"]
    write, kind = memento.TIMEMAPS[form]
    text = write(
        rows,
        original=ascii_address(url),
        timegate=visit.origin + visit.timegate(url),
        timemap_as=lambda form: visit.origin + visit.timemap(url, form),
        memento_at=lambda time: visit.origin + visit.replay(stamp(time), url),
    )
    return Response(text, content_type=kind)


def cdx(db: Database, visit: PageRequest) -> Response:
    """What pywb's CDX server is asked, answered in lines, JSON or CDXJ."""
    try:
        text, kind = lookup.answer(db, asked(parse_qsl(visit.query, keep_blank_values=True, max_num_fields=100)))
    except ValueError as problem:
        return Response(f"{problem}\n", status=400)
    return Response(text, content_type=f"{kind}; charset=utf-8")
