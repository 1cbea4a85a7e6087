"""Entities out of real records: codings, encodings, revisits, damage."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard
from sqlite_utils import Database

from archive.capture import Exchange, Original
from archive.replay import page
from archive.replay.captures import at_stamp
from archive.replay.entity import Unreadable, load
from archive.store import schema
from archive.warc.writer import WarcWriter


class Shelf:
    """A database and a WARC folder to put exchanges on."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.db = folder, Database(memory=True)
        schema.steps.apply(self.db)
        folder.mkdir()
        self.writer = WarcWriter(folder, prefix="t", info={"software": "t"})

    def put(
        self,
        url: str,
        body: bytes = b"",
        headers: str = "Content-Type: text/html",
        *,
        status: int = 200,
        day: int = 1,
        revisit_of: Original | None = None,
    ) -> dict[str, Any]:
        capture = self.writer.write(
            Exchange(
                url=url,
                site="s",
                kind="article",
                fetched_at=datetime(2023, 1, day, tzinfo=UTC),
                status=status,
                request_head=b"GET / HTTP/1.1\r\n\r\n",
                response_head=f"HTTP/1.1 {status} X\r\n{headers}\r\n\r\n".encode(),
                body=body,
                revisit_of=revisit_of,
            )
        )
        self.writer.commit()
        row = {name: getattr(capture, name) for name in capture.__dataclass_fields__}
        self.db["captures"].insert(row)  # type: ignore[union-attr]
        return row


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path / "warc")
    yield shelf
    shelf.writer.close()


def original_of(row: dict[str, Any], profile: Any = "identical-payload-digest") -> Original:
    return Original(
        record_id=row["record_id"],
        url=row["url"],
        fetched_at=row["fetched_at"],
        payload_digest=row["payload_digest"],
        profile=profile,
    )


WORDS = "招生简章 " * 50
GZIPPED = gzip.compress(
    WORDS.encode(), mtime=0
)  # the time of day would be part of the tests' names, by which processes share them out


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", GZIPPED),
        ("x-gzip", GZIPPED),
        ("deflate", zlib.compress(WORDS.encode())),
        ("br", brotli.compress(WORDS.encode())),
        ("zstd", zstandard.compress(WORDS.encode())),
        ("gzip, br", brotli.compress(GZIPPED)),
        ("identity", WORDS.encode()),
        ("gzip", WORDS.encode()),
        ("zstd", WORDS.encode()),
        ("nonsense", WORDS.encode()),
    ],
)
def test_codings_are_undone(shelf: Shelf, coding: str, body: bytes) -> None:
    row = shelf.put("http://a.edu/", body, f"Content-Type: text/html; charset=utf-8\r\nContent-Encoding: {coding}")
    entity = load(shelf.db, shelf.folder, row)
    assert entity.body.decode() == WORDS
    assert entity.raw == body


@pytest.mark.parametrize(
    ("header", "body", "text"),
    [
        ("text/html; charset=gb2312", "校园㐀".encode("gb18030"), "校园㐀"),
        ("text/html", b'<meta charset="gbk">' + "校园新闻".encode("gbk"), '<meta charset="gbk">校园新闻'),
        ("text/html", "校园".encode(), "校园"),
        ("text/html", "校园新闻".encode("gbk"), "校园新闻"),
        ("text/html; charset=gbk", "校园新闻".encode(), "校园新闻"),
        ("text/html; charset=gbk", "\ufeff校园".encode(), "校园"),
        ("text/html; charset=nonsense", "校园".encode(), "校园"),
        ("text/html; charset=utf-8", b"a\xffb", "a\ufffdb"),
        ("text/html; charset=big5", "校園".encode("big5"), "校園"),
    ],
)
def test_text_is_read_as_the_reader_of_articles_reads_it(shelf: Shelf, header: str, body: bytes, text: str) -> None:
    found = load(shelf.db, shelf.folder, shelf.put("http://a.edu/", body, f"Content-Type: {header}")).text()
    assert found == text


def test_type_is_guessed_where_the_server_is_silent(shelf: Shelf) -> None:
    assert load(shelf.db, shelf.folder, shelf.put("http://a.edu/", b" <!DOCTYPE html>", "X: y")).mime == "text/html"
    assert (
        load(shelf.db, shelf.folder, shelf.put("http://a.edu/2", b"\x89PNG", "X: y")).mime == "application/octet-stream"
    )


def test_revisits_give_the_body_they_repeat(shelf: Shelf) -> None:
    first = shelf.put("http://a.edu/", b"<p>body</p>", "Content-Type: text/html\r\nX-Serial: 1")
    same = shelf.put(
        "http://a.edu/", b"<p>body</p>", "Content-Type: text/html\r\nX-Serial: 2", day=2, revisit_of=original_of(first)
    )
    unchanged = shelf.put(
        "http://a.edu/", b"", "ETag: x", status=304, day=3, revisit_of=original_of(first, "server-not-modified")
    )
    assert [row["record_type"] for row in (same, unchanged)] == ["revisit", "revisit"]
    entity = load(shelf.db, shelf.folder, same)
    assert (entity.body, entity.header("X-Serial"), entity.status) == (b"<p>body</p>", "2", 200)
    entity = load(shelf.db, shelf.folder, unchanged)
    assert (entity.body, entity.mime, entity.status) == (b"<p>body</p>", "text/html", 200)
    shelf.db.execute("delete from captures where record_id = ?", [first["record_id"]])
    with pytest.raises(Unreadable, match="not in this archive"):
        load(shelf.db, shelf.folder, same)


