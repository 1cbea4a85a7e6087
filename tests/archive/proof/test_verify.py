"""What verify finds, and what it lets pass, in archives with one thing wrong."""

from __future__ import annotations

import gzip
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.article import Article
from archive.capture import Capture
from archive.proof.repair import repair
from archive.proof.verify import Report, verify
from archive.store.store import Archive
from archive.warc.layout import OPEN, Fields, digest, member
from archive.warc.reader import records
from archive.warc.verify import check_file
from tests.archive.warc.samples import HEAD, HTML, INFO, exchange, only_file, writer

PAGES = 6


def make(folder: Path) -> list[Capture]:
    """A closed archive of some pages, one of them fetched again unchanged, each with its article."""
    archive = Archive(folder, info=INFO)
    archive.run = archive.runs.begin("2023-01-01T00:00:00Z")
    archive.record_resource("urn:campuswarc:sites", "application/toml", b"[example_edu]\n")
    captures = []
    for n in [*range(PAGES - 1), 0]:
        body = random.Random(n).randbytes(3000) + HTML
        url = f"http://a.example/{n}"
        row, capture = archive.record(exchange(body, url=url, response_head=HEAD % len(body)))
        captures.append(capture)
        story = Article(url=url, site="example_edu", title=f"新闻 {n}", body=f"words {n}")
        archive.articles.save(story, digest=str(n), reader="1", capture=row, seen=capture.fetched_at)
    archive.close()
    return captures


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Capture]]:
    folder = tmp_path_factory.mktemp("pristine")
    return folder, make(folder)


@pytest.fixture
def archive(pristine: tuple[Path, list[Capture]], tmp_path: Path) -> tuple[Path, list[Capture]]:
    folder = tmp_path / "archive"
    shutil.copytree(pristine[0], folder)
    return folder, pristine[1]


def kinds(report: Report) -> list[str]:
    return sorted({finding.kind for finding in report.findings})


def warc_of(folder: Path) -> Path:
    return only_file(folder / "warc")


@pytest.mark.parametrize("options", [{}, {"quick": True}, {"sample": 3}])
def test_a_sound_archive_has_no_finding(pristine: tuple[Path, list[Capture]], options: dict[str, int]) -> None:
    folder, captures = pristine
    assert [capture.record_type for capture in captures] == ["response"] * (PAGES - 1) + ["revisit"]
    report = verify(folder, **options)  # type: ignore[arg-type]
    assert report.findings == []
    assert report.skipped == []
    assert (report.files, report.rows) == (1, PAGES)
    if not options:
        assert report.records == 2 * PAGES + 2
        assert report.bytes == warc_of(folder).stat().st_size


@pytest.mark.parametrize("options", [{}, {"quick": True}, {"sample": 3}])
def test_without_a_database_the_files_are_looked_at_all_the_same(
    archive: tuple[Path, list[Capture]], options: dict[str, int]
) -> None:
    folder, _ = archive
    for path in folder.glob("news.db*"):
        path.unlink()
    report = verify(folder, **options)  # type: ignore[arg-type]
    assert kinds(report) == ["database"] and report.records == 2 * PAGES + 2


def test_a_quick_look_reads_only_what_lies_behind_the_last_rows(pristine: tuple[Path, list[Capture]]) -> None:
    assert verify(pristine[0], quick=True).records <= 4


def test_a_tail_torn_at_any_byte_is_found(archive: tuple[Path, list[Capture]]) -> None:
    """warcio check exits 0 on it."""
    folder, captures = archive
    path = warc_of(folder)
    data = path.read_bytes()
    [*_, (_, request, _)] = records(path)
    whole = {len(data), request}
    begin = captures[-1].offset
    for cut in range(begin + 1, len(data)):
        path.write_bytes(data[:cut])
        torn = [finding.offset for finding in check_file(path, captures[-1].warc, start=begin)]
        assert torn == ([] if cut in whole else [request if cut > request else begin]), cut
    for cut in random.Random(3).sample(range(begin + 1, len(data)), 12):
        path.write_bytes(data[:cut])
        for options in ({}, {"quick": True}):
            assert ("torn" in kinds(verify(folder, **options))) is (cut not in whole)  # type: ignore[arg-type]
    path.write_bytes(data[:-9])
    check = subprocess.run([sys.executable, "-m", "warcio.cli", "check", str(path)], capture_output=True)
    assert check.returncode == 0, "warcio has learned to see torn tails: say so in the docs"


