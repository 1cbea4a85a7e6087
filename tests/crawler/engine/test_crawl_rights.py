"""Rights that pages and hosts state: kept by a crawl, the same after a rebuild, filtered when asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import main
from tests.college import College
from tests.crawler.box import Box

RIGHTS = "select url, rights from articles order by url"
HOSTS = "select url, origin, digest, said from host_rights order by url"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[College, Box]]:
    with College(["sudy", "wordpress"]) as college:
        college.settings("sudy", robots_extra="Content-Signal: search=yes, ai-train=no\n")
        box = Box(tmp_path_factory.mktemp("rights"), college.sites_toml(), crawl="rights_files = true\n")
        box.crawl()
        yield college, box


def run(box: Box, *words: str) -> str:
    done = CliRunner().invoke(main, ["-C", str(box.folder), *words])
    assert done.exit_code == 0, done.output
    return done.output


def rows(path: Path, sql: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(path) as db:
        return db.execute(sql).fetchall()


def test_they_are_in_rows_and_equal_after_a_rebuild(crawled: tuple[College, Box]) -> None:
    box = crawled[1]
    license_ = '["license=https://creativecommons.org/licenses/by-nc/4.0/ rel-license"]'
    said = dict(rows(box.folder / "news.db", RIGHTS))
    of_pages = "select distinct rights from articles where site = 'wordpress' and kind = 'article'"
    assert rows(box.folder / "news.db", of_pages) == [(license_,)]
    assert {one[0] for one in rows(box.folder / "news.db", "select rights from captures where rights > ''")} == {
        license_
    }
    hosts = rows(box.folder / "news.db", HOSTS)
    assert [json.loads(row[3]) for row in hosts] == [["search=yes robots.txt", "ai-train=no robots.txt"]]
    captures = rows(box.folder / "news.db", "select record_id, rights from captures order by 1")
    run(box, "rebuild")
    assert dict(rows(box.folder / "news.db", RIGHTS)) == said
    assert rows(box.folder / "news.db", HOSTS) == hosts
    assert rows(box.folder / "news.db", "select record_id, rights from captures order by 1") == captures


def test_files_beside_robots_txt_are_asked_for_where_the_configuration_says_so(crawled: tuple[College, Box]) -> None:
    college = crawled[0]
    asked = {seen.target for seen in college.requests()}
    assert {"/ai.txt", "/.well-known/tdmrep.json"} <= asked


def test_a_crawl_that_did_not_ask_sends_no_request_for_them(tmp_path: Path) -> None:
    with College(["wordpress"]) as college:
        Box(tmp_path, college.sites_toml()).crawl("--limit", "2")
        assert not {"/ai.txt", "/.well-known/tdmrep.json"} & {seen.target for seen in college.requests()}


def test_an_export_leaves_out_what_is_refused_and_says_so(crawled: tuple[College, Box], tmp_path: Path) -> None:
    box = crawled[1]
    run(box, "export", "jsonl", str(tmp_path / "all"))
    run(box, "export", "jsonl", str(tmp_path / "some"), "--rights", "ai-train")
    every, some = (
        [json.loads(line) for line in (tmp_path / name / "data" / "articles.jsonl").read_text().splitlines()]
        for name in ("all", "some")
    )
    refused = [row for row in every if any(one.startswith("ai-train=no ") for one in row["rights"])]
    assert refused and {row["site"] for row in refused} == {"sudy"}
    assert [row["url"] for row in some] == [row["url"] for row in every if row not in refused]
    card = (tmp_path / "some" / "README.md").read_text()
    assert "license=https://creativecommons.org/licenses/by-nc/4.0/" in card
    assert "refuses ai-train were left out" in card
    assert "Nothing was left out" in (tmp_path / "all" / "README.md").read_text()


def test_search_finds_by_what_is_said(crawled: tuple[College, Box]) -> None:
    box = crawled[1]
    assert "news.example" not in run(box, "search", "rights:license", "--limit", "1")
    done = CliRunner().invoke(main, ["-C", str(box.folder), "search", "rights:tdm"])
    assert done.exit_code == 1
    done = CliRunner().invoke(main, ["-C", str(box.folder), "export", "jsonl", "x", "--rights", "everything"])
    assert done.exit_code == 2 and "ai-train" in done.output
