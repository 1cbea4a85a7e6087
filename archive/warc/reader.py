"""Records by place, or all of a file in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from archive.warc.captured import capture_of
from archive.warc.layout import OPEN
from archive.warc.record import Record
from archive.warc.scan import BUFFER, LIMIT, Broken, Damage, Found, first_bytes, read_at, scan_file

__all__ = ["DamagedRecord", "Record", "capture_of", "find", "read", "records"]


class DamagedRecord(Exception):
    """No whole record lies at that place; the text names file, offset and reason."""

    def __init__(self, path: Path, offset: int, reason: str) -> None:
        super().__init__(f"{path}, offset {offset}: {reason}")
        self.path, self.offset, self.reason = path, offset, reason


def is_there(folder: Path, warc: str) -> bool:
    """Whether the file of that name lies below `folder`, closed or still being written."""
    path = folder / warc
    return path.is_file() or path.with_name(path.name + OPEN).is_file()


def find(folder: Path, warc: str) -> Path:
    """The file of that name below `folder`, closed or still being written; brought back from its copy elsewhere if it
    is only there.

    A link that an operator put there is followed: so files of other tools stay where they are.
    Raises FileNotFoundError when there is neither, ValueError when the name leads out of the folder.
    """
    path = folder / warc
    if Path(warc).is_absolute() or ".." in Path(warc).parts:
        raise ValueError(f"{warc!r} lies outside {folder}")
    for candidate in (path, path.with_name(path.name + OPEN), path):  # it may be closed while we look
        if candidate.is_file():
            return candidate
    back = _bring_back(folder, warc)
    if back is None:
        raise FileNotFoundError(f"{path} is missing")
    return back


def _bring_back(folder: Path, warc: str) -> Path | None:
    """A copy of a file that is only elsewhere, where copies are kept."""
    from archive.warc.remote_copies import bring_back  # loaded when a file is missing, which it hardly ever is

    return bring_back(folder, warc)


def read(folder: Path, warc: str, offset: int, *, limit: int = LIMIT) -> Record:
    """The record at that place; raises DamagedRecord, and what `find` raises. `limit` is the largest block, in
    bytes."""
    path = find(folder, warc)
    with path.open("rb") as file:
        try:
            return read_at(file, offset, limit=limit).record
        except Broken as problem:
            raise DamagedRecord(path, offset, str(problem)) from None


def records(
    path: Path, *, start: int = 0, limit: int = LIMIT, on_damage: Callable[[Damage], object] | None = None
) -> Iterator[tuple[Record, int, int]]:
    """Every record with its offset and length, from WARC (one gzip member a record, or uncompressed) or ARC.

    A WARC file may be begun at `start`, where a record begins.

    Without `on_damage` the first damage raises DamagedRecord; with it, it is told and reading goes on behind.
    """
    with path.open("rb", buffering=BUFFER) as file:
        if first_bytes(file).startswith(b"filedesc:"):  # an ARC file
            file.seek(0)
            yield from _foreign(path, file, limit)
            return
        for found in scan_file(file, start=start, limit=limit):
            if isinstance(found, Found):
                yield found.record, found.offset, found.length
            elif on_damage is None:
                raise DamagedRecord(path, found.offset, found.reason)
            else:
                on_damage(found)


def _foreign(path: Path, file: BinaryIO, limit: int) -> Iterator[tuple[Record, int, int]]:
    """ARC records, which warcio turns into WARC ones."""
    from warcio.archiveiterator import ArchiveIterator  # loaded for old files only
    from warcio.exceptions import ArchiveLoadFailed

    walk = ArchiveIterator(file, arc2warc=True, no_record_parse=True)
    try:
        for entry in walk:
            block = bytearray()
            while piece := entry.raw_stream.read(1 << 16):
                block += piece
                if len(block) > limit:
                    raise DamagedRecord(path, walk.offset, f"a block of more than {limit} bytes")
            record = Record("WARC/1.0", tuple(entry.rec_headers.headers), bytes(block))
            yield record, walk.get_record_offset(), walk.get_record_length()
    except ArchiveLoadFailed as problem:
        raise DamagedRecord(path, walk.offset, str(problem)) from None