def test_any_flipped_byte_is_found_and_located(archive: tuple[Path, list[Capture]]) -> None:
    """Except in the bytes of a gzip header that no reader looks at (RFC 1952: MTIME, XFL, OS)."""
    folder, _ = archive
    path = warc_of(folder)
    data = path.read_bytes()
    places = [(offset, length) for _, offset, length in records(path)]
    rnd = random.Random(7)
    for offset, length in places:
        for at in (offset, offset + 2, offset + length - 1, offset + length - 5, offset + rnd.randrange(10, length)):
            flipped = bytearray(data)
            flipped[at] ^= 1 << rnd.randrange(8)
            path.write_bytes(flipped)
            report = verify(folder)
            assert any(
                finding.offset == offset and finding.kind in ("damaged", "torn") for finding in report.findings
            ), at


Change = Callable[[Path, list[Capture]], object]


def sql(statement: str) -> Change:
    def change(folder: Path, captures: list[Capture]) -> None:
        with sqlite3.connect(folder / "news.db") as db:
            db.execute(statement)
        db.close()

    return change


def append(fields: Fields, block: bytes) -> Change:
    def change(folder: Path, captures: list[Capture]) -> None:
        known = {
            "{id}": captures[0].record_id,
            "{date}": captures[0].fetched_at,
            "{digest}": captures[0].payload_digest or "",
        }
        data = member([(name, known.get(value, value)) for name, value in fields], block)
        with warc_of(folder).open("ab") as file:
            file.write(data)

    return change


BASE = [
    ("WARC-Type", "metadata"),
    ("WARC-Record-ID", "<urn:x:1>"),
    ("WARC-Date", "2023-01-01T00:00:00Z"),
    ("WARC-Target-URI", "http://a.example/"),
]
REVISIT = [
    ("WARC-Type", "revisit"),
    *BASE[1:],
    ("WARC-Profile", "x"),
    ("Content-Type", "application/http;msgtype=response"),
]
RESPONSE = [("WARC-Type", "response"), *BASE[1:], ("Content-Type", "application/http;msgtype=response")]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"


