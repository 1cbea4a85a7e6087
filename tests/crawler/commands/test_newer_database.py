"""A news.db made by a newer version is refused by every command that would open it, and stays as it is."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.store.db import NewerDatabase, fitting, open_reader, open_writer
from archive.store.store import Archive
from crawler.cli import Commands, main
from tests.archive.warc.samples import INFO, exchange
from tests.benchmarks import archive_folder

WITHOUT = {  # commands that open no news.db
    "add",
    "check",
    "copy",
    "dictionary",
    "init",
    "seal",
    "shards",  # opens those of the shards: tests/crawler/shards
    "demo",  # makes an archive of its own, and calls the others
    # edit sites.toml, or what is acknowledged, alone; what that means for rows is the next crawl's matter
    "ack",
    "pause",
    "rename",
    "resume",
    "retire",
}
ARGUMENTS = {
    "accept": [["one"]],
    "review": [[], ["--list"], ["--labelled", "out"]],
    "withhold": [["one", "--reason", "x"]],
    "release": [["one", "--reason", "x"]],
    "cite": [["http://a.example/"]],
    "look-again": [["one"]],
    "ocr": [["--list"]],
    "entities": [[], ["--find"]],
    "twins": [[], ["--find"]],
    "diff": [["http://a.example/"], ["--gone"]],
    "fix": [["one"]],
    "export": [["jsonl", "out"], ["sqlite", "out.db"], ["bagit", "--whole", "bag"]],
    "ingest": [["campuswarc.toml"]],
    "merge": [["other"]],
    "rebuild": [["--yes"], ["--yes", "--only", "one"], ["--reader-changed", "--yes"]],
    "search": [["x"], ["--count", "x"]],
    "sites": [["--due"]],
    "show": [["http://a.example/"]],
    "verify": [[], ["--quick"], ["--repair"]],
    "crawl": [[], ["--full"]],
    "watch": [["add", "x", "学"], ["run"], ["show", "x"]],
}
ALL = Commands().list_commands(None)  # type: ignore[arg-type]  # it looks at no context
CALLS = [[name, *more] for name in ALL if name not in WITHOUT for more in ARGUMENTS.get(name, [[]])]


def add_step(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('campuswarc', 'm999_later',"
            " '2036')"
        )
        db.commit()


def sites(name: str) -> str:
    return archive_folder.sudy(name, f"http://127.0.0.1:9/{name}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("other", "archive"):
        folder = archive_folder.make(tmp_path / name, sites("one"))
        archive = Archive(folder, info=INFO)
        archive.record(exchange())
        archive.close()
    add_step(folder / "news.db")
    monkeypatch.chdir(folder)
    (folder / "other").symlink_to(tmp_path / "other")
    return folder


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_it_is_refused_by_every_command(folder: Path, call: list[str]) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "news.lock"}
    done = CliRunner().invoke(main, ["-C", str(folder), *call])
    assert done.exit_code == 1, done.output
    assert "made by a newer campuswarc" in done.output and "Traceback" not in done.output
    after = {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("news.lock", "news.db-wal", "news.db-shm")
    }
    assert after == before


def test_there_is_no_other_door() -> None:
    """Who connects to a file by himself asks `fitting`, or it has been let in before. (Databases without a file are
    nobody's.)"""
    root = archive_folder.ROOT
    connecting = {
        path.relative_to(root).as_posix()
        for layer in ("archive", "crawler")
        for path in (root / layer).rglob("*.py")
        if re.search(
            r'(?:sqlite3\.|(?<![.\w])(?<!def ))connect(?:_guarded)?\((?!"(:memory:)?")',
            path.read_text(encoding="utf-8"),
        )
    }
    assert connecting == {
        "archive/sqlite.py",  # how all of these open a file
        "archive/guarded.py",  # how those that write do
        "archive/store/db.py",
        "archive/proof/verify.py",
        "archive/exports/bagit.py",
        "crawler/history/rebuild.py",
        "crawler/history/replacing.py",  # let in by open_reader before
        "archive/store/identifiers.py",  # the old database of a rebuild, let in before
        "archive/near/across.py",  # a scratch database of its own
        "archive/web/served_archive.py",  # asks `fitting` for each page
        "archive/photos/likeness.py",  # a database of its own, beside news.db
        "archive/watches/journal.py",  # a database of its own, beside news.db
        "crawler/shards/task.py",  # counts rows while a crawl goes on, says nothing of them
        "crawler/exits.py",  # after a command has failed, to say why
    }


def test_a_reader_and_a_writer_are_told_apart_from_what_is_only_older(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    open_writer(path).close()
    assert fitting(open_reader(path), path) == []
    add_step(path)
    for opening in (open_reader, open_writer):
        with pytest.raises(NewerDatabase, match="m999_later"):
            opening(path)


def test_another_archive_of_a_newer_version_is_not_merged(tmp_path: Path) -> None:
    for name in ("this", "that"):
        Archive(archive_folder.make(tmp_path / name, sites("one")), info=INFO).close()
    add_step(tmp_path / "that" / "news.db")
    done = CliRunner().invoke(main, ["-C", str(tmp_path / "this"), "merge", str(tmp_path / "that")])
    assert (done.exit_code, "made by a newer campuswarc" in done.output) == (1, True), done.output
