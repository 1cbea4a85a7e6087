"""One process writes an archive; the file tells the next one who held it last."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.store.lock import Locked, WriterLock, held


def test_a_lock_is_held_once_and_names_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "news.lock"
    assert not held(path)
    lock = WriterLock(path)
    lock.acquire()
    assert lock.stale_owner is None and held(path)
    with pytest.raises(Locked, match=rf"{tmp_path} is being written by pid {os.getpid()} on .+ since 20"):
        WriterLock(path).acquire()
    lock.release()
    lock.release()
    assert not held(path) and path.read_text() == ""
    again = WriterLock(path)
    again.acquire()
    assert again.stale_owner is None, "who let go is not dead"
    again.release()


def test_who_died_with_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "news.lock"
    died = (
        "import os, sys; from pathlib import Path; from archive.store.lock import WriterLock as L;"
        " L(Path(sys.argv[1])).acquire(); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", died, str(path)], check=False)
    assert not held(path)
    lock = WriterLock(path)
    lock.acquire()
    assert (lock.stale_owner or "").startswith("pid ") and f"pid {os.getpid()} " not in (lock.stale_owner or "")
    lock.release()


def test_a_lock_that_holds_no_text_locks_all_the_same(tmp_path: Path) -> None:
    """As a power cut may leave it."""
    path = tmp_path / "news.lock"
    path.write_bytes(b"\xff\xfe\xf5")
    lock = WriterLock(path)
    lock.acquire()
    assert lock.stale_owner
    with pytest.raises(Locked):
        WriterLock(path).acquire()
    lock.release()