@pytest.mark.parametrize(
    ("change", "found", "text"),
    [
        (lambda folder, _: warc_of(folder).unlink(), ["row"], f"{PAGES} rows point into it"),
        (lambda folder, _: (folder / "news.db").unlink(), ["database"], "rebuild"),
        (lambda folder, _: (folder / "news.db").write_bytes(b"not a database" * 100), ["database"], "cannot be read"),
        (lambda folder, _: warc_of(folder).rename(f"{warc_of(folder)}{OPEN}"), ["open"], "left open"),
        (lambda folder, _: (folder / "warc/x.warc.gz").touch(), ["damaged"], "empty file"),
        (sql("update captures set status = 404 where id = 2"), ["row"], "differs from its record in status"),
        (sql("update captures set url = 'http://b.example/' where id = 2"), ["row"], "in url"),
        (sql("update captures set payload_digest = 'sha1:X' where id = 1"), ["row"], "in payload_digest"),
        (sql("update captures set offset = offset + 1 where id = 2"), ["orphan", "row"], "no whole record begins here"),
        (sql("update captures set length = length + 1 where id = 2"), ["row"], "in length"),
        (sql("delete from captures where id = 6"), ["orphan"], "has no row"),
        (sql("update articles set current_version = null where id = 1"), ["row"], "without its current version"),
        (sql("update articles set current_version = 2 where id = 1"), ["row"], "without its current version"),
        (sql("update version_rows set capture = null where id = 1"), ["row"], "from no capture"),
        (sql("update version_rows set capture = 999 where id = 1"), ["database"], "names a row of captures"),
        (
            sql("update version_rows set title = null, article = 1, n = 2 where id = 2"),
            ["row"],
            "a version without its words",
        ),
        (sql("update articles set title = 'another' where id = 1"), ["search"], "malformed"),
        (append(BASE, b"x"), [], ""),
        (append([*BASE, ("WARC-Block-Digest", digest(b"x"))], b"x"), [], ""),
        (append([*BASE, ("WARC-Block-Digest", "sha1:11f6ad8ec52a2984abaafd7c3b516503785c2072")], b"x"), [], ""),
        (append([*BASE, ("WARC-Block-Digest", digest(b"y"))], b"x"), ["digest"], "its bytes give"),
        (append([*BASE, ("WARC-Block-Digest", "rot13:abc")], b"x"), [], ""),  # any token is legal (section 5.8)
        (
            append(
                [*BASE, ("WARC-Block-Digest", "SHA-256:LVYBNNTYUJDZ3YRZ7XPTIYPFE6CNGVLMZIZUAQCR6OGQD6MRJB5A")], b"x"
            ),
            ["digest"],
            "its bytes give",
        ),
        (append([*BASE, ("WARC-Block-Digest", "")], b"x"), ["digest"], "its bytes give another"),
        (append([*BASE, ("WARC-Block-Digest", "sha1")], b"x"), ["digest"], "its bytes give"),
        (append(BASE[1:], b"x"), ["field"], "no WARC-Type"),
        (append([("WARC-Type", "novel"), *BASE[1:]], b"x"), ["field"], "WARC-Type 'novel'"),
        (append([BASE[0], *BASE[2:]], b"x"), ["field"], "no WARC-Record-ID"),
        (append([*BASE[:2], ("WARC-Date", "yesterday"), BASE[3]], b"x"), ["field"], "WARC-Date 'yesterday'"),
        (append([*BASE[:2], ("WARC-Date", "2023-02-31T00:00:00Z"), BASE[3]], b"x"), ["field"], "WARC-Date"),
        (append([("WARC-Type", "resource"), *BASE[1:3]], b"x"), ["field"], "no WARC-Target-URI"),
        (append([*BASE, ("warc-date", "2023-01-01T00:00:00Z")], b"x"), ["field"], "warc-date stands 2 times"),
        (append([*BASE, ("WARC-Warcinfo-ID", "<urn:x:2>")], b"x"), ["field"], "is not the warcinfo above"),
        (append([BASE[0], ("WARC-Record-ID", "{id}"), *BASE[2:]], b"x"), ["duplicate", "revisit"], "an earlier record"),
        (append([*REVISIT, ("WARC-Refers-To", "<urn:x:9>")], OK), ["orphan", "revisit"], "which is nowhere"),
        (
            append(
                [
                    *REVISIT,
                    ("WARC-Refers-To", "{id}"),
                    ("WARC-Refers-To-Date", "{date}"),
                    ("WARC-Payload-Digest", "{digest}"),
                ],
                OK,
            ),
            ["orphan"],
            "",
        ),
        (
            append([*REVISIT, ("WARC-Refers-To", "{id}"), ("WARC-Payload-Digest", "sha1:X")], OK),
            ["orphan", "revisit"],
            "whose digest is another",
        ),
        (
            append([*REVISIT[:4], *REVISIT[5:], ("WARC-Refers-To", "{id}")], OK),
            ["field", "orphan"],
            "without WARC-Profile",
        ),
        (append(RESPONSE, OK + b"four"), ["orphan"], ""),
        (append(RESPONSE, OK + b"three"), ["length", "orphan"], "says 4, the stored body has 5 bytes"),
        (append([*RESPONSE, ("WARC-Truncated", "length")], OK + b"3"), ["orphan"], ""),
        (append(RESPONSE, b"\x00\x01"), ["field", "orphan"], "no HTTP status line"),
    ],
)
def test_one_thing_wrong(archive: tuple[Path, list[Capture]], change: Change, found: list[str], text: str) -> None:
    folder, captures = archive
    change(folder, captures)
    report = verify(folder)
    assert kinds(report) == found
    assert text in "\n".join(map(str, report.findings))
    assert report.ok is (not found)


def test_a_pair_torn_apart_is_found_but_not_at_the_end_of_a_file(archive: tuple[Path, list[Capture]]) -> None:
    folder, _ = archive
    path = warc_of(folder)
    data, places = path.read_bytes(), list(records(path))
    path.write_bytes(data[: places[-1][1]])
    assert verify(folder).findings == []
    _, offset, length = places[-3]
    hole = next(place for place in places if place[1] == offset)
    assert hole[0].type == "request"
    path.write_bytes(data[:offset] + data[offset + length :])
    assert "pair" in kinds(verify(folder))


def test_only_warc_files_are_taken_for_such(archive: tuple[Path, list[Capture]]) -> None:
    folder, _ = archive
    path = warc_of(folder)
    for name in ("x.warc.gz.idx", "x.cdxj", "x.warc.txt"):
        path.with_name(name).write_bytes(b"no WARC")
    path.with_name("link.warc.gz").symlink_to(path)
    assert verify(folder).findings == []
    path.rename(path.with_name("old.arc"))
    with sqlite3.connect(folder / "news.db") as db:
        db.execute("update captures set warc = ?", [path.with_name("old.arc").relative_to(folder / "warc").as_posix()])
    report = verify(folder)
    assert report.findings == []
    assert len(report.skipped) == 1
    assert "old.arc" in report.skipped[0]


def test_a_crawl_may_be_writing(tmp_path: Path) -> None:
    archive = Archive(tmp_path, info=INFO)
    for n in range(3):
        archive.record(exchange(b"x%d" % n, url=f"http://a.example/{n}", response_head=HEAD % 2))
    archive.commit()
    archive.record(exchange(b"y", response_head=HEAD % 1))
    with warc_of(tmp_path).open("ab") as file:
        file.write(b"\x1f\x8b\x08half a record")
    report = verify(tmp_path)
    assert report.findings == []
    assert report.skipped == ["the search index, since a crawl is writing"]
    archive.abandon()
    assert kinds(verify(tmp_path)) == ["open", "orphan", "torn"]


