"""Rows of files of other tools, as an older version made them on the word of these, brought to what
`archive.warc.captured` makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archive.patterns import deferred
from archive.warc import date
from archive.warc.layout import GUESTS, digest
from archive.warc.reader import DamagedRecord, read

if TYPE_CHECKING:
    from sqlite_utils import Database

_OURS = deferred(r"sha1:[A-Z2-7]{32}")
_GUESTS = f"warc between '{GUESTS}/' and '{GUESTS}0'"
_A_TIME = "????-??-??T??:??:??*Z"  # as SQLite's glob has it
_TIMES = {
    "captures": ("fetched_at",),
    "frontier": ("first_seen", "done_at", "due", "walk"),
    "listings": ("last_tried", "last_ok", "last_new"),
    "articles": ("first_seen", "last_seen"),
    "version_rows": ("seen_from", "seen_to"),
    "parts": ("seen",),
    "failures": ("at",),
}


def restate(db: Database) -> None:
    """Digests that are not ours are computed, of the bytes, and so are told those of the revisits that repeat them;
    times are in UTC, addresses without fragments.

    Where the record cannot be had there is no digest: nothing will be taken for a copy of it.
    """
    folder = Path(db.execute("pragma database_list").fetchone()[2] or ".").parent / "warc"
    rows = db.execute(
        f"select id, warc, offset, payload_digest, record_type, fetched_at from captures where {_GUESTS}"
    ).fetchall()
    others = [
        (id_, warc, offset)
        for id_, warc, offset, stated, type_, _ in rows
        if type_ != "revisit" and not _OURS.fullmatch(stated or "")
    ]
    for id_, warc, offset in others:
        db.execute("update captures set payload_digest = ? where id = ?", [_computed(folder, warc, offset), id_])
    for id_ in [row[0] for row in rows if row[4] == "revisit" and not _OURS.fullmatch(row[3] or "")]:
        db.execute(
            "update captures set payload_digest = o.payload_digest from captures o"
            " where captures.id = ? and o.record_id = captures.refers_to and o.record_type != 'revisit'",
            [id_],
        )
    db.execute(f"update captures set url = substr(url, 1, instr(url, '#') - 1) where {_GUESTS} and url like '%#%'")
    if db.execute(f"select 1 from captures where {_GUESTS} and fetched_at not glob ? limit 1", [_A_TIME]).fetchone():
        for table, columns in _TIMES.items():
            for column in columns:
                _in_utc(db, table, column)


def _in_utc(db: Database, table: str, column: str) -> None:
    for (text,) in db.execute(f"select distinct {column} from {table} where {column} not glob ?", [_A_TIME]).fetchall():
        db.execute(f"update {table} set {column} = ? where {column} = ?", [date.spelt(text), text])


def _computed(folder: Path, warc: str, offset: int) -> str | None:
    try:
        return digest(read(folder, warc, offset).payload)
    except (DamagedRecord, OSError, ValueError):
        return None
