"""What is refused before a page sees it: other methods, other hosts' names, addresses past any use; and what SQLite may
spend on the rest."""

from __future__ import annotations

import ipaddress
import sqlite3
import weakref
from collections.abc import Collection
from typing import Any

METHODS = ("GET", "HEAD", "OPTIONS", "POST")  # POST is for Datasette's own forms; our pages read only
MOST_TARGET = 8_000  # bytes of a request's address: a query of the longest kind, percent-encoded, and as much again
MOST_ARCHIVED = 16_000  # where it holds the address of an archived page
_OF_ADDRESSES = ("/replay/", "/timegate/", "/timemap/")
MOST_VALUE = 64 << 20  # bytes of a value: the documents of a story are one in the index, and may be many

# What a statement may be. Those of our own pages are far below it; Datasette's hold what a visitor typed.
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MOST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,  # matching takes pattern times text
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 250_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 10,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
# where visitors write SQL, one function may make a value of any size
_TYPED = {sqlite3.SQLITE_LIMIT_LENGTH: 10_000_000}
MOST_ROWS = 20_000_000  # characters and bytes in all rows of one answer of Datasette's, which it makes in memory


def bound(connection: sqlite3.Connection, *, typed: bool = False) -> sqlite3.Connection:
    """The connection, with what a statement may spend on it; less where statements are `typed` by visitors."""
    for limit, most in {**_LIMITS, **(_TYPED if typed else {})}.items():
        connection.setlimit(limit, most)
    if typed:
        connection.row_factory = _Rows()
    return connection


class _Rows:
    """Makes rows as `sqlite3.Row` does, until those of one statement hold more than an answer may."""

    def __init__(self) -> None:
        self._cursor: weakref.ref[sqlite3.Cursor] | None = None  # the last one: statements come one after another
        self._spent = 0

    def __call__(self, cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> sqlite3.Row:
        if self._cursor is None or self._cursor() is not cursor:
            self._cursor, self._spent = weakref.ref(cursor), 0
        self._spent += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if self._spent > MOST_ROWS:
            raise sqlite3.OperationalError(f"more than {MOST_ROWS:,} characters: ask for fewer rows (_size) or columns")
        return sqlite3.Row(cursor, row)


def refused(method: str, path: str, query: bytes, host: str, hosts: Collection[str] | None) -> tuple[int, str] | None:
    """Status and sentence for a request that is not answered; None for one that is.

    `hosts` are the names this server answers to beside those of loopback, None where whoever runs it looks to that.
    A web page can have its own name lead to this machine, and would then read the archive as if it were its own.
    """
    if method not in METHODS:
        return 405, f"There is nothing here to be asked for by {method[:20]}; GET and HEAD are answered."
    if len(path) + len(query) > (MOST_ARCHIVED if path.startswith(_OF_ADDRESSES) else MOST_TARGET):
        return 414, f"The address is longer than {MOST_TARGET:,} bytes."
    if hosts is not None and not _is_ours(host, hosts):
        return 400, "This archive does not answer to that name; campuswarc serve --base-url names the address it has."
    return None


def _is_ours(host: str, hosts: Collection[str]) -> bool:
    name = name_of(host)
    if name in ("", "localhost") or name in hosts:  # HTTP/1.0 names none
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or any(_is_every(known) for known in hosts)


def name_of(host: str) -> str:
    """The name in a Host header, without port, lower case."""
    bare = host.strip().lower()
    return bare[1:].partition("]")[0] if bare.startswith("[") else bare.partition(":")[0].rstrip(".")


def _is_every(host: str) -> bool:
    """Whether it stands for all addresses of the machine: then any address will do, since none is a name."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
