"""The head of an HTTP/1 answer: its bytes as sent, and how its body is framed."""

from __future__ import annotations

import re
from typing import Literal

from archive.coding import declared

Cut = Literal["length", "time", "disconnect"]

MOST_HEAD = 262_144  # bytes; Chrome reads as many
_STATUS_LINE = re.compile(rb"HTTP/(\d+)(?:\.(\d+))?[ \t]+(\d{3})(?:[ \t][^\r\n]*)?\r?\n")
_FRAMING = re.compile(rb"^(content-length|transfer-encoding|connection)[ \t]*:([^\r\n]*)\r?$", re.I | re.M)
_TRANSFER_ENCODING = re.compile(rb"^transfer-encoding[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.I | re.M)
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?$", re.I | re.M)
_LENGTH_LINE = re.compile(rb"^content-length[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.I | re.M)


class BadHead(Exception):
    """What came is not the head of an HTTP/1 answer."""


class Head:
    """A response head: its bytes, and what they say about the body."""

    __slots__ = ("chunked", "keeps_alive", "length", "raw", "status", "transfer_encoding", "version")

    def __init__(self, raw: bytes) -> None:
        """`raw` begins at the status line and ends with the blank line; raises BadHead."""
        line = _STATUS_LINE.match(raw)
        if line is None:
            raise BadHead(f"no status line: {raw[:60]!r}")
        self.raw = raw
        self.status = int(line[3])
        self.version = "http/1.0" if (line[1], line[2]) == (b"1", b"0") else "http/1.1"
        fields = [(name.lower(), value.strip(b" \t")) for name, value in _FRAMING.findall(raw, line.end())]
        codings = [value for name, value in fields if name == b"transfer-encoding"]
        self.transfer_encoding = b", ".join(codings).decode("latin-1") if codings else None
        options = {option.strip() for name, value in fields if name == b"connection" for option in value.lower().split(b",")}
        self.keeps_alive = b"close" not in options if self.version == "http/1.1" else b"keep-alive" in options
        self.chunked = bool(codings) and codings[-1].lower().split(b",")[-1].strip() == b"chunked"
        self.length = 0 if self.status in (204, 304) else self._length(fields)

    def _length(self, fields: list[tuple[bytes, bytes]]) -> int | None:
        """Bytes of the body; None where it is chunked, or runs to the end of the connection (RFC 9112 section 6.3)."""
        lengths = {length.strip() for name, value in fields if name == b"content-length" for length in value.split(b",")}
        if self.chunked or len(lengths) != 1:  # they contradict each other: what comes until the end is the body
            return None
        length = lengths.pop()
        return int(length) if length.isdigit() and len(length) < 19 else None

    def stored(self, body: bytes, cut: Cut | None) -> bytes:
        """The head as sent, without the Transfer-Encoding that no longer applies to the stored body.

        A Content-Length beside it counts for nothing (RFC 9112 section 6.3) and is taken out too where it is not true:
        every reader of the archive would cut or miss the body by it. Codings beside `chunked` are of the stored body still:
        they are said to be content-codings, the last applied of them, which any reader undoes.
        """
        if self.transfer_encoding is None:
            return self.raw
        head = _TRANSFER_ENCODING.sub(b"", self.raw)
        if codings := declared([("transfer-encoding", self.transfer_encoding)]):
            end = head.rindex(b"\n", 0, -1) + 1  # where the blank line begins
            head = b"%bContent-Encoding: %b\r\n%b" % (head[:end], ", ".join(codings).encode("latin-1"), head[end:])
        if cut is None and any(int(length) != len(body) for length in _LENGTH.findall(head)):
            head = _LENGTH_LINE.sub(b"", head)
        return head
