"""Records that cannot be read by their places (ARC; gzip or Zstandard around a whole file), each into a gzip member of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.warc import arc
from archive.warc.layout import member
from archive.warc.members import Plain, opened, skip
from archive.warc.scan import LIMIT, Broken, first_bytes

_DAMAGE = (ArchiveLoadFailed, Broken, OSError, EOFError, ValueError)  # what readers of damaged files raise
_WRITTEN_HERE = {"content-length"}


class NoRecords(Exception):
    """Nothing of a file can be used; the text says why, and does not name it."""


def rewrite(path: Path, out: IO[bytes]) -> str:
    """Write the records up to the first damage; which that is, empty if none. Raises NoRecords, and OSError where it cannot write."""
    with path.open("rb") as file:
        begins = first_bytes(file)
        if not begins.startswith((b"WARC/", arc.BEGINS)):
            raise NoRecords("neither WARC nor ARC nor WACZ")
        source = arc.records(_Decoded(file)) if begins.startswith(arc.BEGINS) else _records(file)
        written, damage = 0, ""
        while not damage:
            try:
                record = member(*next(source))
            except StopIteration:
                break
            except _DAMAGE as problem:
                damage = f"damaged behind record {written}: {problem}"
            else:
                out.write(record)  # that the disk is full is no damage of theirs
                written += 1
    if not written:
        raise NoRecords(damage.replace("behind record 0", "from its first record on") or "holds no records")
    return damage


def _records(file: BinaryIO) -> Iterator[tuple[list[tuple[str, str]], bytes]]:
    for entry in ArchiveIterator(_Decoded(file), no_record_parse=True):
        declared = entry.rec_headers.get_header("Content-Length") or ""
        if not declared.isascii() or not declared.isdigit():
            raise Broken(f"Content-Length {declared or 'missing'}")
        if int(declared) > LIMIT:
            raise Broken(f"a block of {declared} bytes, more than the {LIMIT} allowed")
        block = entry.raw_stream.read(int(declared))
        if len(block) != int(declared):
            raise Broken(f"ends after {len(block)} of {declared} bytes of its block")
        yield [(name, value) for name, value in entry.rec_headers.headers if name.lower() not in _WRITTEN_HERE], block


class _Decoded(io.RawIOBase):
    """The file without the compression around all of it, or around its parts; gives all that comes before a damage."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._size = file, file.seek(0, io.SEEK_END)
        self._source = opened(file, skip(file, 0))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not (piece := self._source.take(len(buffer))):
            if isinstance(self._source, Plain):
                return 0
            end = skip(self._file, self._source.finish())
            if end >= self._size:
                return 0
            self._source = opened(self._file, end)
        buffer[: len(piece)] = piece
        return len(piece)
