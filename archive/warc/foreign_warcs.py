"""WARC files that other tools wrote, given a place and a name in the archive: copied, or left where they are behind a
link."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any

from archive.patterns import deferred
from archive.warc import arc
from archive.warc.file import make_folder, sync_folder
from archive.warc.layout import GUESTS, MERGED
from archive.warc.members import FRAME, GZIP
from archive.warc.rewriting import NoRecords, Rewritten, rewrite
from archive.warc.scan import SEVERAL, Broken, Found, first_bytes, scan_file

_REWRITTEN = ".rewritten.warc.gz"  # ends the name of a file that could not be read as it came
_SOURCE = ".source"  # ends the name of one that could not be rewritten whole either: nothing reads it, but it is there
_PART = ".part"  # suffix of a file that is being written, whose name begins with a dot
_ARCHIVES = deferred(r"\.(w?arc(\.gz|\.zst)?|wacz)$", re.IGNORECASE)
_BY_NAME = deferred(r"\.warc(\.gz|\.zst)?$")
_DEEPEST = 3  # WACZ in WACZ
_ZIP_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)  # RuntimeError: it asks for a password


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


def place(
    path: Path, folder: Path, *, in_place: bool = False, on_damage: Callable[[str], object] = lambda text: None
) -> list[ForeignWarc]:
    """Give a WARC, ARC or WACZ a place below `folder`, which is warc/; harmless when repeated. A WACZ may hold several
    files.

    `in_place` links to the file instead of copying it. What cannot be read record by record where it lies (ARC, gzip
    over the whole file, files inside a WACZ) is copied all the same. The same bytes under another name are the same
    guest.
    `on_damage` is told of files of a WACZ that had to be passed over. Raises NoArchive, OSError; no half file is left.
    """
    if not path.is_file():
        raise NoArchive(f"{path}: not a file on disk; save it as one first")
    own = folder.resolve()
    if path.resolve().is_relative_to(own) and not path.resolve().is_relative_to(own / GUESTS):
        raise NoArchive(f"{path} is a file of this archive already")
    make_folder(folder / GUESTS)
    if not _is_zip(path):
        return [_lodge(path, str(path.absolute()), folder, in_place=in_place)]
    return _unpacked(path, str(path), folder, on_damage, _DEEPEST)


def remove(guests: list[ForeignWarc], folder: Path) -> None:
    """Take back what has just been given a place and is told of nowhere yet."""
    for guest in guests:
        for there in guest.made:
            there.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what a killed process had not finished copying to below `folder`, which is warc/; the archive must be
    locked."""
    for kind in (GUESTS, MERGED):
        for part in (folder / kind).rglob(f".*{_PART}"):
            part.unlink()


def _is_zip(path: Path) -> bool:
    """By its beginning; by their ends records whose last page is a Word document would be ZIP files too."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _unpacked(
    path: Path, original: str, folder: Path, on_damage: Callable[[str], object], depth: int
) -> list[ForeignWarc]:
    """Guests from a WACZ, and from WACZ files inside it; what is damaged is passed over as long as something is not.

    One whose directory is lost is taken as it is: WARC files lie uncompressed in it, and their records can be found.
    """
    found: list[ForeignWarc] = []
    problems: list[str] = []
    try:
        wacz = zipfile.ZipFile(path)
    except _ZIP_DAMAGE as problem:
        damage = f"{original}: a damaged ZIP file: {problem}"
        try:
            guest = _lodge(path, original, folder, in_place=False)
        except NoArchive:
            raise NoArchive(damage) from None
        return [replace(guest, damage=f"{damage}; its records are read where they lie in it")]
    with wacz:
        entries = [entry for entry in wacz.infolist() if _is_archive(wacz, entry)]
        if not entries:
            raise NoArchive(f"{original}: a ZIP file without WARC files, so no WACZ")
        for entry in entries:
            try:
                found += _entry(wacz, entry, f"{original}!{entry.filename}", folder, on_damage, depth)
            except NoArchive as problem:
                problems.append(str(problem))
            except BaseException:
                remove(found, folder)
                raise
    if not found:
        raise NoArchive("; ".join(problems))
    for text in problems:
        on_damage(text)
    return found


def _is_archive(wacz: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """By its name, wherever it lies; below archive/ by how it begins too. What a Mac writes beside a file is none."""
    *folders, name = entry.filename.replace("\\", "/").split("/")
    if not name or name.startswith("._"):
        return False
    if _ARCHIVES.search(name):
        return True
    try:
        with wacz.open(entry) as inner:
            return "archive" in folders and inner.read(16).startswith((b"WARC/", arc.BEGINS, GZIP, FRAME))
    except _ZIP_DAMAGE:
        return "archive" in folders  # told when it is opened again


def _entry(
    wacz: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    original: str,
    folder: Path,
    on_damage: Callable[[str], object],
    depth: int,
) -> list[ForeignWarc]:
    _room(folder, entry.file_size, original)
    damage = ""
    with NamedTemporaryFile(dir=folder / GUESTS, prefix=".", suffix=_PART) as part:
        try:
            with wacz.open(entry) as inner:
                shutil.copyfileobj(inner, part, 1 << 20)
        except _ZIP_DAMAGE as problem:
            damage = f"{original}: {problem}"
        part.flush()
        copy = Path(part.name)
        try:
            if not _is_zip(copy):
                found = [_lodge(copy, original, folder, in_place=False)]
            elif depth:
                found = _unpacked(copy, original, folder, on_damage, depth - 1)
            else:
                raise NoArchive(f"{original}: WACZ in WACZ, too deep")
        except NoArchive as problem:
            raise NoArchive(damage or str(problem)) from None
        if damage:
            on_damage(f"{damage}; what came before that is taken")
        return found


def _lodge(path: Path, original: str, folder: Path, *, in_place: bool) -> ForeignWarc:
    before = path.stat()
    sha256 = _sha256(path)
    for known in sorted((folder / GUESTS).glob(f"{sha256[:16]}-*")):
        if (
            known.exists()
            and not known.name.endswith(_SOURCE)
            and (known.name.endswith(_REWRITTEN) or known.stat().st_size == before.st_size)
        ):
            beside = any((folder / GUESTS).glob(f"{sha256[:16]}-*{_SOURCE}"))
            damage = f"{original}: damaged; kept as it came beside its records" if beside else ""
            return ForeignWarc(known.relative_to(folder).as_posix(), original, sha256, _sha256(known), damage)
    name = f"{sha256[:16]}-" + (
        re.sub(r"[^A-Za-z0-9._-]", "-", re.split(r"[/\\]", original)[-1]).lstrip(".")[-150:] or "unnamed"
    )
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
            made.append(folder / f"{name}{_SOURCE}")
            _copy(path, made[-1], original)
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
        _copy(path, target, original)
    return target, ""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _room(folder: Path, wanted: int, original: str) -> None:
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
    _room(target.parent.parent, path.stat().st_size, original)
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=_PART, delete=False) as part:
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


def _copy(path: Path, target: Path, original: str) -> None:
    _room(target.parent.parent, path.stat().st_size, original)
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=_PART, delete=False) as part:
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
