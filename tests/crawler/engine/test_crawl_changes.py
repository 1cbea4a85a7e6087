"""What happens on the sites between two crawls is what happens in the archive, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.college import College
from tests.crawler.box import Box, complain


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[College, Box]]:
    with College(scale=0.4) as college:
        box = Box(tmp_path_factory.mktemp("changes"), college.sites_toml())
        box.crawl()
        yield college, box


def articles(college: College, site: str) -> list[str]:
    """Addresses of pages that hold a text, newest first."""
    rows = [row for row in college.articles(site) if row.kind == "article" and row.body]
    return [row.url for row in sorted(rows, key=lambda row: row.published or "", reverse=True)]


def test_changes(small: tuple[College, Box]) -> None:
    college, box = small
    before = {row["url"]: row for row in box.rows("select url, title, body, state from articles")}
    edited = [college.edit(articles(college, site)[2]) for site in ("sudy", "wordpress")]
    deleted = [college.delete(articles(college, site)[4]) for site in ("sudy", "wordpress")]
    old = articles(college, "sudy")[6]
    moved = college.move(old)
    added = [*college.add("sudy", 3), *college.add("wordpress", 2)]
    box.make_due()
    college.forget()
    box.crawl()

    rows = {
        row["url"]: row
        for row in box.rows(
            "select a.url, a.title, a.body, a.state, count(v.id) as versions from articles a join versions v on"
            " v.article = a.id group by a.id"
        )
    }
    truth = {row.url: row for row in college.articles()}
    assert all(truth[url].reads(rows[url]["body"]) for url in added)
    for url in edited:
        assert truth[url].reads(rows[url]["body"])
        assert rows[url]["body"] != before[url]["body"]
        assert rows[url]["versions"] == 2
        first = box.column(
            "select v.body from versions v join articles a on a.id = v.article where a.url = ? and v.n = 1", url
        )
        assert first == [before[url]["body"]], "the words as they were are kept"
    for url in deleted:
        assert (rows[url]["state"], rows[url]["title"]) == ("gone", before[url]["title"])
    assert rows[old]["state"] == "moved"
    assert truth[moved].reads(rows[moved]["body"])
    touched = {*edited, *deleted, old, moved, *added}
    same = {url: row for url, row in before.items() if url not in touched}
    assert all(rows[url]["body"] == row["body"] and rows[url]["versions"] == 1 for url, row in same.items())
    assert complain(box.warcs()) == ""


def test_counters_alone_make_no_version(tmp_path: Path) -> None:
    with College(scale=0.15) as college:
        for site in college.sites:
            college.settings(site, validators="none")
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        before = box.column("select count(*) from versions")
        box.make_due()
        college.forget()
        box.crawl()
        again = Counter(seen.status for seen in college.requests() if seen.target != "/robots.txt")
        assert set(again) == {200}
        assert again[200] > before[0] / 2, "articles were looked at again"
        assert box.column("select count(*) from versions") == before


def test_same_bytes_are_a_revisit(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.15) as college:
        college.settings("sudy", validators="none")
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        box.crawl()
        revisits = [record for record in box.records() if record.type == "revisit"]
        listing = college.articles()[0].listing
        found = [record for record in revisits if record.url == listing]
        assert [record.headers["WARC-Profile"].rpartition("/")[2] for record in found] == ["identical-payload-digest"]
        assert found[0].headers["WARC-Refers-To-Target-URI"] == listing
        assert found[0].headers["WARC-Refers-To-Date"]


def test_gone_by_another_name(tmp_path: Path) -> None:
    """A redirect to the home page and a page that says 404 with status 200 are tombstones too."""
    with College(["sudy"], scale=0.3) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        home, soft = articles(college, "sudy")[1:3]
        before = {url: box.column("select body from articles where url = ?", url) for url in (home, soft)}
        college.misbehave("sudy", home.removeprefix(college.sites["sudy"].base), "redirect_home")
        college.misbehave("sudy", soft.removeprefix(college.sites["sudy"].base), "soft_404")
        box.make_due()
        box.crawl()
        assert {url: box.column("select state from articles where url = ?", url) for url in (home, soft)} == {
            home: ["gone"],
            soft: ["gone"],
        }
        assert {url: box.column("select body from articles where url = ?", url) for url in (home, soft)} == before
        assert box.column("select count(*) from articles where state = 'live'") == [len(college.articles()) - 2]


def test_full_reads_listings_to_their_end(tmp_path: Path) -> None:
    with College(["wordpress"], scale=0.5) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        college.forget()
        box.crawl("--full")
        site = college.sites["wordpress"]
        wanted = {
            site.base + site.listing_path(section, page, site.pages(section))
            for section in site.sections
            for page in range(1, site.pages(section) + 1)
        }
        assert wanted <= {seen.url for seen in college.requests()}


def test_limit_leaves_the_rest_due(tmp_path: Path) -> None:
    with College(["wordpress"], scale=0.4) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl("--limit", "5")
        assert box.column("select count(*) from articles") == [5]
        box.crawl()
        assert sorted(box.column("select url from articles")) == sorted(row.url for row in college.articles())
