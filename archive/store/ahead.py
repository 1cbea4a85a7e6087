"""WARC files that the database knows nothing of: it is an older copy of itself, brought back beside newer records."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING

from archive.warc.going_on import stamp_of
from archive.warc.reader import records

if TYPE_CHECKING:
    from sqlite_utils import Database

_RUNS = "select begun, ended from runs where begun is not null order by begun"
_KNOWN = "select 1 from captures where warc = ? limit 1"


def ahead(db: Database, warc_folder: Path) -> list[str]:
    """Names of files of ours that were begun in no run this database knows of, and hold pages of which it knows none.

    What other commands write down between runs holds no pages. A run that was killed lasts until the next: that one
    mends what it left.
    """
    runs = [(_digits(begun), _digits(ended) if ended else "") for begun, ended in db.execute(_RUNS).fetchall()]
    found = []
    for path in sorted(warc_folder.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]/*.warc.gz")):
        stamp, warc = stamp_of(path), path.relative_to(warc_folder).as_posix()
        if stamp is None or _within(stamp, runs) or db.execute(_KNOWN, [warc]).fetchone():
            continue
        kinds = (record.type for record, _, _ in records(path, on_damage=lambda damage: None))
        if any(kind in ("response", "revisit") for kind in kinds):
            found.append(warc)
    return found


def _within(stamp: str, runs: list[tuple[str, str]]) -> bool:
    at = bisect_right(runs, (stamp, "~")) - 1
    return at >= 0 and (not runs[at][1] or stamp <= runs[at][1])


def _digits(instant: str) -> str:
    """As names of files have it."""
    return "".join(filter(str.isdigit, instant))[:17].ljust(17, "0")
