"""A new database is checked, held against the old one, and put into its place; the old one is kept."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

from archive.guarded import MADE_AGAIN, DamagedDatabase, is_busy, is_refused
from archive.instants import now
from archive.proof.compare import TableDifference, differences
from archive.search.index import ArticleIndex
from archive.sqlite import connect
from archive.store.db import NoDatabase, open_reader, open_writer
from archive.warc.file import sync_folder
from archive.warc.fixity import missing
from archive.warc.history import sources
from archive.warc.reader import is_there
from crawler.archive_folder import ArchiveFolder
from crawler.history.rebuild import TABLE, discard, new_database

_TOLERATED = 0.1  # of the old captures or articles: more are not taken out without being told to


class Unsound(Exception):
    """The new database does not pass its own checks; the text says which."""


class NotCompared(Exception):
    """The old database cannot be held against the new one: it is damaged, or none of ours; the text says how."""


def check(path: Path) -> None:
    """Raises Unsound unless SQLite and its foreign keys find nothing wrong."""
    with closing(open_writer(path)) as db:
        said = [row[0] for row in db.execute("pragma integrity_check").fetchall()]
        if said != ["ok"]:
            raise Unsound(f"{path}: {said[0]}")
        orphan = db.execute("pragma foreign_key_check").fetchone()
        if orphan:
            raise Unsound(f"{path}: a row of {orphan[0]} refers to a missing row of {orphan[2]}")


def check_index(path: Path) -> None:
    """Raises Unsound unless the search index finds nothing wrong with itself."""
    with closing(open_writer(path)) as db:
        # its words came from these rows a moment ago; `verify` compares them
        problem = ArticleIndex(db).problem(compare=False)
    if problem:
        raise Unsound(f"{path}: search index: {problem}")


def checked(home: ArchiveFolder, *, processes: int) -> list[TableDifference] | None:
    """How the new database, which is sound, differs from the old one; None where there is no old one.

    Raises Unsound, and then the new one is taken away; NotCompared where the old one is damaged. With more than one
    process all of it is done at once: these are long statements, which let other threads run.
    """
    new, old = new_database(home), home.database if home.database.exists() else None
    with ThreadPoolExecutor(max(1, processes)) as beside:
        checks = [beside.submit(check, new), beside.submit(check_index, new)]
        compared = beside.submit(_compared, old, new) if old else None
        try:
            for one in checks:
                one.result()  # what they find wrong is told before what the comparison stumbled over for it
        except BaseException as problem:
            beside.shutdown(wait=False, cancel_futures=True)  # nobody will ask for what has not begun
            if isinstance(problem, (Unsound, DamagedDatabase)):
                discard(home)
                raise Unsound(f"{problem}; it is taken away: rebuild once more") from None
            raise
        return compared.result() if compared else None


def _compared(old: Path, new: Path) -> list[TableDifference]:
    try:
        open_reader(old, shown="all").close()
        found = differences(old, new)
        with closing(connect(f"{old.absolute().as_uri()}?mode=ro", uri=True)) as db:
            said = db.execute("pragma quick_check(1)").fetchone()[0]
    except (NoDatabase, DamagedDatabase) as problem:
        raise NotCompared(str(problem).partition(f"; {MADE_AGAIN}")[0]) from None
    except sqlite3.DatabaseError as problem:  # the new one has been found sound
        if is_refused(problem) or is_busy(problem):
            raise
        raise NotCompared(f"{old}: {problem}") from None
    if said != "ok":
        raise NotCompared(f"{old}: {said}")
    return found


def smaller(home: ArchiveFolder, found: list[TableDifference] | None) -> str | None:
    """Why the new database may lack what the archive has: files that are not there, much less of anything. None where
    nothing says so.

    `found` is None where the old one could not be compared.
    """
    gone = sorted(
        {warc for warc in _named(home.database) if not is_there(home.warc, warc)} | set(missing(home.warc, home.fixity))
    )
    if gone:
        return f"{len(gone)} WARC files that news.db or fixity.jsonl names are not there, such as {gone[0]}"
    for table in found or ():
        before = table.rows - table.added + table.removed
        if table.removed > _TOLERATED * before and table.table in ("captures", "articles"):
            return f"{table.removed} of {before} rows of {table.table} would be gone"
    if found is None and home.database.stat().st_size and not any(sources(home.warc)):
        return "there is no WARC file at all"
    return None


def _named(database: Path) -> list[str]:
    """WARC files in which news.db says its captures lie, as far as it can still be read."""
    named: list[str] = []
    with (
        suppress(NoDatabase, DamagedDatabase, sqlite3.DatabaseError),
        closing(open_reader(database, shown="all")) as db,
    ):
        for (warc,) in db.execute("select distinct warc from captures"):
            named.append(str(warc))
    return named


def replace(home: ArchiveFolder, *, keep: int, damaged: bool = False) -> Path | None:
    """Put the new database into its place; where the old one is kept, None if there was none. The archive must be
    locked.

    Of the old ones the last `keep` stay; one that is `damaged` byte for byte, with its log.
    """
    new, kept = new_database(home), None
    db = open_writer(new)
    db.execute(f"drop table if exists {TABLE}")
    db.close()  # the last to close folds the write-ahead log into the file
    with new.open("rb") as file:
        os.fsync(file.fileno())
    if home.database.exists():
        if not damaged:
            _fold(home.database)
        # two rebuilds of one second have names of their own
        kept = home.folder / f"news.db.{now():%Y%m%dT%H%M%S%fZ}.old"
        os.link(home.database, kept)
        # only there while somebody reads the old one, or where it could not be folded: they belong to it, not to the
        # new one
        for suffix in ("-wal", "-shm"):
            beside = home.database.with_name(home.database.name + suffix)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + suffix))
    new.replace(home.database)
    sync_folder(home.folder)
    for old in home.earlier[: max(0, len(home.earlier) - keep)]:
        for suffix in ("", "-wal", "-shm"):
            old.with_name(old.name + suffix).unlink(missing_ok=True)
    return kept if kept is not None and kept.exists() else None


def _fold(path: Path) -> None:
    """Its write-ahead log into the file."""
    with closing(connect(path, timeout=30)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
