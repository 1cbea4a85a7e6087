"""One file that only grows: appended whole, put on disk when asked, cut back when an append fails."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from archive.warc.layout import OPEN


class WarcFile:
    """A WARC file being written, under its name with `.open` behind.

    One that goes on has both names meanwhile, so that whoever reads it by its own finds it.
    """

    def __init__(self, path: Path, *, opened: datetime, size: int = 0) -> None:
        """Make the file; FileExistsError when a file of that name, open or closed, exists. With a `size` go on with
        the closed one of that size; another OSError where it cannot have a second name."""
        self.path = path
        self.opened = opened
        self.size = size
        self.broken = False
        self._written = path.with_name(path.name + OPEN)
        if size:
            os.link(path, self._written)
        elif path.exists():
            raise FileExistsError(f"{path} is there already")
        try:
            # unbuffered: a write that fails is then the one that was asked for, not an earlier one
            self._out = self._written.open("r+b" if size else "xb", buffering=0)
            if size:
                sync_folder(path.parent)  # before a byte is appended: what a power cut leaves is known by this name
                if self._out.seek(0, os.SEEK_END) != size:
                    raise OSError(f"{path} has grown just now")
        except BaseException:
            if size:
                self._written.unlink()
            raise

    def append(self, data: bytes) -> int:
        """Write all of it and return where it begins. After an OSError nothing of it is left in the file."""
        begin, left = self.size, memoryview(data)
        try:
            while left:
                left = left[self._out.write(left) :]
        except BaseException:
            self._cut(begin)
            raise
        self.size += len(data)
        return begin

    def sync(self) -> None:
        """Return when the bytes are on disk. After a failure the kernel may have dropped any of them: the file is done
        for."""
        try:
            os.fdatasync(self._out.fileno())
        except OSError:
            self.broken = True
            raise

    def close(self) -> None:
        """Give the file its final name, durably; a file that is there under it is never replaced."""
        self._out.close()
        if not give_name(self._written, self.path):
            raise FileExistsError(f"{self.path} is there already; the records are in {self._written}")

    def leave(self) -> None:
        """Let go of the file as it is, for recovery to look at."""
        self._out.close()

    def discard(self) -> None:
        """Remove a file that could not even take its first record."""
        self._out.close()
        self._written.unlink()

    def _cut(self, size: int) -> None:
        """Back to the last whole member; when even that fails nothing may be written behind the torn one."""
        try:
            os.ftruncate(self._out.fileno(), size)
            os.lseek(self._out.fileno(), size, os.SEEK_SET)
        except OSError:
            self.broken = True


def give_name(written: Path, path: Path) -> bool:
    """Leave a file that was written the one name `path`, durably; False where another file has it."""
    if not path.exists():
        written.rename(path)
    elif path.samefile(written):
        written.unlink()
    else:
        return False
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make entries of a folder (new, renamed) survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, durably."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        sync_folder(made.parent)