def test_repair_moves_the_tail_indexes_and_deletes_nothing(archive: tuple[Path, list[Capture]]) -> None:
    folder, captures = archive
    path = warc_of(folder)
    data = path.read_bytes()
    path.write_bytes(data + b"\x1f\x8b\x08torn")
    sql("update version_rows set capture = 2 where capture = 3")(folder, captures)
    sql("delete from captures where id = 3")(folder, captures)
    sql("update articles set title = 'changed behind our back' where id = 1")(folder, captures)
    killed = writer(folder / "warc")
    killed.write(exchange())
    killed.leave()
    [left] = (folder / "warc").rglob(f"*{OPEN}")
    left.write_bytes(left.read_bytes()[:-3])
    assert kinds(verify(folder)) == ["open", "orphan", "search", "torn"]
    done = "\n".join(repair(folder))
    assert ".warc.gz: closed, 1 records indexed; torn tail in " in done
    assert "1 records indexed; `campuswarc rebuild` reads" in done
    assert "search index made anew" in done
    assert "torn tail of 7 bytes moved to " in done
    assert path.read_bytes() == data
    assert len(list((folder / "quarantine").glob("*.torn"))) == 2
    assert b"\x1f\x8b\x08torn" in [tail.read_bytes() for tail in (folder / "quarantine").glob("*.torn")]
    assert verify(folder).findings == []


def test_repair_leaves_a_damaged_record_that_a_row_points_to(archive: tuple[Path, list[Capture]]) -> None:
    folder, captures = archive
    path = warc_of(folder)
    data = bytearray(path.read_bytes()[: captures[-1].offset + captures[-1].length])
    data[-20] ^= 0xFF
    path.write_bytes(data)
    assert list(repair(folder)) == []
    assert path.read_bytes() == bytes(data)
    assert kinds(verify(folder)) == ["row", "torn"]


def test_files_of_other_tools_and_hostile_ones(archive: tuple[Path, list[Capture]]) -> None:
    folder, _ = archive
    before = sorted(path for path in folder.parent.rglob("*") if "news.db-" not in path.name)
    bomb = gzip.compress(b"WARC/1.1\r\nContent-Length: 99999999999\r\n\r\n" + bytes(30_000_000))
    hostile = (
        b"WARC/1.1\r\nWARC-Filename: ../../../etc/passwd\r\nWARC-Record-ID: <../../x>\r\nContent-Length: -1\r\n\r\n"
    )
    for n, data in enumerate(
        (bomb, hostile, gzip.compress(hostile), b"\x1f\x8b", b"\x1f\x8b\x08" * 50_000, bytes(100_000))
    ):
        (folder / f"warc/h{n}.warc.gz").write_bytes(data)
    report = verify(folder)
    assert {finding.file for finding in report.findings} == {f"h{n}.warc.gz" for n in range(6)}
    assert (
        sorted(path for path in folder.parent.rglob("*") if "news.db-" not in path.name and "/h" not in str(path))
        == before
    )


@pytest.mark.parametrize(("named", "found"), [("<urn:uuid:1>", []), ("<urn:uuid:2>", ["field"]), (None, [])])
def test_a_record_names_the_warcinfo_above_it(named: str | None, found: list[str], tmp_path: Path) -> None:
    fields = [("WARC-Warcinfo-ID", named)] if named else []
    path = tmp_path / "a.warc"
    path.write_bytes(written("warcinfo", "<urn:uuid:1>") + written("resource", "<urn:uuid:9>", *fields))
    assert [finding.kind for finding in check_file(path, "a.warc")] == found
    path.write_bytes(written("resource", "<urn:uuid:9>", *fields))
    assert [finding.kind for finding in check_file(path, "a.warc")] == [], "the rest of another file"


def written(type_: str, id_: str, *more: tuple[str, str]) -> bytes:
    fields = [("WARC-Type", type_), ("WARC-Record-ID", id_), ("WARC-Date", "2026-01-01T00:00:00Z"), *more]
    fields += [("WARC-Target-URI", "urn:x:1")] if type_ == "resource" else []
    fields += [("Content-Type", "application/warc-fields"), ("Content-Length", "3")]
    return b"WARC/1.1\r\n" + b"".join(f"{n}: {v}\r\n".encode() for n, v in fields) + b"\r\na:b\r\n\r\n"
