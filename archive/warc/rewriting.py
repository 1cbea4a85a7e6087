"""Records that cannot be read by their places (ARC; gzip or Zstandard around a whole file), each into a gzip member of
its own."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from errno import ENOSPC
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO

from archive.patterns import deferred
from archive.warc import arc
from archive.warc.layout import member
from archive.warc.members import FRAME, GZIP, Plain, opened, skip
from archive.warc.scan import Broken, Found, first_bytes, scan_file

_MEMBER = deferred(b"|".join(map(re.escape, (GZIP, FRAME))))
_ARC_LINE = deferred(rb"[A-Za-z]{2,12}:")
_MOST_LOST = 1 << 20  # bytes of an ARC file's beginning that may be damaged
_DEEPEST = 3  # compressions around one file
_LEFT_FREE = 1 << 26  # bytes of the disk: a megabyte of gzip may stand for gigabytes
Parts = tuple[list[tuple[str, str]], bytes, bytes]  # fields, block, version line


class NoRecords(Exception):
    """Nothing of a file can be used; the text says why, and does not name it."""


class Rewritten:
    """How far it went: whole only if every record of the source was written, and reads back as it was there."""

    def __init__(self) -> None:
        self.records = 0
        self.damage: list[str] = []


def rewrite(path: Path, out: IO[bytes], scratch: Path) -> Rewritten:
    """Write every record that can be read, those behind a damage too. Raises NoRecords, and OSError where it cannot
    write.

    `scratch` is a folder with room for what the file holds without its compression.
    """
    done = Rewritten()
    with path.open("rb") as file:
        at = None if first_bytes(file).startswith((b"WARC/", GZIP, FRAME)) else _arc_at(file)
        if at is None and not first_bytes(file).startswith(b"WARC/") and not _is_compressed(file):
            raise NoRecords("neither WARC nor ARC nor WACZ")
        for fields, block, version in _of_warc(file, scratch, done) if at is None else _of_arc(file, done, at):
            try:
                record = member(fields, block, version=version)
            except ValueError as problem:
                done.damage.append(f"a record behind record {done.records}: {problem}")
                continue
            if not _reads_back(record, fields, block):
                done.damage.append(f"a record behind record {done.records} cannot be written as it is")
                continue
            out.write(record)
            done.records += 1
    if not done.records:
        raise NoRecords(
            "; ".join(done.damage).replace("behind record 0", "from its first record on") or "holds no records"
        )
    return done


def _reads_back(record: bytes, fields: list[tuple[str, str]], block: bytes) -> bool:
    [found] = scan_file(io.BufferedReader(io.BytesIO(record)))
    return isinstance(found, Found) and list(found.record.fields[:-1]) == fields and found.record.block == block


def _is_compressed(file: BinaryIO) -> bool:
    """Whether it has to be decoded before anything can be looked for in it."""
    file.seek(0)
    return file.read(4).startswith((GZIP, FRAME))


def _arc_at(file: BinaryIO) -> int | None:
    """Where an ARC file begins, or goes on where its beginning is lost; None where it is none."""
    try:
        head = _Decoded(file).read(_MOST_LOST) or b""
    except Broken:
        head = b""
    if head.startswith(arc.BEGINS) or arc.is_begun_in(head):
        return 0
    return _next_member(file, 0)


def _of_arc(file: BinaryIO, done: Rewritten, at: int | None) -> Iterator[Parts]:
    def damaged(why: object) -> None:
        done.damage.append(f"damaged behind record {done.records}: {why}")

    if at:
        damaged(f"{at} bytes are no record")
    while at is not None:
        decoded = _Decoded(file, at)
        try:
            for fields, block in arc.records(decoded, damaged):
                yield fields, block, b"WARC/1.1\r\n"
            return
        except (Broken, EOFError, ValueError) as problem:
            damaged(problem)
        at = _next_member(file, decoded.begin + 1)


def _next_member(file: BinaryIO, at: int) -> int | None:
    """Where the next gzip member or Zstandard frame begins, from that place on, whose bytes begin as an ARC record."""
    kept = b""
    while True:
        file.seek(at + len(kept))
        piece = file.read(1 << 20)
        window = kept + piece
        for candidate in _MEMBER.finditer(window):
            if _ARC_LINE.match(first_bytes(file, at + candidate.start())):
                return at + candidate.start()
        if not piece:
            return None
        kept = window[-3:]
        at += len(window) - len(kept)


def _of_warc(file: BinaryIO, scratch: Path, done: Rewritten) -> Iterator[Parts]:
    """Through a copy without the compression, which is read like any uncompressed file: behind a damage it goes on."""
    with ExitStack() as copies:
        for _ in range(_DEEPEST):
            plain = copies.enter_context(TemporaryFile(dir=scratch))
            _decode(file, plain, scratch, done)
            plain.seek(0)
            if not plain.read(4).startswith((GZIP, FRAME)):
                break
            file = plain
        plain.seek(0)
        for found in scan_file(plain):
            if isinstance(found, Found):
                record = found.record
                yield (
                    [(name, value) for name, value in record.fields if name.lower() != "content-length"],
                    record.block,
                    f"{record.version}\r\n".encode("utf-8", "surrogateescape"),
                )
            else:
                done.damage.append(
                    f"damaged behind record {done.records}: {found.length} bytes are no record: {found.reason}"
                )


def _decode(file: BinaryIO, plain: IO[bytes], scratch: Path, done: Rewritten) -> None:
    """Write what the compression of a file holds; raises OSError before it fills the disk."""
    decoded = _Decoded(file)
    try:
        while piece := decoded.read(1 << 20):
            if shutil.disk_usage(scratch).free < _LEFT_FREE:
                raise OSError(
                    ENOSPC, f"no room for what it holds without its compression, {plain.tell():,} bytes so far"
                )
            plain.write(piece)
    except Broken as problem:
        done.damage.append(f"damaged behind {plain.tell()} bytes of what it holds: {problem}")


class _Decoded(io.RawIOBase):
    """The file without the compression around all of it, or around its parts; gives all that comes before a damage.

    Of a part behind the first one nothing is given if it is damaged: its checksum stands at its end.
    """

    def __init__(self, file: BinaryIO, at: int = 0) -> None:
        self._file, self._size = file, file.seek(0, io.SEEK_END)
        self.begin = skip(file, at)  # of the part that is being read
        self._source = opened(file, self.begin)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not (piece := self._source.take(len(buffer))):
            if isinstance(self._source, Plain):
                return 0
            end = skip(self._file, self._source.finish())
            if end >= self._size:
                return 0
            self.begin = end
            checked = opened(self._file, end)
            while not isinstance(checked, Plain) and checked.take(1 << 20):
                pass
            self._source = opened(self._file, end)
        buffer[: len(piece)] = piece
        return len(piece)
