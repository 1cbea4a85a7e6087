"""Files of another archive given a place in this one: linked or copied, proven by digest, named by the archive they
come from."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

from archive.warc.file import make_folder, sync_folder
from archive.warc.history import Source, sources
from archive.warc.layout import GUESTS, MERGED, OPEN
from archive.warc.reader import records


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
    keep their names; files which it had from this archive stay where they are here. Hard links where the file system
    allows. Raises NotMerged, OSError; no half file is left.
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
    names = {
        path: name.removeprefix(ours) if _same(path, here / name.removeprefix(ours)) else name
        for path, name in names.items()
    }
    fresh = sum(_bring(path, here / name) for path, name in names.items())
    merged = tuple(name for name in names.values() if not name.startswith(f"{GUESTS}/"))
    return Joined(tuple(names[source.path] for source in told), merged, fresh, left)


def at_home(folder: Path, warcs: Iterable[str]) -> list[str]:
    """Names under which files that an archive merged with this one speaks of lie below `folder`, which is warc/: some
    may have been its own all along."""
    found = []
    for warc in warcs:
        kind, _, rest = warc.partition("/")
        id_, _, own = rest.partition("/")
        came_from_here = (
            kind == MERGED and not (folder / warc).exists() and (folder / own).exists() and id_ == _id(sources(folder))
        )
        found.append(own if came_from_here else warc)
    return found


def _id(told: Sequence[Source]) -> str:
    """Name of the archive whose own files these are, oldest first: made of its first record."""
    return hashlib.sha256(_first_record(told[0].path).encode()).hexdigest()[:12] if told else "none"


def _same(path: Path, there: Path) -> bool:
    return there.exists() and (
        there.samefile(path) or (there.stat().st_size == path.stat().st_size and _sha256(there) == _sha256(path))
    )


def _first_record(path: Path) -> str:
    for record, _, _ in records(path, on_damage=lambda damage: None):
        if record.record_id:
            return record.record_id
    return path.name


def _bring(path: Path, target: Path) -> bool:
    """Link or copy a file; whether it was not there yet. Raises NotMerged where another file has its name."""
    if target.exists():
        if not _same(path, target):
            raise NotMerged(f"{target} is there already and is not {path}")
        return False
    make_folder(target.parent)
    try:
        os.link(path.resolve(), target)
    except OSError:  # another file system
        _copy(path, target)
    sync_folder(target.parent)
    return True


def _copy(path: Path, target: Path) -> None:
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as part:
        try:
            with path.open("rb") as source:
                shutil.copyfileobj(source, part, 1 << 20)
            part.flush()
            os.fsync(part.fileno())
            if _sha256(Path(part.name)) != _sha256(path):
                raise NotMerged(f"{path}: its copy differs")
            Path(part.name).rename(target)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
