"""What two databases of one archive say differently, row by row, ids aside: an article is its address, a version its
number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from archive import packed_html

_ARTICLE = "(select url from {db}.articles where id = {t}.article)"
_CAPTURE = "(select record_id from {db}.captures where id = {t}.capture)"
_VERSION = (
    "(select x.url || ' version ' || v.n from {db}.versions v join {db}.articles x on x.id = v.article where v.id ="
    " {t}.version)"
)
_HTML = packed_html.in_sql("{t}.body_html", "{t}.body")
# how each table is shown: its key first, row ids replaced by what they stand for
_SHOWN = {
    "articles": {
        "url": "{t}.url",
        "current_version": "(select n from {db}.versions where id = {t}.current_version)",
        "near_duplicate_of": "(select url from {db}.articles where id = {t}.near_duplicate_of)",
        "body_html": _HTML,
    },
    "versions": {"article": _ARTICLE, "n": "{t}.n", "capture": _CAPTURE, "body_html": _HTML},
    "captures": {"record_id": "{t}.record_id"},
    "attachments": {"article": _ARTICLE, "n": "{t}.n", "capture": _CAPTURE},
    "images": {"article": _ARTICLE, "n": "{t}.n"},
    "links": {"article": _ARTICLE, "n": "{t}.n"},
    "parts": {"version": _VERSION, "n": "{t}.n", "capture": _CAPTURE},
}
# a view, of what these rows say and of what `articles` says, which has been compared
_ROWS = {"versions": "version_rows"}
_KEYS = {"articles": 1, "versions": 2, "captures": 1, "attachments": 2, "images": 2, "links": 2, "parts": 2}


@dataclass(frozen=True, slots=True)
class Sample:
    """One difference, to look at."""

    key: str
    field: Annotated[str, "Column, or 'added' or 'removed'"]
    old: Any = None
    new: Any = None


@dataclass(slots=True)
class TableDifference:
    """How one table differs."""

    table: str
    rows: Annotated[int, "Rows in the new database"] = 0
    added: int = 0
    removed: int = 0
    changed: Annotated[int, "Rows in both that differ"] = 0
    fields: Annotated[dict[str, int], "Rows that differ, by column"] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed)


def differences(old: Path, new: Path, *, samples: int = 5) -> list[TableDifference]:
    """Each table of `new` held against that of `old`; both are only read."""
    connection = sqlite3.connect("", uri=True)
    packed_html.known_to(connection)
    connection.text_factory = lambda text: str(text, "utf-8", "replace")  # a damaged row differs; it ends nothing
    try:
        for name, path in (("old", old), ("new", new)):
            connection.execute(f"attach ? as {name}", [f"file:{quote(str(path.absolute()))}?mode=ro"])
        return [
            _difference(connection, table, samples) if _columns(connection, table) else _all_added(connection, table)
            for table in _SHOWN
        ]
    finally:
        connection.close()


def _all_added(db: sqlite3.Connection, table: str) -> TableDifference:
    """Of a table that `old` has not, since an older version made it."""
    rows = db.execute(f"select count(*) from new.{table}").fetchone()[0]
    return TableDifference(table, rows=rows, added=rows)


def _difference(db: sqlite3.Connection, table: str, samples: int) -> TableDifference:
    """Only keys are copied, to find the row of each in the other database; bodies are compared where they are."""
    stored = _stored(db, table)
    columns = _columns(db, table)
    keys, rest = columns[: _KEYS[table]], columns[_KEYS[table] :]
    places = [
        row[0] for row in db.execute(f"select name from pragma_table_info('{stored}', 'new') where pk order by pk")
    ] or ["id"]  # a view has no key
    for name in ("old", "new"):
        key = ", ".join(f"{_shown(table, column, name, 't')} as {column}" for column in keys)
        place = ", ".join(f"t.{column} as place_{column}" for column in places)
        db.execute(f"create temp table {name}_{table} as select {key}, {place} from {name}.{stored} t")
        db.execute(f"create index temp.{name}_{table}_key on {name}_{table}({', '.join(keys)})")
    found = TableDifference(table, rows=db.execute(f"select count(*) from new_{table}").fetchone()[0])
    for verb, here, there in (("added", "new", "old"), ("removed", "old", "new")):
        same = " and ".join(f"b.{key} = a.{key}" for key in keys)
        missing = f"from {here}_{table} a where not exists (select 1 from {there}_{table} b where {same})"
        setattr(found, verb, db.execute(f"select count(*) {missing}").fetchone()[0])
        found.samples += [
            Sample(_key(row), verb)
            for row in db.execute(f"select {', '.join(keys)} {missing} order by {', '.join(keys)} limit {samples}")
        ]
    before, after = (
        [_shown(table, column, name, side) for column in rest] for name, side in (("old", "a"), ("new", "b"))
    )
    differing = " or ".join(
        # what is packed into the same bytes need not be unpacked: the text it goes with is held against the other's too
        ("a.body_html is not b.body_html and " if column == "body_html" else "") + f"{one} is not {other}"
        for column, one, other in zip(rest, before, after, strict=True)
    )
    at_a, at_b = (
        " and ".join(f"{side}.{column} = {key}.place_{column}" for column in places)
        for side, key in (("a", "o"), ("b", "n"))
    )
    rows = db.execute(
        f"select {', '.join([*(f'o.{key}' for key in keys), *before, *after])} from old_{table} o join new_{table} n"
        f" using ({', '.join(keys)}) join old.{stored} a on {at_a} join new.{stored} b on {at_b} where {differing}"
        " order by o.rowid"
    )
    for row in rows:
        found.changed += 1
        for column, old, new in _changes(rest, row[len(keys) :]):
            found.fields[column] = found.fields.get(column, 0) + 1
            if found.fields[column] <= samples:
                found.samples.append(Sample(_key(row[: len(keys)]), column, old, new))
    for name in ("old", "new"):
        db.execute(f"drop table {name}_{table}")
    return found


def _shown(table: str, column: str, db: str, row: str) -> str:
    return _SHOWN[table].get(column, f"{row}.{column}").format(db=db, t=row)


def _stored(db: sqlite3.Connection, table: str) -> str:
    """The name of what is compared: the rows of a view where both databases have them."""
    rows = _ROWS.get(table, table)
    return (
        rows
        if all(
            db.execute(f"select 1 from {name}.sqlite_master where name = ?", [rows]).fetchone()
            for name in ("old", "new")
        )
        else table
    )


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    """Key columns first; columns that only one of the two has are not compared: a newer schema is no difference of
    rows.

    Empty for a table that one of them lacks.
    """
    stored = _stored(db, table)
    first, second = ([row[1] for row in db.execute(f"pragma {name}.table_info({stored})")] for name in ("old", "new"))
    if not first or not second:
        return []
    keys = list(_SHOWN[table])[: _KEYS[table]]
    return keys + [column for column in first if column in second and column not in keys and column != "id"]


def _changes(columns: list[str], values: tuple[Any, ...]) -> Iterator[tuple[str, Any, Any]]:
    half = len(columns)
    for column, before, after in zip(columns, values[:half], values[half:], strict=True):
        if before != after:
            yield column, before, after


def _key(row: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in row)
