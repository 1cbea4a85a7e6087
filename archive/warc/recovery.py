"""What a killed writer left: whole records kept, a torn tail moved aside with its bytes, the file closed."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from archive.capture import Capture
from archive.instants import iso, now
from archive.warc.file import sync_folder
from archive.warc.record import capture_of
from archive.warc.scan import Damage, scan

OPEN = ".open"


@dataclass(frozen=True, slots=True)
class RecoveredFile:
    """One file that was open when its writer ended."""

    warc: str  # relative to the warc folder, closed name
    captures: tuple[Capture, ...]
    torn: Path | None  # where its tail lies now


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was found on start."""

    files: tuple[RecoveredFile, ...] = ()


def recover(folder: Path, quarantine: Path) -> Recovery:
    """Mend every `.open` file below `folder`. Safe to be killed in the middle: run again, it goes on."""
    return Recovery(tuple(_recover(path, folder, quarantine) for path in sorted(folder.rglob(f"*{OPEN}"))))


def _recover(path: Path, folder: Path, quarantine: Path) -> RecoveredFile:
    closed = path.with_name(path.name.removesuffix(OPEN))
    warc = closed.relative_to(folder).as_posix()
    captures: list[Capture] = []
    torn: Path | None = None
    for entry in scan(path):
        if isinstance(entry, Damage):
            if entry.torn:
                torn = _set_aside(path, entry, quarantine)
        elif entry.record.type in ("response", "revisit"):
            captures.append(capture_of(entry.record, warc, entry.offset, entry.length))
    if path.stat().st_size == 0:
        path.unlink()
    else:
        path.rename(closed)
    sync_folder(path.parent)
    return RecoveredFile(warc, tuple(captures), torn)


def _set_aside(path: Path, damage: Damage, quarantine: Path) -> Path:
    """The torn bytes and a note, on disk before they are cut from the file."""
    quarantine.mkdir(exist_ok=True)
    tail = quarantine / f"{path.name.removesuffix(OPEN)}.{damage.offset}.torn"
    note = {"file": path.name, "offset": damage.offset, "length": damage.length, "reason": damage.reason, "at": iso(now())}
    with path.open("r+b") as file:
        file.seek(damage.offset)
        for target, data in ((tail, file.read()), (tail.with_suffix(".json"), json.dumps(note).encode())):
            with target.open("wb") as copy:
                copy.write(data)
                copy.flush()
                os.fsync(copy.fileno())
        sync_folder(quarantine)
        file.truncate(damage.offset)
        file.flush()
        os.fsync(file.fileno())
    return tail
