"""What has become of stories in the order in which it was noted, how far each watch has read, what is still to be sent.

A database of its own, watches.db: news.db can be made anew from the WARC files, and what was told cannot.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from archive.changes.candidates import KINDS, Candidate, candidates
from archive.guarded import DamagedDatabase, connect_guarded
from archive.identity import identifier

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = """
create table if not exists events (n integer primary key, id text not null unique, url text not null, at text not null);
create table if not exists cursors (watch text primary key, n integer not null) without rowid;
create table if not exists outbox (key text primary key, watch text not null, payload text not null, made text not null,
  problem text) without rowid;
create table if not exists delivered (key text not null, address text not null, primary key (key, address))
  without rowid;
"""
_CURE = "nothing can make it again: move it away, and each watch begins anew with what comes next"


@dataclass(frozen=True, slots=True)
class Event:
    """Something became of a story."""

    n: Annotated[int, "Its place in the journal"]
    id: Annotated[str, "`new:IDENTIFIER`, or `KIND:IDENTIFIER:TIME`: the same after a rebuild"]
    url: str
    at: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A digest that is to be delivered: the same key and the same bytes at every try."""

    key: str
    watch: str
    payload: str
    problem: Annotated[str, "Of the last try; empty if none"]


def change_id(one: Candidate) -> str:
    """The id of the event that a change is."""
    return f"{one.kind}:{identifier(one.url)}:{''.join(filter(str.isdigit, one.at))[:14]}"


class Journal:
    """watches.db, open for one process that writes; each method is one transaction."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Raises StorageFailure and sqlite3.Error; a reader wants a file that is there."""
        if read_only:
            self._db = connect_guarded(path, uri=f"{path.absolute().as_uri()}?mode=ro", cure=_CURE, timeout=5)
        else:
            path.touch(mode=0o600)  # the addresses that have got something may hold passwords
            self._db = connect_guarded(path, cure=_CURE, timeout=30, isolation_level=None)
        try:
            if not read_only:
                self._db.execute("pragma synchronous = full")
                self._db.execute("pragma secure_delete = on")  # what is withheld is overwritten where it waited
                self._db.executescript(_TABLES)
            elif not self._db.execute("select 1 from sqlite_master where name = 'delivered'").fetchone():
                raise DamagedDatabase(f"{path}: there are no watches in it; {_CURE}")
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    @property
    def end(self) -> int:
        """The number of the latest event; 0 if there is none."""
        return int(self._db.execute("select coalesce(max(n), 0) from events").fetchone()[0])

    def note(self, db: Database) -> int:
        """Enter what has become of stories since: the new ones, and changes; how many events there are more.

        What is known is told by its id, never by its time: what an ingest or a late commit brings of before is news.
        """
        known = {row[0] for row in self._db.execute("select id from events")}
        found = [*self._stories(db, known), *self._changes(db, known)]
        found.sort(key=lambda one: (one[2], one[0]))
        with self._writing():
            self._db.executemany("insert or ignore into events (id, url, at) values (?, ?, ?)", found)
        return len(found)

    @staticmethod
    def _stories(db: Database, known: set[str]) -> Iterator[tuple[str, str, str]]:
        """Stories that are new; one that has moved was news at its former address."""
        held = db.execute("select identifier, url from identifiers").fetchall()
        told = {url for one, url in held if f"new:{one}" in known}
        for url, at in db.execute("select a.url, a.first_seen from articles a").fetchall():
            if (id_ := f"new:{identifier(url)}") not in known and url not in told:
                yield id_, url, at

    @staticmethod
    def _changes(db: Database, known: set[str]) -> Iterator[tuple[str, str, str]]:
        for kind in KINDS:
            for one in candidates(db, kind, ("1", []), None, None):
                if (id_ := change_id(one)) not in known:
                    yield id_, one.url, one.at

    def cursor(self, watch: str) -> int | None:
        """How far a watch has read; None where it has not begun."""
        row = self._db.execute("select n from cursors where watch = ?", [watch]).fetchone()
        return int(row[0]) if row else None

    def begin(self, watch: str) -> None:
        """What is known now is no news to that watch."""
        with self._writing():
            self._db.execute("insert or replace into cursors values (?, ?)", [watch, self.end])

    def forget(self, watch: str) -> None:
        """Nothing is left of it: not its place, nor what it has still to send."""
        with self._writing():
            self._db.execute("delete from delivered where key in (select key from outbox where watch = ?)", [watch])
            self._db.execute("delete from outbox where watch = ?", [watch])
            self._db.execute("delete from cursors where watch = ?", [watch])

    def after(self, n: int) -> list[Event]:
        """Events behind that one, in order."""
        rows = self._db.execute("select n, id, url, at from events where n > ? order by n", [n])
        return [Event(*row) for row in rows]

    def before(self, n: int, limit: int) -> list[Event]:
        """The latest events in front of that one, the latest first."""
        rows = self._db.execute("select n, id, url, at from events where n < ? order by n desc limit ?", [n, limit])
        return [Event(*row) for row in rows]

    def pack(self, watch: str, parcels: Iterable[tuple[str, str]], upto: int, made: str) -> None:
        """Put what is to be sent (key, payload) into the outbox and the watch forward, both or neither."""
        with self._writing():
            self._db.executemany(
                "insert or ignore into outbox (key, watch, payload, made) values (?, ?, ?, ?)",
                [(key, watch, payload, made) for key, payload in parcels],
            )
            self._db.execute("insert or replace into cursors values (?, ?)", [watch, upto])

    def outbox(self, watch: str | None = None) -> list[Parcel]:
        """What is still to be delivered, the oldest first."""
        rows = self._db.execute(
            "select key, watch, payload, coalesce(problem, '') from outbox where ? is null or watch = ?"
            " order by made, key",
            [watch, watch],
        )
        return [Parcel(*row) for row in rows]

    def instead(self, key: str, parcels: Iterable[tuple[str, str]]) -> None:
        """Put others (key, payload) in the place of one that waits; who has got that one gets none of them."""
        with self._writing():
            for other, payload in parcels:
                self._db.execute(
                    "insert or ignore into outbox (key, watch, payload, made) select ?, watch, ?, made from outbox"
                    " where key = ?",
                    [other, payload, key],
                )
                self._db.execute(
                    "insert or ignore into delivered select ?, address from delivered where key = ?", [other, key]
                )
            self._db.execute("delete from delivered where key = ?", [key])
            self._db.execute("delete from outbox where key = ?", [key])

    def has_got(self, key: str, address: str) -> bool:
        """Whether that address has acknowledged it."""
        return (
            self._db.execute("select 1 from delivered where key = ? and address = ?", [key, address]).fetchone()
            is not None
        )

    def got(self, key: str, address: str) -> None:
        """It has."""
        with self._writing():
            self._db.execute("insert or ignore into delivered values (?, ?)", [key, address])

    def failed(self, key: str, problem: str) -> None:
        """Why it could not be delivered; the next run tries again."""
        with self._writing():
            self._db.execute("update outbox set problem = ? where key = ?", [problem, key])

    def done(self, key: str) -> None:
        """All addresses have it."""
        with self._writing():
            self._db.execute("delete from delivered where key = ?", [key])
            self._db.execute("delete from outbox where key = ?", [key])

    def _writing(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("begin immediate")

    def __exit__(self, kind: object, *_: object) -> None:
        self._db.execute("rollback" if kind else "commit")


def payload_of(text: str) -> dict[str, object]:
    """A parcel's payload, as an object."""
    found = json.loads(text)
    assert isinstance(found, dict)
    return found
