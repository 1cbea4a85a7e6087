"""JSON Lines: one object a row, UTF-8, lists as lists, null for what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from json import JSONEncoder
from pathlib import Path

from archive.exports.columns import Column
from archive.exports.packed import packed
from archive.exports.selection import Row


def write(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """A new file, compressed where its name ends in .gz or .zst."""
    encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    names = [column.name for column in columns]
    with packed(path) as out:
        for row in rows:
            out.write(encode(dict(zip(names, row, strict=True))).encode() + b"\n")
