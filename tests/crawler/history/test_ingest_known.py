"""What another tool recorded, and a listing of our own crawl names later, is known: read from the file, looked at again
like any story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.instants import iso, now
from archive.warc.history import UNCHANGED
from archive.warc.unchanged import Stills
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.engine.writing import open_archive
from crawler.intake import Intake, Visit
from crawler.intake.site_rows import enrol
from spiders import catalogue
from spiders.facts import Item
from spiders.findings import Stories
from tests.college import College
from tests.crawler import foreign
from tests.crawler.box import Box
from tests.crawler.foreign import Fetched, fetch
from tests.crawler.history.test_ingest import ingest, verify
from tests.crawler.history.test_rebuild import rebuild, unequal
from tests.crawler.stories import differing, stories

LONG_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(days=200)
TWICE = "select url from captures group by url, fetched_at, record_type having count(*) > 1"


@pytest.fixture
def college() -> Iterator[College]:
    with College(["sudy", "wordpress"], scale=0.2) as college:
        college.settings("wordpress", gzip=True)
        yield college


@pytest.fixture
def crawled(college: College, tmp_path: Path) -> Box:
    box = Box(tmp_path / "crawled", college.sites_toml())
    box.crawl()
    college.forget()
    return box


def of_stories(crawled: Box, at: datetime) -> list[Fetched]:
    """Everything but the listings, fetched again."""
    urls = crawled.column("select distinct url from captures where kind not in ('listing', 'robots') order by id")
    return [fetch(url, at + timedelta(seconds=n)) for n, url in enumerate(urls)]


def recorded(path: Path, pages: list[Fetched]) -> Path:
    path.write_bytes(foreign.heritrix(pages))
    return path


def configured_later(college: College, box: Box, file: Path) -> Box:
    """An archive that has the file since before it knew the sites."""
    assert "indexed" in ingest(box, file)
    assert stories(box) == {}
    (box.folder / "sites.toml").write_text(college.sites_toml())
    return box


def asked(college: College) -> list[tuple[str, bool]]:
    """Addresses of stories asked for, and whether only if they have changed."""
    return [
        (seen.target, any(name.lower() in ("if-none-match", "if-modified-since") for name, _ in seen.headers))
        for seen in college.requests()
        if seen.target.endswith("/page.htm")
    ]


def test_a_crawl_asks_for_nothing_that_was_recorded_a_moment_ago(
    college: College, crawled: Box, tmp_path: Path
) -> None:
    pages = of_stories(crawled, datetime.now(UTC) - timedelta(minutes=10))
    box = configured_later(college, Box(tmp_path / "archive", ""), recorded(tmp_path / "stories.warc.gz", pages))
    captures = box.column("select count(*) from captures")[0]
    college.forget()
    box.crawl()
    named = {page.url for page in pages}
    assert not [row for row in box.rows("select url from captures where id > ?", captures) if row["url"] in named]
    assert differing(crawled, box) == []
    assert box.column("select count(*) from versions") == crawled.column("select count(*) from versions")
    assert set(
        box.column(
            "select distinct substr(warc, 1, 9) from captures where id in (select capture from versions where capture"
            " is not null) and url like '%/page.htm'"
        )
    ) == {"ingested/"}
    rechecks = box.rows(
        "select f.due, c.fetched_at from frontier f join captures c on c.url = f.url where f.kind = 'article' and"
        " f.article is not null and c.warc like 'ingested/%'"
    )
    assert rechecks and all(
        row["due"] == iso(datetime.fromisoformat(row["fetched_at"]) + timedelta(days=1)) for row in rechecks
    )
    assert set(box.column("select site from captures where warc like 'ingested/%' and kind = 'article'")) == {
        "sudy",
        "wordpress",
    }
    verify(box)
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []


def test_what_was_recorded_long_ago_is_looked_at_again_at_once_and_only_if_it_has_changed(
    college: College, crawled: Box, tmp_path: Path
) -> None:
    pages = of_stories(crawled, LONG_AGO)
    wall = next(page for page in pages if page.url.endswith("/page.htm"))
    empty = replace(wall, raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body></body></html>")
    box = configured_later(
        college,
        Box(tmp_path / "archive", ""),
        recorded(tmp_path / "stories.warc.gz", [page if page.url != wall.url else empty for page in pages]),
    )
    edited = college.edit(
        next(row.url for row in college.articles("sudy") if row.kind == "article" and row.body and row.url != wall.url)
    )
    college.forget()
    box.crawl()
    targets = asked(college)
    assert len(targets) > 3
    assert [target for target, conditional in targets if not conditional] == [urlsplit(wall.url).path], (
        "the others got nothing of it"
    )
    changed = box.rows(
        "select v.n, v.seen_from, c.warc from versions v join articles a on a.id = v.article join captures c on c.id ="
        " v.capture where a.url = ? order by v.n",
        edited,
    )
    assert [(row["n"], row["warc"].startswith("ingested/")) for row in changed] == [(1, True), (2, False)]
    assert changed[0]["seen_from"].startswith(f"{LONG_AGO:%Y-%m-%d}")
    assert box.rows("select url from articles group by url having count(*) > 1") == box.rows(TWICE) == []
    assert len(stories(box)) == len(stories(crawled))
    unchanged = {
        still.url
        for record in box.records()
        if record.url == UNCHANGED
        for still in Stills.of(record.payload).addresses
    }
    assert unchanged & {page.url for page in pages if page.url not in (wall.url, edited)}
    assert not unchanged & {wall.url, edited}
    verify(box)
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []
    (box.folder / "news.db.rebuilding").unlink()
    rebuild(box, "--only", "sudy")
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []


def test_ingesting_once_more_when_the_sites_are_known_takes_what_was_only_indexed(
    college: College, crawled: Box, tmp_path: Path
) -> None:
    pages = [fetch(url, LONG_AGO) for url in crawled.column("select distinct url from captures where kind != 'robots'")]
    posted = [fetch(pages[0].url, LONG_AGO, method="POST", body=b"vote=1")]
    file = recorded(
        tmp_path / "all.warc.gz", [*pages, *(replace(page, at=LONG_AGO + timedelta(days=1)) for page in posted)]
    )
    box = configured_later(college, Box(tmp_path / "archive", ""), file)
    assert "of sites configured since" in ingest(box, file)
    assert differing(crawled, box) == []
    before = stories(box)
    assert "of sites configured since" not in ingest(box, file)
    assert stories(box) == before
    assert box.column("select count(*) from captures where site = '' and url like 'http%'") == [1], (
        "the answer to a form is nobody's page"
    )
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []


def test_what_a_killed_crawl_had_named_but_not_read_is_read_by_the_next(
    college: College, crawled: Box, tmp_path: Path
) -> None:
    pages = of_stories(crawled, datetime.now(UTC) - timedelta(minutes=10))
    box = configured_later(college, Box(tmp_path / "archive", ""), recorded(tmp_path / "stories.warc.gz", pages))
    home = ArchiveFolder(box.folder)
    sites = catalogue.load(home.sites)
    seed, *_ = sites["sudy"].listings
    story = next(row.url for row in college.articles("sudy") if row.kind == "article" and row.body)
    archive = open_archive(home, config.load(home.config))
    enrol(archive, sites, iso(now()))
    archive.frontier.seed(seed.url, "sudy", iso(now()), afresh=True)
    listed = Stories(fetch=(Item(url=story, title="As listed"),), rows=(), older=None, total=None)
    Intake(archive).take(Visit(url=seed.url, site=sites["sudy"], kind="listing", at=iso(now()), reading=listed))
    archive.commit()
    archive.abandon()
    assert box.rows("select state, due from frontier where url = ?", story) == [{"state": "pending", "due": None}]
    college.forget()
    box.crawl()
    assert asked(college) == []
    assert box.rows(
        "select a.title, c.warc like 'ingested/%' as theirs from articles a join versions v on v.article = a.id join"
        " captures c on c.id = v.capture where a.url = ?",
        story,
    ) == [{"title": stories(crawled)[story]["title"], "theirs": 1}]
    assert box.column("select count(*) from unread") == [0]
