"""Shares as rows of a table and as JSON, the same from the command line and on the web."""

from __future__ import annotations

import csv
from dataclasses import asdict
from typing import Any, TextIO

from archive.exports.csv import guarded
from archive.numbers.shares import FEW, Share, Shares

COLUMNS = ("period", "college", "n", "of", "share", "few")


def row(one: Share) -> dict[str, Any]:
    """A bar as JSON has it; `few`: of fewer than FEW stories."""
    share = None if one.share is None else round(one.share, 6)
    return {"period": one.period, "college": one.college, "n": one.n, "of": one.of, "share": share, "few": one.few}


def document(found: Shares) -> dict[str, Any]:
    """All of it."""
    return {
        "asked": asdict(found.asked),
        "bars": [row(one) for one in found.bars],
        "whole": row(found.whole),
        "undated": {"n": found.undated[0], "of": found.undated[1]},
        "few_means_fewer_than": FEW,
    }


def write(out: TextIO, found: Shares) -> None:
    """A CSV table, safe to open in a spreadsheet."""
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in found.bars:
        table.writerow([guarded(value) if isinstance(value, str) else value for value in row(one).values()])
