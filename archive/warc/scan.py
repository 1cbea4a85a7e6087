"""Records of one WARC file in order, its damaged stretches beside them. Memory is bounded by `limit`, never by what a header says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

from isal import igzip_lib

from archive.warc.record import Record

LIMIT = 1 << 30  # bytes of one block; what is larger is reported, not loaded
MAX_HEAD = 1 << 20  # bytes of the named fields of one record
_PIECE = 1 << 14  # bytes read at a time: about one member of a page, so that little is read twice
BUFFER = 1 << 18  # bytes of a file held, in which seeks cost nothing
_GZIP = b"\x1f\x8b\x08"
_GZIP_BEGINS = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]....[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL)  # RFC 1952
_PLAIN_BEGINS = re.compile(rb"(?<=\r\n\r\n)WARC/[0-9]\.[0-9]\r?\n")
_VERSION = re.compile(rb"WARC/[0-9]+\.[0-9]+\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(r"[0-9]{1,18}")


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


class Broken(Exception):
    """Why the bytes at hand are no record."""


def scan(path: Path, *, start: int = 0, limit: int = LIMIT) -> Iterator[Found | Damage]:
    """Every record from `start` on, and what lies between. Behind a damage it goes on at the next record that can be read."""
    with path.open("rb", buffering=BUFFER) as file:
        yield from scan_file(file, start=start, limit=limit)


def scan_file(file: BinaryIO, *, start: int = 0, limit: int = LIMIT) -> Iterator[Found | Damage]:
    """`scan` of an open file."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    gzip = file.read(3) == _GZIP
    at, spent = start, 0
    while at < size:
        try:
            found = read_at(file, at, limit=limit)
        except Broken as problem:
            spent += file.tell() - at
            begin = _next_record(file, at + 1, gzip=gzip) if spent <= 8 * size + _PIECE else None
            yield Damage(at, (size if begin is None else begin) - at, str(problem), torn=begin is None)
            if begin is None:
                return
            at = begin
        else:
            yield found
            at = found.offset + found.length


def read_at(file: BinaryIO, offset: int, *, limit: int = LIMIT) -> Found:
    """The record that begins at `offset`; raises Broken."""
    file.seek(offset)
    magic = file.read(3)
    file.seek(offset)
    if not magic:
        raise Broken("the file ends before it")
    if _GZIP.startswith(magic) and magic != _GZIP:
        raise Broken("the gzip member is cut off")
    source = _Member(file) if magic == _GZIP else _Plain(file)
    buffer = bytearray()
    while (end := _HEAD_END.search(buffer, max(0, len(buffer) - _PIECE - 4))) is None:
        if len(buffer) >= 16 and not _VERSION.match(buffer):
            break
        if len(buffer) > MAX_HEAD:
            raise Broken(f"named fields of more than {MAX_HEAD} bytes")
        piece = source.take(_PIECE)
        if not piece:
            raise Broken("ends within the named fields")
        buffer += piece
    if end is None or not _VERSION.match(buffer):
        raise Broken("no WARC version line")
    version, fields = _fields(bytes(buffer[: end.start()]))
    declared = [value for name, value in fields if name.lower() == "content-length"]
    if len(declared) != 1 or not _LENGTH.fullmatch(declared[0]):
        raise Broken(f"Content-Length {', '.join(declared) or 'missing'}")
    wanted = int(declared[0])
    if wanted > limit:
        raise Broken(f"a block of {wanted} bytes, more than the {limit} allowed")
    del buffer[: end.end()]
    while len(buffer) < wanted:
        piece = source.take(min(_PIECE * 4, wanted - len(buffer) + 4))
        if not piece:
            raise Broken(f"ends after {len(buffer)} of {wanted} bytes of its block")
        buffer += piece
    while len(buffer) < wanted + 4 and (piece := source.take(wanted + 4 - len(buffer))):
        buffer += piece
    if buffer[wanted : wanted + 4] != b"\r\n\r\n":
        raise Broken("the block is not followed by two line ends")
    if len(buffer) > wanted + 4 and isinstance(source, _Member):
        raise Broken("more than one record in a gzip member")
    stop = source.finish() if isinstance(source, _Member) else offset + end.end() + wanted + 4
    return Found(Record(version, fields, bytes(memoryview(buffer)[:wanted])), offset, stop - offset)


class _Plain:
    """Bytes of an uncompressed file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def take(self, most: int) -> bytes:
        return self._file.read(most)


class _Member:
    """Decoded bytes of one gzip member, its CRC checked at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._gzip = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)

    def take(self, most: int) -> bytes:
        """Up to so many bytes; none at the end of the member."""
        silent = 0  # bytes that went in since something came out: a member is not all header
        while not self._gzip.eof:
            piece = self._file.read(_PIECE) if self._gzip.needs_input else b""
            if self._gzip.needs_input and not piece:
                raise Broken("the gzip member is cut off")
            try:
                out: bytes = self._gzip.decompress(piece, most)
            except igzip_lib.IsalError as problem:  # type: ignore[misc]  # the stub calls it an instance
                raise Broken(f"the gzip member is damaged: {problem}") from None
            if out:
                return out
            silent += len(piece)
            if silent > 1 << 17:
                raise Broken("the gzip member decodes to nothing")
        return b""

    def finish(self) -> int:
        """Where the member ends in the file."""
        if self.take(1):
            raise Broken("more than one record in a gzip member")
        return self._file.tell() - len(self._gzip.unused_data)


def _fields(head: bytes) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Version and named fields (section 4); folded lines, which WARC/1.0 allowed, are joined."""
    version, *lines = head.decode("utf-8", "surrogateescape").split("\n")
    fields: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t") and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise Broken(f"a named field without colon: {line[:60]!r}")
        fields.append((name.strip(), value.strip()))
    return version.strip(), tuple(fields)


def _next_record(file: BinaryIO, at: int, *, gzip: bool) -> int | None:
    """First place from `at` on where a record seems to begin; None if there is none."""
    begins = _GZIP_BEGINS if gzip else _PLAIN_BEGINS
    kept = b""
    while True:
        file.seek(at + len(kept))
        piece = file.read(1 << 20)
        window = kept + piece
        for candidate in begins.finditer(window):
            if not gzip or _VERSION.match(first_bytes(file, at + candidate.start())):
                return at + candidate.start()
        if not piece:
            return None
        kept = window[-15:]  # a match may lie across two pieces
        at += len(window) - len(kept)


def first_bytes(file: BinaryIO, offset: int = 0) -> bytes:
    """The first 16 bytes there, decoded where a gzip member begins; fewer or none where it is damaged."""
    file.seek(offset)
    start = file.read(16)
    if start[:3] != _GZIP:
        return start
    file.seek(offset)
    member, got = _Member(file), b""
    try:
        while len(got) < 16 and (piece := member.take(16 - len(got))):
            got += piece
    except Broken:
        pass  # what came before the damage is the answer
    return got
