"""Datasette's own pages and visitors' SQL show what is listed, and tell nowhere where on this machine a file lies."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils import detect_primary_keys

from archive.patterns import deferred
from archive.shadows import CONDITIONS, INDEX, VIEWS, hide, hides

_MAIN = deferred(r"\bmain\b", re.I)
_reading = threading.local()  # Datasette has a connection a thread
_KNOWN = {*CONDITIONS, *INDEX, "versions", "articles_text", "articles_segmented"}


def guard(conn: sqlite3.Connection) -> None:
    """Have a connection refuse what goes round the views that stand before its tables: `main.articles`, and the index
    of words, which nothing can stand before."""

    def authorizer(action: int, name: str | None, more: str | None, database: str | None, view: str | None) -> int:
        if action == sqlite3.SQLITE_PRAGMA and (name or "").lower() == "database_list":
            return sqlite3.SQLITE_IGNORE  # it then names none
        if (
            action == sqlite3.SQLITE_READ
            and database == "main"
            and view not in VIEWS
            and getattr(_reading, "hides", False)
            and more  # a count of rows reads no column
            and ((name or "") in _KNOWN or (name or "").startswith("articles_fts_"))
            and name != "articles_fts_config"  # which SQLite reads itself, to open the index
        ):
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    conn.set_authorizer(authorizer)


def stand_before(database: Any) -> None:
    """Have a Datasette database look, before each thing it does, at what is withheld now."""
    if getattr(database, "stands_before", False):
        return
    database.stands_before = True
    execute: Callable[[Callable[[sqlite3.Connection], Any]], Awaitable[Any]] = database.execute_fn

    async def execute_fn(act: Callable[[sqlite3.Connection], Any]) -> Any:
        def after_a_look(conn: sqlite3.Connection) -> Any:
            _reading.hides = False  # the look itself reads the tables
            _reading.hides = hide(conn, "listed")
            return act(conn)

        return await execute(after_a_look)

    async def primary_keys(table: str) -> list[str]:
        """Those of the table, where a view stands before it: views have none."""
        return await execute_fn(lambda conn: _primary_keys(conn, table))  # type: ignore[no-any-return]

    run: Callable[..., Awaitable[Any]] = database.execute

    async def execute_sql(sql: str, *arguments: Any, **named: Any) -> Any:
        # SQLite tells the authorizer the name of a view, and of a common table expression, which a visitor may call so
        if _MAIN.search(sql) and await execute_fn(hides):
            raise sqlite3.DatabaseError("while something is withheld tables are named without the name of a database")
        return await run(sql, *arguments, **named)

    database.execute_fn, database.execute = execute_fn, execute_sql
    database.primary_keys = primary_keys


def _primary_keys(conn: sqlite3.Connection, table: str) -> list[str]:
    if table in CONDITIONS and hides(conn):
        found = conn.execute("select name from pragma_table_info(?, 'main') where pk order by pk", [table])
        return [row[0] for row in found]
    return detect_primary_keys(conn, table)  # type: ignore[no-any-return]
