"""A WARC file that is lost or damaged is told of, and what it held is fetched again whole: no article goes with it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archive.store.test_backing import DAMAGES
from tests.archive.warc.samples import only_file
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.history.test_rebuild import rebuild


@pytest.fixture(scope="module")
def college() -> Iterator[College]:
    with College(["wordpress"], scale=0.1) as college:
        yield college


@pytest.fixture(scope="module")
def crawled(college: College, tmp_path_factory: pytest.TempPathFactory) -> Box:
    box = Box(tmp_path_factory.mktemp("lost") / "crawled", college.sites_toml())
    box.crawl()
    return box


@pytest.mark.parametrize("damage", ["moved away", "cut", "overwritten"])
def test_a_crawl_after_the_loss_of_a_file_and_a_rebuild_keep_every_article(
    college: College, crawled: Box, tmp_path: Path, damage: str
) -> None:
    shutil.copytree(crawled.folder, tmp_path / "archive" / "box")
    box = Box(tmp_path / "archive" / "box", college.sites_toml())
    before = box.rows("select url, title, body from articles order by url")
    assert before
    DAMAGES[damage](only_file(box.folder / "warc"))
    box.make_due()
    said = box.crawl("--full")
    assert "were not relied on, but asked for and stored whole" in said
    assert box.column("select count(*) from captures where kind = 'article' and status = 304 and run = 2") == [0]
    rebuild(box, expect=0 if damage == "moved away" else 5)  # a damaged file is named
    made = sqlite3.connect(box.folder / "news.db.rebuilding")
    assert made.execute("select url, title, body from articles order by url").fetchall() == [
        tuple(row.values()) for row in before
    ]
    made.close()


def test_where_nothing_is_lost_unchanged_pages_are_asked_for_as_such(
    college: College, crawled: Box, tmp_path: Path
) -> None:
    shutil.copytree(crawled.folder, tmp_path / "box")
    box = Box(tmp_path / "box", college.sites_toml())
    box.make_due()
    college.forget()
    assert "stored whole" not in box.crawl()
    stories = set(box.column("select url from articles"))
    assert {seen.status for seen in college.requests() if seen.url in stories} == {304}
    assert box.column("select count(*) from captures where kind = 'article' and run = 2") == [0], (
        "the record that names them all says it"
    )
