"""A revisit is written only of a record that is there and holds; else what came is stored whole, and said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.store.backing import missing
from archive.store.db import open_reader
from archive.store.store import Archive
from archive.warc.history import UNCHANGED
from archive.warc.layout import OPEN, digest
from archive.warc.reader import read, records
from archive.warc.unchanged import Still
from tests.archive.warc.samples import HTML, INFO, exchange, only_file

Damage = Callable[[Path], object]


def overwritten(path: Path) -> None:
    """Of the same length, with bytes that are no records."""
    path.write_bytes(bytes(path.stat().st_size))


def flipped(path: Path) -> None:
    """One bit in every hundred bytes."""
    data = bytearray(path.read_bytes())
    for at in range(0, len(data), 100):
        data[at] ^= 1
    path.write_bytes(data)


def another(path: Path) -> None:
    """A sound file of another archive."""
    folder = path.parents[3] / "another"
    folder.mkdir()
    archive = Archive(folder, info=INFO)
    archive.record(exchange(HTML + b"other"))
    archive.close()
    shutil.copy(only_file(folder / "warc"), path)


DAMAGES: dict[str, Damage] = {
    "missing": Path.unlink,
    "moved away": lambda path: path.rename(path.parents[3] / "saved"),
    "emptied": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:300]),
    "overwritten": overwritten,
    "flipped": flipped,
    "another file": another,
}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """An archive of one page, closed."""
    archive = Archive(tmp_path, info=INFO)
    archive.record(exchange())
    archive.close()
    return tmp_path


def again(folder: Path) -> tuple[list[str], list[str]]:
    """Types of the records of the same page, and of "not modified", when the archive is opened anew; and what is
    said."""
    archive = Archive(folder, info=INFO)
    not_modified = exchange(b"", status=304, response_head=b"HTTP/1.1 304 Not Modified\r\n\r\n")
    confirmed = archive.backs(not_modified.url)
    types = [
        archive.record(not_modified)[1].record_type,
        archive.record(exchange())[1].record_type,
        archive.record(exchange())[1].record_type,
    ]
    assert archive.backs(not_modified.url), "it is here again"
    said = archive.backing.said()
    archive.close()
    assert confirmed == (types[0] == "revisit")
    return types, said


def test_what_is_there_is_repeated(kept: Path) -> None:
    assert again(kept) == (["revisit", "revisit", "revisit"], [])


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_is_gone_or_damaged_is_stored_whole_once_and_said(kept: Path, damage: Damage) -> None:
    path = only_file(kept / "warc")
    damage(path)
    types, said = again(kept)
    assert types == ["response", "response", "revisit"]
    [line] = said
    assert line.startswith(f"warc/{path.relative_to(kept / 'warc')} is ")
    assert "1 of its pages" in line
    types, _ = again(kept)
    assert types == ["revisit", "revisit", "revisit"], (
        "of the copy that is whole, though the first one is damaged still"
    )


def test_a_file_that_is_proven_elsewhere_counts_as_there(kept: Path) -> None:
    path = only_file(kept / "warc")
    (kept / "copies.jsonl").write_text(
        json.dumps(
            {
                "warc": path.relative_to(kept / "warc").as_posix(),
                "address": "memory://x",
                "size": path.stat().st_size,
                "sha256": "0" * 64,
                "at": "2026-01-01T00:00:00Z",
            }
        )
        + "\n"
    )
    path.unlink()
    assert again(kept) == (["revisit", "revisit", "revisit"], [])


def test_the_bytes_count_and_not_what_is_stated_of_them(kept: Path) -> None:
    """A row may say the digest of another page's bytes, as another tool had stated it."""
    archive = Archive(kept, info=INFO)
    other = HTML + b"longer"
    archive.db.conn.execute("update captures set payload_digest = ?", [digest(other)])
    assert archive.record(exchange(other, response_head=b"HTTP/1.1 200 OK\r\n\r\n"))[1].record_type == "response"
    [line] = archive.backing.said()
    assert "its bytes give" in line
    capture = archive.captures.latest(exchange().url)
    assert capture is not None and read(kept / "warc", capture.warc, capture.offset).payload in (other, HTML)
    archive.close()


@pytest.mark.parametrize(
    ("came", "said"),
    [
        ({}, True),
        ({"body": HTML + b"more"}, False),
        ({"body": b""}, False),
        ({"status": 404}, False),
        ({"truncated": "length"}, False),
        ({"url": "http://news.example.edu.cn/another.htm"}, False),
    ],
)
def test_only_a_whole_page_that_came_before_is_repeated(kept: Path, came: dict[str, Any], said: bool) -> None:
    archive = Archive(kept, info=INFO)
    assert archive.repeats(exchange(**came)) is said
    archive.close()


def test_files_that_are_gone_are_counted_but_not_those_that_are_proven_elsewhere(kept: Path) -> None:
    db = open_reader(kept / "news.db")
    path = only_file(kept / "warc")
    assert missing(db, kept) == {}
    path.rename(path.with_name(path.name + OPEN))
    assert missing(db, kept) == {}, "a run goes on with it"
    path.with_name(path.name + OPEN).unlink()
    warc = path.relative_to(kept / "warc").as_posix()
    assert missing(db, kept) == {warc: 1}
    copied = {"warc": warc, "address": f"s3://bucket/{warc}", "size": 10**6, "sha256": "0" * 64, "at": "", "start": 0}
    (kept / "copies.jsonl").write_text(json.dumps(copied) + "\n")
    assert missing(db, kept) == {}


def test_what_a_site_says_is_told_in_its_order(tmp_path: Path) -> None:
    """An address that had not changed before another of its site was recorded is named before it."""
    archive = Archive(tmp_path, info=INFO)
    archive.unchanged(Still("example_edu", "http://news.example.edu.cn/list.htm", "listing", "2026-11-30T08:00:00Z"))
    archive.record(exchange(site="another_edu"))
    archive.record(exchange(HTML + b"2"))
    archive.close()
    told = [record.url for record, _, _ in records(only_file(tmp_path / "warc")) if record.type != "request"]
    page = exchange().url
    assert [url for url in told if url in (page, UNCHANGED)] == [page, UNCHANGED, page]
