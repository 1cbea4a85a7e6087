"""Files of another archive given a place in this one: linked or copied, proven by digest, named by the archive they come from."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

from archive.warc.file import make_folder, sync_folder
from archive.warc.history import sources
from archive.warc.layout import GUESTS, MERGED, OPEN
from archive.warc.reader import records


class NotMerged(Exception):
    """A folder cannot be merged; the text says why."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What came from one archive."""

    own: Annotated[tuple[str, ...], "Its own files, oldest first, as this archive names them"]
    fresh: Annotated[int, "Files of all kinds that were not here yet"]
    left: Annotated[tuple[str, ...], "Files still open there, which wait until its next crawl has closed them"]


def join(folder: Path, other: Path) -> Joined:
    """Bring the WARC files of the archive at `other` into the one at `folder`; harmless when repeated.

    Its own files go to warc/merged/ID/, ID made of its first record; files which it had from other tools or archives
    keep their names. Hard links where the file system allows. Raises NotMerged, OSError; no half file is left.
    """
    there = other / "warc"
    if not there.is_dir():
        raise NotMerged(f"{other}: no warc/ folder, so no archive")
    if there.resolve() == (folder / "warc").resolve():
        raise NotMerged(f"{other} is this archive itself")
    told = sources(there)
    left = tuple(source.warc for source in told if source.path.name.endswith(OPEN))
    told = [source for source in told if source.warc not in left]
    if not told:
        return Joined((), 0, left)
    id_ = hashlib.sha256(_first_record(told[0].path).encode()).hexdigest()[:12]
    names = {source.path: f"{MERGED}/{id_}/{source.warc}" for source in told}
    for kind in (GUESTS, MERGED):
        names |= {path: path.relative_to(there).as_posix() for path in sorted((there / kind).rglob("*")) if path.is_file() and not path.name.startswith(".")}
    fresh = sum(_bring(path, folder / "warc" / name) for path, name in names.items())
    return Joined(tuple(names[source.path] for source in told), fresh, left)


def _first_record(path: Path) -> str:
    for record, _, _ in records(path, on_damage=lambda damage: None):
        if record.record_id:
            return record.record_id
    return path.name


def _bring(path: Path, target: Path) -> bool:
    """Link or copy a file; whether it was not there yet. Raises NotMerged where another file has its name."""
    if target.exists():
        if not target.samefile(path) and _sha256(target) != _sha256(path):
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
