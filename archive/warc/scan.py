"""Records of one WARC file in order, its damaged stretches beside them. Memory is bounded by `limit`, never by what a
header says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

from archive.patterns import deferred
from archive.warc.http import BLANK_LINE
from archive.warc.members import FRAME, GZIP, PIECE, SKIPPABLE, Broken, Frame, Member, Plain, opened, skip
from archive.warc.record import Record

__all__ = ["BUFFER", "LIMIT", "Broken", "Damage", "Found", "first_bytes", "read_at", "scan", "scan_file"]

LIMIT = 1 << 30  # bytes of one block; what is larger is reported, not loaded
MAX_HEAD = 1 << 20  # bytes of the named fields of one record
_MUCH = 1 << 16  # bytes taken at a time: all of most records
BUFFER = 1 << 18  # bytes of a file held, in which seeks cost nothing
_GZIP_BEGINS = deferred(rb"\x1f\x8b\x08[\x00-\x1f]....[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL)  # RFC 1952
_FRAME_BEGINS = deferred(re.escape(FRAME))
_PLAIN_BEGINS = deferred(rb"(?<=[\n\0])WARC/[0-9]\.[0-9]{1,2}[ \t]?\r?\n(?=[A-Za-z-]+[ \t]?:)")
# where a file begins with neither: zeros, or a ZIP file whose directory is lost
_ANY_BEGINS = deferred(b"|".join(known.pattern for known in (_GZIP_BEGINS, _FRAME_BEGINS, _PLAIN_BEGINS)), re.DOTALL)
_VERSION = deferred(rb"WARC/[0-9]+\.[0-9]+[ \t]*\r?\n", re.IGNORECASE)
_LENGTH = deferred(r"[0-9]{1,18}")
_ENDS = b"\r\n\r\n"
SEVERAL = "more than one record"  # begins the reason of a damage that is none where the file is read as one stream
# of whole line ends: what is left of one is the rest of a block that is longer than it says
_RUN = deferred(rb"(?:\r\n)+|\n*")
_MOST_ENDS = 64  # bytes of line ends behind one block
_NO_ENDS = "the block is not followed by two line ends"


@dataclass(frozen=True, slots=True)
class Found:
    """A whole record and its place."""

    record: Record
    offset: Annotated[int, "First byte of its gzip member, or of the record in an uncompressed file"]
    length: Annotated[int, "Bytes of the member, or of the record with the line ends behind it"]


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that is no record."""

    offset: int
    length: int
    reason: str
    torn: Annotated[bool, "It reaches to the end of the file, as after a crash"] = False


def scan(path: Path, *, start: int = 0, limit: int = LIMIT) -> Iterator[Found | Damage]:
    """Every record from `start` on, and what lies between. Behind a damage it goes on at the next record that can be
    read."""
    with path.open("rb", buffering=BUFFER) as file:
        yield from scan_file(file, start=start, limit=limit)


