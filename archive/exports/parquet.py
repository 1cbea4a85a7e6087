"""Parquet: typed columns, lists as lists, row groups of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from archive.exports.columns import Column
from archive.exports.selection import Row
from archive.instants import parse

# of a row group, whichever is full first: this is what is held in memory, a few times over while it is compressed
_ROWS, _BYTES = 20_000, 12 << 20
_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "instant": pa.timestamp("us", tz="UTC"),
    "texts": pa.list_(pa.string()),
}


def schema(columns: Sequence[Column]) -> pa.Schema:
    """Arrow schema of the columns; each field carries its text as metadata."""
    return pa.schema(
        [pa.field(column.name, _type(column), metadata={"description": column.text}) for column in columns]
    )


def write(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """A new file."""
    kinds = [column.kind for column in columns]
    typed = schema(columns)
    with pq.ParquetWriter(path, typed, compression="zstd") as out:
        for group in _groups(rows):
            arrays = [
                pa.array(_values(kind, values), field.type)
                for kind, values, field in zip(kinds, zip(*group, strict=True), typed, strict=True)
            ]
            out.write_table(pa.Table.from_arrays(arrays, schema=typed), row_group_size=len(group))


def write_partitioned(folder: Path, columns: Sequence[Column], rows: Iterable[Row], places: Sequence[int]) -> None:
    """Files `site=…/year=…/articles.parquet` below a new folder, for rows in that order.

    `places` are those of site and published date among `columns`. The path holds the site, as is the custom of such
    folders, so the files do not; undated stories are under the name that Hive gives to null.
    """
    site, day = places
    kept = [place for place, column in enumerate(columns) if column.name != "site"]
    for (name, year), part in groupby(rows, key=lambda row: (row[site], (row[day] or "")[:4])):
        place = folder / f"site={quote(name, safe='')}" / f"year={year or '__HIVE_DEFAULT_PARTITION__'}"
        place.mkdir(parents=True)
        write(place / "articles.parquet", [columns[at] for at in kept], (tuple(row[at] for at in kept) for row in part))


def _type(column: Column) -> pa.DataType:
    if column.record is None:
        return _TYPES[column.kind]
    return pa.list_(pa.struct([(name, _TYPES[kind]) for name, (kind, _) in column.record.items()]))


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(map(_size, row))
        if len(group) >= _ROWS or size >= _BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _size(value: Any) -> int:
    """Bytes of it as Arrow holds them, in UTF-8."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode("utf-8", "replace"))
    if isinstance(value, list):
        return sum(map(_size, value))
    return sum(map(_size, value.values())) if isinstance(value, dict) else 8


def _values(kind: str, values: Sequence[Any]) -> Sequence[Any]:
    if kind == "instant":
        return [_instant(value) for value in values]
    return [_day(value) for value in values] if kind == "date" else values


def _instant(text: str | None) -> datetime | None:
    try:
        return parse(text) if text else None
    except ValueError:
        return None  # the text is in `published`


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
