"""The `identifiers` table: which address a public identifier is made of, for every address an article ever had; and
what became of the numbers that were public before."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from archive.identity import LENGTH, identifier
from archive.sqlite import connect

if TYPE_CHECKING:
    from sqlite_utils import Database

_KEPT = {"identifiers": "identifier, url", "former_numbers": "number, url", "former_versions": "url, n, seen"}
_STEPS = 10  # a story that moved, and moved again


def note(db: Database, url: str) -> None:
    """An article has this address from now on; its identifier leads to it whatever becomes of it."""
    db.conn.execute("insert or ignore into identifiers (identifier, url) values (?, ?)", [identifier(url), url])


def addresses(db: Database, asked: str) -> list[str]:
    """Addresses whose identifier begins so: none, one, or those that an identifier fails to tell apart."""
    if "identifiers" in db.table_names():
        known = db.execute(
            "select url from identifiers where identifier >= ? and identifier < ? order by url",
            [asked[:LENGTH], asked[:LENGTH] + "~"],
        )
    else:  # a database of an older version, which nobody has brought up to date
        known = db.execute("select url from articles order by url")
    return [url for (url,) in known if identifier(url, len(asked)) == asked]


def stands(db: Database, url: str) -> tuple[int, str] | None:
    """Row and address of the article at that address, or at the one to which it has moved; None where there is none."""
    for _ in range(_STEPS):
        row = db.execute("select id from articles where url = ?", [url]).fetchone()
        if row:
            return int(row[0]), url
        moved = db.execute("select reason from frontier where url = ? and state = 'moved'", [url]).fetchone()
        if not moved or not moved[0]:
            return None
        url = moved[0]
    return None


def former(db: Database, number: int) -> str | None:
    """Address of the article that had this number, when numbers were public."""
    if "former_numbers" in db.table_names():
        row = db.execute("select url from former_numbers where number = ?", [number]).fetchone()
    else:
        row = db.execute("select url from articles where id = ?", [number]).fetchone()
    return str(row[0]) if row else None


def former_version(db: Database, url: str, n: int) -> str | None:
    """A time at which the version was seen that had this number before versions were in order of time."""
    if "former_versions" in db.table_names():
        row = db.execute("select seen from former_versions where url = ? and n = ?", [url, n]).fetchone()
        return str(row[0]) if row else None
    return None


def carry_over(db: Database, old: Path) -> None:
    """Keep in a new database what the old one, which it is to replace, knows of identifiers and numbers.

    Of one that cannot be read nothing is kept: its numbers lead nowhere then, its identifiers to the same articles.
    """
    if not old.exists():
        return
    kept: dict[str, list[tuple[object, ...]]] = {}
    with suppress(sqlite3.DatabaseError), closing(connect(f"{old.absolute().as_uri()}?mode=ro", uri=True)) as source:
        for table, columns in _KEPT.items():
            kept[table] = _rows(source, f"select {columns} from {table}")
        if not kept["former_numbers"] and not _rows(
            source, "select 1 from sqlite_master where name = 'former_numbers'"
        ):
            kept["former_numbers"] = _rows(source, "select id, url from articles")
    for table, rows in kept.items():
        marks = ", ".join("?" * len(_KEPT[table].split(", ")))
        db.conn.executemany(f"insert or ignore into {table} ({_KEPT[table]}) values ({marks})", rows)


def fill(db: Database) -> None:
    """Of an older archive: the identifiers of its articles, and their numbers as they are now."""
    urls = [row[0] for row in db.execute("select url from articles").fetchall()]
    db.conn.executemany(
        "insert or ignore into identifiers (identifier, url) values (?, ?)", [(identifier(url), url) for url in urls]
    )
    db.execute("insert or ignore into former_numbers (number, url) select id, url from articles")


def _rows(source: sqlite3.Connection, sql: str) -> list[tuple[object, ...]]:
    try:
        return source.execute(sql).fetchall()
    except sqlite3.DatabaseError:  # damaged, or of a version that had no such table
        return []
