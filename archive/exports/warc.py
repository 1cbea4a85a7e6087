"""The captures of a selection as one WARC file: as they lie, or each standing for itself without revisits."""

from __future__ import annotations

from collections.abc import Callable
from json import dumps
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from archive.exports.captures import Captures, packed
from archive.exports.facts import LICENCE, Facts
from archive.exports.record_formats import Content
from archive.warc import record_fields
from archive.warc.layout import CONFORMS_TO, PROFILE, digest, fields_block, member
from archive.warc.record import Record

ORIGINALS = False
_OF_REVISIT = {"warc-profile", "warc-refers-to", "warc-refers-to-target-uri", "warc-refers-to-date", "warc-truncated"}
_REWRITTEN = {"warc-type", "warc-record-id", "warc-block-digest", "warc-payload-digest", "content-length"}


def write(path: Path, content: Content) -> None:
    """A new .warc.gz without revisits."""
    write_records(path, content.captures, content.facts, resolve=True, on_record=content.on_record)


def write_records(
    path: Path, captures: Captures, facts: Facts, *, resolve: bool, on_record: Callable[[], object] = lambda: None
) -> None:
    """A new .warc.gz: a warcinfo of its own, then under the warcinfo of each file its records with their requests.

    Records are copied byte for byte. With `resolve` a revisit becomes the response it stands for, under an id of its
    own and
    with its old one as Campuswarc-Revisit-Of; one whose original is not in the archive stays, and is told of.
    """
    with path.open("xb") as out:
        out.write(_own_info(path.name, facts))
        current = ""
        for taken in captures:
            if taken.warc != current:
                current = taken.warc
                out.write(captures.info(current) or b"")
            if resolve and taken.response.type == "revisit":
                original = captures.original(taken.response)
                if original is None:
                    captures.problems.append(
                        f"left as a revisit: {taken.response.record_id} of {taken.response.url}, whose original cannot"
                        " be had"
                    )
                    out.write(taken.data + taken.request_data)
                else:
                    response = resolved(taken.response, original)
                    out.write(packed(response))
                    out.write(packed(_beside(taken.request, response)) if taken.request else b"")
            else:
                out.write(taken.data + taken.request_data)
            on_record()


def resolved(revisit: Record, original: Record) -> Record:
    """The response a revisit stands for. After a 304 it is the original's head, since the body belongs to that
    status."""
    not_modified = revisit.field("WARC-Profile") == PROFILE + "server-not-modified" or revisit.status == 304
    head = original.head if not_modified else revisit.head
    block = head + original.body
    fields = [(name, value) for name, value in revisit.fields if name.lower() not in _OF_REVISIT | _REWRITTEN]
    payload = original.field("WARC-Payload-Digest") or digest(original.payload)
    new = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", _successor(revisit.record_id)),
        *fields,
        ("Campuswarc-Revisit-Of", original.record_id),
        ("Campuswarc-Revisit", revisit.record_id),
        ("WARC-Payload-Digest", payload),
        ("WARC-Block-Digest", digest(block)),
    ]
    if cut := original.field("WARC-Truncated"):
        new.append(("WARC-Truncated", cut))
    return Record("WARC/1.1", tuple(new), block)


def _beside(request: Record, response: Record) -> Record:
    """A request that names the new response."""
    old = response.field("Campuswarc-Revisit")
    fields = [
        (name, response.record_id if name.lower() == "warc-concurrent-to" and value == old else value)
        for name, value in request.fields
    ]
    return Record(request.version, tuple(fields), request.block)


def _successor(record_id: str) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'resolved {record_id}')}>"


def _own_info(filename: str, facts: Facts) -> bytes:
    """What this file is; its date is that of the last capture, so that it is the same each time."""
    asked = dumps([facts.filters, facts.versions], ensure_ascii=False)
    block = fields_block(
        [
            ("software", facts.software),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", CONFORMS_TO),
            ("description", f"{facts.subject()[:1].upper()}{facts.subject()[1:]}, extracted: {asked}"),
            ("rights", LICENCE),
        ]
    )
    id_ = f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{filename} {facts.last_seen} {asked}')}>"
    return member(record_fields.warcinfo(id_, facts.last_seen, filename, block), block)
