"""One HTTP exchange: as it came over the wire, and as the archive knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

Kind = Literal["listing", "article", "attachment", "requisite", "robots", "probe"]
RecordType = Literal["response", "revisit", "resource", "conversion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its response as they crossed the wire; the body is still content-encoded, its transfer-coding
    undone."""

    url: Annotated[str, "Address requested"]
    site: Annotated[str, "Id of the site on whose behalf"]
    kind: Annotated[Kind, "What the page was fetched as"]
    fetched_at: Annotated[datetime, "When the request was sent, UTC"]
    status: Annotated[int, "HTTP status code"]
    request_head: Annotated[bytes, "Request line and headers, CRLF-ended, with the blank line"]
    response_head: Annotated[
        bytes, "Status line and headers as sent but for transfer-coding, CRLF-ended, with the blank line"
    ]
    body: Annotated[bytes, "Entity bytes, content-encoding kept"]
    request_body: Annotated[bytes, "Body of a POST"] = b""
    ip: Annotated[str | None, "Address connected to"] = None
    protocol: Annotated[str, "WARC-Protocol value: http/1.0, http/1.1, h2; tls/1.3 beside it where used"] = "http/1.1"
    truncated: Annotated[Literal["length", "time", "disconnect"] | None, "Why the body is not whole"] = None
    tls: Annotated[str | None, "verified, unverified or legacy; None over plain http"] = None
    transfer_encoding: Annotated[str | None, "Transfer-Encoding as sent, removed from the headers"] = None
    interim: Annotated[bytes, "Heads of the answers of 1xx before this one, as sent"] = b""
    trailers: Annotated[bytes, "Fields behind the last chunk, as sent"] = b""
    via: Annotated[str | None, "Address of the page that led here"] = None
    revisit_of: Annotated[Original | None, "Set when the response repeats an earlier capture"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The earlier capture which a revisit record points to."""

    record_id: Annotated[str, "WARC-Record-ID with its angle brackets"]
    url: Annotated[str, "WARC-Target-URI"]
    fetched_at: Annotated[str, "WARC-Date, as the record has it"]
    payload_digest: Annotated[str, "sha1:BASE32 of its payload"]
    profile: Annotated[
        Literal["identical-payload-digest", "server-not-modified"], "Why it is a revisit (WARC/1.1 section 6.7)"
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One response in the archive and the place of its record: a row of `captures`, and more than a CDX line."""

    url: Annotated[str, "WARC-Target-URI"]
    site: Annotated[str, "Id of the site on whose behalf it was fetched"]
    kind: Annotated[Kind, "What it was fetched as"]
    fetched_at: Annotated[str, "WARC-Date"]
    status: Annotated[int, "HTTP status code"]
    mime: Annotated[str | None, "Content-Type without its parameters, lower case"]
    record_type: Annotated[RecordType, "response, revisit, resource, or conversion: what a browser drew of a page"]
    record_id: Annotated[str, "WARC-Record-ID with its angle brackets"]
    warc: Annotated[str, "File, relative to the archive's warc/ folder, without the .open suffix"]
    offset: Annotated[int, "First byte of the record's gzip member"]
    length: Annotated[int, "Bytes of the record's gzip member"]
    payload_digest: Annotated[str | None, "sha1:BASE32 of the payload"]
    refers_to: Annotated[str | None, "WARC-Record-ID of the response a revisit repeats, or a browser drew"] = None
    truncated: Annotated[str | None, "WARC-Truncated: length, time or disconnect"] = None
    tls: Annotated[str | None, "verified, unverified or legacy; None over plain http"] = None
    via: Annotated[str | None, "Address of the page that led here"] = None
    run: Annotated[int | None, "Run that fetched it"] = None
