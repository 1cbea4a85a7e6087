"""From a record in the archive to the visit it was: what recovery, rebuild and ingest have in place of a server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archive.capture import Capture
from archive.frontier import Kind
from archive.rows import Rows
from archive.warc import reader
from archive.warc.record import Record
from crawler.intake import Visit
from crawler.readers import read_safely
from spiders.reading import Answer
from spiders.site import Site

READ = ("listing", "article", "attachment", "requisite")  # kinds of capture that mean something for the rows


def answer_of(rows: Rows, warc_folder: Path, capture: Capture, record: Record) -> Answer:
    """What the server answered then. Raises archive.warc.reader errors where a revisit's original is damaged."""
    task = rows.frontier.get(capture.url)
    kind: Kind = task.kind if task else _kind(rows, capture)
    return Answer(
        url=capture.url, kind=kind, status=capture.status, headers=tuple(record.http_headers),
        body=payload(rows, warc_folder, capture, record), fetched_at=capture.fetched_at, hint=task.hint if task else {},
        truncated=capture.truncated,
    )


def payload(rows: Rows, warc_folder: Path, capture: Capture, record: Record) -> bytes:
    """Entity bytes of a capture; a revisit's are those of the response it repeats, none for a 304."""
    if capture.record_type != "revisit" or capture.status == 304:
        return record.payload
    original = rows.captures.by_record(capture.refers_to or "")
    return reader.read(warc_folder, original.warc, original.offset).payload if original else b""


def visit_of(rows: Rows, warc_folder: Path, id_: int, capture: Capture, sites: Mapping[str, Site]) -> Visit | None:
    """The visit a capture was; None where its kind means nothing for the rows, or its site is not configured."""
    site = sites.get(capture.site)
    if site is None or capture.kind not in READ:
        return None
    record = reader.read(warc_folder, capture.warc, capture.offset)
    answer = answer_of(rows, warc_folder, capture, record)
    headers = {name.lower(): value for name, value in reversed(record.http_headers)}
    fresh = capture.status == 200
    return Visit(
        url=capture.url, site=site, kind=answer.kind, at=capture.fetched_at, reading=read_safely(answer, site), capture_id=id_, capture=capture,
        etag=headers.get("etag") if fresh else None, last_modified=headers.get("last-modified") if fresh else None,
    )


def _kind(rows: Rows, capture: Capture) -> Kind:
    """A listing's first page is known by its row in `listings`; a page of it without one is an older page."""
    if capture.kind != "listing":
        return capture.kind  # type: ignore[return-value]  # READ holds only kinds the frontier has
    known = rows.db.conn.execute("select 1 from listings where url = ?", [capture.url]).fetchone()
    return "listing" if known else "older"
