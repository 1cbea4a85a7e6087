"""`campuswarc ingest` of files as other crawlers write them: the articles of our own crawl, and no complaint from
verify."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.replay import entity
from archive.store.db import open_reader
from crawler.cli import main
from tests.college import College
from tests.crawler import foreign
from tests.crawler.box import Box
from tests.crawler.foreign import Fetched, fetch
from tests.crawler.history.test_ingest import ingest, verify
from tests.crawler.history.test_rebuild import rebuild, unequal
from tests.crawler.stories import differing, stories

REFUSALS = [
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\nno crawlers",
    b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nnothing",
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\n\r\nbusy",
    b"HTTP/1.1 429 Too Many Requests\r\n\r\n",
]
THEN = datetime(2026, 3, 1, 8, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture(scope="module")
def college() -> Iterator[College]:
    with College(["sudy", "wordpress"], scale=0.2) as college:
        college.settings("sudy", chunked=True)
        college.settings("wordpress", gzip=True)
        yield college


@pytest.fixture(scope="module")
def crawled(college: College, tmp_path_factory: pytest.TempPathFactory) -> Box:
    box = Box(tmp_path_factory.mktemp("foreign") / "crawled", college.sites_toml())
    box.crawl()
    return box


@pytest.fixture(scope="module")
def pages(crawled: Box) -> list[Fetched]:
    """What our own crawl asked for, fetched again."""
    urls = crawled.column("select distinct url from captures order by id")
    return [fetch(url, THEN + timedelta(seconds=n)) for n, url in enumerate(urls)]


def taken_in(college: College, pages: list[Fetched], folder: Path, *files: Path) -> Box:
    """An archive of these files, which verify, rebuild and a repetition have nothing against."""
    box = Box(folder, college.sites_toml())
    ingest(box, *files)
    verify(box)
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []
    _replays(box, pages)
    before = stories(box)
    assert "known already" in ingest(box, *files)
    assert stories(box) == before
    return box


def _replays(box: Box, pages: list[Fetched]) -> None:
    """Each capture gives the page that was fetched, a revisit that of the record it repeats, and exports leave nothing
    out."""
    bodies = {page.url: page.decoded for page in pages}
    db = open_reader(box.folder / "news.db")
    captures = [
        row
        for row in db.query("select * from captures where status in (200, 304) and site != '' order by id")
        if row["url"] in bodies
    ]
    assert len(captures) >= len([page for page in pages if page.status == "200"])
    for row in captures:
        assert entity.load(db, box.folder / "warc", row).body == bodies[row["url"]], row
    db.close()
    for form, name in (("wacz", "a.wacz"), ("warc", "a.warc.gz")):
        done = CliRunner().invoke(
            main, ["-C", str(box.folder), "export", form, str(box.folder.with_name(name)), "--versions", "all"]
        )
        assert done.exit_code == 0, done.output


def test_the_pages_are_of_every_sort(pages: list[Fetched]) -> None:
    assert {"chunked"} <= {page.header("transfer-encoding") for page in pages}
    assert {"gzip"} <= {page.header("content-encoding") for page in pages}
    assert len({page.url for page in pages if page.url.endswith("/robots.txt")}) == 2


def test_heritrix(college: College, crawled: Box, pages: list[Fetched], tmp_path: Path) -> None:
    file = tmp_path / "WEB-20250101000000000-00000-1~h~8443.warc.gz"
    again = [foreign.later(page, page.at + timedelta(days=1)) for page in pages]
    unchanged = [
        fetch(page.url, page.at + timedelta(days=2), headers=f"If-None-Match: {page.header('etag')}\r\n")
        for page in pages
        if page.header("etag")
    ]
    assert {page.status for page in unchanged} == {"304"}
    file.write_bytes(foreign.heritrix([*pages, *again, *unchanged]))
    box = taken_in(college, pages, tmp_path / "archive", file)
    assert differing(crawled, box) == []
    seen = box.rows("select min(first_seen) as first, max(last_seen) as last from articles")[0]
    assert seen["first"] < "2026-03-02" < seen["last"], "a revisit says that the story stood as it was"


def test_common_crawl(college: College, crawled: Box, pages: list[Fetched], tmp_path: Path) -> None:
    missing = [fetch(pages[0].url.replace("/robots.txt", "/nowhere.htm"), THEN)]
    unchanged = [
        fetch(page.url, page.at + timedelta(days=1), headers=f"If-None-Match: {page.header('etag')}\r\n")
        for page in pages
        if page.header("etag")
    ]
    files = foreign.common_crawl([*pages, *missing, *unchanged])
    paths = [tmp_path / f"{name}.warc.gz" for name in files]
    for path, data in zip(paths, files.values(), strict=True):
        path.write_bytes(data)
    box = taken_in(college, pages, tmp_path / "archive", *paths)
    assert differing(crawled, box) == []
    assert "as it came from another tool: revisit: ingested/" in verify(box), (
        "a 304 of theirs names its own request as what it repeats"
    )


def test_what_others_were_refused_is_left_to_the_next_crawl(
    college: College, crawled: Box, pages: list[Fetched], tmp_path: Path
) -> None:
    """That others got no answer, or knew a story already, does not make it read: the next crawl asks for it itself."""
    soon = datetime.now(UTC) - timedelta(minutes=30)  # too short a while ago for a look again
    listings = set(crawled.column("select url from captures where kind = 'listing'"))
    named = [page for page in pages if page.url in stories(crawled)]
    unchanged = [
        fetch(page.url, soon, headers=f"If-None-Match: {page.header('etag')}\r\n")
        for page in named
        if page.header("etag")
    ]
    assert {page.status for page in unchanged} == {"304"}
    refused = [
        replace(page, at=soon + timedelta(minutes=1), raw=REFUSALS[n % len(REFUSALS)]) for n, page in enumerate(named)
    ]
    paths = [tmp_path / "warc.warc.gz", tmp_path / "crawldiagnostics.warc.gz"]
    paths[0].write_bytes(
        foreign.common_crawl([foreign.later(page, soon) for page in pages if page.url in listings])["warc"]
    )
    paths[1].write_bytes(foreign.common_crawl([*unchanged, *refused])["crawldiagnostics"])
    box = Box(tmp_path / "archive", college.sites_toml())
    assert "left to the next crawl" in ingest(box, *paths)
    assert box.column("select count(*) from failures") == [0]
    box.crawl()
    assert differing(crawled, box) == []


def test_what_is_older_than_what_is_known_adds_words_and_changes_nothing_else(
    college: College, crawled: Box, pages: list[Fetched], tmp_path: Path
) -> None:
    box = Box(tmp_path / "archive", college.sites_toml())
    for name in ("news.db", "warc"):
        copy = shutil.copytree if (crawled.folder / name).is_dir() else shutil.copy
        copy(crawled.folder / name, box.folder / name)
    known = stories(crawled)
    own = [
        page
        for page in pages
        if page.url in known
        and known[page.url]["kind"] == "article"
        and page.status == "200"
        and page.header("content-type").startswith("text/html")
    ]
    worded, missing, moved, *_ = own
    title = known[worded.url]["title"]
    assert worded.decoded.count(title.encode()) > 0
    old = [
        replace(
            worded,
            raw=worded.head.replace(b"Transfer-Encoding: chunked", b"X-A: b").replace(
                b"Content-Encoding: gzip", b"X-B: c"
            )
            + worded.decoded.replace(title.encode(), title.encode() + "（旧）".encode()),
        ),
        replace(missing, raw=b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\ngone"),
        replace(moved, raw=f"HTTP/1.1 301 Moved Permanently\r\nLocation: {worded.url}\r\n\r\n".encode()),
        *(foreign.later(page, page.at) for page in pages if page.url not in (worded.url, missing.url, moved.url)),
    ]
    fate, fared = "select * from frontier order by url", "select * from listings order by url"
    frontier, listings = box.rows(fate), box.rows(fared)
    file = tmp_path / "old.warc.gz"
    file.write_bytes(foreign.heritrix(old))
    ingest(box, file)
    assert box.rows(fate) == frontier
    assert box.rows(fared) == listings
    assert (
        differing(crawled, box)
        == [line for line in differing(crawled, box) if line.startswith(f"{worded.url}: versions")]
        != []
    )
    older, now = box.rows(  # in order of time, not of arrival
        "select v.title, v.seen_from, v.id = a.current_version as now from versions v join articles a on a.id ="
        " v.article where a.url = ? order by v.n",
        worded.url,
    )
    assert (now["title"], now["now"]) == (title, 1)
    assert (older["title"].endswith("（旧）"), older["now"]) == (True, 0) and older["seen_from"] < now["seen_from"]
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []


def test_browsertrix(college: College, crawled: Box, pages: list[Fetched], tmp_path: Path) -> None:
    wacz = tmp_path / "crawl.wacz"
    again = [foreign.later(page, page.at + timedelta(days=1)) for page in pages]
    story = next(page for page in pages if page.url in stories(crawled) and page.decoded)
    posted = [fetch(story.url, THEN + timedelta(days=3), method="POST", body=b"vote=1")]
    foreign.browsertrix(wacz, [*pages, *again], posted)
    box = taken_in(college, pages, tmp_path / "archive", wacz)
    assert differing(crawled, box) == []
    assert box.column("select count(*) from captures where record_type = 'revisit'")[0] > 0
    (form,) = box.rows("select kind, site from captures where url = ? and fetched_at like '2026-03-04%'", story.url)
    assert (form["kind"], form["site"]) == ("probe", ""), "the answer to a form is no page of its own"


def test_scrapy_webarchive(college: College, crawled: Box, pages: list[Fetched], tmp_path: Path) -> None:
    wacz = tmp_path / "quotes.wacz"
    foreign.scrapy_webarchive(wacz, pages)
    assert differing(crawled, taken_in(college, pages, tmp_path / "archive", wacz)) == []


def test_resource_records_of_pages(college: College, crawled: Box, pages: list[Fetched], tmp_path: Path) -> None:
    file = tmp_path / "files.warc.gz"
    file.write_bytes(foreign.warcit(pages))
    assert differing(crawled, taken_in(college, pages, tmp_path / "archive", file)) == []


def test_zstandard(college: College, crawled: Box, pages: list[Fetched], tmp_path: Path) -> None:
    file = tmp_path / "pages.warc.zst"
    file.write_bytes(foreign.zstandard_files(foreign.wget_at(pages))["records of several frames"])
    assert differing(crawled, taken_in(college, pages, tmp_path / "archive", file)) == []
