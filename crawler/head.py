"""The head of an HTTP/1 answer: its bytes as sent, and a plain spelling of how its body is framed."""

from __future__ import annotations

import re
from typing import Literal

Cut = Literal["length", "time", "disconnect"]

MOST_HEAD = 262_144  # bytes; Chrome reads as many
_STATUS_LINE = re.compile(rb"HTTP/(\d+)(?:\.(\d+))?[ \t]+(\d{3})(?:[ \t][^\r\n]*)?\r?\n")
_FRAMING = re.compile(rb"^(content-length|transfer-encoding|connection)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.I | re.M)
_TRANSFER_ENCODING = re.compile(rb"^transfer-encoding[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.I | re.M)
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?$", re.I | re.M)
_LENGTH_LINE = re.compile(rb"^content-length[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.I | re.M)


class BadHead(Exception):
    """What came is not the head of an HTTP/1 answer."""


class Head:
    """A response head: its bytes, and what they say about the body."""

    __slots__ = ("framing", "raw", "status", "transfer_encoding", "version")

    def __init__(self, raw: bytes) -> None:
        """`raw` begins at the status line and ends with the blank line; raises BadHead."""
        line = _STATUS_LINE.match(raw)
        if line is None:
            raise BadHead(f"no status line: {raw[:60]!r}")
        self.raw = raw
        self.status = int(line[3])
        self.version = "http/1.0" if (line[1], line[2]) == (b"1", b"0") else "http/1.1"
        fields = [(name.lower(), value) for name, value in _FRAMING.findall(raw, line.end())]
        codings = [value for name, value in fields if name == b"transfer-encoding"]
        self.transfer_encoding = b", ".join(codings).decode("latin-1") if codings else None
        self.framing = self._framing(fields, codings)

    def _framing(self, fields: list[tuple[bytes, bytes]], codings: list[bytes]) -> bytes:
        """A head for aiohttp: the same status and framing, spelled so that no parser can object (RFC 9112 section 6.3)."""
        lines = [b"%b %d x" % (self.version.upper().encode(), self.status)]
        lengths = {length.strip() for name, value in fields if name == b"content-length" for length in value.split(b",")}
        if codings and codings[-1].lower().split(b",")[-1].strip() == b"chunked":
            lines.append(b"Transfer-Encoding: chunked")
        elif len(lengths) == 1 and (length := lengths.pop()).isdigit() and len(length) < 19:
            lines.append(b"Content-Length: " + length)
        elif lengths:  # no number, or they contradict each other: what comes until the end is the body
            lines.append(b"Connection: close")
        options = b",".join(value.lower() for name, value in fields if name == b"connection")
        lines += [b"Connection: " + option for option in (b"close", b"keep-alive") if option in options]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def stored(self, body: bytes, cut: Cut | None) -> bytes:
        """The head as sent, without the Transfer-Encoding that no longer applies to the stored body.

        A Content-Length beside it counts for nothing (RFC 9112 section 6.3) and is taken out too where it is not true:
        every reader of the archive would cut or miss the body by it.
        """
        if self.transfer_encoding is None:
            return self.raw
        head = _TRANSFER_ENCODING.sub(b"", self.raw)
        if cut is None and any(int(length) != len(body) for length in _LENGTH.findall(head)):
            head = _LENGTH_LINE.sub(b"", head)
        return head
