"""Opening news.db: for the one writer, or for reading beside it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from archive.guarded import MADE_AGAIN, DamagedDatabase, connect_guarded, failure, is_damaged
from archive.shadows import Shown, hide
from archive.sqlite import connect, database_on

if TYPE_CHECKING:
    from sqlite_utils import Database


class NoDatabase(FileNotFoundError):
    """There is no news.db where one was to be read."""


class UnfitDatabase(Exception):
    """The schema of news.db is not that of this version; the text says what to do."""


class NewerDatabase(UnfitDatabase):
    """A newer version made it, or brought it up to date: what it means is not known here."""


class OlderDatabase(UnfitDatabase):
    """An older version made it, and what was asked for needs what has been added since."""


def open_writer(path: Path) -> Database:
    """The database for its one writer: made or migrated, WAL, synchronous=FULL (group commits make that cheap).

    The first failure of the disk ends its connection (archive.guarded). Raises NewerDatabase, StorageFailure.
    """
    # two never use it at a time
    connection = connect_guarded(path, timeout=30, cached_statements=512, check_same_thread=False)
    db = database_on(connection)
    from archive.store import schema  # here, since it needs sqlite-utils too

    try:
        fitting(db, path)
        db.enable_wal()
        db.execute("pragma synchronous = full")
        # 64 MB: pages that several commits change are written back once
        db.execute("pragma wal_autocheckpoint = 16000")
        db.execute("pragma cache_size = -65536")  # 64 MB: the upper levels of the indexes of a large archive
        schema.steps.apply(db)
        db.execute("pragma foreign_keys = on")
    except BaseException:
        connection.close()
        raise
    return db


def open_reader(path: Path, *, older: bool = True, shown: Shown = "listed") -> Database:
    """The database read-only, as far as it is `shown` (see archive.shadows); a crawl may go on writing.

    Raises NoDatabase, DamagedDatabase, NewerDatabase, and OlderDatabase unless an `older` one will do.
    """
    if not path.exists():
        crawled = next(path.parent.glob("warc/**/*.warc.gz*"), None) is not None
        made_again = "its records are there, and `campuswarc rebuild` makes it again"
        raise NoDatabase(f"{path}: no such database; {made_again if crawled else 'nothing has been crawled here yet'}")
    connection = None
    try:
        connection = connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=30)
        if connection.execute("select 1 from sqlite_master where name = 'articles'").fetchone() is None:
            raise NoDatabase(f"{path}: there are no tables of an archive in it; {MADE_AGAIN}")
        db = database_on(connection)
        if fitting(db, path) and not older:
            raise OlderDatabase(f"{path} was made by an older version; bring it up to date with: campuswarc migrate")
        hide(connection, shown)
    except BaseException as problem:
        if connection is not None:
            connection.close()
        if isinstance(problem, sqlite3.Error) and is_damaged(problem):
            raise failure(problem, str(path)) from problem
        raise
    return db


def refuse_newer(path: Path) -> None:
    """Raises NewerDatabase. One that is missing or cannot be read is none, as far as can be told."""
    with suppress(NoDatabase, DamagedDatabase):
        open_reader(path).close()


def fitting(db: Database, path: Path) -> list[str]:
    """The one door to every news.db: names of the steps of our schema it has not seen. Raises NewerDatabase where it
    has seen others."""
    from archive.store import schema

    unknown = {step.name for step in schema.steps.applied(db)} - schema.known()
    if unknown:
        raise NewerDatabase(
            f"{path} was made by a newer campuswarc, which added {', '.join(sorted(unknown))}; this one neither reads"
            " nor changes it"
        )
    return [step.name for step in schema.steps.pending(db)]
