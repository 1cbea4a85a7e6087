"""CSL-JSON: references as Zotero, pandoc and citeproc read them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from archive.citing.references import csl
from archive.exports.columns import TextForm
from archive.exports.facts import Facts
from archive.exports.packed import packed
from archive.exports.references import columns as columns
from archive.exports.references import references
from archive.exports.selection import Row


def write(path: Path, rows: Iterable[Row], facts: Facts, *, text: TextForm = "plain") -> None:
    """A new file of references, one a line, from rows of `columns()`."""
    with packed(path) as out:
        out.write(b"[")
        for n, cited in enumerate(references(rows, facts)):
            out.write(b",\n" if n else b"\n")
            out.write(json.dumps(csl(cited), ensure_ascii=False).encode())
        out.write(b"\n]\n")
