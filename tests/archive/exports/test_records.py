"""WARC, WACZ and BagIt, judged by programs that are not ours."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.capture import Exchange, Original
from archive.exports.exporting import Done, Request, export
from archive.exports.selection import Filters
from archive.identity import identifier
from archive.search.index import ArticleIndex
from archive.search.search import count
from archive.store.db import open_reader, open_writer
from archive.warc.reader import records
from archive.warc.verify import check_file
from archive.warc.writer import WarcWriter
from tests.archive.web.sample import ADMISSION, NEWS, Sample

PAGE = f"{NEWS}/info/revisited.htm"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample archive with a story whose newest versions are revisits: the same payload, and a 304."""
    sample = Sample(tmp_path_factory.mktemp("records")).build()
    sample.db.close()
    db = open_writer(sample.folder / "news.db")
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 11\r\nX-Turn: %d\r\n\r\n"
    exchange = Exchange(
        url=PAGE,
        site="example_news",
        kind="article",
        fetched_at=datetime(2024, 5, 1, tzinfo=UTC),
        status=200,
        request_head=b"GET /info/revisited.htm HTTP/1.1\r\nHost: news.example.edu.cn\r\n\r\n",
        response_head=head % 1,
        body=b"hello words",
    )
    with WarcWriter(
        sample.folder / "warc",
        prefix="later",
        info={"software": "later", "operator": "The Library", "robots": "classic"},
    ) as writer:
        first = writer.write(exchange)
        original = Original(
            record_id=first.record_id,
            url=PAGE,
            fetched_at=first.fetched_at,
            payload_digest=first.payload_digest or "",
            profile="identical-payload-digest",
        )
        second = writer.write(
            replace(exchange, fetched_at=datetime(2024, 5, 2, tzinfo=UTC), response_head=head % 2, revisit_of=original)
        )
        third = writer.write(
            replace(
                exchange,
                fetched_at=datetime(2024, 5, 3, tzinfo=UTC),
                status=304,
                body=b"",
                response_head=b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
                revisit_of=replace(original, profile="server-not-modified"),
            )
        )
    places = [
        int(db["captures"].insert({name: getattr(c, name) for name in c.__dataclass_fields__}).last_pk)
        for c in (first, second, third)
    ]  # type: ignore[union-attr]
    maker = Sample.__new__(Sample)
    maker.db, maker._captures = db, {}
    maker.article(
        PAGE,
        "Revisited",
        [(f"words {n}", "", place) for n, place in enumerate(places)],
        site="example_news",
        published="2024-05-01",
    )
    admission = db.execute("select id from articles where url = ?", [ADMISSION]).fetchone()[0]
    db["images"].insert({"article": admission, "n": 0, "url": f"{NEWS}/images/gate.png", "caption": "校门"})  # type: ignore[union-attr]
    ArticleIndex(db).add([row[0] for row in db.execute("select id from articles").fetchall()])
    db.conn.commit()
    db.close()
    return sample.folder


def run(folder: Path, form: str, out: Path, **more: Any) -> Done:
    db = open_reader(folder / "news.db")
    try:
        return export(
            db,
            Request(
                form=form,
                out=out,
                folder=folder,
                database=folder / "news.db",
                warc=folder / "warc",
                software="campuswarc 9.9",
                **more,
            ),
        )
    finally:
        db.close()


