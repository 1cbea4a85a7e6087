"""An archive whose run was killed: what it had written gets its rows on the next start, the database lost or not."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from archive.store.store import Archive, Limits
from archive.store.untold import Stretch
from tests.archive.warc.samples import INFO, exchange


@pytest.mark.parametrize("database", ["kept", "lost"])
def test_records_of_a_killed_run_get_their_rows(tmp_path: Path, database: str) -> None:
    archive = Archive(tmp_path, info=INFO)
    archive.run = archive.runs.begin("2023-01-01T00:00:00Z")
    archive.record_resource("urn:campuswarc:sites", "application/toml", b"")
    _, known = archive.record(exchange(b"known", url="http://a.example/1"))
    archive.commit()
    _, unknown = archive.record(exchange(b"unknown", url="http://a.example/2"))
    archive.abandon()
    if database == "lost":
        for path in tmp_path.glob("news.db*"):
            path.unlink()
    again = Archive(tmp_path, info=INFO)
    assert [capture for _, capture in again.unread] == [known, unknown]  # neither has been made rows of
    assert [again.captures.by_record(capture.record_id) for capture in (known, unknown)] == [known, unknown]
    assert again.read(unknown).payload == b"unknown"
    again.close()
    assert not Archive(tmp_path, info=INFO).recovered


def test_a_kill_between_indexing_and_closing_is_made_good(tmp_path: Path) -> None:
    archive = Archive(tmp_path, info=INFO)
    _, capture = archive.record(exchange())
    archive.abandon()
    child = os.fork()
    if child == 0:
        Archive.commit = lambda self: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment, method-assign]
        Archive(tmp_path, info=INFO)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    again = Archive(tmp_path, info=INFO)
    assert [found.captures for found in again.recovered] == [[capture]]
    assert again.captures.by_record(capture.record_id) == capture
    again.close()


def test_what_a_commit_told_of_is_not_told_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path, info=INFO, limits=Limits(warc_max_bytes=1))  # each commit begins a new file
    archive.record_resource("urn:campuswarc:run", "application/json", b"{}")
    archive.commit()
    told = archive.record_resource("urn:campuswarc:run", "application/json", b"{}")
    archive.commit()
    untold = archive.record_resource("urn:campuswarc:run", "application/json", b"{}")
    archive.abandon()
    for _ in ("killed again", "and once more"):
        again = Archive(tmp_path, info=INFO)
        [stretch] = again.untold.stretches()
        assert (stretch.warc, stretch.stop) == (untold.warc, untold.offset + untold.length)
        assert stretch.warc != told.warc and stretch.start <= untold.offset
        again.abandon()


def test_a_database_of_before_tells_up_to_its_last_capture(tmp_path: Path) -> None:
    archive = Archive(tmp_path, info=INFO)
    _, known = archive.record(exchange())
    archive.commit()
    behind = archive.record_resource("urn:campuswarc:accepted", "application/json", b"{}")
    archive.abandon()
    with sqlite3.connect(tmp_path / "news.db") as db:
        db.execute("drop table untold")
        db.execute("delete from _sqlite_migrations where name in ('m033_untold', 'm041_going_on')")
    db.close()
    again = Archive(tmp_path, info=INFO)
    assert again.untold.stretches() == [Stretch(known.warc, known.offset + known.length, behind.offset + behind.length)]
    again.close()
