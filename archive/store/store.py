"""An archive folder open for writing: WARC files, database, lock; and the order in which things become true."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Literal, cast

from archive.capture import Capture, Exchange, Original
from archive.guarded import Guarded, StorageFailure
from archive.store.backing import Backing
from archive.store.db import open_writer
from archive.store.lock import WriterLock
from archive.store.rows import Rows
from archive.store.untold import Stretch
from archive.warc import reader, recovery
from archive.warc.history import UNCHANGED
from archive.warc.layout import digest
from archive.warc.unchanged import Still, Stills
from archive.warc.writer import WarcWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When files are closed and when work is committed."""

    warc_max_bytes: int = 10**9
    warc_max_age: timedelta = timedelta(days=1)
    warc_goes_on: timedelta = timedelta(0)  # from run to run
    commit_captures: int = 200
    commit_seconds: float = 1.0


class Archive(Rows):
    """The one writer of an archive folder: its rows, and the WARC files they are made from.

    Work is acknowledged by `commit`, always in this order: WARC flush and fsync, then the SQLite commit. Between two
    commits rows live in one open transaction, so this process sees them and no reader does.
    """

    def __init__(
        self, folder: Path, *, info: Mapping[str, str], prefix: str = "campuswarc", limits: Limits | None = None
    ) -> None:
        """Take the lock, mend what a killed run left, open everything. Raises archive.store.lock.Locked."""
        self._limits = limits or Limits()
        self._lock = WriterLock(folder / "news.lock")
        self._lock.acquire()
        self.stale_owner = self._lock.stale_owner
        self.warc_folder = folder / "warc"
        self.backing = Backing(folder)
        self.warc_folder.mkdir(exist_ok=True)
        db = open_writer(folder / "news.db")
        super().__init__(db)
        self.recovered: list[recovery.Recovery] = []
        self._writer = WarcWriter(
            self.warc_folder,
            prefix=prefix,
            info=info,
            max_bytes=self._limits.warc_max_bytes,
            max_age=self._limits.warc_max_age,
            goes_on=self._limits.warc_goes_on,
        )
        self._uncommitted, self._committed_at = 0, monotonic()
        self._unchanged: list[Still] = []
        self.captures.load_unread()
        self._recover(folder / "quarantine")
        self._writer.go_on(self.untold.left())

    def record(self, exchange: Exchange) -> tuple[int, Capture]:
        """Write the exchange as a response, or as a revisit where its payload is in the archive; its row id and place.

        Raises StorageFailure; then there is neither a record nor a row.
        """
        self._connection.stand()
        if exchange.site in {still.site for still in self._unchanged}:  # what a site says is told in its order
            self._tell_unchanged()
        body_digest = digest(exchange.body)
        if original := self._original(exchange, body_digest):
            exchange = replace(exchange, revisit_of=original)
        try:
            capture = self._writer.write(exchange, run=self.run, body_digest=body_digest)
        except OSError as problem:
            raise self._failed(f"WARC record not written: {problem}") from problem
        self.backing.wrote(capture)
        self._uncommitted += 1
        return self.captures.recorded(capture), capture

    def record_resource(self, url: str, mime: str, payload: bytes, *, site: str = "") -> Capture:
        """Write something of our own making, such as the configuration in force, as a resource record."""
        self._connection.stand()
        try:
            return self._writer.write_resource(url, mime, payload, site=site, run=self.run)
        except OSError as problem:
            raise self._failed(f"WARC record not written: {problem}") from problem

    def record_rendering(self, page: Capture, html: str, made: str, sent: bytes) -> tuple[int, Capture]:
        """Write what a browser drew of a recorded page; its row id and place. Raises StorageFailure."""
        self._connection.stand()
        try:
            capture = self._writer.write_rendering(page, html, made, sent, run=self.run)
        except OSError as problem:
            raise self._failed(f"WARC record not written: {problem}") from problem
        self._uncommitted += 1
        return self.captures.recorded(capture), capture

    def unchanged(self, still: Still) -> None:
        """Note an address that says it has not changed, for the record that names all of them: it is written before the
        next commit."""
        self._unchanged.append(still)
        self._uncommitted += 1

    def _tell_unchanged(self) -> None:
        if self._unchanged:
            told, self._unchanged = self._unchanged, []
            self.record_resource(UNCHANGED, "application/json", Stills(tuple(told)).payload())

    def read(self, capture: Capture) -> reader.Record:
        """The record of a capture; a revisit gives its own headers and no payload. Raises archive.warc.reader
        errors."""
        return reader.read(self.warc_folder, capture.warc, capture.offset)

    def commit_if_due(self) -> bool:
        """Commit when enough captures or enough time lie behind; whether it did."""
        if (
            self._uncommitted >= self._limits.commit_captures
            or monotonic() - self._committed_at >= self._limits.commit_seconds
        ):
            self.commit()
            return True
        return False

    @property
    def commit_is_near(self) -> bool:
        """Whether half of what makes a commit due lies behind."""
        return (
            2 * self._uncommitted >= self._limits.commit_captures
            or 2 * (monotonic() - self._committed_at) >= self._limits.commit_seconds
        )

    def commit(self) -> None:
        """Acknowledge: everything recorded and stored so far is on disk when this returns. Raises StorageFailure.

        Two stores, no transaction over both, so the order decides what a kill can leave:

        1. What has not changed is written as a record: it must lie in the file before step 2 takes the file to disk.
        2. The records go to disk. Killed from here on, records without rows are left; the next start makes the rows.
        3. The rows are committed. A row therefore never names bytes that a power cut could still take.

        The other way round a kill in between would leave rows that point at nothing, and nobody could make the bytes
        again. Where 2 or 3 fails the connection is failed for good (`_failed`): a later commit that succeeded would
        acknowledge rows of this one, whose records may be lost.
        """
        try:
            self._tell_unchanged()
            self._writer.commit(self.articles.flush_index)  # the words are indexed while the disk takes the records
            self.untold.grow(self._writer.ends())
            super().commit()
        except StorageFailure:
            raise
        except (OSError, sqlite3.Error) as problem:
            raise self._failed(f"not committed: {problem}") from problem
        self._uncommitted, self._committed_at = 0, monotonic()

    def close(self) -> None:
        """Commit, close the WARC file validly, let go of the lock."""
        self.commit()
        self.untold.leave(self._writer.close())
        super().close()
        self._lock.release()

    def finish(self, warc: str) -> None:
        """Commit, and append nothing more to this file: its bytes are about to be changed."""
        self.commit()
        growing = self.untold.left()
        if warc in self._writer.ends() or (growing is not None and growing.warc == warc):
            self._writer.finish()
            self.untold.leave(None)
            self.commit()

    @property
    def remarks(self) -> list[str]:
        """What happened to the file that the last run left, where this one could not go on with it."""
        return self._writer.remarks

    def abandon(self) -> None:
        """Let go without acknowledging anything more, after a failure; the next start mends what was written."""
        self._writer.leave()
        with self.writing:
            # the disk may refuse that too; what was not committed does not count either way
            with suppress(sqlite3.Error):
                self.db.conn.rollback()
            self.db.close()
        self._lock.release()

    @property
    def unread(self) -> list[tuple[int, Capture]]:
        """Captures, with their row ids, that were recorded and not yet made rows of."""
        return self.captures.unread()

    @contextmanager
    def telling(self, first: Capture, last: Capture) -> Iterator[None]:
        """Rows of the records from `first` to `last`, which lie in one file, take several commits: a kill among these
        leaves them untold."""
        stretch = Stretch(
            last.warc, first.offset if first.warc == last.warc else last.offset, last.offset + last.length
        )
        self.untold.put(stretch)
        yield
        self.untold.told(stretch.warc, stretch.stop)

    @property
    def _connection(self) -> Guarded:
        return cast(Guarded, self.db.conn)

    def _failed(self, text: str) -> StorageFailure:
        """After it nothing more is stored: a commit that comes later would acknowledge rows whose records may be
        lost."""
        return self._connection.fail(StorageFailure(text))

    def backs(self, url: str) -> bool:
        """Whether what an address last gave is here in full, so that "not modified" may stand for it."""
        latest = self.captures.latest(url)
        return latest is not None and self.backing.holds(latest)

    def repeats(self, exchange: Exchange) -> bool:
        """Whether an address gives what it gave last, byte for byte, and that is here in full."""
        if exchange.status != 200 or not exchange.body or exchange.truncated:
            return False
        latest = self.captures.latest(exchange.url)
        return latest is not None and latest.payload_digest == digest(exchange.body) and self.backing.holds(latest)

    def _original(self, exchange: Exchange, body_digest: str) -> Original | None:
        """What a revisit may repeat: only what is there, proven a moment ago."""
        if exchange.status == 304:
            latest = self.captures.latest(exchange.url)
            return (
                _as_original(latest, "server-not-modified")
                if latest is not None and self.backing.holds(latest)
                else None
            )
        if not exchange.body or exchange.truncated:
            return None
        found = next(filter(self.backing.holds, self.captures.same_payload(body_digest)), None)
        return _as_original(found, "identical-payload-digest") if found else None

    def _recover(self, quarantine: Path) -> None:
        """Mend files of a killed run; note what it wrote but did not acknowledge, whose captures get their rows."""
        ends: dict[str, int] = {}  # before what is recovered has its rows

        def committed(warc: str) -> int:
            return ends.setdefault(warc, self.captures.end_of(warc))

        for found in recovery.recover(self.warc_folder, quarantine, committed):
            for capture in found.captures:
                if not self.captures.holds(capture.record_id):
                    self.runs.remember(capture.run, capture.fetched_at)
                    self.captures.recorded(capture)
            self.untold.closed(found.warc, found.kept, ends[found.warc])
            self.commit()  # before the file is closed: a closed file is not looked at again
            self.recovered.append(found)
        self.untold.none_grows()


def _as_original(found: Capture, profile: Literal["identical-payload-digest", "server-not-modified"]) -> Original:
    return Original(
        record_id=found.record_id,
        url=found.url,
        fetched_at=found.fetched_at,
        payload_digest=found.payload_digest or "",
        profile=profile,
    )
