"""One writer: the lock of an archive folder."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path
from typing import IO

from archive.instants import iso, now


class Locked(RuntimeError):
    """Another process writes this archive; the text says which."""


class WriterLock:
    """Held while a process writes an archive. The kernel drops it with the process, so a stale one never blocks;
    the file only tells people who holds it or held it last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self.stale_owner: str | None = None  # who died without letting go, as the file says

    def acquire(self) -> None:
        """Take the lock. Raises Locked naming its owner."""
        file = self._path.open("a+", encoding="utf-8", errors="replace")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            file.close()
            raise Locked(f"{self._path.parent} is being written by {owner}") from None
        file.seek(0)
        self.stale_owner = file.read().strip() or None
        file.truncate(0)
        file.write(f"pid {os.getpid()} on {socket.gethostname()} since {iso(now())}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let go and clear the owner; harmless when not held."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None


def held(path: Path) -> bool:
    """Whether a process holds that lock now; looking changes nothing."""
    try:
        with path.open("r", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
