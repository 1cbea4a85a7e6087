"""What an operator does to an archive between two crawls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.box import Box
from tests.crawler.campus import Answer, Campus, campus, html

STORY = "<p>" + "The trustees met on Tuesday and approved the plan. " * 6 + "</p>"


def _news() -> dict[str, Answer]:
    links = "".join(
        f'<li><a href="/2026/0{n}01/story{n}.html">The trustees approve plan number {n}</a> 2026-0{n}-01</li>'
        for n in range(1, 7)
    )
    told = {
        f"/2026/0{n}01/story{n}.html": html(
            f"<title>Plan {n}</title><h1>The trustees approve plan number {n}</h1><div class=txt>{STORY}</div>"
        )
        for n in range(1, 7)
    }
    return {"/news/": html(f"<title>News</title><ul class=list>{links}</ul>")} | told


@pytest.fixture
def site() -> Iterator[Campus]:
    with campus("127.0.0.73", _news()) as server:
        yield server


def table(id_: str, url: str) -> str:
    return f'[{id_}]\nname = "Example"\nfamily = "generic"\nlistings = ["{url}"]\nselect = {{item = "ul.list a"}}\n'


def test_a_site_under_another_name_goes_on_where_it_was(site: Campus, tmp_path: Path) -> None:
    box = Box(tmp_path / "archive", table("old", f"{site.url}/news/"))
    box.crawl("--limit", "2")
    (box.folder / "sites.toml").write_text(table("new", f"{site.url}/news/"))
    box.crawl()
    assert box.rows("select site, count(*) n from articles group by site") == [{"site": "new", "n": 6}]
    assert len([asked for asked in site.asked if "story" in asked]) == 6
    assert box.column("select count(*) from frontier where site = 'old'") == [0]


def test_a_listing_that_is_no_longer_configured_is_no_trouble(site: Campus, tmp_path: Path) -> None:
    box = Box(tmp_path / "archive", table("one", f"{site.url}/lost/"))
    box.crawl(expect=3)
    (box.folder / "sites.toml").write_text(table("one", f"{site.url}/news/"))
    box.crawl()
    (box.folder / "sites.toml").write_text(table("one", f"{site.url}/lost/"))
    box.crawl(expect=3)


def test_a_crawl_does_not_begin_anew_beside_the_records_of_a_lost_database(site: Campus, tmp_path: Path) -> None:
    box = Box(tmp_path / "archive", table("one", f"{site.url}/news/"))
    box.crawl()
    asked = len(site.asked)
    for path in box.folder.glob("news.db*"):
        path.unlink()
    assert "rebuild" in box.crawl(expect=1)
    assert len(site.asked) == asked
    assert not (box.folder / "news.db").exists()
