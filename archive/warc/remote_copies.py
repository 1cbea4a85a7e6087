"""Closed WARC files copied to a store that fsspec can write to (S3 and others), proven by digest, read back when lost
here. Of one that has grown since, what is new is copied, so that nothing there is ever overwritten."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any

from archive.instants import iso, now
from archive.warc.file import make_folder, sync_folder
from archive.warc.layout import OPEN, rest_of

_PIECE = 1 << 20
_WITHOUT_FOLDERS = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az"}  # there, making a folder would make a bucket


class CopyFailed(OSError):
    """A file did not get there, or not whole; it is tried again the next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A file, or what came to it later, that is known to be there."""

    warc: Annotated[str, "Its name, relative to warc/"]
    address: Annotated[str, "Where the copy is"]
    size: int
    sha256: str
    at: Annotated[str, "When the copy was read back and found equal"]
    start: Annotated[int, "Where in the file it begins"] = 0

    def line(self) -> str:
        """As it stands in the list."""
        return json.dumps({name: value for name, value in asdict(self).items() if name != "start" or value})


class RemoteCopies:
    """The copies of an archive's WARC files at one address, and the list of those that were proven, `copies.jsonl`."""

    def __init__(self, folder: Path, address: str, **options: Any) -> None:
        """`folder` is the archive's, `address` such as s3://bucket/warc; `options` go to the file system.

        Raises ImportError naming what to install, ValueError for an address of no known kind.
        """
        import fsspec  # an extra: only archives that are copied need it

        self._warc, self._list = folder / "warc", folder / "copies.jsonl"
        self._store, root = fsspec.core.url_to_fs(address, **options)
        kinds = {self._store.protocol} if isinstance(self._store.protocol, str) else set(self._store.protocol)
        self._folders = not kinds & _WITHOUT_FOLDERS
        self._root, self._address = root.rstrip("/"), address.rstrip("/")
        self.known = _parts(copied for copied in _read(self._list) if copied.address.startswith(self._address + "/"))

    def missing(self) -> list[str]:
        """Closed files that have no proven copy of all their bytes, oldest first."""
        closed = (
            path
            for path in sorted(self._warc.rglob("*"))
            if path.is_file()
            and not path.name.endswith((OPEN, ".part"))
            and not path.with_name(path.name + OPEN).exists()  # a run goes on with it
        )
        names = [path.relative_to(self._warc).as_posix() for path in closed]
        return [
            name
            for name in names
            if name not in self.known or _end(self.known[name]) != (self._warc / name).stat().st_size
        ]

    def copy(self, told: Callable[[str], object] = lambda warc: None) -> Iterator[CopyFailed]:
        """Copy what is missing, one after another; yields each failure and goes on. Safe to repeat."""
        for warc in self.missing():
            try:
                self._copy(warc)
            except CopyFailed as problem:
                yield problem
            except Exception as problem:  # noqa: BLE001 (each store raises its own; the file stays due, the cause is told)
                yield CopyFailed(f"{warc}: {type(problem).__name__}: {problem}")
            else:
                told(warc)

    def fetch(self, warc: str) -> Path:
        """Bring a file back that is not here any more, proven by the digest it was copied with.

        Raises CopyFailed, and KeyError for a file that was never copied.
        """
        parts, target = self.known[warc], self._warc / warc
        make_folder(target.parent)
        with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as part:
            try:
                for copied in parts:
                    found, _ = self._digest(self._place(rest_of(warc, copied.start)), part.write)
                    if found != copied.sha256:
                        told = f"its sha256 is {found}, that of the file was {copied.sha256}"
                        raise CopyFailed(f"{copied.address}: {told}")
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).chmod(0o644)
                Path(part.name).rename(target)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
        sync_folder(target.parent)
        return target

    def _copy(self, warc: str) -> None:
        here, start = self._warc / warc, _end(self.known.get(warc, []))
        if start >= here.stat().st_size:  # it was cut: all of it is due
            start = 0
        name = rest_of(warc, start)
        place = self._place(name)
        if self._folders:
            self._store.makedirs(place.rpartition("/")[0], exist_ok=True)
        hashed, size = hashlib.sha256(), 0
        with here.open("rb") as source, self._store.open(place, "wb") as target:
            source.seek(start)
            while piece := source.read(_PIECE):
                hashed.update(piece)
                size += len(piece)
                target.write(piece)
        found = self._digest(place)  # read back: what a store acknowledges is not yet what it holds
        if found != (hashed.hexdigest(), size):
            raise CopyFailed(
                f"{self._address}/{name}: its sha256 is {found[0]}, that of the file is {hashed.hexdigest()}"
            )
        copied = Copied(
            warc=warc,
            address=f"{self._address}/{name}",
            size=size,
            sha256=hashed.hexdigest(),
            at=iso(now()),
            start=start,
        )
        with self._list.open("a", encoding="utf-8") as out:
            out.write(copied.line() + "\n")
            out.flush()
            os.fsync(out.fileno())
        self.known[warc] = [*(self.known.get(warc, []) if start else []), copied]

    def _digest(self, place: str, write: Callable[[bytes], object] = lambda piece: None) -> tuple[str, int]:
        self._store.invalidate_cache()
        hashed, size = hashlib.sha256(), 0
        with self._store.open(place, "rb") as file:
            while piece := file.read(_PIECE):
                hashed.update(piece)
                size += len(piece)
                write(piece)
        return hashed.hexdigest(), size

    def _place(self, warc: str) -> str:
        return f"{self._root}/{warc}"


def _read(path: Path) -> Iterator[Copied]:
    """Lines of the list; one that a kill cut off does not count."""
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                yield Copied(**json.loads(line))
            except (ValueError, TypeError):
                continue


def _parts(copies: Iterable[Copied]) -> dict[str, list[Copied]]:
    """By file the copies that are all of it that was copied, one behind the other."""
    found: dict[str, list[Copied]] = {}
    for copied in copies:
        if copied.start == 0:
            found[copied.warc] = [copied]
        elif copied.start == _end(found.get(copied.warc, [])):
            found[copied.warc].append(copied)
    return found


def _end(parts: list[Copied]) -> int:
    return parts[-1].start + parts[-1].size if parts else 0


def bring_back(warc_folder: Path, warc: str) -> Path | None:
    """A file that is not below `warc_folder` any more, from the newest proven copy; None if it has none.

    Raises CopyFailed where no copy can be had.
    """
    copies = [one for one in _read(warc_folder.parent / "copies.jsonl") if one.warc == warc and not one.start]
    for copied in reversed(copies):
        return RemoteCopies(warc_folder.parent, copied.address.removesuffix("/" + warc)).fetch(warc)
    return None


def proven(folder: Path) -> dict[str, int]:
    """Files of which a copy elsewhere was read back and found equal, and how far."""
    stores: dict[str, list[Copied]] = {}
    for copied in _read(folder / "copies.jsonl"):
        stores.setdefault(copied.address.removesuffix(rest_of(copied.warc, copied.start)), []).append(copied)
    found: dict[str, int] = {}
    for copies in stores.values():
        for warc, parts in _parts(copies).items():
            found[warc] = max(found.get(warc, 0), _end(parts))
    return found


def lost(folder: Path) -> list[str]:
    """Files that were copied and are not in the archive folder any more."""
    return sorted(
        {copied.warc for copied in _read(folder / "copies.jsonl") if not (folder / "warc" / copied.warc).exists()}
    )
