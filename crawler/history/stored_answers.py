"""From a record in the archive to the visit it was: what recovery, rebuild and ingest have in place of a server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from archive.capture import Capture
from archive.store.captures import READ
from archive.store.frontier import Kind
from archive.store.respelling import spelled
from archive.store.rows import Rows
from archive.warc import reader
from archive.warc.record import RENDERED, Record
from archive.warc.stated import differ
from crawler.intake import Visit
from crawler.workers.reader import read_safely
from spiders.findings import Answer, Reading
from spiders.site import Site
from spiders.urls import with_body


class NoStoredAnswer(Exception):
    """A record cannot be had; the text names file and offset."""


def visit_of(rows: Rows, warc_folder: Path, id_: int, capture: Capture, sites: Mapping[str, Site]) -> Visit | None:
    """The visit a capture was; None where its kind means nothing for the rows, or its site is not configured.

    Raises Unreadable where its record, or the one it repeats, is damaged or missing.
    """
    site = sites.get(capture.site)
    if site is None or capture.kind not in READ:
        return None
    record = _read(warc_folder, capture)
    url = address(capture, request_of(warc_folder, capture))
    task = rows.frontier.get(url)
    answer = answer_of(
        url,
        capture,
        record,
        payload(rows, warc_folder, capture, record),
        task.kind if task else kind_of(rows, url, capture.kind),
        task.hint if task else {},
        repeated=rows.captures.repeats(id_, capture),
    )
    return visit(site, id_, capture, answer, read_safely(answer, site))


def visit(site: Site, id_: int, capture: Capture, answer: Answer, reading: Reading) -> Visit:
    """The visit that got this answer."""
    fresh = {name.lower(): value for name, value in answer.headers} if capture.status == 200 else {}
    return Visit(
        url=answer.url,
        site=site,
        kind=cast(Kind, answer.kind),
        at=capture.fetched_at,
        reading=reading,
        capture_id=id_,
        etag=fresh.get("etag"),
        last_modified=fresh.get("last-modified"),
    )


def answer_of(
    url: str, capture: Capture, record: Record, body: bytes, kind: str, hint: dict[str, Any], *, repeated: bool
) -> Answer:
    """What the server answered then, as a live crawl would have handed it to the reader."""
    headers = tuple(record.http_headers) if record.is_http else (("Content-Type", record.field("Content-Type") or ""),)
    if record.is_rendering:
        headers = (*headers, *record.sent)
    return Answer(
        url=url,
        kind=kind,
        status=capture.status,
        headers=headers,
        body=body,
        fetched_at=capture.fetched_at,
        hint=hint,
        truncated=capture.truncated,
        rendered=record.field(RENDERED) or "" if record.is_rendering else "",
        repeated=repeated,
    )


def payload(rows: Rows, warc_folder: Path, capture: Capture, record: Record) -> bytes:
    """Entity bytes of a capture; a revisit's are those of the response it repeats, none for a 304. Raises
    Unreadable."""
    return holder(rows, warc_folder, capture, record).payload


def holder(rows: Rows, warc_folder: Path, capture: Capture, record: Record) -> Record:
    """The record that holds the entity of a capture: its own, or that of the response it repeats. Raises Unreadable."""
    if capture.record_type != "revisit" or capture.status == 304:
        return record
    original = (
        rows.captures.by_record(capture.refers_to or "")
        or rows.captures.at(
            record.field("WARC-Refers-To-Target-URI") or capture.url, record.field("WARC-Refers-To-Date") or ""
        )
        or rows.captures.with_payload(capture.payload_digest or "")
    )
    if original is None or original.record_type == "revisit":
        raise NoStoredAnswer(
            f"{capture.warc}, offset {capture.offset}: the record it repeats, {capture.refers_to}, is not in the"
            " archive"
        )
    if differ(capture.payload_digest, original.payload_digest):
        raise NoStoredAnswer(
            f"{capture.warc}, offset {capture.offset}: the record it repeats, {capture.refers_to}, has another payload"
        )
    return _read(warc_folder, original)


def _read(warc_folder: Path, capture: Capture) -> Record:
    try:
        return reader.read(warc_folder, capture.warc, capture.offset)
    except (reader.DamagedRecord, OSError, ValueError) as problem:
        raise NoStoredAnswer(str(problem)) from problem


def address(capture: Capture, request: Record | None) -> str:
    """The address as the frontier knows it: in the spelling of today, with the form that was posted where one was."""
    posted = (
        request is not None
        and request.type == "request"
        and capture.record_id in request.all("WARC-Concurrent-To")
        and request.head.startswith(b"POST ")
    )
    return (
        with_body(capture.url, request.payload)
        if posted and request is not None
        else spelled(capture.url, capture.kind)
    )


def request_of(warc_folder: Path, capture: Capture) -> Record | None:
    """The request of a capture of ours, which lies behind it; None where another record does, or nothing."""
    try:
        return reader.read(warc_folder, capture.warc, capture.offset + capture.length)
    except reader.DamagedRecord:
        return None


def kind_of(rows: Rows, url: str, kind: str) -> Kind:
    """What the frontier calls a capture: a listing's first page is known by its row in `listings`, others are older
    pages."""
    if kind != "listing":
        return cast(Kind, kind)  # READ holds only kinds the frontier has
    known = rows.db.conn.execute("select 1 from listings where url = ?", [url]).fetchone()
    return "listing" if known else "older"
