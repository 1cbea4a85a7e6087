"""What files of other tools came with, and what became of them since: they are known by their SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from archive.warc.history import INGESTED
from archive.warc.layout import GUESTS
from archive.warc.reader import find
from archive.warc.record import Record

# what a record or file may have said wrongly ever since it came: no row of ours, and no seal, is among them
FAULTS = frozenset({"torn", "damaged", "digest", "field", "length", "pair", "revisit", "duplicate"})
# which no rot brings about, as far as is known
_BY_FORM = frozenset({"field", "length", "pair", "revisit", "duplicate"})


class Arrivals:
    """Told of the orders to ingest, it knows of each file whether it is what came."""

    def __init__(self, folder: Path, came: Mapping[str, str] | None = None) -> None:
        """`folder` is warc/; `came` is what an earlier one, which was told of the orders before, had in its `came`."""
        self._folder = folder
        self.came: dict[str, str] = dict(came or {})
        self._is: dict[str, str | None] = {}

    def note(self, record: Record) -> None:
        """A record of ours: an order says what its files were like. The first one counts: later ones may have seen them
        rot."""
        if record.type == "resource" and record.url == INGESTED:
            try:
                told = json.loads(record.block).get("sha256", {})
            except (ValueError, AttributeError):
                return
            for warc, sha256 in told.items():
                self.came.setdefault(warc, sha256)

    def changed(self, warc: str) -> str | None:
        """What a file is now, if that is not what came; None where it is, and where nobody noted what came."""
        came, is_now = self.came.get(warc), self._sha256(warc) if warc in self.came else None
        return (
            f"the file is not what came: its SHA-256 is {is_now}, it was {came}" if is_now and came != is_now else None
        )

    def came_so(self, warc: str, kind: str) -> bool:
        """Whether a fault of that kind is one that a file came with."""
        if not warc.startswith(f"{GUESTS}/") or kind not in FAULTS:
            return False
        is_now = self._sha256(warc) or ""
        if warc in self.came:
            return is_now == self.came[warc]
        # orders of before did not say; names begin with digits of what came, but for files that had to be rewritten
        return kind in _BY_FORM or is_now.startswith(Path(warc).name[:16])

    def _sha256(self, warc: str) -> str | None:
        """None where it cannot be read."""
        if warc not in self._is:
            try:
                with find(self._folder, warc).open("rb") as file:
                    self._is[warc] = hashlib.file_digest(file, "sha256").hexdigest()
            except (OSError, ValueError):
                self._is[warc] = None
        return self._is[warc]
