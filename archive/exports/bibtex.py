"""BibTeX: references as biblatex reads them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.citing.styles import bibtex
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
            out.write(f"{bibtex(cited)}\n\n".encode())
