"""Changes as rows of a table and as JSON, the same from the command line and on the web."""

from __future__ import annotations

import csv
from dataclasses import asdict
from typing import Any, TextIO

from archive.changes.changes import Event
from archive.exports.csv import guarded
from archive.identity import identifier

COLUMNS = (
    "at",
    "since",
    "kind",
    "weight",
    "identifier",
    "url",
    "former",
    "site",
    "title",
    "language",
    "removed",
    "added",
)


def row(event: Event) -> dict[str, Any]:
    """A change as JSON has it."""
    return {"identifier": identifier(event.url)} | asdict(event)


def write(out: TextIO, events: list[Event]) -> None:
    """A CSV table, safe to open in a spreadsheet; passages are parted by ` … `."""
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for event in events:
        cells = row(event) | {"removed": " … ".join(event.removed), "added": " … ".join(event.added)}
        table.writerow([guarded(cells[name]) for name in COLUMNS])
