"""Files of another archive given a place in this one: linked or copied, proven by digest, named by the archive they
come from."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

from archive.warc.file import make_folder, sync_folder
from archive.warc.history import Source, sources
from archive.warc.layout import GUESTS, MERGED, OPEN, rest_of, whole_of
from archive.warc.reader import records

_PIECE = 1 << 20


class NotMerged(Exception):
    """A folder cannot be merged; the text says why."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What came from one archive."""

    own: Annotated[tuple[str, ...], "Its own files, oldest first, as this archive names them"]
    merged: Annotated[tuple[str, ...], "Those, and the files of further archives that had been merged with it"]
    fresh: Annotated[int, "Files of all kinds that were not here yet"]
    left: Annotated[tuple[str, ...], "Files still open there, which wait until its next crawl has closed them"]


def check(folder: Path, other: Path) -> None:
    """Raises NotMerged where `other` is no archive, or the one at `folder` itself."""
    there = other / "warc"
    if not there.is_dir():
        raise NotMerged(f"{other}: no warc/ folder, so no archive")
    if there.resolve() == (folder / "warc").resolve():
        raise NotMerged(f"{other} is this archive itself")


def join(folder: Path, other: Path) -> Joined:
    """Bring the WARC files of the archive at `other` into the one at `folder`; harmless when repeated.

    Its own files go to warc/merged/ID/, ID made of its first record; files which it had from other tools or archives
    keep their names; files which it had from this archive stay where they are here. Of a file that has grown since it
    was copied here what is new comes, as a file of its own. Hard links where the file system allows. Raises NotMerged,
    OSError; no half file is left.
    """
    check(folder, other)
    there, here = other / "warc", folder / "warc"
    told = sources(there)
    left = tuple(source.warc for source in told if source.path.name.endswith(OPEN))
    told = [source for source in told if source.warc not in left]
    if not told:
        return Joined((), (), 0, left)
    names = {source.path: f"{MERGED}/{_id(told)}/{source.warc}" for source in told}
    for kind in (GUESTS, MERGED):
        names |= {
            path: path.relative_to(there).as_posix()
            for path in sorted((there / kind).rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }
    ours = f"{MERGED}/{_id(sources(here))}/"
    fresh, parts = 0, {}
    for path, name in names.items():
        found, end = _parts(path, here, name, ours)
        if not found or end < path.stat().st_size:
            found.append(rest_of(name, end))
            _bring(path, end, here / found[-1])
            fresh += 1
        parts[path] = found
    merged = tuple(part for found in parts.values() for part in found if not part.startswith(f"{GUESTS}/"))
    return Joined(tuple(part for source in told for part in parts[source.path]), merged, fresh, left)


def _parts(path: Path, here: Path, name: str, ours: str) -> tuple[list[str], int]:
    """Names of what is here of a file, one part behind the other, and where the rest of it begins.

    Raises NotMerged where another file has its name.
    """
    found: list[str] = []
    at, size = 0, path.stat().st_size
    if name.startswith(ours):  # from here, once: it may have grown there, or here
        whole, begins = whole_of(name.removeprefix(ours))
        own = here / whole
        if own.exists() and _agree(own, begins, path) and (not begins or own.stat().st_size >= begins + size):
            found, at = [whole], own.stat().st_size - begins
    while (at < size or not found) and (there := here / rest_of(name, at)).exists():
        if not _agree(path, at, there) or (name.startswith(f"{GUESTS}/") and there.stat().st_size != size):
            raise NotMerged(f"{there} is there already and is not {path}")
        found.append(rest_of(name, at))
        at += there.stat().st_size
    return found, at


def _agree(path: Path, at: int, other: Path) -> bool:
    """Whether `other`, as far as `path` goes, is what stands there from `at` on."""
    if at == 0 and other.samefile(path):
        return True
    left = min(path.stat().st_size - at, other.stat().st_size)
    if left <= 0:
        return path.stat().st_size == at + other.stat().st_size
    with path.open("rb") as one, other.open("rb") as two:
        one.seek(at)
        while left:
            piece = one.read(min(_PIECE, left))
            if two.read(len(piece)) != piece:
                return False
            left -= len(piece)
    return True


def at_home(folder: Path, warcs: Iterable[str]) -> list[str]:
    """Names under which files that an archive merged with this one speaks of lie below `folder`, which is warc/: some
    may have been its own all along."""
    found = []
    for warc in warcs:
        kind, _, rest = warc.partition("/")
        id_, _, own = rest.partition("/")
        own, _ = whole_of(own)
        came_from_here = (
            kind == MERGED and not (folder / warc).exists() and (folder / own).exists() and id_ == _id(sources(folder))
        )
        found.append(own if came_from_here else warc)
    return found


def _id(told: Sequence[Source]) -> str:
    """Name of the archive whose own files these are, oldest first: made of its first record."""
    return hashlib.sha256(_first_record(told[0].path).encode()).hexdigest()[:12] if told else "none"


def _first_record(path: Path) -> str:
    for record, _, _ in records(path, on_damage=lambda damage: None):
        if record.record_id:
            return record.record_id
    return path.name


def _bring(path: Path, start: int, target: Path) -> None:
    """Link or copy a file, or what lies behind `start` in it."""
    make_folder(target.parent)
    linked = False
    if not start:
        with suppress(OSError):  # another file system
            os.link(path.resolve(), target)
            linked = True
    if not linked:
        _copy(path, start, target)
    sync_folder(target.parent)


def _copy(path: Path, start: int, target: Path) -> None:
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as part:
        try:
            with path.open("rb") as source:
                source.seek(start)
                shutil.copyfileobj(source, part, _PIECE)
            part.flush()
            os.fsync(part.fileno())
            copy = Path(part.name)
            if start + copy.stat().st_size != path.stat().st_size or not _agree(path, start, copy):
                raise NotMerged(f"{path}: its copy differs")
            copy.rename(target)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
