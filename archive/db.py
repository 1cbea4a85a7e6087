"""Opening news.db: for the one writer, or for reading beside it."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from sqlite_utils import Database


as_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: json.dumps makes an encoder at each call


class NoDatabase(FileNotFoundError):
    """There is no news.db where one was to be read."""


def open_writer(path: Path) -> Database:
    """The database for its one writer: made or migrated, WAL, synchronous=FULL (group commits make that cheap)."""
    connection = sqlite3.connect(path, timeout=30, cached_statements=512, check_same_thread=False)  # never used by two at a time
    db = database_on(connection)
    from archive import schema  # here, since it needs sqlite-utils too

    db.enable_wal()
    db.execute("pragma synchronous = full")
    db.execute("pragma wal_autocheckpoint = 16000")  # 64 MB: pages that several commits change are written back once
    db.execute("pragma cache_size = -65536")  # 64 MB: the upper levels of the indexes of a large archive
    schema.steps.apply(db)
    db.execute("pragma foreign_keys = on")
    return db


def open_reader(path: Path) -> Database:
    """The database read-only; a crawl may go on writing. Raises NoDatabase."""
    if not path.exists():
        raise NoDatabase(f"{path}: no such database; nothing has been crawled here yet")
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=30)
    if problem := _not_ours(connection):
        connection.close()
        raise NoDatabase(f"{path}: {problem}; `campuswarc rebuild` makes it again from the WARC files")
    return database_on(connection)


def database_on(connection: sqlite3.Connection) -> Database:
    """As sqlite-utils has it, which loads pandas and numpy where they are installed, to know their types: 0.4 s and 65 MB
    for values that we do not have. Not imported at the top of any module: readers of a crawl are launched before."""
    with absent("pandas", "numpy"):
        from sqlite_utils import Database

    return Database(connection)


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Modules that are not loaded yet cannot be imported inside the block."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is how Python marks them
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)  # another thread may have been here meanwhile


@contextmanager
def step(db: Database, name: str) -> Iterator[None]:
    """All or nothing inside the open transaction; `name` is constant so that SQLite's statement cache serves it."""
    db.conn.execute(f"savepoint {name}")
    try:
        yield
    except BaseException:
        db.conn.execute(f"rollback to {name}")
        db.conn.execute(f"release {name}")
        raise
    db.conn.execute(f"release {name}")


def _not_ours(connection: sqlite3.Connection) -> str | None:
    """What is wrong with a file that is no database, or is one without our tables."""
    try:
        held = connection.execute("select 1 from sqlite_master where name = 'articles'").fetchone()
    except sqlite3.OperationalError:
        raise  # busy, or the disk: nothing is known of the file
    except sqlite3.DatabaseError as problem:
        return str(problem)
    return None if held else "there are no tables of an archive in it"
