"""A table as a dataset: a folder with its documentation, or one file with its data package beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from archive.exports import csv, documentation, jsonl, sqlite
from archive.exports.columns import Column
from archive.exports.facts import Facts
from archive.exports.selection import Row, Selection

Table = Literal["jsonl", "csv", "parquet", "sqlite"]
SUFFIXES: dict[Table, tuple[str, ...]] = {
    "jsonl": (".jsonl", ".jsonl.gz", ".jsonl.zst"),
    "csv": (".csv", ".csv.gz", ".csv.zst"),
    "parquet": (".parquet",),
    "sqlite": (".db", ".sqlite"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a table is written."""

    bom: Annotated[bool, "CSV: a byte order mark, for Excel"] = False
    guard: Annotated[bool, "CSV: no cell is run as a formula"] = True
    partition: Annotated[bool, "Parquet: a file for each site and year"] = False
    suffix: Annotated[str, "Compression in a folder: empty, .gz or .zst"] = ""


def is_one_file(kind: Table, out: Path) -> bool:
    """Whether the name asks for one file; every other name is a folder's."""
    return out.name.endswith(SUFFIXES[kind])


def write_file(
    path: Path,
    kind: Table,
    selection: Selection,
    columns: Sequence[Column],
    *,
    source: Path,
    options: Options,
    on_row: Callable[[], object] = lambda: None,
) -> None:
    """The data alone, as a new file; `source` is the database."""
    if kind == "sqlite":
        sqlite.write(path, selection, source)
        return
    rows = counted(selection.rows(columns), on_row)
    if kind == "jsonl":
        jsonl.write(path, columns, rows)
    elif kind == "csv":
        csv.write(path, columns, rows, bom=options.bom, guard=options.guard)
    else:
        from archive.exports import parquet  # pyarrow is an extra

        parquet.write(path, columns, rows)


def write_folder(
    folder: Path,
    kind: Table,
    selection: Selection,
    columns: Sequence[Column],
    facts: Facts,
    *,
    source: Path,
    options: Options,
    on_row: Callable[[], object] = lambda: None,
) -> None:
    """A new folder: data/, datapackage.json, croissant.json, README.md, SHA256SUMS."""
    (folder / "data").mkdir(parents=True)
    if options.partition:
        from archive.exports import parquet

        names = [column.name for column in columns]
        rows = counted(selection.rows(columns, by_site=True), on_row)
        parquet.write_partitioned(folder / "data", columns, rows, (names.index("site"), names.index("published")))
        columns = [column for column in columns if column.name != "site"]
    else:
        name = f"articles{SUFFIXES[kind][0]}{options.suffix}"
        write_file(folder / "data" / name, kind, selection, columns, source=source, options=options, on_row=on_row)
    documentation.write(folder, kind, columns, facts, dialect=dialect(kind, options))


def dialect(kind: Table, options: Options) -> dict[str, Any] | None:
    """How the CSV is written, for the data package: members of its resource."""
    if kind != "csv":
        return None
    quoting = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}
    return {"encoding": "utf-8-sig" if options.bom else "utf-8", "dialect": quoting}


def counted(rows: Iterator[Row], on_row: Callable[[], object]) -> Iterator[Row]:
    """The rows, each one told of once it is written."""
    for row in rows:
        yield row
        on_row()
