"""Exit statuses of the commands, as the manual lists them; 1 and 2 are click's: nothing done, wrong usage."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

from archive.guarded import MADE_AGAIN, DamagedDatabase, StorageFailure, is_busy, is_damaged, is_refused
from archive.sqlite import connect
from archive.store.db import NoDatabase, OlderDatabase, UnfitDatabase, open_reader

OK = 0
NOTHING_DONE = 1
# a listing could not be read, is walled off or shows nothing; no story of a host could be; something is held back; a
# site is silent
BROKEN_SITES = 3
INCOMPLETE = 3  # of `add` and `check`: the site was written or proven, and something is known to be missing
STORAGE = 4  # the disk refused, or memory was short
DAMAGED = 5  # parts of the archive are damaged; what is sound was used
INTERRUPTED_TWICE = 130

NO_MEMORY = "there is too little memory: give it more (ulimit -v, MemoryMax=), or fewer readers and exchanges"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}


def refused(problem: Exception) -> bool:
    """Whether it was the disk, by the system's code or SQLite's."""
    if isinstance(problem, StorageFailure):
        return not isinstance(problem, DamagedDatabase)
    return is_refused(problem) or (isinstance(problem, OSError) and problem.errno in _FULL)


def ended(problem: Exception, database: Path) -> tuple[int, str] | None:
    """Exit status and the one sentence, whatever the command was, for what befell the files; None for a mistake of
    ours."""
    match problem:
        case NoDatabase() | UnfitDatabase():
            return NOTHING_DONE, str(problem)
        case DamagedDatabase():
            return DAMAGED, str(problem)
        case UnicodeEncodeError() if "surrogate" in problem.reason:
            return NOTHING_DONE, "what was typed is not UTF-8 text"
        case MemoryError():
            return STORAGE, NO_MEMORY
    if refused(problem):
        return STORAGE, f"the disk refused: {problem}"
    if isinstance(problem, OSError):
        return NOTHING_DONE, str(problem)
    if is_busy(problem):
        return NOTHING_DONE, f"{database}: {problem}: another program writes it"
    if (older := _older(problem, database)) is not None:
        return NOTHING_DONE, str(older)
    found = str(problem) if is_damaged(problem) else _wrong_with(database)
    return (DAMAGED, f"{database}: {found}; {MADE_AGAIN}") if found else None


def _older(problem: Exception, database: Path) -> OlderDatabase | None:
    """Whether what was asked for is missing since an older version made the database, or making it was cut short."""
    if not (isinstance(problem, sqlite3.OperationalError) and str(problem).startswith("no such ")):
        return None
    try:
        open_reader(database, older=False).close()
    except OlderDatabase as older:
        return older
    except (UnfitDatabase, sqlite3.Error, StorageFailure):
        return None
    return None


def _wrong_with(database: Path) -> str | None:
    """What may have made a command stumble: rows that are no such rows, tables that are not ours."""
    from archive.store import schema

    if not database.exists():
        return None
    try:
        with closing(connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as db:
            said = db.execute("pragma quick_check(1)").fetchone()[0]
            return said if said != "ok" else schema.lacking(db)
    except sqlite3.Error as problem:
        return str(problem)
