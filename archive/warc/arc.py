"""ARC files, versions 1 and 2 (archive.org/web/researcher/ArcFileFormat.php), as the WARC records that they would
be."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from uuid import NAMESPACE_URL, uuid5

from archive.patterns import deferred
from archive.warc.scan import LIMIT, Broken

BEGINS = b"filedesc:"
_CONTROL = deferred(r"[\x00-\x20\x7f]")  # what no named field may hold, and the space
_MOST_LINE = 1 << 16
# address, IP, date, type and length; version 2 has code, checksum, location, offset and file name before the length.
# Addresses may hold spaces, and so may types
_LINES = {
    b"1": deferred(rb"(.+) (\S+) (\d{8,17}) (.*?) ?(\d{1,18})"),
    b"2": deferred(rb"(.+) (\S+) (\d{8,17}) (.*?) \S+ \S+ \S+ \S+ \S+ (\d{1,18})"),
}

# what a line must be among the lines of a damage: a page may hold some that look like a record's
_CERTAIN = deferred(rb"(?<![^\n])[A-Za-z]{2,12}:\S+ [0-9A-Fa-f.:]{3,45} \d{14} [^\n]{1,512}\n")


def is_begun_in(data: bytes) -> bool:
    """Whether the line of a record stands among others."""
    return _CERTAIN.search(data) is not None


class _Lines:
    """A stream, and what was read of it too much."""

    def __init__(self, stream: io.RawIOBase) -> None:
        self._stream, self._ahead = io.BufferedReader(stream), b""

    def line(self) -> bytes:
        """Up to the next line end, which is part of it; none at the end of the file."""
        ahead, self._ahead = self._ahead[:_MOST_LINE], self._ahead[_MOST_LINE:]
        at = ahead.find(b"\n") + 1
        if at:
            self.back(ahead[at:])
            return ahead[:at]
        return ahead if self._ahead else ahead + self._stream.readline(_MOST_LINE)

    def read(self, length: int) -> bytes:
        """So many bytes, fewer at the end of the file."""
        ahead, self._ahead = self._ahead[:length], self._ahead[length:]
        return ahead + self._stream.read(length - len(ahead))

    def back(self, data: bytes) -> None:
        """Read that again."""
        self._ahead = data + self._ahead


def records(stream: io.RawIOBase, on_damage: Callable[[str], object]) -> Iterator[tuple[list[tuple[str, str]], bytes]]:
    """Fields and block of each record. Behind what is none, which is told, it goes on at the next line that begins one.

    Raises Broken where a record is not whole; what came before is good.
    """
    lines, layout, lost = _Lines(stream), _LINES[b"1"], False
    while line := _next_line(lines):
        found = layout.fullmatch(line) or (_LINES[b"2"].fullmatch(line) if line.startswith(BEGINS) else None)
        if found is None or (lost and not _CERTAIN.match(line + b"\n")):
            if not lost:
                on_damage(f"no ARC record begins with {line[:60]!r}")
            lost = True
            continue
        lost = False
        url, ip, date, mime, length = found.groups()
        if int(length) > LIMIT:
            raise Broken(f"a block of {int(length)} bytes, more than the {LIMIT} allowed")
        block = lines.read(int(length))
        if len(block) != int(length):
            raise Broken(f"ends after {len(block)} of {int(length)} bytes of its block")
        block = _as_far_as_its_own(block, lines, on_damage)
        if url.startswith(BEGINS):
            layout = _LINES.get(block[:1], layout)
            yield _about(url, date, block), block
        else:
            yield _fields(url, ip, date, mime, block), block


def _as_far_as_its_own(block: bytes, lines: _Lines, on_damage: Callable[[str], object]) -> bytes:
    """The block without the next record: where bytes of it are missing, its length reaches into that one's line or
    beyond. A line end is due behind it."""
    try:
        rest = lines.line()
    except Broken:
        return block  # told when the next record is asked for
    lines.back(rest)
    if not rest or rest[:1] in b"\r\n":
        return block
    begun = _CERTAIN.search(block + rest, 1)
    if begun is None or begun.start() >= len(block):
        return block
    on_damage(f"a block ends {len(block) - begun.start()} bytes before the length that its record tells")
    lines.back(block[begun.start() :])
    return block[: begun.start()]


def _next_line(lines: _Lines) -> bytes:
    """The next line that is not blank, without its end; none at the end of the file."""
    while line := lines.line():
        if stripped := line.strip(b"\r\n"):
            return stripped
    return b""


def _about(url: bytes, date: bytes, block: bytes) -> list[tuple[str, str]]:
    name = _CONTROL.sub("_", url.removeprefix(BEGINS).lstrip(b"/").decode("utf-8", "replace"))
    return [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", _id("None", _iso(date), block)),
        ("WARC-Filename", name),
        ("WARC-Date", _iso(date)),
        ("Content-Type", "text/plain"),
    ]


def _fields(url: bytes, ip: bytes, date: bytes, mime: bytes, block: bytes) -> list[tuple[str, str]]:
    target = _CONTROL.sub(lambda found: f"%{ord(found[0]):02X}", url.decode("utf-8", "replace"))
    http = block.startswith(b"HTTP/")
    return [
        ("WARC-Type", "response" if http else "resource"),
        ("WARC-Record-ID", _id(target, _iso(date), block)),
        ("WARC-Target-URI", target),
        ("WARC-IP-Address", _CONTROL.sub("", ip.decode("latin-1"))),
        ("WARC-Date", _iso(date)),
        (
            "Content-Type",
            "application/http; msgtype=response"
            if http
            else _CONTROL.sub("", mime.decode("latin-1")) or "application/octet-stream",
        ),
    ]


def _id(target: str, date: str, block: bytes) -> str:
    """An ARC record has no id; made of what it holds it is the same each time."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{target} {date} {hashlib.sha256(block).hexdigest()}')}>"


def _iso(date: bytes) -> str:
    """`20250930080000` -> `2025-09-30T08:00:00Z`; some writers left the seconds out, or all of the time."""
    digits = date.decode("ascii")[:14].ljust(14, "0")
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}Z"
