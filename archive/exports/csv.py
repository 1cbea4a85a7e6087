"""CSV by RFC 4180 that a spreadsheet may open: no cell is run as a formula.

Lists are JSON arrays. A cell that a spreadsheet would take for a formula gets an apostrophe before it, and so does one
that
has apostrophes before such a text already: taking one apostrophe off every such cell gives the values back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from json import JSONEncoder
from pathlib import Path
from typing import Any

from archive.exports.columns import Column
from archive.exports.packed import packed
from archive.exports.selection import Row
from archive.patterns import deferred

BOM = "\ufeff"  # without it Excel reads UTF-8 as the code page of the machine
# OWASP, "CSV Injection": the full-width forms count in East Asian versions of Excel; a blank before them does not help
_FORMULA = deferred(r"'*[\s\ufeff]*[=+\-@\t\r\n＝＋－＠]")
_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write(path: Path, columns: Sequence[Column], rows: Iterable[Row], *, bom: bool = False, guard: bool = True) -> None:
    """A new file, compressed where its name ends in .gz or .zst; `guard` against formulas."""
    cell = guarded if guard else _plain
    with packed(path) as out:
        text = io.TextIOWrapper(out, "utf-8", newline="")
        try:
            text.write(BOM * bom)
            table = csv.writer(text, lineterminator="\r\n")
            table.writerow([column.name for column in columns])
            table.writerows([cell(value) for value in row] for row in rows)
        finally:
            text.detach()  # flushes, and leaves the file to the one who opened it


def guarded(value: Any) -> Any:
    """The value as a cell that no spreadsheet runs; numbers are left alone."""
    value = _plain(value)
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def unguarded(cell: str) -> str:
    """The text of a guarded cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        # most readers end a cell, or the file, at a NUL
        return value.replace("\0", "\ufffd") if "\0" in value else value
    return _encode(value).replace("\\u0000", "\ufffd") if isinstance(value, list) else value
