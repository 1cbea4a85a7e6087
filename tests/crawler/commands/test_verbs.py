"""What an operator says to single sites and addresses, through the command line."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.cli import main
from tests.benchmarks.archive_folder import sudy
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.whole import everything

SITES = """# ours, by hand
[one]   # the first
name = "One"          # a comment that stays
listings = [
    "https://one.example.edu/list.htm",
]
family = "wordpress"
select = { body = "div.a" }

# of the second
[two]
name = 'Two'
tags = ["law"]
listings = ["https://two.example.edu/list.htm"]
"""


def say(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(folder), *words])


@pytest.fixture(params=["\n", "\r\n"], ids=["lf", "crlf"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    Box(tmp_path / "a", "")
    (tmp_path / "a" / "sites.toml").write_bytes(SITES.replace("\n", request.param).encode())
    return tmp_path / "a"


def test_edits_change_their_lines_alone(folder: Path) -> None:
    toml = folder / "sites.toml"
    before = toml.read_bytes()
    assert say(folder, "pause", "one").exit_code == 0
    paused = toml.read_bytes()
    assert tomllib.loads(paused.decode())["one"]["paused"] is True
    assert [line for line in paused.splitlines() if line not in before.splitlines()] == [b"paused = true"]
    assert say(folder, "pause", "one").exit_code == 0 and toml.read_bytes() == paused, "twice is once"
    assert say(folder, "resume", "one").exit_code == 0 and toml.read_bytes() == before
    assert say(folder, "rename", "one", "uno").exit_code == 0
    assert toml.read_bytes() == before.replace(b"[one]", b"[uno]")
    assert say(folder, "retire", "two", "--note", "closed").exit_code == 0
    assert list(tomllib.loads(toml.read_text())) == ["uno"] and b"# [two]" in toml.read_bytes()


@pytest.mark.parametrize(
    "words",
    [("pause", "three"), ("rename", "one", "two"), ("rename", "one", "No Id"), ("retire", "one", "two", "three")],
    ids=" ".join,
)
def test_what_would_not_be_right_changes_nothing_of_that_site(folder: Path, words: tuple[str, ...]) -> None:
    done = say(folder, *words)
    assert done.exit_code == 1 and "Error" in done.output
    assert tomllib.loads((folder / "sites.toml").read_text()) is not None


def test_a_table_that_cannot_be_edited_safely_is_left(tmp_path: Path) -> None:
    Box(tmp_path / "a", 'one.name = "One"\none.listings = ["https://one.example.edu/"]\n')
    before = (tmp_path / "a" / "sites.toml").read_bytes()
    assert "cannot be edited safely" in say(tmp_path / "a", "pause", "one").output
    Box(tmp_path / "b", 'x = 1\n[one]\nname = """\n[two]\n"""\nlistings = ["https://one.example.edu/"]\n'[6:])
    assert say(tmp_path / "b", "retire", "one").exit_code == 1
    assert (tmp_path / "a" / "sites.toml").read_bytes() == before


def test_check_names_every_table_that_is_wrong(tmp_path: Path) -> None:
    Box(
        tmp_path / "a", '[one]\nname = "One"\n[two]\nname = "Two"\nlistings = ["x"]\n' + sudy("three", "https://a.edu/")
    )
    done = say(tmp_path / "a", "sites", "--check")
    assert done.exit_code == 1 and "[one]" in done.output and "[two]" in done.output and "[three]" not in done.output
    (tmp_path / "a" / "sites.toml").write_text(sudy("three", "https://a.edu/"))
    assert say(tmp_path / "a", "sites", "--check").exit_code == 0


def test_tags_choose_in_crawl_status_search_and_export(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.1) as college:
        toml = college.sites_toml().replace("[wordpress]\n", '[wordpress]\ntags = ["West", "law"]\n')
        box = Box(tmp_path / "archive", toml)
        box.crawl("--tag", "law")
        assert set(box.column("select distinct site from articles")) == {"wordpress"}
        box.crawl("--family", "sudy_webplus")
        assert "did you mean 'law'" in box.crawl("--tag", "laws", expect=1)
    assert [
        json.loads(line)["site"]
        for line in say(box.folder, "status", "--json", "--tag", "West").stdout.split("\n")[:-1]
    ] == ["wordpress"]
    count = box.column("select count(*) from articles where site = 'wordpress'")[0]
    assert say(box.folder, "search", "tag:west", "--count").stdout.strip() == str(count)
    out = tmp_path / "law.jsonl"
    assert say(box.folder, "export", "jsonl", str(out), "--tag", "law", "--state", "live").exit_code == 0
    assert {json.loads(line)["site"] for line in out.read_text().splitlines()} == {"wordpress"}


def test_one_address_a_broken_site_a_paused_one(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.1) as college:
        box = Box(tmp_path / "archive", college.sites_toml(interval=3600))
        box.crawl()
        story = next(row.url for row in college.articles("sudy") if row.kind == "article" and row.body)
        college.edit(story)
        college.forget()
        box.crawl()
        assert not [one for one in college.requests() if one.url == story]
        box.crawl(story)
        asked = [one for one in college.requests() if not one.target.endswith("robots.txt")]
        assert [one.url for one in asked if one.url.endswith("htm")] == [story]
        assert (
            len(box.rows("select 1 from version_rows v join articles a on a.id = v.article where a.url = ?", story))
            == 2
        )
        unknown = box.crawl(story.replace("/page.htm", "/other.htm"), expect=1)
        assert "is not known" in unknown and "nothing was asked for" in unknown

        college.misbehave("sudy", "*list.htm", "forbidden")
        with sqlite3.connect(box.folder / "news.db") as db:
            db.execute("update listings set last_tried = '2020-01-01T00:00:00Z'")
            db.execute("update frontier set due = null")
        box.crawl(expect=3)
        college.behave()
        college.forget()
        with sqlite3.connect(box.folder / "news.db") as db:
            db.execute("update frontier set due = null")
        box.crawl("--broken")
        assert {one.site for one in college.requests()} == {"sudy"}
        assert "no listing is broken" in box.crawl("--broken")

        assert say(box.folder, "look-again", "sudy").exit_code == 0
        due = box.column("select count(*) from frontier where due is not null and kind = 'article'")[0]
        assert due >= 3 and set(box.column("select distinct site from frontier where due is not null")) == {"sudy"}
        assert say(box.folder, "look-again", "https://nowhere.example.edu/1").exit_code == 1

        assert say(box.folder, "pause", "sudy").exit_code == 0
        college.forget()
        box.crawl("--full")
        assert {one.site for one in college.requests()} == {"wordpress"}
        assert "is paused" in box.crawl("sudy", expect=1)
        assert say(box.folder, "status").exit_code == 0


def test_a_renamed_site_keeps_its_articles(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.1) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        count = box.column("select count(*) from articles")
        assert say(box.folder, "rename", "sudy", "college_news").exit_code == 0
        box.crawl()
    assert box.column("select count(*) from articles where site = 'college_news'") == count


def test_one_bad_table_does_not_stop_the_others_and_rebuild_agrees(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.1) as college:
        good = college.sites_toml()
        box = Box(tmp_path / "archive", good)
        box.crawl()
        (box.folder / "sites.toml").write_text(good.replace("[wordpress]\n", '[wordpress]\nnoise = "x"\n'))
        college.forget()
        assert "unknown key 'noise'" in box.crawl("--strict", expect=1) and not college.requests()
        words = box.crawl("--quiet", expect=3)
        assert "[wordpress]: unknown key 'noise'" in words and "left out" in words
        assert {one.site for one in college.requests()} == {"sudy"}
        (box.folder / "sites.toml").write_text(good)
        box.crawl()
        assert box.column("select distinct state from listings where site = 'wordpress'") == ["ok"]
    before = everything(box.folder / "news.db")
    assert say(box.folder, "rebuild", "--yes").exit_code == 0
    after = everything(box.folder / "news.db")
    assert {name: after[name] for name in ("sites", "articles")} == {
        name: before[name] for name in ("sites", "articles")
    }
