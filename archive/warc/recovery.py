"""Files that a killed process left open: whole records kept, the torn tail put aside with its bytes, the file
closed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

from archive.capture import Capture
from archive.instants import iso, now
from archive.warc.captured import capture_of
from archive.warc.file import give_name, make_folder, sync_folder
from archive.warc.layout import OPEN
from archive.warc.record import ROWS, Record
from archive.warc.scan import Broken, Damage, read_at, scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What became of one `.open` file."""

    warc: Annotated[str, "Its closed name, relative to the warc/ folder"]
    kept: Annotated[int, "Bytes of whole records; 0 when no file remains"]
    captures: Annotated[
        list[Capture], "Whole responses and revisits behind what the database was known to hold, in order"
    ]
    torn: Annotated[Damage | None, "The tail that was cut off"]
    quarantined: Annotated[Path | None, "Where its bytes are; a .json note lies beside"]
    damaged: Annotated[
        list[Damage], "Stretches before the tail that are no records: left where they are, since offsets count"
    ]


def recover(folder: Path, quarantine: Path, committed: Callable[[str], int] = lambda warc: 0) -> Iterator[Recovery]:
    """Mend every `.open` file below `folder`, one at a time; run it when no other process writes there.

    A file gets its closed name when the next one is asked for, so index its captures and commit them before: a kill at
    any moment then loses nothing, and running it again ends at the same state. `committed` gives, for a closed name,
    the
    end of the last capture the database holds: reading begins there, and only what lies behind is returned.
    Raises FileExistsError when a file of the closed name is there too: a person must look.
    """
    for path in sorted(folder.rglob(f"*{OPEN}")):
        closed = path.with_name(path.name.removesuffix(OPEN))
        if closed.exists() and not _are_one(path, closed):
            raise FileExistsError(f"{closed} and {path} are both there")
        warc = closed.relative_to(folder).as_posix()
        recovery = mend(path, warc, quarantine, committed(warc))
        yield recovery
        if recovery.kept:
            give_name(path, closed)
        else:
            closed.unlink(missing_ok=True)
            path.unlink()
            sync_folder(path.parent)


def _are_one(path: Path, closed: Path) -> bool:
    """Whether both names are of one file, which a run had gone on with. Where a copy of the archive made two of it, and
    one is the beginning of the other, they are made one."""
    if closed.samefile(path):
        return True
    shorter, longer = sorted((path, closed), key=lambda one: one.stat().st_size)
    if not _begins_with(longer, shorter):
        return False
    longer.replace(path)  # a kill leaves the longer one, under the one name or the other
    if shorter == closed:
        closed.unlink()
    sync_folder(path.parent)
    return True


def _begins_with(longer: Path, shorter: Path) -> bool:
    with shorter.open("rb") as short, longer.open("rb") as long:
        while piece := short.read(1 << 20):
            if long.read(len(piece)) != piece:
                return False
    return True


def mend(path: Path, warc: str, quarantine: Path, known: int) -> Recovery:
    """Move the torn tail of one file, if it has one, to `quarantine`; the database holds what lies before `known`."""
    size = path.stat().st_size
    captures, damaged, end = _whole(path, warc, min(known, size))
    if known > size:
        damaged.append(Damage(size, known - size, "committed records are missing from the end of the file"))
    torn = put = None
    if end < size:
        reason = next((damage.reason for damage in damaged if damage.offset >= end), "records of no known origin")
        torn = Damage(end, size - end, reason, torn=True)
        put = _put_aside(path, warc, torn, quarantine)
        damaged = [damage for damage in damaged if damage.offset < end or damage.offset >= size]
        with path.open("rb+") as file:
            file.truncate(end)
            os.fsync(file.fileno())
    return Recovery(warc=warc, kept=end, captures=captures, torn=torn, quarantined=put, damaged=damaged)


def _whole(path: Path, warc: str, start: int) -> tuple[list[Capture], list[Damage], int]:
    """Captures from `start` on, what is damaged between, and where the last whole record of ours ends.

    A torn record may hold a WARC file that some college published, so records found behind a damage are ours only
    when they name the warcinfo record at the top, whose random id no page can know.
    """
    info = _warcinfo(path)
    captures: list[Capture] = []
    damaged: list[Damage] = []
    end = start
    for found in scan(path, start=start):
        if isinstance(found, Damage):
            damaged.append(found)
        elif not damaged or (info is not None and found.record.field("WARC-Warcinfo-ID") == info):
            end = found.offset + found.length
            if found.record.type in ROWS or found.record.is_rendering:
                captures.append(capture_of(found.record, warc, found.offset, found.length))
    return captures, damaged, end


def _warcinfo(path: Path) -> str | None:
    """Id of the warcinfo record at the top of a file."""
    with path.open("rb") as file:
        try:
            top: Record = read_at(file, 0).record
        except Broken:
            return None
    return top.record_id or None


def _put_aside(path: Path, warc: str, torn: Damage, quarantine: Path) -> Path:
    """Copy the tail and a note about it; on disk when this returns."""
    make_folder(quarantine)
    with path.open("rb") as file:
        sha256 = _copied(file, torn, None)
        put = quarantine / f"{Path(warc).name}.{torn.offset}-{sha256[:12]}.torn"
        with put.open(
            "wb"
        ) as out:  # the name holds the digest: an earlier copy is the same bytes, or was cut by a kill
            _copied(file, torn, out)
            os.fsync(out.fileno())
    note = {
        "file": warc,
        "offset": torn.offset,
        "length": torn.length,
        "sha256": sha256,
        "reason": torn.reason,
        "time": iso(now()),
    }
    with put.with_suffix(".torn.json").open("w", encoding="utf-8") as out_note:
        out_note.write(json.dumps(note, indent=1) + "\n")
        out_note.flush()
        os.fsync(out_note.fileno())
    sync_folder(quarantine)
    return put


def _copied(file: BinaryIO, torn: Damage, out: BinaryIO | None) -> str:
    """SHA-256 of the tail, copied to `out` on the way."""
    hashed = hashlib.sha256()
    file.seek(torn.offset)
    while piece := file.read(1 << 20):
        hashed.update(piece)
        if out is not None:
            out.write(piece)
    if out is not None:
        out.flush()
    return hashed.hexdigest()
