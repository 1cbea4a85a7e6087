"""Output that is whole or not there: made under another name beside its place, on disk before it gets its own."""

from __future__ import annotations

import fcntl
import glob
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

OURS = ("datapackage.json", "bagit.txt", "site.json")  # a folder that holds one of them is an earlier export


class CannotWrite(OSError):
    """The output's place is taken or missing; the text says what to do."""


@contextmanager
def fresh(out: Path, *, force: bool = False, described: Path | None = None) -> Iterator[Path]:
    """A path to write a file or make a folder at, in a scratch folder beside `out`; it becomes `out` when the block
    ends well. A data package of that file, written beside it under the name of `described`, becomes `described`.

    Whatever happens in the block, nothing half made is left; what a killed export to this place left is taken away.
    Raises CannotWrite.
    """
    _check(out, force)
    if described is not None and not _is_left_alone(described, out):
        _check(described, force)
    _sweep(out)
    try:
        scratch = Path(mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent))
    except FileNotFoundError:
        raise CannotWrite(f"there is no folder {out.parent}") from None
    held = os.open(scratch, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)  # the kernel lets go of it with this process, however that ends
    try:
        made = scratch / out.name
        yield made
        _onto_disk(scratch)
        if described is not None:
            # first, so that no file is ever there without its package: a package alone, or one that does not fit by its
            # hash, is seen to be no whole export, and the next one replaces it
            (scratch / described.name).replace(described)
            _sync(out.parent)
        if out.is_dir():
            out.rename(scratch / "replaced")
        made.replace(out)
        _sync(out.parent)
    finally:
        shutil.rmtree(scratch)
        os.close(held)


def _is_left_alone(described: Path, out: Path) -> bool:
    """Whether a data package of ours has no file: an export that was killed while it came into place."""
    if os.path.lexists(out):
        return False
    try:
        known = json.loads(described.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(known, dict) and "campuswarc" in known


def _sweep(out: Path) -> None:
    """Scratch folders of this place whose process is no more."""
    for left in out.parent.glob(f".{glob.escape(out.name)}.????????.part"):  # eight characters, as mkdtemp has it
        held = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue  # an export that goes on
        else:
            shutil.rmtree(left)
        finally:
            os.close(held)


def _check(out: Path, force: bool) -> None:
    if not out.name:
        raise CannotWrite(f"{out} is no name for a file")
    if not os.path.lexists(out):
        return
    if not force:
        raise CannotWrite(f"{out} exists; --force replaces it")
    if out.is_dir() and any(out.iterdir()) and not any((out / name).is_file() for name in OURS):
        raise CannotWrite(f"{out} is a folder that no export made; it is not replaced")


def _onto_disk(made: Path) -> None:
    for path in [made, *made.rglob("*")]:
        if path.is_file():
            path.chmod(0o666 & ~_umask())  # SQLite and others choose their own
        _sync(path)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _sync(path: Path) -> None:
    place = os.open(path, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
