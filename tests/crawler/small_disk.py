"""A file system of a given size, which a crawl, a rebuild or an export fills; where none can be mounted, tests of it
are skipped."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(place: Path, kilobytes: int) -> Iterator[Path]:
    """An empty file system of that size at `place`."""
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "small", str(place)], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"no file system of a given size can be mounted here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def resize(place: Path, kilobytes: int) -> None:
    """Give it another size: what lies there stays."""
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(place)], check=True)


def used(place: Path) -> int:
    """Kilobytes that are taken."""
    said = subprocess.run(["df", "-k", "--output=used", str(place)], capture_output=True, text=True, check=True)
    return int(said.stdout.split()[-1])
