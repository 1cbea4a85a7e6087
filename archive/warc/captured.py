"""The capture that a record stands for: what its row is made of when it comes, and what `verify` expects the row to
be."""

from __future__ import annotations

import re
from typing import cast
from uuid import NAMESPACE_URL, uuid5

from archive.capture import Capture, Kind, RecordType
from archive.patterns import deferred
from archive.warc import date, http
from archive.warc.layout import GUESTS, MERGED, digest
from archive.warc.record import Record
from archive.warc.stated import usual

_PROFILES = deferred(
    r"""
    # WARC/1.0 and 1.1, and what some tools write before the name
    https?://netpreserve\.org/warc/1\.[0-9]+/(?:revisit/)?(?:uri-agnostic-)?(
        identical-payload-digest|server-not-modified
    )/?
    """,
    re.X,
)


def capture_of(record: Record, warc: str, offset: int, length: int) -> Capture:
    """The capture a response, revisit or resource stands for; for our own files the very one `WarcWriter` returned.

    Those of other archives have no run, since its number is not of this archive. Of files of other tools nothing is
    taken
    on trust: site and kind are found out later, the digest is that of the bytes, the date is in UTC, or empty where
    none
    can be had, and who has no id gets one made of what it holds.
    Raises ValueError for other types of record.
    """
    if not record.is_capture:
        raise ValueError(f"a {record.type or 'nameless'} record is no capture")
    guest = warc.startswith(f"{GUESTS}/")
    run = None if warc.startswith((f"{MERGED}/", f"{GUESTS}/")) else record.field("Campuswarc-Run")
    stated = record.field("WARC-Payload-Digest")
    return Capture(
        url=record.url.partition("#")[0] if guest else record.url,
        site="" if guest else record.field("Campuswarc-Site") or "",
        kind="probe" if guest else cast(Kind, record.field("Campuswarc-Kind") or "probe"),
        fetched_at=_moment(record) if guest else record.date,
        status=_status(record),
        mime=http.media_type(record.head) if record.is_http else record.content_type or None,
        record_type=cast(RecordType, record.type),
        record_id=record.record_id or (made_id(record) if guest else ""),
        warc=warc,
        offset=offset,
        length=length,
        payload_digest=usual(stated)
        if record.type == "revisit"
        else digest(record.payload)
        if guest or not stated
        else stated,
        refers_to=record.field("WARC-Refers-To"),
        truncated=_truncated(record),
        tls=None if guest else record.field("Campuswarc-Tls"),
        via=None if guest else record.field("Campuswarc-Via"),
        run=int(run) if run and run.isascii() and run.isdigit() else None,
    )


def made_id(record: Record) -> str:
    """An id made of what a record of another tool holds, for one that has none, or has that of another page: the same
    each time."""
    hashed = record.field("WARC-Payload-Digest") or digest(record.payload)
    own = [record.record_id] if record.record_id else []
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, ' '.join([*own, record.url, record.date, hashed]))}>"


def is_named(record: Record, record_id: str) -> bool:
    """Whether the row of that id may be this record's."""
    return record_id == record.record_id or record_id == made_id(record)


def profile(record: Record) -> str | None:
    """Why a revisit is one, as the standard names it; empty where it does not say, None where it says what nobody here
    understands."""
    stated = record.field("WARC-Profile")
    found = _PROFILES.fullmatch(stated.strip()) if stated else None
    return found[1] if found else None if stated else ""


def is_bare(record: Record) -> bool:
    """Whether a revisit leaves out the head too, as it may (section 6.7.2): all it says is what it repeats."""
    return record.type == "revisit" and not record.block.strip()


def _moment(record: Record) -> str:
    """When it was recorded; where its own date is none, when the server says that it answered."""
    try:
        return date.utc(record.date)
    except ValueError:
        pass  # ClueWeb has days such as 2009-03-65
    try:
        return date.of_headers(record.http_headers)
    except ValueError:
        return ""


def _status(record: Record) -> int:
    if is_bare(record):
        return 304 if profile(record) == "server-not-modified" else 200
    return (record.status or 0) if record.is_http else 200


def _truncated(record: Record) -> str | None:
    """Why the payload is not whole; a revisit says that its body is cut, which is what a revisit is."""
    if record.field("WARC-Segment-Number"):
        return "segmented"
    return None if record.type == "revisit" else record.field("WARC-Truncated")
