"""What a capture holds: status, headers and decoded bytes, through a revisit to the record it repeats."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from archive.code_pages import of_site
from archive.coding import LIMIT, CodingError, Headers, undo
from archive.encoding import decode
from archive.warc.captured import is_named
from archive.warc.reader import DamagedRecord, Record, read
from archive.warc.record import RENDERED
from archive.warc.stated import differ

if TYPE_CHECKING:
    from sqlite_utils import Database


class Unreadable(Exception):
    """The bytes of a capture cannot be had; the row says where they were expected, the text what was found."""

    def __init__(self, capture: dict[str, Any], reason: str) -> None:
        super().__init__(f"{capture['warc']}, offset {capture['offset']}: {reason}")
        self.capture, self.reason = capture, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A response as a browser would have had it."""

    status: int
    headers: Annotated[tuple[tuple[str, str], ...], "As sent, in order"]
    body: Annotated[bytes, "Content-codings undone, cut at LIMIT"]
    raw: Annotated[bytes, "As sent"]
    rendered: Annotated[str, "By which browser, and how, it was drawn; empty where it was sent so"] = ""
    encoding: Annotated[str, "What the operator says of the site's pages; empty = found out"] = ""
    likely: Annotated[tuple[str, ...], "Codecs of the site's language and country"] = ()

    def header(self, name: str) -> str:
        """First value of a header; empty if it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def mime(self) -> str:
        """Media type without parameters, lower case; what the first bytes look like where the server named none."""
        named = self.header("Content-Type").partition(";")[0].strip().lower()
        if "/" in named:
            return named
        start = self.body[:512].lstrip().lower()
        return (
            "text/html"
            if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))
            else "application/octet-stream"
        )

    def text(self) -> str:
        """The body as the reader of articles reads it, whatever its label."""
        return self.decoded[0]

    @property
    def decoded(self) -> tuple[str, str]:
        """The body as text, and the codec it was read with, which the query of its links is written in."""
        return decode(self.body, self.header("Content-Type"), self.encoding, self.likely)


def load(db: Database, folder: Path, capture: dict[str, Any]) -> Entity:
    """The entity of a capture row, read from the WARC files below `folder`. Raises Unreadable."""
    record = _record(folder, capture)
    headers, status, raw = record.http_headers, record.status or capture["status"], record.payload
    if record.type == "revisit":
        original = next(iter(db.query("select * from captures where record_id = ?", [capture["refers_to"]])), None)
        if original is None or original["record_type"] == "revisit":
            raise Unreadable(
                capture,
                f"it repeats {capture['refers_to'] or 'a record it does not name'}, which is not in this archive",
            )
        if status != 304 and differ(capture["payload_digest"], original["payload_digest"]):
            raise Unreadable(capture, f"it repeats {capture['refers_to']}, whose payload is another")
        repeated = _record(folder, original)
        raw = repeated.payload
        if status == 304 or not any(name.lower() == "content-type" for name, _ in headers):
            headers, status = repeated.http_headers, repeated.status or 200
    elif not record.is_http:
        headers = [("Content-Type", record.content_type)]
    site = _site(db, capture["site"])
    return Entity(
        encoding=site.get("encoding") or "",
        likely=of_site(site.get("language") or "", site.get("country") or "", capture["url"]),
        status=status,
        headers=tuple(headers),
        body=_decoded(raw, headers),
        raw=raw,
        rendered=record.field(RENDERED) or "" if record.is_rendering else "",
    )


def _site(db: Database, site: str) -> dict[str, Any]:
    """The site's table of sites.toml, of which its pages' encoding is told as a reader is told; empty if unknown."""
    row = next(iter(db.query("select config from sites where id = ?", [site])), None)
    return dict(json.loads(row["config"])) if row and row["config"] else {}


def _record(folder: Path, capture: dict[str, Any]) -> Record:
    try:
        record = read(folder, capture["warc"], capture["offset"])
    except (DamagedRecord, OSError, ValueError) as problem:
        reason = problem.reason if isinstance(problem, DamagedRecord) else str(problem)
        raise Unreadable(capture, reason.replace(str(folder), folder.name)) from None
    if not is_named(record, capture["record_id"]):
        raise Unreadable(capture, f"found {record.record_id} instead of {capture['record_id']}")
    return record


def _decoded(body: bytes, headers: Headers) -> bytes:
    """As the crawl undid it; what it would not read is given as it is."""
    try:
        return undo(body, headers, LIMIT).content
    except CodingError:
        return body
