"""After the first failure of the disk a writer's connection does nothing more, and what it had not committed does not
count."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.guarded import DamagedDatabase, StorageFailure
from archive.store.db import open_writer
from archive.store.rows import Rows
from archive.store.store import Archive
from tests.archive.warc.samples import INFO, exchange

MORE = "insert into failures (url, site, kind, at) values (?, 'one', 'test', '2026')"


def full(path: Path, db: sqlite3.Connection) -> None:
    """No page more may be had: what a full disk says."""
    db.execute(f"pragma max_page_count = {db.execute('pragma page_count').fetchone()[0] + 20}")
    for _ in range(1000):
        db.execute(MORE, ["x" * 10_000])


def read_only(path: Path, db: sqlite3.Connection) -> None:
    db.execute("pragma query_only = on")
    db.execute(MORE, ["http://a.example/"])


def malformed(path: Path, db: sqlite3.Connection) -> None:
    """Each page but the first overwritten, while it is open."""
    with path.open("r+b") as file:
        for page in range(1, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    db.execute("pragma cache_size = 0")
    db.execute(MORE, ["http://a.example/"])
    db.execute("select count(*) from captures, articles, frontier, failures").fetchall()


def rolled_back(path: Path, db: sqlite3.Connection) -> None:
    """An error of another kind, with which the transaction is gone all the same."""
    db.execute("insert or rollback into sites (id) values ('one')")


@pytest.mark.parametrize(
    ("fails", "as_what"),
    [(full, StorageFailure), (read_only, StorageFailure), (malformed, DamagedDatabase), (rolled_back, StorageFailure)],
)
def test_no_statement_and_no_commit_comes_after_a_failure(
    tmp_path: Path, fails: Callable[[Path, sqlite3.Connection], None], as_what: type[Exception]
) -> None:
    path = tmp_path / "news.db"
    rows = Rows(open_writer(path))
    rows.sites.put({"id": "one"}, "2026-11-01T08:00:00Z")
    rows.close()
    rows = Rows(open_writer(path))
    db = rows.db.conn
    db.execute(MORE, ["http://a.example/first-half"])
    with pytest.raises(as_what):
        fails(path, db)
    for act in (
        lambda: db.execute("begin"),
        lambda: db.execute("select 1"),
        lambda: db.cursor().execute("select 1"),
        db.commit,
        rows.commit,
        lambda: db.executemany(MORE, [["http://a.example/second-half"]]),
        lambda: db.executescript("select 1"),
        lambda: rows.db.execute("commit"),
    ):
        with pytest.raises(as_what):
            act()
    with pytest.raises(as_what), db:
        pass
    db.close()
    if as_what is not DamagedDatabase:
        with closing(sqlite3.connect(path)) as after:
            assert after.execute("select count(*) from failures").fetchone() == (0,)
            assert after.execute("select id from sites").fetchall() == [("one",)]


def test_an_error_of_a_statement_alone_ends_nothing(tmp_path: Path) -> None:
    rows = Rows(open_writer(tmp_path / "news.db"))
    for mistyped in ("select no_such_column from articles", "insert into articles (id) values (1)", "select"):
        with pytest.raises(sqlite3.Error):
            rows.db.conn.execute(mistyped)
    rows.sites.put({"id": "one"}, "2026-11-01T08:00:00Z")
    rows.close()


def test_rows_are_not_committed_after_their_records_could_not_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second fsync after one that failed says all is well, though what the first was for is lost."""
    archive = Archive(tmp_path, info=INFO)
    archive.record(exchange(b"kept", url="http://a.example/1"))
    archive.commit()
    archive.record(exchange(b"lost", url="http://a.example/2"))
    with monkeypatch.context() as broken:
        broken.setattr("archive.warc.file.WarcFile.sync", _refuse)
        with pytest.raises(StorageFailure, match="not committed"):
            archive.commit()
    for act in (archive.commit, lambda: archive.record(exchange(b"more", url="http://a.example/3")), archive.close):
        with pytest.raises(StorageFailure, match="not committed"):
            act()
    archive.abandon()
    with closing(sqlite3.connect(tmp_path / "news.db")) as after:
        assert after.execute("select url from captures").fetchall() == [("http://a.example/1",)]


def _refuse(self: object) -> None:
    raise OSError(28, "No space left on device")