def scan_file(file: BinaryIO, *, start: int = 0, limit: int = LIMIT) -> Iterator[Found | Damage]:
    """`scan` of an open file."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    magic = file.read(4)
    begins = (
        _GZIP_BEGINS
        if magic[:3] == GZIP
        else _FRAME_BEGINS
        if magic == FRAME or SKIPPABLE.match(magic)
        else _PLAIN_BEGINS
        if magic.upper() == b"WARC"
        else _ANY_BEGINS
    )
    at, spent = start, 0
    while at < size:
        if at < (behind := skip(file, at)) <= size:
            at = behind
            continue
        try:
            found = read_at(file, at, limit=limit)
        except Broken as problem:
            spent += file.tell() - at
            begin = _next_record(file, at + 1, begins) if spent <= 8 * size + PIECE else None
            yield Damage(at, (size if begin is None else begin) - at, str(problem), torn=begin is None)
            if begin is None:
                return
            at = begin
        else:
            yield found
            at = found.offset + found.length


def read_at(file: BinaryIO, offset: int, *, limit: int = LIMIT) -> Found:
    """The record that begins at `offset`; raises Broken."""
    source = opened(file, offset)
    first = PIECE if isinstance(source, Plain) else _MUCH  # of a plain file no more than what a damaged head may cost
    buffer = bytearray()
    while (end := BLANK_LINE.search(buffer, max(0, len(buffer) - first - 4))) is None:
        if len(buffer) >= 16 and not _VERSION.match(buffer):
            break
        if len(buffer) > MAX_HEAD:
            raise Broken(f"named fields of more than {MAX_HEAD} bytes")
        piece = source.take(first)
        if not piece:
            raise Broken("ends within the named fields")
        buffer += piece
    if end is None or not _VERSION.match(buffer):
        raise Broken("no WARC version line")
    begin = end.end()  # of the block
    version, fields = _fields(bytes(buffer[: end.start()]), nameless=not isinstance(source, Plain))
    declared = [value for name, value in fields if name.lower() == "content-length"]
    if len(set(declared)) != 1 or not _LENGTH.fullmatch(declared[0]):
        raise Broken(f"Content-Length {', '.join(declared) or 'missing'}")
    wanted = int(declared[0])
    if wanted > limit:
        raise Broken(f"a block of {wanted} bytes, more than the {limit} allowed")
    behind = begin + wanted
    while len(buffer) < behind + (0 if isinstance(source, Frame) else 4):
        piece = source.take(min(_MUCH, behind + 4 - len(buffer)))
        if not piece:
            break
        buffer += piece
    if len(buffer) < behind:
        raise Broken(f"ends after {len(buffer) - begin} of {wanted} bytes of its block")
    ends = _ends_of_plain(source, buffer, behind) if isinstance(source, Plain) else _ends(source, buffer, behind)
    stop = offset + behind + len(ends) if isinstance(source, Plain) else source.finish()
    return Found(Record(version, fields, bytes(memoryview(buffer)[begin:behind]), ends), offset, stop - offset)


def _ends(source: Member | Frame, buffer: bytearray, behind: int) -> bytes:
    """The line ends behind a block, to the end of its member or frame: two are due (section 4), and some tools write
    others."""
    while len(buffer) <= behind + _MOST_ENDS and (piece := source.rest(_MOST_ENDS)):
        buffer += piece
    ends = bytes(buffer[behind:])
    if not _RUN.fullmatch(ends):
        raise Broken(_NO_ENDS if ends[:4] != _ENDS else f"{SEVERAL} in a gzip member or Zstandard frame")
    if len(ends) > _MOST_ENDS:
        raise Broken(f"the block is followed by more than {_MOST_ENDS} bytes of line ends")
    return ends


def _ends_of_plain(source: Plain, buffer: bytearray, behind: int) -> bytes:
    """As `_ends`, in an uncompressed file; where they are not the two that are due, the next record must begin behind
    them, or nothing."""
    enough = behind + _MOST_ENDS + 16
    while len(buffer) < enough and (piece := source.take(enough - len(buffer))):
        buffer += piece
    after = bytes(buffer[behind:enough])
    ends = run[0] if (run := _RUN.match(after)) else b""
    if len(ends) > _MOST_ENDS or (len(ends) < len(after) and not _VERSION.match(after[len(ends) :])):
        if ends.startswith(_ENDS):
            return _ENDS  # what follows is damaged, not this
        raise Broken(_NO_ENDS)
    return ends


def _fields(head: bytes, *, nameless: bool) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Version and named fields (section 4); folded lines, which WARC/1.0 allowed, are joined.

    A line without a name is damage; where `nameless`, because a checksum says that it was written so, a field without
    one.
    """
    version, *lines = head.decode("utf-8", "surrogateescape").split("\n")
    fields: list[tuple[str, str]] = []
    folded: dict[int, list[str]] = {}  # lines of a value, by the number of its field
    for line in lines:
        if line[:1] in (" ", "\t") and fields:
            folded.setdefault(len(fields) - 1, [fields[-1][1]]).append(line.strip())
            continue
        name, colon, value = line.partition(":")
        name = name.strip()
        if not (colon and name) and nameless:
            name, value = "", value if colon else line
        elif not colon or not name:
            raise Broken(f"a named field without colon: {line.strip()[:60]!r}")
        fields.append((name, value.strip()))
    for number, parts in folded.items():
        fields[number] = fields[number][0], " ".join(filter(None, parts))
    return version.strip(), tuple(fields)


def _next_record(file: BinaryIO, at: int, begins: re.Pattern[bytes]) -> int | None:
    """First place from `at` on where a record seems to begin; None if there is none."""
    kept = b""
    while True:
        file.seek(at + len(kept))
        piece = file.read(1 << 20)
        window = kept + piece
        for candidate in begins.finditer(window):
            if begins is _PLAIN_BEGINS or _VERSION.match(first_bytes(file, at + candidate.start())):
                return at + candidate.start()
        if not piece:
            return None
        kept = window[-15:]  # a match may lie across two pieces
        at += len(window) - len(kept)


def first_bytes(file: BinaryIO, offset: int = 0) -> bytes:
    """The first 16 bytes there, decoded where a gzip member or Zstandard frame begins; fewer or none where it is
    damaged."""
    got = b""
    try:
        source = opened(file, skip(file, offset))
        while len(got) < 16 and (piece := source.take(16 - len(got))):
            got += piece
    except Broken:
        pass  # what came before the damage is the answer
    return got
