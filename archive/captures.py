"""The `captures` table: every response in the archive and where its record lies."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from operator import attrgetter
from typing import Any, Literal

from sqlite_utils import Database

from archive.capture import Capture, Original

_COLUMNS = [field.name for field in fields(Capture)]
_INSERT = f"insert into captures ({', '.join(_COLUMNS)}) values ({', '.join('?' * len(_COLUMNS))})"
_values = attrgetter(*_COLUMNS)
_SELECT = f"select {', '.join(_COLUMNS)} from captures"


class Captures:
    """The `captures` table as a collection of Capture records."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, capture: Capture) -> int:
        """Insert one; its row id. Raises sqlite3.IntegrityError if its record or its place is known already."""
        cursor = self.db.conn.execute(_INSERT, _values(capture))
        return int(cursor.lastrowid or 0)

    def get(self, id_: int) -> Capture | None:
        """The capture with that row id."""
        return self._first("id = ?", id_)

    def of(self, url: str) -> list[tuple[int, Capture]]:
        """All captures of an address with their row ids, oldest first."""
        rows = self.db.conn.execute(f"select id, {', '.join(_COLUMNS)} from captures where url = ? order by fetched_at, id", [url])
        return [(row[0], Capture(**dict(zip(_COLUMNS, row[1:], strict=True)))) for row in rows]

    def by_record(self, record_id: str) -> Capture | None:
        """The capture with that WARC-Record-ID."""
        return self._first("record_id = ?", record_id)

    def at(self, url: str, fetched_at: str) -> Capture | None:
        """The response of an address at that time: what a revisit without WARC-Refers-To repeats."""
        row = self.db.conn.execute(f"{_SELECT} where url = ? and fetched_at = ? and record_type = 'response' limit 1", [url, fetched_at]).fetchone()
        return Capture(**dict(zip(_COLUMNS, row, strict=True))) if row else None

    def enter(self, capture: Capture) -> int | None:
        """As `add`, but harmless when repeated; None where its record is known from another place."""
        try:
            return self.add(capture)
        except sqlite3.IntegrityError:
            row = self.db.conn.execute(
                "select id from captures where record_id = ? and warc = ? and offset = ?", [capture.record_id, capture.warc, capture.offset]
            ).fetchone()
            return row[0] if row else None

    def recast(self, id_: int, kind: str) -> None:
        """What it turned out to be fetched as."""
        self.db.conn.execute("update captures set kind = ? where id = ?", [kind, id_])

    def holds(self, record_id: str) -> bool:
        """Whether the record with that WARC-Record-ID has a row."""
        return self.db.conn.execute("select 1 from captures where record_id = ?", [record_id]).fetchone() is not None

    def same_payload(self, digest: str) -> Original | None:
        """The oldest whole response with that payload, for an identical-payload-digest revisit."""
        found = self._first("payload_digest = ? and record_type = 'response' and truncated is null order by id", digest)
        return _original(found, "identical-payload-digest") if found else None

    def latest(self, url: str) -> Original | None:
        """The whole response a 304 for that address says is still current, for a server-not-modified revisit."""
        found = self._first("url = ? and status = 200 and truncated is null order by fetched_at desc, id desc", url)
        if found and found.record_type == "revisit":
            found = self._first("record_id = ?", found.refers_to)
        return _original(found, "server-not-modified") if found else None

    def unsettled(self) -> list[tuple[int, Capture]]:
        """Captures of the last run whose address is still due: the run was killed before it had made rows of them."""
        columns = ", ".join(f"c.{name}" for name in _COLUMNS)
        rows = self.db.conn.execute(
            f"select c.id, {columns} from captures c left join frontier f on f.url = c.url where c.run = (select max(run) from captures)"
            " and c.kind != 'robots' and (f.id is null or f.state = 'pending' and f.attempts = 0)"
            " and (f.done_at is null or f.done_at < c.fetched_at) order by c.id"
        )
        return [(row[0], Capture(**dict(zip(_COLUMNS, row[1:], strict=True)))) for row in rows]

    def end_of(self, warc: str) -> int:
        """Offset behind the last indexed record of a file; 0 if it has none."""
        return int(self.db.conn.execute("select coalesce(max(offset + length), 0) from captures where warc = ?", [warc]).fetchone()[0])

    def _first(self, where: str, value: Any) -> Capture | None:
        row = self.db.conn.execute(f"{_SELECT} where {where} limit 1", [value]).fetchone()
        return Capture(**dict(zip(_COLUMNS, row, strict=True))) if row else None


def _original(found: Capture, profile: Literal["identical-payload-digest", "server-not-modified"]) -> Original:
    return Original(
        record_id=found.record_id, url=found.url, fetched_at=found.fetched_at,
        payload_digest=found.payload_digest or "", profile=profile,
    )
