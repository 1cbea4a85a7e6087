"""Every row of an archive's database, row ids replaced by what they stand for: what a rebuild has to give again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_ARTICLE = "(select url from articles where id = t.article)"
_STANDS_FOR = {
    "article": _ARTICLE,
    "capture": "(select record_id from captures where id = t.capture)",
    "current_version": "(select n from versions where id = t.current_version)",
    "near_duplicate_of": "(select url from articles where id = t.near_duplicate_of)",
    "version": (
        "(select a.url || ' ' || v.n from versions v join articles a on a.id = v.article where v.id = t.version)"
    ),
}
_COLUMNS = {
    "runs": ["id", "whole", "warc", "offset"],  # begin, end and counts are not in the WARC
    # what undoes a change holds row ids
    "changes": "url site place listing kind run gist capture title words bare at looks".split(),
}
_WHERE = {"untold": "tail is null"}  # which file the next run goes on with tells of no record
_DERIVED = (
    "articles_fts",
    "near_",
    "sqlite_",
    "_sqlite_migrations",
    "rebuilding",
    "entered",  # known again from the next crawl on
)  # indexes, which have tests of their own

Row = tuple[tuple[str, object], ...]


def everything(path: Path) -> dict[str, set[Row]]:
    """The rows of each table as (column, value) pairs."""
    with sqlite3.connect(path) as db:
        names = [
            row[0]
            for row in db.execute("select name from sqlite_master where type = 'table'")
            if not row[0].startswith(_DERIVED)
        ]
        found = {name: _rows(db, name) for name in names}
    db.close()
    return found


def only_in_one(live: Path, rebuilt: Path) -> list[str]:
    """The rows that one of two databases has and the other has not, in words; empty when they are equal."""
    one, other = everything(live), everything(rebuilt)
    assert one.keys() == other.keys()
    return [
        f"{table}, {side}: {dict(row)}"
        for table in one
        for side, rows in (("live", one[table] - other[table]), ("rebuilt", other[table] - one[table]))
        for row in sorted(rows, key=repr)
    ]


def _rows(db: sqlite3.Connection, table: str) -> set[Row]:
    columns = _COLUMNS.get(table) or [
        row[1] for row in db.execute(f"pragma table_info({table})") if row[1] != "id" or row[2] == "TEXT"
    ]
    shown = ", ".join(_STANDS_FOR.get(column, f"t.{column}") for column in columns)
    return {
        tuple(zip(columns, row, strict=True))
        for row in db.execute(f"select {shown} from {table} t where {_WHERE.get(table, 'true')}")
    }
