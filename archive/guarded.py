"""A writer's connection to news.db, which the first failure of the disk ends.

SQLite answers some failures by rolling the whole transaction back, which no error says: statements behind it would
begin
another, and its commit would keep the second half of the work without the first
(https://sqlite.org/lang_transaction.html).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from archive.sqlite import connect

_REFUSED = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

MADE_AGAIN = "`campuswarc rebuild` makes it again from the WARC files"


class StorageFailure(OSError):
    """A record or a row could not be written; nothing that depends on it may go on."""


class DamagedDatabase(StorageFailure):
    """What lies in news.db is not what SQLite wrote there."""


def is_refused(problem: BaseException) -> bool:
    """Whether the disk refused, by SQLite's own code; what else may be wrong with a statement is another matter."""
    return isinstance(problem, sqlite3.Error) and _code(problem) in _REFUSED


def is_damaged(problem: BaseException) -> bool:
    """Whether SQLite found the file to be none of its own, or wrong in itself, or Python that text in it is none."""
    return isinstance(problem, sqlite3.Error) and (
        _code(problem) in _DAMAGED or str(problem).startswith("Could not decode to UTF-8")
    )


def is_busy(problem: BaseException) -> bool:
    """Whether another process holds the database."""
    return isinstance(problem, sqlite3.Error) and _code(problem) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def failure(problem: sqlite3.Error, what: str, cure: str = MADE_AGAIN) -> StorageFailure:
    """As a failure of what lies there, which has that cure, or else of the disk."""
    return (
        DamagedDatabase(f"{what}: {problem}; {cure}") if is_damaged(problem) else StorageFailure(f"{what}: {problem}")
    )


def _code(problem: sqlite3.Error) -> int:
    return getattr(problem, "sqlite_errorcode", 0) & 0xFF  # above it stand finer distinctions


class Guarded(sqlite3.Connection):
    """After the first failure of the disk every statement, and every commit, raises StorageFailure."""

    path: str = ""
    cure: str = MADE_AGAIN
    failed: StorageFailure | None = None

    def execute(self, *given: Any) -> sqlite3.Cursor:
        """As of sqlite3."""
        return cast(sqlite3.Cursor, self.guarded(_execute, _make(self, _Cursor), given))

    def executemany(self, *given: Any) -> sqlite3.Cursor:
        """As of sqlite3."""
        return cast(sqlite3.Cursor, self.guarded(_executemany, _make(self, _Cursor), given))

    def executescript(self, script: str) -> sqlite3.Cursor:
        """As of sqlite3."""
        return cast(sqlite3.Cursor, self.guarded(_executescript, _make(self, _Cursor), (script,)))

    def cursor(self, factory: Any = None) -> Any:
        """As of sqlite3."""
        return super().cursor(factory or _Cursor)

    def commit(self) -> None:
        """As of sqlite3."""
        self.stand()
        try:
            super().commit()
        except sqlite3.Error as problem:
            self.met(problem, begun=True)
            raise

    def __exit__(self, kind: Any, problem: Any, trace: Any) -> Any:
        if kind is None:
            self.stand()  # sqlite3's own would commit without a word to `commit`
        return super().__exit__(kind, problem, trace)

    def stand(self) -> None:
        """Raises StorageFailure once something has failed."""
        if self.failed is not None:
            raise type(self.failed)(str(self.failed)) from self.failed

    def fail(self, problem: StorageFailure) -> StorageFailure:
        """Let nothing more be done here: what failed may have been elsewhere, as in a WARC file these rows would name.
        Gives the first failure."""
        self.failed = self.failed or problem
        return self.failed

    def met(self, problem: sqlite3.Error, *, begun: bool) -> None:
        """Raises StorageFailure where a statement's error ended more than itself: by its code, or since the transaction
        is gone."""
        if is_refused(problem) or is_damaged(problem) or (begun and not self.in_transaction):
            raise self.fail(failure(problem, self.path, self.cure)) from problem

    def guarded(self, do: Any, cursor: sqlite3.Cursor, given: Iterable[Any]) -> Any:
        """What a cursor does, unless something has failed, or fails now. This is on the way of every statement: it does
        no more."""
        if self.failed is not None:
            self.stand()
        begun = self.in_transaction
        try:
            return do(cursor, *given)
        except sqlite3.Error as problem:
            self.met(problem, begun=begun)
            raise


def connect_guarded(path: Path, *, uri: str = "", cure: str = MADE_AGAIN, **how: Any) -> Guarded:
    """A guarded connection to what lies there, opened by another `uri` where one is given. Raises StorageFailure."""
    try:
        connection = connect(uri or path, uri=bool(uri), factory=Guarded, **how)
    except sqlite3.DatabaseError as problem:
        if is_busy(problem):
            raise
        raise failure(problem, str(path), cure) from problem
    assert isinstance(connection, Guarded)
    connection.path, connection.cure = str(path), cure
    return connection


class _Cursor(sqlite3.Cursor):
    connection: Guarded

    def execute(self, *given: Any) -> Any:
        return self.connection.guarded(_execute, self, given)

    def executemany(self, *given: Any) -> Any:
        return self.connection.guarded(_executemany, self, given)

    def executescript(self, *given: Any) -> Any:
        return self.connection.guarded(_executescript, self, given)

    def fetchone(self) -> Any:
        try:
            return _fetchone(self)
        except sqlite3.Error as problem:
            self.connection.met(problem, begun=False)
            raise

    def fetchmany(self, *given: Any) -> list[Any]:
        return cast("list[Any]", self.connection.guarded(_fetchmany, self, given))

    def fetchall(self) -> list[Any]:
        return cast("list[Any]", self.connection.guarded(_fetchall, self, ()))

    def __next__(self) -> Any:
        try:
            return _next(self)
        except sqlite3.Error as problem:
            self.connection.met(problem, begun=False)
            raise


_make = sqlite3.Connection.cursor
_execute, _executemany, _executescript = (
    sqlite3.Cursor.execute,
    sqlite3.Cursor.executemany,
    sqlite3.Cursor.executescript,
)
_fetchone, _fetchmany, _fetchall, _next = (
    sqlite3.Cursor.fetchone,
    sqlite3.Cursor.fetchmany,
    sqlite3.Cursor.fetchall,
    sqlite3.Cursor.__next__,
)
