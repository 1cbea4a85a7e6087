"""Twins as JSON Lines: a Chinese story and its English one on a line, with what speaks for the pair."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from archive.exports.columns import TextForm
from archive.exports.facts import Facts
from archive.exports.packed import packed
from archive.exports.selection import Row
from archive.exports.twins import Pairs
from archive.exports.twins import columns as columns


def write(path: Path, rows: Iterable[Row], facts: Facts, *, text: TextForm = "plain") -> int:
    """A new file from rows of `columns()`; how many pairs there are. Raises EmptySelection."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    pairs = Pairs(rows)
    with packed(path) as out:
        for pair in pairs:
            out.write(encode(pair).encode() + b"\n")
    return pairs.count
