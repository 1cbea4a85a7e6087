"""Heads of HTTP messages as they lie in records: parsed leniently, since servers wrote them."""

from __future__ import annotations

import re
from typing import NamedTuple

from archive.patterns import deferred

_CONTROLS = "".join(map(chr, range(33)))
_BLANKS = " \t\r\n\v\f"  # not what str.strip takes besides: \xa0 and \x85 end one in 32 characters of raw UTF-8
_MAX_HEAD = 4 << 20  # bytes searched for the blank line; a longer head is no head
# behind a head; begins with what can be searched for at once: eight times as fast as with the \r before it
BLANK_LINE = deferred(rb"\n\r?\n")
_INTERIM = deferred(rb"HTTP/[0-9.]{1,8}[ \t]{1,8}1(?!01)[0-9]{2}(?![0-9])", re.IGNORECASE)  # 101 is an answer itself
_START = deferred(rb"HTTP/[0-9]", re.IGNORECASE)
_BLANK = deferred(rb"[\r\n]{1,64}(?=HTTP/[0-9])", re.IGNORECASE)
_STATUS = deferred(rb"HTTP/[0-9](?:\.[0-9])?[ \t]{1,8}[0-9]{3}(?![0-9])", re.IGNORECASE)
_AGAIN = deferred(r"^(HTTP/[0-9.]+[ \t]+)+(?=HTTP/)", re.IGNORECASE)
_TYPE = deferred(rb"^content-type[ \t]*:[ \t]*([^;,\s]*)", re.IGNORECASE | re.MULTILINE)


class Head(NamedTuple):
    """Start line and headers of a message. Bytes that are not ASCII stand as Latin-1 characters, one for one."""

    start: str
    headers: list[tuple[str, str]]

    @property
    def status(self) -> int | None:
        """Code of a status line; None when there is no number where it belongs."""
        words = self._words
        code = re.match(r"[0-9]{3}(?![0-9])", words[1]) if len(words) > 1 else None  # `200OK` too
        return int(code[0]) if code else None

    @property
    def reason(self) -> str:
        """Reason phrase of a status line, empty if none."""
        words = self._words
        return words[2].rstrip() if len(words) > 2 else ""

    @property
    def _words(self) -> list[str]:
        """Version, code and reason; some proxies and crawlers write the version twice (`HTTP/1.1 HTTP/1.1 200 OK`)."""
        return _AGAIN.sub("", self.start).split(None, 2)


def split(message: bytes) -> tuple[bytes, bytes]:
    """Head with its blank line, and body. Without a blank line all of it is head."""
    if at := answer_at(message):
        message = message[at:]
    found = BLANK_LINE.search(message, 0, _MAX_HEAD)
    return (message, b"") if found is None else (message[: found.end()], message[found.end() :])


def answer_at(message: bytes) -> int:
    """Where the answer itself begins: some tools keep in front of it the heads of answers of 1xx (103 Early Hints), or
    blank lines that were left over from an earlier one."""
    blank = _BLANK.match(message)
    at = blank.end() if blank else 0
    while _INTERIM.match(message, at):
        found = BLANK_LINE.search(message, at, _MAX_HEAD)
        if found is None or not _START.match(message, found.end()):
            break
        at = found.end()
    return at


def is_answer(message: bytes) -> bool:
    """Whether it begins as an answer does."""
    return _STATUS.match(message) is not None


def is_head(message: bytes) -> bool:
    """Whether a message is a head and nothing else: its first blank line is its end."""
    found = BLANK_LINE.search(message, 0, _MAX_HEAD)
    return found is not None and found.end() == len(message)


def parse(head: bytes) -> Head:
    """Start line and headers in order, repeated ones kept, folded lines joined; a line without colon is dropped."""
    start, *lines = head[:_MAX_HEAD].decode("latin-1").split("\n")
    headers: list[tuple[str, list[str]]] = []
    for line in lines:
        if line[:1] in (" ", "\t"):  # a line that goes on; behind the start line it is none (RFC 9112 section 2.2)
            if headers and line.strip(_BLANKS):
                headers[-1][1].append(line.strip(_BLANKS))
        elif ":" in line:
            name, _, value = line.partition(":")
            headers.append((name.rstrip(" \t"), [value.strip(_BLANKS)]))
    return Head(start.strip(), [(name, " ".join(parts)) for name, parts in headers])


def codings(value: str) -> list[str]:
    """What a Transfer-Encoding names, in order and in lower case, without control characters around the names."""
    return [name for part in value.lower().split(",") if (name := part.strip(_CONTROLS))]


def media_type(head: bytes) -> str | None:
    """Content-Type without its parameters, lower case; None when absent or empty."""
    found = _TYPE.search(head, 0, _MAX_HEAD)
    return (found[1].decode("latin-1").lower() or None) if found else None


def dechunk(body: bytes) -> bytes:
    """Body without its chunked framing (RFC 9112 section 7.1); as it is when it is not chunked, what there is when
    cut."""
    pieces: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 4096)
        size = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,15}", size):
            return b"".join(pieces) if pieces else body
        length = int(size, 16)
        if length == 0:
            return b"".join(pieces)
        pieces.append(body[end + 2 : end + 2 + length])
        at = end + 2 + length + 2
