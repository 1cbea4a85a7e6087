"""A record as it lies in a WARC file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote_to_bytes

from archive.patterns import deferred
from archive.warc import http

_HTTP = "application/http"
SENT = "Campuswarc-Sent"  # beside it: what the server's head says of the page that was drawn
_NO_TEXT = deferred(r"[\udc80-\udcff]")  # what `scan` makes of a byte that is no UTF-8
ROWS = ("response", "revisit")  # types that are rows of `captures`
CAPTURES = (*ROWS, "resource")
RENDERED = "Campuswarc-Rendered"  # in the record of what a browser drew of a page: by which one, and how


def _text(value: str) -> str:
    if not _NO_TEXT.search(value):
        return value
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in value.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True)
class Record:
    """One WARC record, its block in memory."""

    version: str
    fields: tuple[tuple[str, str], ...]
    block: bytes
    behind: bytes = b"\r\n\r\n"  # the line ends behind the block

    def field(self, name: str) -> str | None:
        """First value of a named field, whatever its case; None if there is none."""
        values = self.named.get(name.lower())
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        """Every value of a named field, in order."""
        return list(self.named.get(name.lower(), ()))

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """Values of each named field by its lower-case name, as text: where the bytes are no UTF-8 those that are not
        ASCII stand as %XX."""
        named: dict[str, list[str]] = {}
        for name, value in self.fields:
            named.setdefault(name.lower(), []).append(value if value.isascii() else _text(value))
        return named

    @cached_property
    def type(self) -> str:
        """WARC-Type, lower case; empty if missing."""
        return (self.field("WARC-Type") or "").lower()

    @property
    def record_id(self) -> str:
        """WARC-Record-ID with its angle brackets; empty if missing."""
        return self.field("WARC-Record-ID") or ""

    @property
    def url(self) -> str:
        """WARC-Target-URI, without the angle brackets that some WARC/1.0 writers put around it; empty if missing."""
        url = self.field("WARC-Target-URI") or ""
        return url[1:-1] if url.startswith("<") and url.endswith(">") else url

    @property
    def date(self) -> str:
        """WARC-Date as it stands; empty if missing."""
        return self.field("WARC-Date") or ""

    @property
    def content_type(self) -> str:
        """Type of the block without parameters, lower case; empty if missing."""
        return (self.field("Content-Type") or "").split(";")[0].strip().lower()

    @property
    def is_rendering(self) -> bool:
        """Whether it is what a browser drew of a page, by whatever archive of ours."""
        return self.type == "conversion" and self.field(RENDERED) is not None

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Of a rendering: headers of the page as sent, without those that are about its bytes alone."""
        return http.parse(b"HTTP/1.1 200 OK\r\n" + unquote_to_bytes(self.field(SENT) or "") + b"\r\n").headers

    @property
    def is_capture(self) -> bool:
        """Whether it may be a row of `captures`."""
        return self.type in CAPTURES or self.is_rendering

    @property
    def is_http(self) -> bool:
        """Whether the block is an HTTP message: that is what it says, or how it begins, whatever it says."""
        return (self.type in ("response", "request", "revisit") and self.content_type == _HTTP) or (
            self.type in ROWS and http.is_answer(self.block)
        )

    @cached_property
    def _message(self) -> tuple[bytes, bytes]:
        return http.split(self.block) if self.is_http else (b"", self.block)

    @cached_property
    def _head(self) -> http.Head:
        return http.parse(self._message[0])

    @property
    def head(self) -> bytes:
        """Bytes of the HTTP head with its blank line, that of the answer itself; empty in other records."""
        return self._message[0]

    @property
    def body(self) -> bytes:
        """What stands behind the head, as it stands there; in records without HTTP all of the block."""
        return self._message[1]

    @property
    def status(self) -> int | None:
        """HTTP status code; None in requests and records without HTTP."""
        return self._head.status if self.is_http and self.type != "request" else None

    @property
    def reason(self) -> str:
        """Reason phrase."""
        return self._head.reason if self.is_http and self.type != "request" else ""

    @property
    def http_headers(self) -> list[tuple[str, str]]:
        """HTTP headers in order, repeated ones kept."""
        return self._head.headers

    @cached_property
    def payload(self) -> bytes:
        """Entity bytes, content-encoding kept; chunked framing that other tools leave in is undone. Empty for a
        revisit."""
        codings = (value for name, value in self.http_headers if name.lower() == "transfer-encoding")
        return http.dechunk(self.body) if any("chunked" in http.codings(value) for value in codings) else self.body
