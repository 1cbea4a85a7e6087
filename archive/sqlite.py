"""SQLite as sqlite-utils has it, loaded lightly; savepoints; how lists become JSON columns."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive import packed_html

if TYPE_CHECKING:
    from sqlite_utils import Database

as_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: json.dumps makes an encoder at each call


def connect(database: Path | str, **how: Any) -> sqlite3.Connection:
    """As sqlite3.connect, but with the tables' definitions read, so that damaged ones are found here, where a file is
    opened; statements may use `archive.packed_html.in_sql`.

    SQLite quotes what it cannot parse, and Python, which takes that to be UTF-8, raises UnicodeDecodeError in its
    stead: here it is the sqlite3.DatabaseError that it should have been. Raises that.
    """
    connection: sqlite3.Connection = sqlite3.connect(database, **how)
    try:
        # past what archive.guarded makes of its errors
        sqlite3.Cursor(connection).execute("select 1 from sqlite_master limit 0")
        packed_html.known_to(connection)
    except UnicodeDecodeError as problem:
        connection.close()
        raise damaged(str(problem.object, "utf-8", "replace")) from None
    except BaseException:
        connection.close()
        raise
    return connection


def damaged(said: str) -> sqlite3.DatabaseError:
    """The error of a damaged file, as SQLite itself raises it."""
    problem = sqlite3.DatabaseError(said)
    problem.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return problem


def database_on(connection: sqlite3.Connection) -> Database:
    """As sqlite-utils has it, which loads pandas and numpy where they are installed, to know their types: 0.4 s and 65
    MB
    for values that we do not have. Not imported at the top of any module: readers of a crawl are launched before."""
    with absent("pandas", "numpy"):
        from sqlite_utils import Database

    return Database(connection, execute_plugins=False)  # they are others' words: looking for them takes 30 ms


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


def is_text(value: str) -> bool:
    """Whether it can be looked for or stored: half a surrogate pair, which JSON and odd bytes on a command line bring,
    is no character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
