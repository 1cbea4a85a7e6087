"""The head of an HTTP/1 answer: its bytes as sent, and how its body is framed."""

from __future__ import annotations

import re
from typing import Literal

from archive.coding import KNOWN
from archive.patterns import deferred
from archive.warc import http

Cut = Literal["length", "time", "disconnect"]

_MOST_DIGITS = 100  # of a length that no body has: it will be cut
MOST_HEAD = 262_144  # bytes; Chrome reads as many
# as lenient as browsers: `http/1.1`, `200OK`, the version twice
_STATUS_LINE = deferred(rb"HTTP/(\d+)(?:\.(\d+))?[ \t]+(?:HTTP/[\d.]+[ \t]+)*(\d{3})(?!\d)[^\r\n]*\r?\n", re.I)
_FOLD = deferred(rb"\r?\n[ \t]+(?=[^ \t\r\n])")  # a line that goes on on the next (RFC 9112 section 5.2)
_FRAMING = deferred(rb"^(content-length|transfer-encoding|connection)[ \t]*:([^\r\n]*)\r*$", re.I | re.M)
_CONTROL = deferred(rb"[\x00-\x1f\x7f]")
_TRANSFER_ENCODING = deferred(rb"^transfer-encoding[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.I | re.M)
_LENGTH = deferred(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r*$", re.I | re.M)
_LENGTH_LINE = deferred(rb"^content-length[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.I | re.M)


class BadHead(Exception):
    """What came is not the head of an HTTP/1 answer."""


class Head:
    """A response head: its bytes, and what they say about the body."""

    __slots__ = ("_codings", "chunked", "keeps_alive", "length", "raw", "status", "transfer_encoding", "version")

    def __init__(self, raw: bytes) -> None:
        """`raw` begins at the status line and ends with the blank line; raises BadHead."""
        line = _STATUS_LINE.match(raw)
        if line is None:
            raise BadHead(f"no status line: {raw[:60]!r}")
        self.raw = raw
        self.status = int(line[3])
        self.version = "http/1.0" if (line[1], line[2]) == (b"1", b"0") else "http/1.1"
        fields = [
            (name.lower(), value.strip(b" \t")) for name, value in _FRAMING.findall(_FOLD.sub(b" ", raw[line.end() :]))
        ]
        named = [value for name, value in fields if name == b"transfer-encoding"]
        codings = [name for value in named for name in http.codings(value.decode("latin-1"))]
        self._codings = [name for name in codings if name in KNOWN]
        self.transfer_encoding = (
            _CONTROL.sub(lambda byte: b"\\x%02x" % byte[0][0], b", ".join(named)).decode("latin-1") if named else None
        )
        options = {
            option.strip() for name, value in fields if name == b"connection" for option in value.lower().split(b",")
        }
        self.keeps_alive = b"close" not in options if self.version == "http/1.1" else b"keep-alive" in options
        self.chunked = "chunked" in codings  # wherever it stands, as browsers have it: nobody frames twice
        self.length = 0 if self.status in (204, 304) else self._length(fields)

    def _length(self, fields: list[tuple[bytes, bytes]]) -> int | None:
        """Bytes of the body; None where it is chunked, or runs to the end of the connection (RFC 9112 section 6.3)."""
        lengths = {
            length.strip()
            for name, value in fields
            if name == b"content-length"
            for length in value.split(b",")
            if length.strip()
        }
        if self.chunked or len(lengths) != 1:  # they contradict each other: what comes until the end is the body
            return None
        length = lengths.pop()
        return int(length[:_MOST_DIGITS]) if length.isdigit() else None

    def stored(self, body: bytes, cut: Cut | None) -> bytes:
        """The head as sent, without the Transfer-Encoding that no longer applies to the stored body.

        A Content-Length beside it counts for nothing (RFC 9112 section 6.3) and is taken out too where it is not true:
        every reader of the archive would cut or miss the body by it. Codings beside `chunked` are of the stored body
        still: they are said to be content-codings, the last applied of them, which any reader undoes.
        """
        if self.transfer_encoding is None:
            return self.raw
        head = _TRANSFER_ENCODING.sub(b"", self.raw)
        if self._codings:
            end = head.rindex(b"\n", 0, -1) + 1  # where the blank line begins
            head = b"%bContent-Encoding: %b\r\n%b" % (
                head[:end],
                ", ".join(self._codings).encode("latin-1"),
                head[end:],
            )
        if cut is None and any(int(length) != len(body) for length in _LENGTH.findall(head)):
            head = _LENGTH_LINE.sub(b"", head)
        return head
