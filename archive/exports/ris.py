"""RIS: references as Zotero, EndNote and Mendeley import them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.citing.references import ris
from archive.exports.columns import TextForm
from archive.exports.facts import Facts
from archive.exports.packed import packed
from archive.exports.references import columns as columns
from archive.exports.references import references
from archive.exports.selection import Row


def write(path: Path, rows: Iterable[Row], facts: Facts, *, text: TextForm = "plain") -> None:
    """A new file of references from rows of `columns()`."""
    with packed(path) as out:
        for cited in references(rows, facts):
            out.write(f"{ris(cited)}\r\n".encode())
