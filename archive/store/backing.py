"""Whether the record behind a row is there: nothing is repeated, nor asked "has it changed?", on the word of a row
alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archive.capture import Capture
from archive.warc.captured import is_named
from archive.warc.layout import OPEN, digest
from archive.warc.record import Record
from archive.warc.remote_copies import proven
from archive.warc.scan import Broken, read_at
from archive.warc.stated import usual, wrong

if TYPE_CHECKING:
    from sqlite_utils import Database

_MOST = 20_000  # records remembered to hold
# one step of the index a file, however many rows point into it
_FILES = """
with recursive files(warc) as (
    select min(warc) from captures
    union all select (select min(warc) from captures where warc > files.warc) from files where files.warc is not null
)
select warc from files where warc is not null
"""


class Backing:
    """Looks at records before something refers to them; what it finds stays true for a run."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the archive's."""
        self._folder = folder
        self._copied: dict[str, int] | None = None  # how far
        self._fresh: set[str] = set()  # files this run has written: what is in them was on its way a moment ago
        self._there: dict[str, Path | None] = {}
        self._hold: set[str] = set()
        self._lost: dict[str, tuple[str, set[str]]] = {}  # by file: why, and ids of records

    def wrote(self, capture: Capture) -> None:
        """That record was written now."""
        self._fresh.add(capture.warc)

    def holds(self, capture: Capture) -> bool:
        """Whether a response's payload can be had: from its file, or from a copy elsewhere that was proven when the
        file is not here."""
        if capture.warc in self._fresh or capture.record_id in self._hold:
            return True
        path = self._path(capture.warc)
        if path is None:
            if self._is_elsewhere(capture):
                return True
            reason = "is missing, and proven nowhere else"
        else:
            problem = _problem(path, capture)
            if problem is None:
                if len(self._hold) >= _MOST:
                    self._hold.clear()
                self._hold.add(capture.record_id)
                return True
            reason = f"is damaged (offset {capture.offset}: {problem})"
        self._lost.setdefault(capture.warc, (reason, set()))[1].add(capture.record_id)
        return False

    def said(self) -> list[str]:
        """What was found missing or damaged in this run, a line a file."""
        return [
            f"warc/{warc} {reason}: {len(ids)} of its pages were not relied on, but asked for and stored whole;"
            " bring it back from a backup"
            for warc, (reason, ids) in sorted(self._lost.items())
        ]

    def _path(self, warc: str) -> Path | None:
        """One look a file."""
        if warc not in self._there:
            path = self._folder / "warc" / warc
            self._there[warc] = next(
                (there for there in (path, path.with_name(path.name + OPEN)) if there.is_file()), None
            )
        return self._there[warc]

    def _is_elsewhere(self, capture: Capture) -> bool:
        if self._copied is None:
            self._copied = proven(self._folder)
        return capture.offset + capture.length <= self._copied.get(capture.warc, 0)


def missing(db: Database, folder: Path) -> dict[str, int]:
    """WARC files that rows point into, but that are neither below `folder` nor proven elsewhere, and how many do."""
    found: dict[str, int] = {}
    copied: dict[str, int] | None = None
    for (warc,) in db.execute(_FILES).fetchall():
        path = folder / "warc" / warc
        if path.is_file() or path.with_name(path.name + OPEN).is_file():
            continue
        copied = proven(folder) if copied is None else copied
        end, rows = db.execute("select max(offset + length), count(*) from captures where warc = ?", [warc]).fetchone()
        if end > copied.get(warc, 0):
            found[warc] = rows
    return found


def _problem(path: Path, capture: Capture) -> str | None:
    """Why the record there does not give the payload that its row tells of."""
    try:
        with path.open("rb") as file:
            record: Record = read_at(file, capture.offset).record
    except (Broken, OSError) as problem:
        return str(problem)
    if not is_named(record, capture.record_id):
        return f"{record.record_id or 'a record without id'} in place of {capture.record_id}"
    made = digest(record.payload)
    if made != capture.payload_digest:
        return f"its bytes give {made}, its row says {capture.payload_digest}"
    stated = record.field("WARC-Payload-Digest")
    if stated is not None and usual(stated) != made and (said := wrong(record)):
        return f"it fails its own digest: {said[0][1]}"
    return None
