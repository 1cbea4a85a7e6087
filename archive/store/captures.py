"""The `captures` table: every response in the archive and where its record lies."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from archive.capture import Capture
from archive.sqlite import as_json
from archive.warc.layout import GUESTS

if TYPE_CHECKING:
    from sqlite_utils import Database

_COLUMNS = [field.name for field in fields(Capture)]
_INSERT = f"insert into captures ({', '.join(_COLUMNS)}) values ({', '.join('?' * len(_COLUMNS))})"
_values = attrgetter(*_COLUMNS)
_GUESTS = (f"{GUESTS}/", f"{GUESTS}0")  # 0 comes behind /: a range, which the index on places answers
_SELECT = f"select {', '.join(_COLUMNS)} from captures"

READ = ("listing", "article", "attachment", "requisite")  # kinds of capture that mean something for the rows


class Captures:
    """The `captures` table as a collection of Capture records."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._unread: set[int] = set()
        self._noted: set[int] = set()

    def add(self, capture: Capture) -> int:
        """Insert one; its row id. Raises sqlite3.IntegrityError if its record or its place is known already."""
        cursor = self.db.conn.execute(_INSERT, _values(capture))
        return int(cursor.lastrowid or 0)

    def get(self, id_: int) -> Capture | None:
        """The capture with that row id."""
        return self._first("id = ?", id_)

    def of(self, url: str) -> list[tuple[int, Capture]]:
        """All captures of an address with their row ids, oldest first."""
        rows = self.db.conn.execute(
            f"select id, {', '.join(_COLUMNS)} from captures where url = ? order by fetched_at, id", [url]
        )
        return [(row[0], Capture(**dict(zip(_COLUMNS, row[1:], strict=True)))) for row in rows]

    def by_record(self, record_id: str) -> Capture | None:
        """The capture with that WARC-Record-ID."""
        return self._first("record_id = ?", record_id)

    def at(self, url: str, fetched_at: str) -> Capture | None:
        """The response of an address at that time, or in that second where it is told no finer: what a revisit without
        WARC-Refers-To repeats."""
        second = fetched_at[:19]
        row = self.db.conn.execute(
            f"{_SELECT} where url = ? and fetched_at >= ? and fetched_at <= ? and record_type in"
            " ('response', 'resource') order by fetched_at != ?, fetched_at limit 1",
            [url, *((second, f"{second}Z") if fetched_at == f"{second}Z" else (fetched_at, fetched_at)), fetched_at],
        ).fetchone()
        return Capture(**dict(zip(_COLUMNS, row, strict=True))) if row else None

    def enter(self, capture: Capture) -> int | None:
        """As `add`, but harmless when repeated; None where its record is known from another place."""
        try:
            return self.add(capture)
        except sqlite3.IntegrityError:
            row = self.db.conn.execute(
                "select id from captures where record_id = ? and warc = ? and offset = ?",
                [capture.record_id, capture.warc, capture.offset],
            ).fetchone()
            return row[0] if row else None

    def recast(self, id_: int, kind: str, site: str) -> None:
        """What it turned out to be, and whose."""
        self.db.conn.execute("update captures set kind = ?, site = ? where id = ?", [kind, site, id_])

    def guests(self) -> bool:
        """Whether there are pages which other tools recorded."""
        found = self.db.conn.execute("select 1 from captures where warc between ? and ? limit 1", _GUESTS)
        return found.fetchone() is not None

    def held(self, urls: Collection[str], last: int) -> dict[str, list[int]]:
        """Row ids, up to that one, of the pages which other tools recorded of these addresses, oldest first."""
        found: dict[str, list[int]] = {}
        if not self.guests():
            return found
        for url in urls:
            rows = self.db.conn.execute(
                "select id from captures where url = ? and id <= ? and status = 200 and kind not in ('probe', 'robots')"
                " and warc between ? and ? order by fetched_at, id",
                [url, last, *_GUESTS],
            ).fetchall()
            if rows:
                found[url] = [id_ for (id_,) in rows]
        return found

    def awaits(self, id_: int) -> bool:
        """Whether rows are still to be made of what that capture says."""
        return id_ in self._unread

    def hold(self, ids: Iterable[int]) -> None:
        """Rows are to be made of what these captures say: they have been named."""
        self._unread.update(ids)

    def holds(self, record_id: str) -> bool:
        """Whether the record with that WARC-Record-ID has a row."""
        return self.db.conn.execute("select 1 from captures where record_id = ?", [record_id]).fetchone() is not None

    def same_payload(self, digest: str) -> Iterator[Capture]:
        """Whole responses with that payload, any of which an identical-payload-digest revisit may repeat: the oldest,
        then from the newest on."""
        found = self.with_payload(digest)
        if found is not None:
            yield found
            for row in self.db.conn.execute(
                f"{_SELECT} where payload_digest = ? and record_type = 'response' and truncated is null order by id"
                " desc limit 20",
                [digest],
            ).fetchall():
                yield Capture(**dict(zip(_COLUMNS, row, strict=True)))

    def with_payload(self, digest: str) -> Capture | None:
        """The oldest whole response with that payload: what a revisit repeats that names neither record nor date."""
        return self._first("payload_digest = ? and record_type = 'response' and truncated is null order by id", digest)

    def row_of(self, record_id: str) -> int | None:
        """Row id of that record."""
        row = self.db.conn.execute("select id from captures where record_id = ?", [record_id]).fetchone()
        return row[0] if row else None

    def stood_at(self, url: str, fetched_at: str) -> Capture | None:
        """The newest whole response of an address up to that time: what a 304 that names nothing confirms."""
        row = self.db.conn.execute(
            f"{_SELECT} where url = ? and fetched_at <= ? and record_type = 'response' and status = 200 and truncated"
            " is null order by fetched_at desc, id desc limit 1",
            [url, fetched_at],
        ).fetchone()
        return Capture(**dict(zip(_COLUMNS, row, strict=True))) if row else None

    def refer(self, id_: int, original: Capture, *, bare: bool) -> None:
        """What a revisit repeats, and so what its payload is; one that is `bare` says of itself not even its status."""
        self.db.conn.execute(
            "update captures set refers_to = ?, payload_digest = ?"
            + (", status = ?, mime = ?" if bare else "")
            + " where id = ?",
            [original.record_id, original.payload_digest, *([original.status, original.mime] if bare else []), id_],
        )

    def waiting(self) -> list[int]:
        """Row ids of revisits in files of other tools that lead to no response so far, oldest first."""
        return [
            id_
            for (id_,) in self.db.conn.execute(
                "select id from captures c where record_type = 'revisit' and warc between ? and ? and not exists"
                " (select 1 from captures o where o.record_id = c.refers_to and o.record_type != 'revisit'"
                " and (c.status = 304 or o.payload_digest is c.payload_digest)) order by fetched_at, id",
                _GUESTS,
            )
        ]

    def latest(self, url: str) -> Capture | None:
        """The whole response a 304 for that address says is still current, for a server-not-modified revisit."""
        found = self._first(
            "url = ? and status = 200 and truncated is null and record_type != 'conversion'"
            " order by fetched_at desc, id desc",
            url,
        )
        return self.by_record(found.refers_to or "") if found and found.record_type == "revisit" else found

    def well(self, url: str) -> bool:
        """Whether an address gave its page, whole, when it last answered: it was neither gone, nor elsewhere, nor in
        trouble."""
        row = self.db.conn.execute(
            "select status in (200, 304) and truncated is null from captures where url = ? and record_type !="
            " 'conversion' order by fetched_at desc, id desc limit 1",
            [url],
        ).fetchone()
        return bool(row and row[0])

    def robots(self, url: str) -> Capture | None:
        """What a robots.txt answered last, runs left out in which something of our own network may have answered."""
        return self._first(
            "url = ? and kind = 'robots' and coalesce(run, 0) not in (select id from runs where network is not null)"
            " order by fetched_at desc, id desc",
            url,
        )

    def in_run(self, url: str, run: int | None) -> Capture | None:
        """What an address answered last in a run."""
        return self._first("url = ? and +run = ? order by fetched_at desc, id desc", url, run)

    def alike(self, urls: Collection[str], since: str, least: int) -> Iterator[str]:
        """Those of these addresses that have given since, byte for byte, what as many others gave too."""
        rows = self.db.conn.execute(
            "select url, payload_digest from captures where url in (select value from json_each(?)) and fetched_at >= ?"
            " and +status = 200",
            [as_json(list(urls)), since],
        ).fetchall()
        having: dict[str, set[str]] = {}
        for url, payload in rows:
            having.setdefault(payload, set()).add(url)
        for same in having.values():
            if len(same) >= least:
                yield from same

    def repeats(self, id_: int, capture: Capture) -> bool:
        """Whether a body that was cut had been cut from the same bytes before: it is as long as it ever will be."""
        if capture.truncated != "disconnect":
            return False
        sql = (
            "select 1 from captures where url = ? and id < ? and payload_digest = ? and truncated = ? and status = ?"
            " limit 1"
        )
        return (
            self.db.conn.execute(
                sql, [capture.url, id_, capture.payload_digest, capture.truncated, capture.status]
            ).fetchone()
            is not None
        )

    def recorded(self, capture: Capture) -> int:
        """As `add`, and rows are still to be made of it, where its kind means anything for them."""
        id_ = self.add(capture)
        if capture.kind in READ:
            self._unread.add(id_)
        return id_

    def says(self, id_: int, rights: tuple[str, ...]) -> None:
        """What the page of that capture says of rights; most say nothing."""
        if rights:
            self.db.conn.execute("update captures set rights = ? where id = ?", [as_json(rights), id_])

    def settled(self, id_: int) -> None:
        """Rows have been made of what that capture says."""
        self._unread.discard(id_)

    def note_unread(self) -> None:
        """Write down, as part of a commit, which captures rows have not been made of yet: there are a few at any
        time."""
        if self._unread != self._noted:
            self.db.conn.execute("delete from unread")
            self.db.conn.executemany("insert into unread (capture) values (?)", [(id_,) for id_ in self._unread])
            self._noted = set(self._unread)

    def load_unread(self) -> None:
        """Take over what the last commit noted, before anything else is noted."""
        self._noted = {row[0] for row in self.db.conn.execute("select capture from unread")}
        self._unread |= self._noted

    def unread(self) -> list[tuple[int, Capture]]:
        """Captures, with their row ids, which have been recorded but not made rows of, in order."""
        return [(id_, capture) for id_ in sorted(self._unread) if (capture := self.get(id_)) is not None]

    def end_of(self, warc: str) -> int:
        """Offset behind the last indexed record of a file; 0 if it has none."""
        return int(
            self.db.conn.execute(
                "select coalesce(max(offset + length), 0) from captures where warc = ?", [warc]
            ).fetchone()[0]
        )

    def _first(self, where: str, *values: Any) -> Capture | None:
        row = self.db.conn.execute(f"{_SELECT} where {where} limit 1", values).fetchone()
        return Capture(**dict(zip(_COLUMNS, row, strict=True))) if row else None
