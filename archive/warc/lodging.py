"""A file of another tool given a place and a name below warc/, in which each of its records can be read by itself."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any

from archive.patterns import deferred
from archive.warc import arc
from archive.warc.file import sync_folder
from archive.warc.layout import GUESTS
from archive.warc.members import FRAME, GZIP
from archive.warc.rewriting import NoRecords, Rewritten, rewrite
from archive.warc.scan import SEVERAL, Broken, Found, first_bytes, scan_file

_REWRITTEN = ".rewritten.warc.gz"  # ends the name of a file that could not be read as it came
SOURCE = ".source"  # ends the name of one that could not be rewritten whole either: nothing reads it, but it is there
PART = ".part"  # suffix of a file that is being written, whose name begins with a dot
_BY_NAME = deferred(r"\.warc(\.gz|\.zst)?$")


class NoArchive(Exception):
    """A file is no WARC, ARC or WACZ, or cannot be taken in as it is; the text says why."""


@dataclass(frozen=True, slots=True)
class ForeignWarc:
    """A file that now has a place in the archive."""

    warc: Annotated[str, "Its name in rows, relative to warc/"]
    original: Annotated[str, "Where it came from"]
    sha256: Annotated[str, "Of the file as it was found"]
    lies_as: Annotated[str, "SHA-256 of the file that now lies there: the same, but where it had to be rewritten"]
    damage: Annotated[
        str, "Why not all of its records could be had; empty if they could, or if it lies as it was found"
    ] = ""
    made: Annotated[tuple[Path, ...], "What was put there for it; nothing if it was there before"] = field(
        default=(), compare=False
    )


def remove(guests: list[ForeignWarc], folder: Path) -> None:
    """Take back what has just been given a place and is told of nowhere yet."""
    for guest in guests:
        for there in guest.made:
            there.unlink(missing_ok=True)


def lodge(path: Path, original: str, folder: Path, *, in_place: bool) -> ForeignWarc:
    before = path.stat()
    sha256 = _sha256(path)
    for known in sorted((folder / GUESTS).glob(f"{sha256[:16]}-*")):
        if (
            known.exists()
            and not known.name.endswith(SOURCE)
            and (known.name.endswith(_REWRITTEN) or known.stat().st_size == before.st_size)
        ):
            beside = any((folder / GUESTS).glob(f"{sha256[:16]}-*{SOURCE}"))
            damage = f"{original}: damaged; kept as it came beside its records" if beside else ""
            return ForeignWarc(known.relative_to(folder).as_posix(), original, sha256, _sha256(known), damage)
    name = named(path, original, sha256)
    made: list[Path] = []
    try:
        target, damage = _placed(path, original, folder / GUESTS, name, in_place=in_place, made=made)
        sync_folder(target.parent)
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise NoArchive(f"{original} changes while it is read; ingest it when it is written to its end")
        return ForeignWarc(
            target.relative_to(folder).as_posix(), original, sha256, _sha256(target), damage, tuple(made)
        )
    except BaseException:
        for file in made:
            file.unlink(missing_ok=True)
        raise


def named(path: Path, original: str, sha256: str = "") -> str:
    """By its bytes, and the last part of where it came from."""
    last = re.sub(r"[^A-Za-z0-9._-]", "-", re.split(r"[/\\]", original)[-1]).lstrip(".")[-150:]
    return f"{(sha256 or _sha256(path))[:16]}-{last or 'unnamed'}"


def _as_warc(name: str, path: Path) -> str:
    """The name with the ending that WARC files have, by which `verify` and other tools know them."""
    if _BY_NAME.search(name):
        return name
    with path.open("rb") as file:
        begins = file.read(4)
    return f"{name}.warc{'.gz' if begins.startswith(GZIP) else '.zst' if begins == FRAME else ''}"


def _placed(
    path: Path, original: str, folder: Path, name: str, *, in_place: bool, made: list[Path]
) -> tuple[Path, str]:
    """Where its records can be read now, and why not all of them; what was put there is told in `made`.

    As it is, if its records can be read by their places. Else each is written into a member of its own, and the file
    itself
    is kept beside, unless all of it was written: no byte is given up because it could not be read.
    """
    records, reason = _by_place(path)
    if reason:
        target = folder / (re.sub(r"(\.w?arc)?(\.gz|\.zst)?$", "", name) + _REWRITTEN)
        rewritten, problem = _rewritten(path, target, original)
        if rewritten is None and not records:
            raise NoArchive(f"{original}: {problem}")
        if rewritten is not None:
            made.append(target)
        if rewritten is not None and rewritten.records > records and not (records and rewritten.damage):
            if not rewritten.damage:
                return target, ""
            made.append(folder / f"{name}{SOURCE}")
            copy(path, made[-1], original)
            return target, f"{original}: {'; '.join(rewritten.damage)}; kept as it came beside its records"
        target.unlink(missing_ok=True)
    target = folder / _as_warc(name, path)
    while target.exists():  # what an older version had made of the file; rows may point into it
        target = folder / target.name.replace("-", "-again-", 1)
    target.unlink(missing_ok=True)  # a link to a file that has gone
    made.append(target)
    if in_place:
        target.symlink_to(path.absolute())
    else:
        copy(path, target, original)
    return target, ""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def room(folder: Path, wanted: int, original: str) -> None:
    free = shutil.disk_usage(folder / GUESTS).free
    if wanted > free:
        raise OSError(f"{original}: no room for its {wanted:,} bytes, {free:,} are free at {folder}")


def _by_place(path: Path) -> tuple[int, str]:
    """How many records can be read each by itself (one a gzip member or Zstandard frame, or uncompressed WARC), and why
    more could be had otherwise: a member may hold several, wherever in the file it stands. Other damage stays
    damage."""
    records, reason, first = 0, "", ""
    with path.open("rb") as file:
        begins = first_bytes(file)
        if begins.startswith(arc.BEGINS):
            return 0, "ARC"
        if begins.startswith((GZIP, FRAME)):
            return 0, "compressed twice"
        for found in scan_file(file):
            if isinstance(found, Found):
                records += 1
            else:
                first = first or found.reason
                reason = reason or (found.reason if found.reason.startswith(SEVERAL) else "")
    return records, reason if records else first or "holds no records"


def _rewritten(path: Path, target: Path, original: str) -> tuple[Rewritten | None, str]:
    room(target.parent.parent, path.stat().st_size, original)
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=PART, delete=False) as part:
        try:
            done = rewrite(path, part, target.parent)
            _settle(part, target)
        except (NoRecords, Broken) as problem:
            Path(part.name).unlink(missing_ok=True)
            return None, str(problem)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return done, ""


def copy(path: Path, target: Path, original: str) -> None:
    room(target.parent.parent, path.stat().st_size, original)
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=PART, delete=False) as part:
        try:
            with path.open("rb") as file:
                shutil.copyfileobj(file, part, 1 << 20)
            _settle(part, target)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _settle(part: Any, target: Path) -> None:
    part.flush()
    os.fsync(part.fileno())
    Path(part.name).chmod(0o644)
    Path(part.name).rename(target)
