"""Formats of one file that is made of rows, each of them one module: ours, and those of packages installed beside this
one, by entry points of the group `campuswarc.exports`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from archive.exports import record_formats
from archive.exports.columns import Column, TextForm
from archive.exports.facts import Facts
from archive.exports.selection import Row

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "campuswarc.exports"
OURS = ("atom", "ris", "csl-json", "bibtex", "pairs", "tmx")  # modules of this room
TAKEN = ("jsonl", "csv", "parquet", "sqlite", *record_formats.NAMES)  # tables with their documentation, and records


class RowFormat(Protocol):
    """What such a module offers."""

    def columns(self, text: TextForm) -> tuple[Column, ...]:
        """The columns it is made of, the body in that form."""

    def write(self, path: Path, rows: Iterable[Row], facts: Facts, *, text: TextForm) -> int | None:
        """A new file from rows of these columns, in the order in which they come; never all of them in memory. How many
        entries it has where that is another number than that of the rows."""


def names() -> tuple[str, ...]:
    """All of them: ours, then those of other packages."""
    return (*OURS, *_installed())


def row_format(name: str) -> RowFormat:
    """The format of that name. Raises KeyError for an unknown one."""
    module = import_module(f"archive.exports.{name.replace('-', '_')}") if name in OURS else _installed()[name].load()
    return cast(RowFormat, module)


@cache
def _installed() -> dict[str, EntryPoint]:
    """Formats of other packages; none of them takes the place of one of ours."""
    from importlib.metadata import entry_points  # here: it loads what reads mail

    return {found.name: found for found in entry_points(group=GROUP) if found.name not in (*OURS, *TAKEN)}