def test_redirects_are_followed_once_round(shelf: Shelf) -> None:
    shelf.put("http://a.edu/1", headers="Location: /2", status=302)
    shelf.put("http://a.edu/2", headers="Location: http://a.edu/3#x", status=301)
    shelf.put("http://a.edu/3", b"there")
    shelf.put("http://b.edu/", headers="Location: /loop", status=302)
    shelf.put("http://b.edu/loop", headers="Location: /", status=302)
    shelf.put("http://c.edu/", headers="Location: http://[", status=302)
    shelf.put("http://d.edu/", headers="Location: http://elsewhere.example/", status=302)
    found = page.find(shelf.db, shelf.folder, "http://a.edu/1", at_stamp("2023"))
    assert found is not None
    assert (found.entity.body, found.via) == (b"there", ["http://a.edu/1", "http://a.edu/2"])
    for url, beyond in (
        ("http://b.edu/", "http://b.edu/"),
        ("http://c.edu/", ""),
        ("http://d.edu/", "http://elsewhere.example/"),
    ):
        found = page.find(shelf.db, shelf.folder, url, at_stamp("2023"))
        assert found is not None
        assert (found.beyond, found.circle) == (beyond, url == "http://b.edu/")
    itself = page.find(shelf.db, shelf.folder, "http://a.edu/1", at_stamp("2023"), follow=False)
    assert itself is not None and (itself.entity.status, itself.beyond, itself.via) == (302, "http://a.edu/2", [])
    assert page.find(shelf.db, shelf.folder, "http://none.edu/", at_stamp("2023")) is None


def test_a_location_is_read_as_the_crawl_reads_it(shelf: Shelf) -> None:
    shelf.put("http://a.edu/%E7%9B%AE", b"there")
    shelf.put("http://a.edu/raw", headers="Location: /目", status=302)
    shelf.put("http://a.edu/slash", headers="Location: \\\\a.edu\\%E7%9B%AE", status=302)
    for path in ("raw", "slash"):
        found = page.find(shelf.db, shelf.folder, f"http://a.edu/{path}", at_stamp("2023"))
        assert found is not None and found.entity.body == b"there"


def test_a_page_behind_a_circle_that_set_a_cookie_is_shown(shelf: Shelf) -> None:
    shelf.put("http://a.edu/self", headers="Location: /self\r\nSet-Cookie: a=b", status=302)
    shelf.put("http://a.edu/self", b"there")
    shelf.put("http://a.edu/back", headers="Location: /door\r\nSet-Cookie: a=b", status=302, day=2)
    shelf.put("http://a.edu/door", headers="Location: /back", status=302, day=2)
    shelf.put("http://a.edu/back", b"there", day=2)
    for url in ("http://a.edu/self", "http://a.edu/back"):
        found = page.find(shelf.db, shelf.folder, url, at_stamp("2023"))
        assert found is not None and (found.entity.body, found.beyond, found.capture["url"]) == (b"there", "", url)


def test_codings_on_two_lines_and_undeclared_are_undone(shelf: Shelf) -> None:
    two = shelf.put(
        "http://a.edu/two",
        brotli.compress(GZIPPED),
        "Content-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Encoding: br",
    )
    none = shelf.put("http://a.edu/none", GZIPPED)
    assert {load(shelf.db, shelf.folder, row).body.decode() for row in (two, none)} == {WORDS}


def test_damage_and_absence_name_the_file(shelf: Shelf) -> None:
    row = shelf.put("http://a.edu/", b"x" * 500)
    other = shelf.put("http://a.edu/other", b"y")
    shelf.writer.close()
    path = shelf.folder / row["warc"]
    with pytest.raises(Unreadable, match="instead of"):
        load(shelf.db, shelf.folder, row | {"offset": other["offset"]})
    data = bytearray(path.read_bytes())
    data[row["offset"] + 20 : row["offset"] + 60] = b"\0" * 40
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=row["warc"]):
        load(shelf.db, shelf.folder, row)
    path.unlink()
    with pytest.raises(Unreadable, match="missing") as problem:
        load(shelf.db, shelf.folder, row)
    assert str(shelf.folder.parent) not in problem.value.reason
    with pytest.raises(Unreadable):
        load(shelf.db, shelf.folder, row | {"warc": "../../etc/passwd"})


def test_a_page_is_shown_in_the_encoding_that_its_reader_took(shelf: Shelf) -> None:
    """By the operator's word for the site, by its language, by the country of its host."""
    polish, japanese = "Uczelnia ogłosiła wyniki", "大学案内 入試情報"
    row = shelf.put("https://news.example.pl/1.html", f"<title>{polish}</title>".encode("iso8859-2"))
    assert polish in load(shelf.db, shelf.folder, row).text()
    row = shelf.put("https://news.example.org/2.html", f"<title>{polish}</title>".encode("cp1250"), day=2)
    shelf.db["sites"].insert({"id": "s", "config": '{"language": "pl"}'})  # type: ignore[union-attr]
    assert polish in load(shelf.db, shelf.folder, row).text()
    row = shelf.put("https://news.example.org/3.html", f"<title>{japanese}</title>".encode("euc_jp"), day=3)
    shelf.db["sites"].upsert({"id": "s", "config": '{"encoding": "euc-jp"}'}, pk="id")  # type: ignore[union-attr]
    assert japanese in load(shelf.db, shelf.folder, row).text()
