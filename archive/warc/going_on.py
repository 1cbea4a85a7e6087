"""One WARC file from run to run: as what a run leaves it, and when the next one may append to it (docs/decisions/9)."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from archive.instants import parse
from archive.patterns import deferred
from archive.warc import fixity
from archive.warc.scan import Broken, read_at

_TAIL = 1 << 16  # bytes at the end that are looked at again
_STAMP = deferred(r"-(\d{17})-\d{5,}-")  # in the name of a file of ours: when it was begun


class NotAsLeft(Exception):
    """Something happened to the file since; the text says what, and names the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A closed file that the next run may go on with, as this one left it."""

    warc: Annotated[str, "As rows name it"]
    size: int
    tail: Annotated[str, "SHA-256 of its last bytes, hex"]
    inode: Annotated[int, "Of the file: a copy of the archive goes on with none of its files"]


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known of a file from its head."""

    at: datetime
    warcinfo: Annotated[str, "Id of its warcinfo record"]


def left(folder: Path, warc: str) -> Left:
    """The file as it is now."""
    path = folder / warc
    with path.open("rb") as file:
        told = os.fstat(file.fileno())
        return Left(warc=warc, size=told.st_size, tail=_tail(path, told.st_size), inode=told.st_ino)


def begun(folder: Path, there: Left, info: bytes) -> Begun | None:
    """The head of the file where a run may append to it; None where it is finished.

    Finished is what others count on: what is sealed, what shares its bytes with another name (a merge, a backup of
    hard links), a file of a copied archive, one that is not the last; and what another program, operator or user agent
    wrote, of which the one warcinfo record at its head (`info`: its block) would not be true.
    Raises NotAsLeft where somebody changed it.
    """
    path = folder / there.warc
    if path.is_symlink() or not path.is_file():
        raise NotAsLeft(f"warc/{there.warc} is missing")
    told = path.stat()
    if told.st_size != there.size:
        raise NotAsLeft(f"warc/{there.warc} had {there.size:,} bytes when the last run ended and has {told.st_size:,}")
    if _tail(path, there.size) != there.tail:
        raise NotAsLeft(f"the end of warc/{there.warc} is another than when the last run ended")
    if told.st_ino != there.inode or told.st_nlink != 1 or is_sealed(folder, there.warc) or _is_followed(folder, path):
        return None
    with path.open("rb") as file:
        try:
            head = read_at(file, 0).record
        except Broken as problem:
            raise NotAsLeft(f"warc/{there.warc}, offset 0: {problem}") from None
    same = head.type == "warcinfo" and head.block == info and head.field("WARC-Filename") == path.name
    return Begun(parse(head.date), head.record_id) if same else None


def is_sealed(folder: Path, warc: str) -> bool:
    """Whether the chain of seals names it."""
    return fixity.is_named(folder.parent / "fixity.jsonl", warc)


def stamp_of(path: Path) -> str | None:
    """When a file of ours was begun, as its name says it: 17 digits, UTC; None for a file of others."""
    found = _STAMP.search(path.name)
    return found[1] if found else None


def _tail(path: Path, size: int) -> str:
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        return hashlib.sha256(file.read(_TAIL)).hexdigest()


def _is_followed(folder: Path, path: Path) -> bool:
    """Whether a file of ours was begun after it, as where an older database was put beside newer files: what is
    appended then would stand before what came earlier."""
    begun = stamp_of(path)
    months = (month for month in folder.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]") if month >= path.parent)
    others = (stamp_of(other) for month in months for other in month.iterdir())
    return begun is None or any(other is not None and other > begun for other in others)
