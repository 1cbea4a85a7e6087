"""WARC files that other tools wrote, given a place and a name in the archive: copied, or left where they are behind a
link."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.warc.file import make_folder
from archive.warc.layout import GUESTS, MERGED
from archive.warc.lodging import PART, ForeignWarc, NoArchive, lodge, remove
from archive.warc.zipped import is_zip, unpacked

__all__ = ["ForeignWarc", "NoArchive", "place", "remove", "sweep"]

_DEEPEST = 3  # WACZ in WACZ


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
    if not is_zip(path):
        return [lodge(path, str(path.absolute()), folder, in_place=in_place)]
    return unpacked(path, str(path), folder, on_damage, _DEEPEST)


def sweep(folder: Path) -> None:
    """Remove what a killed process had not finished copying to below `folder`, which is warc/; the archive must be
    locked."""
    for kind in (GUESTS, MERGED):
        for part in (folder / kind).rglob(f".*{PART}"):
            part.unlink()
