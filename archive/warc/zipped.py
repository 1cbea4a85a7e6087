"""WARC files inside a ZIP file, which is what a WACZ is, each taken as a file of its own."""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from errno import EINVAL
from pathlib import Path
from tempfile import NamedTemporaryFile

from archive.patterns import deferred
from archive.warc import arc
from archive.warc.layout import GUESTS
from archive.warc.lodging import PART, SOURCE, ForeignWarc, NoArchive, copy, lodge, named, remove, room
from archive.warc.members import FRAME, GZIP

_ARCHIVES = deferred(r"\.(w?arc(\.gz|\.zst)?|wacz)$", re.IGNORECASE)
_ZIP_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)  # RuntimeError: it asks for a password


class _Torn(NoArchive):
    """What is wrong is the ZIP file around it."""


def is_zip(path: Path) -> bool:
    """By its beginning; by their ends records whose last page is a Word document would be ZIP files too."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def unpacked(
    path: Path, original: str, folder: Path, on_damage: Callable[[str], object], depth: int
) -> list[ForeignWarc]:
    """Guests from a WACZ, and from WACZ files inside it; what is damaged is passed over as long as something is not.

    One whose directory is lost is taken as it is: WARC files lie uncompressed in it, and their records can be found.
    """
    found: list[ForeignWarc] = []
    problems: list[str] = []
    torn = False
    try:
        with _reading(original):
            wacz = zipfile.ZipFile(path)
    except _Torn as problem:
        whole = _as_it_lies(path, original, folder)
        if not whole:
            raise
        on_damage(f"{problem}; its records are read where they lie in it")
        return whole
    try:
        with wacz:
            entries = [entry for entry in wacz.infolist() if _is_archive(wacz, entry)]
            if not entries:
                raise NoArchive(f"{original}: a ZIP file without WARC files, so no WACZ")
            for entry in entries:
                try:
                    found += _entry(wacz, entry, f"{original}!{entry.filename}", folder, on_damage, depth)
                except NoArchive as problem:
                    torn = torn or isinstance(problem, _Torn)
                    problems.append(str(problem))
        if torn:
            found += _as_it_lies(path, original, folder)
        if torn and found and all(guest.original != original for guest in found):
            found[0] = replace(found[0], made=(*found[0].made, *_kept_beside(path, original, folder)))
    except BaseException:
        remove(found, folder)
        raise
    if not found:
        raise NoArchive("; ".join(problems))
    for text in problems:
        on_damage(text)
    return found


@contextmanager
def _reading(original: str) -> Iterator[None]:
    """What a damaged ZIP file raises, as _Torn."""
    try:
        yield
    except _ZIP_DAMAGE as problem:
        raise _Torn(f"{original}: a damaged ZIP file: {problem}") from None
    except OSError as problem:
        if problem.errno != EINVAL:  # a place before the beginning of the file
            raise
        raise _Torn(f"{original}: a damaged ZIP file: it names a place outside itself") from None


def _as_it_lies(path: Path, original: str, folder: Path) -> list[ForeignWarc]:
    """A damaged ZIP file as a guest whose records are looked for; nothing where none lie uncompressed in it."""
    try:
        return [lodge(path, original, folder, in_place=False)]
    except NoArchive:
        return []


def _kept_beside(path: Path, original: str, folder: Path) -> list[Path]:
    """The copy of a file of which not all could be had; none where it is there already."""
    target = folder / GUESTS / f"{named(path, original)}{SOURCE}"
    if target.exists():
        return []
    copy(path, target, original)
    return [target]


def _is_archive(wacz: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """By its name, wherever it lies; below archive/ by how it begins too. What a Mac writes beside a file is none."""
    *folders, name = entry.filename.replace("\\", "/").split("/")
    if not name or name.startswith("._"):
        return False
    if _ARCHIVES.search(name):
        return True
    if "archive" not in folders:
        return False
    try:
        with _reading(entry.filename), wacz.open(entry) as inner:
            return inner.read(16).startswith((b"WARC/", arc.BEGINS, GZIP, FRAME))
    except _Torn:
        return True  # told when it is opened again


def _entry(
    wacz: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    original: str,
    folder: Path,
    on_damage: Callable[[str], object],
    depth: int,
) -> list[ForeignWarc]:
    room(folder, entry.file_size, original)
    with NamedTemporaryFile(dir=folder / GUESTS, prefix=".", suffix=PART) as part:
        with _reading(original), wacz.open(entry) as inner:
            shutil.copyfileobj(inner, part, 1 << 20)
        part.flush()
        inside = Path(part.name)
        if is_zip(inside):
            if not depth:
                raise NoArchive(f"{original}: WACZ in WACZ, too deep")
            return unpacked(inside, original, folder, on_damage, depth - 1)
        return [lodge(inside, original, folder, in_place=False)]
