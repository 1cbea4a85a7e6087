"""A crawl of the sample college gives the rows that the college serves and the records that its server saw."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.warc.history import UNCHANGED
from archive.warc.unchanged import Stills
from tests.college import College, Expected, Seen
from tests.crawler.box import Box, complain, unreadable


@dataclass
class Crawled:
    college: College
    box: Box
    seen: list[Seen]  # by the first crawl
    expected: dict[str, Expected]
    words: str


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    with College() as college:
        box = Box(tmp_path_factory.mktemp("college"), college.sites_toml())
        words = box.crawl()
        seen = list(college.requests())
        yield Crawled(college, box, seen, {row.url: row for row in college.articles()}, words)


def test_article_rows_are_the_articles_served(crawled: Crawled) -> None:
    rows = crawled.box.column("select url from articles")
    assert sorted(rows) == sorted(crawled.expected)


@pytest.mark.parametrize("field", ["title", "kind", "published", "language", "site"])
def test_rows_say_what_the_college_says(crawled: Crawled, field: str) -> None:
    rows = {row["url"]: row[field] for row in crawled.box.rows(f"select url, {field} from articles")}
    wrong = {
        url: (rows[url], getattr(row, field))
        for url, row in crawled.expected.items()
        if rows.get(url) != getattr(row, field)
    }
    assert not wrong, f"{len(wrong)} of {len(rows)} differ, such as {next(iter(wrong.items()))}"


def test_bodies_are_the_words_of_the_story_and_nothing_else(crawled: Crawled) -> None:
    rows = {row["url"]: row["body"] for row in crawled.box.rows("select url, body from articles")}
    wrong = {url: (rows[url], row.body) for url, row in crawled.expected.items() if not row.reads(rows[url])}
    assert not wrong, f"{len(wrong)} of {len(rows)} differ, such as {next(iter(wrong.items()))}"


def test_named_authors_are_found(crawled: Crawled) -> None:
    rows = {
        row["url"]: row["authors"]
        for row in crawled.box.rows("select url, authors from articles where site = 'wordpress'")
    }
    assert all(crawled.expected[url].author in authors for url, authors in rows.items())


def test_attachments_and_images_are_rows_and_captures(crawled: Crawled) -> None:
    files = {(url, name) for row in crawled.expected.values() for url, name in row.attachments}
    kept = crawled.box.rows(
        "select a.url, a.filename, a.mime, a.size, c.status from attachments a left join captures c on c.id = a.capture"
        " join articles r on r.id = a.article where r.kind = 'article'"
    )
    assert {row["url"] for row in kept} == {url for url, _ in files}
    names = {row["url"]: row["filename"] for row in kept}
    assert all(names[url] == name for url, name in files if "." in name)
    assert all(row["status"] == 200 and row["mime"] and row["size"] for row in kept)
    images = {one for row in crawled.expected.values() for one in row.images}
    assert {url for url, _ in images} <= set(crawled.box.column("select url from captures where status = 200"))
    rows = crawled.box.rows("select url, caption from images")
    assert images <= {(row["url"], row["caption"]) for row in rows}


def test_seed_like_english_page(crawled: Crawled) -> None:
    english = [url for url, row in crawled.expected.items() if "/english/" in url]
    assert len(english) == 24
    for row in crawled.box.rows(
        "select url, title, body, published, published_precision from articles where url like '%/english/%'"
    ):
        expected = crawled.expected[row["url"]]
        assert (row["title"], row["published"], row["published_precision"]) == (
            expected.title,
            expected.published,
            "day",
        )
        assert not any(word in row["body"] for word in ("返回", "原图", "Current Page", "homepage", "首页"))


def test_every_request_the_server_saw_is_a_record_with_the_bytes_it_sent(crawled: Crawled) -> None:
    records = [one for one in crawled.box.records() if one.type in ("response", "revisit")]
    assert Counter(one.url for one in crawled.seen) == Counter(record.url for record in records)
    sent = {one.url: one.sent for one in crawled.seen}
    assert all(len(record.payload) == sent[record.url] for record in records if record.type == "response")
    asked = [one for one in crawled.box.records() if one.type == "request"]
    assert Counter(one.url for one in crawled.seen) == Counter(record.url for record in asked)
    assert crawled.box.column("select count(*) from captures") == [len(crawled.seen)]


def test_every_row_leads_to_its_bytes(crawled: Crawled) -> None:
    rows = crawled.box.rows("select * from captures")
    assert rows
    assert unreadable(crawled.box, rows) == []
    loose = crawled.box.column(
        "select a.url from articles a left join versions v on v.id = a.current_version left join captures c on c.id ="
        " v.capture where c.id is null"
    )
    assert loose == []


def test_other_readers_take_the_warcs_without_complaint(crawled: Crawled, tmp_path: Path) -> None:
    paths = crawled.box.warcs()
    assert paths
    assert not [path for path in paths if path.suffix == ".open"], "a finished crawl leaves no file open"
    assert complain(paths) == ""
    index = tmp_path / "index.cdxj"
    subprocess.run(
        [sys.executable, "-m", "cdxj_indexer.main", "-o", str(index), *map(str, paths)], check=True, capture_output=True
    )
    lines = index.read_text().splitlines()
    assert sum("urn:" not in line for line in lines) == len(crawled.seen)


def test_no_change_means_one_conditional_request_a_listing(crawled: Crawled) -> None:
    college, box = crawled.college, crawled.box
    before = box.column("select count(*) from versions")
    college.forget()
    box.crawl()
    seen = college.requests()
    listings = {row.listing for row in crawled.expected.values()}
    pages = [one for one in seen if one.target != "/robots.txt"]
    assert Counter(one.url for one in pages) == Counter(listings)
    assert [one.status for one in pages] == [304] * len(listings)
    assert not [one for one in seen if one.target == "/robots.txt"], "which was asked today"
    assert box.column("select count(*) from versions") == before
    assert box.column("select count(*) from captures where run = 2") == [0]
    kept = [record for record in box.records() if record.url == UNCHANGED]
    assert {still.url for record in kept for still in Stills.of(record.payload).addresses} == listings
    assert complain(box.warcs()) == ""
