"""A run in which our own network fails is said once and marks no site; the next run goes on as if it had not been."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.proof.compare import differences
from archive.store.captures import Captures
from archive.store.db import open_writer
from crawler.cli import main
from tests.college import College
from tests.college.families import FAMILIES
from tests.crawler.box import Box
from tests.crawler.history.test_rebuild import rebuild

FARED = "select url, state, reason, last_tried, last_ok, empty_streak from listings order by url"
SITES = ("sudy", "vsb", "hanweb", "jeecms", "phpcms")
PORTAL = "<title>Guest network</title><h1>Welcome</h1><p>Please log in to use the network of this house.</p>"


@pytest.fixture
def college() -> Iterator[College]:
    with College([name for name in FAMILIES if name in SITES], scale=0.05) as college:
        yield college


def say(box: Box, *words: str) -> str:
    return CliRunner().invoke(main, ["-C", str(box.folder), *words]).stdout


def problems(box: Box) -> list[Any]:
    return [json.loads(line)["problems"] for line in say(box, "status", "--json").splitlines()]


def report(box: Box) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(say(box, "report", "--format", "json"))
    return found


def test_no_site_is_marked_for_it_neither_live_nor_by_a_rebuild(college: College, tmp_path: Path) -> None:
    box = Box(tmp_path / "archive", college.sites_toml())
    box.crawl("--readers", "0")
    before, waiting = box.rows(FARED), box.rows("select url, state from frontier order by url")
    report(box)
    broken = problems(box)
    for kind, how, said in (("reset", {}, "(disconnect)"), ("error", {"status": 200, "text": PORTAL}, "same answer")):
        college.misbehave("*", "*", kind, **how)
        words = box.crawl("--all", "--quiet", "--readers", "0", expect=3)
        assert words.count("\n") == 1 and "it is rather our own network" in words and said in words
        assert box.rows(FARED) == before
        assert box.column("select count(*) from frontier where state = 'failed' or attempts > 0") == [0]
        first, second = report(box), report(box)
        assert first["network"] == second["network"] == box.column("select network from runs order by id desc")[0]
        assert not first["newly"] and not first["suspect"] and not first["recovered"]
        assert problems(box) == broken
        college.behave()
    (new,) = college.add("sudy")
    assert box.crawl("--quiet", "--readers", "0") == "", "due as if those runs had not been"
    assert box.state(new) == ("done", None) and not report(box)["network"]
    assert {row["url"]: row["state"] for row in waiting}.items() <= {
        row["url"]: row["state"] for row in box.rows("select url, state from frontier")
    }.items()
    live = box.rows(FARED)
    with closing(sqlite3.connect(box.folder / "news.db")) as copied:
        copied.execute("vacuum into ?", [str(box.folder / "live.db")])
    rebuild(box)
    assert [one for one in differences(box.folder / "live.db", box.folder / "news.db") if not one.same] == []
    assert box.rows(FARED) == live
    assert len([said for said in box.column("select network from runs order by id") if said]) == 2
    db = open_writer(box.folder / "live.db")
    rules = f"{college.sites['sudy'].base}/robots.txt"
    assert Captures(db).robots(rules) is not None
    db.execute("update runs set network = 'as if it had been answered by a portal'")
    assert Captures(db).robots(rules) is None, "what answered in a host's place is not its robots.txt"
    db.close()
