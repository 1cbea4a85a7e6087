"""WARC files that other tools wrote, given a place and a name in the archive: copied, or left where they are behind a link."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Annotated, BinaryIO, cast
from uuid import NAMESPACE_URL, uuid5

import zstandard
from isal import igzip
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.warc.file import make_folder, sync_folder
from archive.warc.layout import GUESTS, member
from archive.warc.members import FRAME, SKIPPABLE, dictionary, skip
from archive.warc.scan import LIMIT, Broken, first_bytes, read_at

_DAMAGE = (ArchiveLoadFailed, Broken, OSError, EOFError, ValueError, zstandard.ZstdError)  # what readers of damaged files raise
_WRITTEN_HERE = {"content-length"}


class NoArchive(Exception):
    """A file is no WARC, ARC or WACZ; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A file that now has a place in the archive."""

    warc: Annotated[str, "Its name in rows, relative to warc/"]
    original: Annotated[str, "Where it came from"]
    sha256: Annotated[str, "Of the file as it was found"]
    damage: Annotated[str, "Why not all of its records could be had; empty if they could, or if it lies as it was found"] = ""


def lodge(path: Path, folder: Path, *, in_place: bool = False) -> list[Guest]:
    """Give a WARC, ARC or WACZ a place below `folder`, which is warc/; harmless when repeated. A WACZ may hold several files.

    `in_place` links to the file instead of copying it. What cannot be read record by record where it lies (ARC, gzip
    over the whole file, files inside a WACZ) is copied all the same. Raises NoArchive, OSError; no half file is left.
    """
    make_folder(folder / GUESTS)
    if _is_zip(path):
        with _opened(path) as wacz:
            names = [name for name in wacz.namelist() if name.startswith("archive/") and not name.endswith("/")]
            if not names:
                raise NoArchive(f"{path}: a ZIP file without archive/, so no WACZ")
            found = []
            for name in names:
                with wacz.open(name) as inner, NamedTemporaryFile(dir=folder / GUESTS, prefix=".", suffix=".part") as part:
                    shutil.copyfileobj(inner, part, 1 << 20)
                    part.flush()
                    found.append(_lodge(Path(part.name), f"{path}!{name}", folder, in_place=False))
            return found
    return [_lodge(path, str(path.absolute()), folder, in_place=in_place)]


def _is_zip(path: Path) -> bool:
    """By its beginning; by their ends records whose last page is a Word document would be ZIP files too."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as problem:
        raise NoArchive(f"{path}: a damaged ZIP file: {problem}") from None


def _lodge(path: Path, original: str, folder: Path, *, in_place: bool) -> Guest:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        by_place = _by_place(file)
    name = re.sub(r"[^A-Za-z0-9._-]", "-", original.rpartition("/")[2]).lstrip(".") or "unnamed"
    if not by_place:
        name = re.sub(r"(\.w?arc)?(\.gz|\.zst)?$", "", name) + ".warc.gz"
    target = folder / GUESTS / f"{sha256[:16]}-{name}"
    damage = ""
    if not target.exists():
        if in_place and by_place:
            target.unlink(missing_ok=True)  # a link to a file that has gone
            target.symlink_to(path.absolute())
        else:
            damage = _write(path, target, rewrite=not by_place)
        sync_folder(target.parent)
    return Guest(target.relative_to(folder).as_posix(), original, sha256, damage and f"{original}: {damage}")


def _by_place(file: BinaryIO) -> bool:
    """Whether records can be read each by itself: one a gzip member or Zstandard frame, or uncompressed WARC."""
    if first_bytes(file).startswith(b"filedesc:"):
        return False
    try:
        read_at(file, skip(file, 0))
    except Broken:
        return False
    return True


def _write(path: Path, target: Path, *, rewrite: bool) -> str:
    damage = ""
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as part:
        try:
            with path.open("rb") as file:
                if rewrite:
                    damage = _rewrite(path, file, part)
                else:
                    shutil.copyfileobj(file, part, 1 << 20)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).chmod(0o644)
            Path(part.name).rename(target)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return damage


def _rewrite(path: Path, file: BinaryIO, out: IO[bytes]) -> str:
    """The same records, each in a gzip member of its own, up to the first damage; which that is."""
    try:
        begins = _decoded(file).read(9)
    except _DAMAGE:
        begins = b""
    if not begins.startswith((b"WARC/", b"filedesc:")):
        raise NoArchive(f"{path}: neither WARC nor ARC nor WACZ")
    written, damage = 0, ""
    try:
        for fields, block in _records(file):
            out.write(member(fields, block))
            written += 1
    except _DAMAGE as problem:
        if not written:
            raise NoArchive(f"{path}: damaged from its first record on: {problem}") from None
        damage = f"damaged behind record {written}: {problem}"
    if not written:
        raise NoArchive(f"{path}: holds no records")
    return damage


def _records(file: BinaryIO) -> Iterator[tuple[list[tuple[str, str]], bytes]]:
    for entry in ArchiveIterator(_decoded(file), arc2warc=True, no_record_parse=True):
        fields = [(name, value) for name, value in entry.rec_headers.headers if name.lower() not in _WRITTEN_HERE]
        block = entry.raw_stream.read(LIMIT)
        if entry.format == "arc":  # an ARC record has no id; made of what it holds it is the same each time
            named = f"{entry.rec_headers.get_header('WARC-Target-URI')} {entry.rec_headers.get_header('WARC-Date')} {hashlib.sha256(block).hexdigest()}"
            fields = [(name, f"<urn:uuid:{uuid5(NAMESPACE_URL, named)}>" if name.lower() == "warc-record-id" else value) for name, value in fields]
        yield fields, block


def _decoded(file: BinaryIO) -> BinaryIO:
    """The file without the compression around all of it."""
    file.seek(0)
    magic = file.read(4)
    file.seek(0)
    if magic[:2] == b"\x1f\x8b":
        return cast(BinaryIO, igzip.IGzipFile(fileobj=file))  # type: ignore[no-untyped-call]
    if magic == FRAME or SKIPPABLE.match(magic):
        decoder = zstandard.ZstdDecompressor(dict_data=dictionary(file))
        file.seek(0)
        return cast(BinaryIO, decoder.stream_reader(file, read_across_frames=True))
    return file