def test_a_warc_of_revisits_has_responses(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.warc.gz"
    assert not run(folder, "warc", out, versions="all", filters=Filters(query=f'url:"{PAGE}"')).problems
    assert (
        subprocess.run(
            [sys.executable, "-m", "warcio.cli", "check", "-v", str(out)], capture_output=True, check=False
        ).returncode
        == 0
    )
    with out.open("rb") as file:
        found = []
        for record in ArchiveIterator(file):
            http = record.http_headers
            found.append(
                (
                    record.rec_type,
                    http and http.get_header("X-Turn"),
                    http and http.get_statuscode(),
                    record.content_stream().read(),
                )
            )
    assert [(kind, turn, status, body) for kind, turn, status, body in found if kind == "response"] == [
        ("response", "1", "200", b"hello words"),
        ("response", "2", "200", b"hello words"),
        ("response", "1", "200", b"hello words"),
    ]
    assert [kind for kind, *_ in found] == [
        "warcinfo",
        "warcinfo",
        "response",
        "request",
        "response",
        "request",
        "response",
        "request",
    ]
    assert b"operator: The Library" in found[1][3]
    kept = [record for record, _, _ in records(out)]
    assert len({record.record_id for record in kept}) == len(kept)
    for response, request in zip(kept[2::2], kept[3::2], strict=True):
        assert request.all("WARC-Concurrent-To") == [response.record_id] and response.all("WARC-Concurrent-To") == [
            request.record_id
        ]
    source = next((folder / "warc").rglob("later-*"))
    assert kept[2] == next(record for record, _, _ in records(source) if record.type == "response")  # copied as it is
    assert not list(check_file(out, out.name))


def wacz_tool(*words: str) -> subprocess.CompletedProcess[str]:
    """The validator in a process of its own: importing it changes what cdxj-indexer indexes."""
    return subprocess.run(
        [sys.executable, "-c", "import sys; from wacz.main import main; sys.exit(main())", *words],
        capture_output=True,
        text=True,
        check=False,
    )


def test_wacz_is_valid_and_opens(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "news.wacz"
    run(folder, "wacz", out, filters=Filters(query=f'url:"{PAGE}" OR url:"{ADMISSION}"'))
    validated = wacz_tool("validate", "-f", str(out))
    assert validated.returncode == 0, validated.stdout + validated.stderr
    with zipfile.ZipFile(out) as zipped:
        assert zipped.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
        # ReplayWeb.page takes a member's head for one without extra field where the directory tells of none
        assert all(info.extra for info in zipped.infolist())
        pages = [json.loads(line) for line in zipped.read("pages/pages.jsonl").splitlines()]
        lines = gzip.decompress(zipped.read("indexes/index.cdx.gz")).decode().splitlines()
        heads = zipped.read("indexes/index.idx").decode().splitlines()
        data = zipped.read("archive/data.warc.gz")
    assert pages[0]["format"] == "json-pages-1.0" and {page["url"] for page in pages[1:]} == {PAGE, ADMISSION}
    assert lines == sorted(lines) and heads[1].startswith(lines[0].partition(" {")[0])
    places = [json.loads(line.split(" ", 2)[2]) for line in lines]
    assert {place["url"] for place in places} >= {PAGE, ADMISSION, f"{NEWS}/images/gate.png", f"{NEWS}/files/plan.pdf"}
    for place in places:
        at = int(place["offset"])
        member = gzip.decompress(data[at : at + int(place["length"])]).decode("utf-8", "replace")
        assert f"WARC-Target-URI: {place['url']}\r\n" in member
    # the newest version is a 304, which a player would show as an empty page: the response it repeats came along
    assert [(place["mime"], place["status"]) for place in places if place["url"] == PAGE] == [("text/html", "200")]


def test_a_bag_is_valid_and_notices_a_changed_byte(folder: Path, tmp_path: Path) -> None:
    bagit = pytest.importorskip("bagit")
    bag = tmp_path / "bag"
    run(folder, "bagit", bag, filters=Filters(sites=("example_news",)))
    assert bagit.Bag(str(bag)).is_valid()
    assert sorted(path.name for path in (bag / "data").iterdir()) == [
        "articles.db",
        "articles.jsonl",
        "captures.warc.gz",
    ]
    assert bagit.Bag(str(bag)).info["Source-Organization"] == "The Library"
    with (bag / "data" / "articles.jsonl").open("r+b") as file:
        file.write(b" ")
    assert not bagit.Bag(str(bag)).is_valid()


def test_a_bag_of_the_whole_archive_is_the_archive(folder: Path, tmp_path: Path) -> None:
    bagit = pytest.importorskip("bagit")
    copy = tmp_path / "archive"
    shutil.copytree(folder, copy)
    growing = next((copy / "warc").rglob("later-*"))
    growing.rename(f"{growing}.open")
    with growing.with_name(growing.name + ".open").open("ab") as file:
        file.write(b"\x1f\x8b\x08 half a member")
    run(copy, "bagit", tmp_path / "bag", whole=True)
    assert bagit.Bag(str(tmp_path / "bag")).is_valid()
    for path in (folder / "warc").rglob("*.gz"):
        assert (tmp_path / "bag" / "data" / path.relative_to(folder)).read_bytes() == path.read_bytes()
    with sqlite3.connect(tmp_path / "bag" / "data" / "news.db") as db:
        assert (
            db.execute("select count(*) from articles").fetchone()
            == sqlite3.connect(folder / "news.db").execute("select count(*) from articles").fetchone()
        )
    db.close()


def test_the_part_of_a_database_is_a_database(folder: Path, tmp_path: Path) -> None:
    run(folder, "sqlite", tmp_path / "part.db", filters=Filters(sites=("example_news",)))
    part, whole = open_reader(tmp_path / "part.db"), open_reader(folder / "news.db")
    assert (
        part.execute("pragma integrity_check").fetchone() == ("ok",)
        and not part.execute("pragma foreign_key_check").fetchall()
    )
    assert count(part, "图书馆") == count(whole, "图书馆 site:example_news") > 0
    for table in ("articles", "attachments", "images"):
        among = "id" if table == "articles" else "article"
        query = f"select * from {table} where {among} in (select id from articles where site = 'example_news')"
        assert part.execute(query).fetchall() == whole.execute(query).fetchall()
    assert part.execute("select id from sites").fetchall() == [("example_news",)]
    originals = (
        "select count(*) from captures c where record_type = 'revisit' and not exists (select 1 from captures o where"
        " o.record_id = c.refers_to)"
    )
    assert part.execute(originals).fetchone() == (0,) and part.execute(
        "select count(*) from captures where record_type = 'revisit'"
    ).fetchone() == (1,)
    assert (
        part.execute("select count(*) from versions").fetchone()
        == part.execute("select count(*) from articles").fetchone()
    )
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".db"] == ["part.db"]
    run(folder, "sqlite", tmp_path / "all.db", versions="all", filters=Filters(sites=("example_news",)))
    assert open_reader(tmp_path / "all.db").execute("select max(n) from versions").fetchone() == (3,)


def test_two_exports_of_records_are_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        run(folder, "wacz", tmp_path / name / "x.wacz")
        run(folder, "warc", tmp_path / name / "x.warc.gz")
        run(folder, "atom", tmp_path / name / "x.xml")
        run(folder, "bagit", tmp_path / name / "bag")
    one, two = (sorted(path for path in (tmp_path / name).rglob("*") if path.is_file()) for name in ("a", "b"))
    assert len(one) == 3 + 9
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_a_damaged_record_is_named_and_the_rest_is_there(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "archive"
    shutil.copytree(folder, copy)
    with sqlite3.connect(copy / "news.db") as db:
        warc, offset = db.execute(
            "select warc, offset from captures where url = ? order by id desc limit 1", [ADMISSION]
        ).fetchone()
    db.close()
    with (copy / "warc" / warc).open("r+b") as file:
        file.seek(offset + 40)
        file.write(b"\0" * 20)
    done = run(copy, "warc", tmp_path / "x.warc.gz", filters=Filters(sites=("example_news",)))
    assert len(done.problems) == 1 and str(offset) in done.problems[0]
    assert f"captures of {49 + 1} articles" in done.summary
    assert sum(record.type == "response" for record, _, _ in records(tmp_path / "x.warc.gz")) > 45


def test_the_feed_is_by_the_book(folder: Path, tmp_path: Path) -> None:
    from lxml import etree

    run(folder, "atom", tmp_path / "feed.xml", text=("html",))
    atom = "{http://www.w3.org/2005/Atom}"
    feed = etree.parse(tmp_path / "feed.xml").getroot()
    entries = feed.findall(f"{atom}entry")
    for element in [feed, *entries]:  # section 4.1.1 and 4.1.2
        assert all(len(element.findall(atom + name)) == 1 for name in ("id", "title", "updated"))
    assert feed.find(f"{atom}author/{atom}name") is not None
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(entries)
    for stated in feed.iter(f"{atom}updated", f"{atom}published"):
        assert datetime.fromisoformat(stated.text).tzinfo
    admission = next(entry for entry in entries if (entry.findtext(f"{atom}id") or "").endswith(identifier(ADMISSION)))
    assert admission.findtext(f"{atom}published") == "2023-12-13T01:12:00Z"
    assert [name.text for name in admission.findall(f"{atom}author/{atom}name")] == ["张三", "李四"]
    assert admission.find(f"{atom}content").get("type") == "html" and "<figure>" in admission.findtext(f"{atom}content")
