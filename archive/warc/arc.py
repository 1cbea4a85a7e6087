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
_CERTAIN = deferred(rb"[A-Za-z]{2,12}:\S+ [0-9A-Fa-f.:]{3,45} \d{14} ")


def records(stream: io.RawIOBase, on_damage: Callable[[str], object]) -> Iterator[tuple[list[tuple[str, str]], bytes]]:
    """Fields and block of each record. Behind what is none, which is told, it goes on at the next line that begins one.

    Raises Broken where a record is not whole; what came before is good.
    """
    lines, layout, lost = io.BufferedReader(stream), _LINES[b"1"], False
    while line := _next_line(lines):
        found = layout.fullmatch(line) or (_LINES[b"2"].fullmatch(line) if line.startswith(BEGINS) else None)
        if found is None or (lost and not _CERTAIN.match(line)):
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
        if url.startswith(BEGINS):
            layout = _LINES.get(block[:1], layout)
            yield _about(url, date, block), block
        else:
            yield _fields(url, ip, date, mime, block), block


def _next_line(lines: io.BufferedReader[io.RawIOBase]) -> bytes:
    """The next line that is not blank, without its end; none at the end of the file."""
    while line := lines.readline(_MOST_LINE):
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
