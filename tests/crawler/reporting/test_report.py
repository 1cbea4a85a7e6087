"""`campuswarc report` and `ack`: changes, by cause, said once; through the command line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.instants import iso, now
from archive.store.db import open_writer
from archive.store.health import rhythms
from crawler.cli import main
from tests.benchmarks.archive_folder import sudy
from tests.college import College
from tests.crawler.box import Box

REASONS = ("dns", "http_500", "redirect_off_site", "no_items", "blocked:forbidden", "http_404", "robots")


class Archive:
    """Many sites of which some fail, run after run, as a crawl would have entered it."""

    def __init__(self, folder: Path, sites: int, settings: str = "") -> None:
        self.names = [f"c{n:03}" for n in range(sites)]
        toml = "".join(sudy(name, self.listing(name)) for name in self.names)
        self.box = Box(folder, toml, storage=f"[report]\n{settings}")
        self.at = now() - timedelta(days=10)
        with closing(open_writer(self.box.folder / "news.db").conn) as db, db:
            for name in self.names:
                db.execute("insert into sites (id, state, first_seen) values (?, 'active', ?)", [name, iso(self.at)])
                db.execute("insert into listings (url, site) values (?, ?)", [self.listing(name), name])

    @staticmethod
    def listing(name: str) -> str:
        return f"http://{name}.example.edu/list.htm"

    def run(self, failing: Mapping[str, str], *, killed: bool = False) -> None:
        self.at += timedelta(hours=6)
        at = iso(self.at)
        with sqlite3.connect(self.box.folder / "news.db") as db:
            run = db.execute("insert into runs (begun, ended) values (?, ?)", [at, None if killed else at]).lastrowid
            for name in self.names:
                url, why = self.listing(name), failing.get(name)
                if why is None:
                    db.execute(
                        "update listings set state = 'ok', last_ok = ?1, last_tried = ?1 where url = ?2", [at, url]
                    )
                    continue
                db.execute(
                    "update listings set state = 'failed', reason = ?, last_tried = ? where url = ?", [why, at, url]
                )
                db.execute(
                    "insert into failures (url, site, run, kind, detail, at) values (?, ?, ?, ?, ?, ?)",
                    [url, name, run, why, f"{why} as said in full", at],
                )
        db.close()

    def report(self, *more: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.say("report", "--format", "json", *more).stdout)
        return found

    def say(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["-C", str(self.box.folder), *words])


@pytest.fixture
def hundred(tmp_path: Path) -> Iterator[Archive]:
    yield Archive(tmp_path / "archive", 100)


def sites(groups: list[dict[str, Any]]) -> set[str]:
    return {one["site"] for group in groups for one in group["problems"]}


def test_forty_broken_sites_of_seven_causes_are_seven_paragraphs(hundred: Archive) -> None:
    failing = {name: REASONS[n % 7] for n, name in enumerate(hundred.names[:40])}
    for _ in range(3):
        hundred.run(failing)
    said = hundred.say("report", "--since", "2020-01-01")
    assert said.exit_code == 3 and said.stdout.count("  -> campuswarc ") == 7
    for name in hundred.names[:40]:
        assert name in said.stdout and hundred.listing(name) in said.stdout
    assert all(f"{reason} as said in full" in said.stdout for reason in REASONS)
    assert "3 runs in a row" in said.stdout
    html = hundred.say("report", "--since", "2020-01-01", "--format", "html").stdout
    assert html.count("<h3>") == 7 and hundred.say("report", "--format", "markdown").stdout.count("```") == 14


def test_changes_are_told_once_and_recovery_is_told(hundred: Archive) -> None:
    hundred.run({"c001": "http_404"})
    first = hundred.report()
    assert sites(first["newly"]) == {"c001"} and not first["still"]
    hundred.run({"c001": "http_404", "c002": "robots"})
    second = hundred.report()
    assert (sites(second["newly"]), sites(second["still"])) == ({"c002"}, {"c001"}) and not second["new_sites"]
    hundred.run({"c002": "no_items"})
    third = hundred.report()
    assert not third["newly"], "another word for the same trouble is no news"
    assert [one["site"] for one in third["recovered"]] == ["c001"] and sites(third["still"]) == {"c002"}
    hundred.run({})
    assert [one["site"] for one in hundred.report()["recovered"]] == ["c002"]
    quiet = hundred.say("report", "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_what_may_pass_is_told_after_three_runs_and_a_site_may_say_otherwise(hundred: Archive) -> None:
    toml = hundred.box.folder / "sites.toml"
    toml.write_text(
        toml.read_text()
        .replace("[c002]\n", "[c002]\nalert_after = 1\n")
        .replace("[c003]\n", "[c003]\nalert_after = 9\n")
    )
    for run in (1, 2, 3):
        hundred.run({"c001": "http_503", "c002": "http_503", "c003": "robots"})
        told = hundred.report()
        assert sites(told["newly"]) | sites(told["still"]) == ({"c001", "c002"} if run == 3 else {"c002"})


def test_most_hosts_failing_alike_in_a_run_that_was_killed_is_our_own_network(hundred: Archive) -> None:
    hundred.run({"c099": "robots"})
    hundred.report()
    for _ in range(4):
        hundred.run(dict.fromkeys(hundred.names[:70], "dns") | {"c099": "robots"}, killed=True)
    told = hundred.report()
    assert "70 of 100 hosts failed alike (dns)" in told["network"] and sites(told["newly"]) == set()
    assert sites(told["still"]) == {"c099"}
    hundred.run({"c099": "robots"})
    assert not hundred.report()["network"] and not hundred.report()["recovered"], "what was not told has not recovered"
    for _ in range(3):
        hundred.run(dict.fromkeys(hundred.names[:4], "dns"))
    assert sites(hundred.report()["newly"]) == set(hundred.names[:4]), "a few are the sites' own trouble"


def test_ack_quiets_report_and_status_until_it_is_well_or_that_day(hundred: Archive) -> None:
    hundred.run({"c001": "robots", "c002": "robots"})
    assert sites(hundred.report()["newly"]) == {"c001", "c002"}
    assert hundred.say("ack", "c001", "--note", "they know").exit_code == 0
    assert hundred.say("ack", hundred.listing("c002"), "--until", "2999-01-01").exit_code == 0
    quiet = hundred.report()
    assert not quiet["newly"] and hundred.say("status", "--broken").output == ""
    assert not quiet["recovered"], "nobody asked to hear of it, which does not make it well"
    hundred.run({"c001": "robots", "c002": "robots"})
    assert not hundred.report()["newly"]
    assert hundred.say("ack", "c0001").exit_code == 1 and "did you mean" in hundred.say("ack", "c0001").output
    hundred.at = now() + timedelta(days=1)
    hundred.run({})
    hundred.run({"c001": "robots", "c002": "robots"})
    assert sites(hundred.report()["newly"]) == {"c001"}, "new trouble is told; c002 is quiet for long"


def test_the_alarm_is_where_the_operator_sets_it(tmp_path: Path) -> None:
    some = Archive(tmp_path / "archive", 10, "exit_over = 2")
    some.run({"c001": "robots", "c002": "robots"})
    assert [some.say(*words).exit_code for words in (("report",), ("status",))] == [0, 0]
    some.run({"c001": "robots", "c002": "robots", "c003": "robots"})
    assert [some.say(*words).exit_code for words in (("report",), ("status",))] == [3, 3]


@pytest.mark.parametrize(
    ("gaps", "days"), [([1] * 30, 7), ([2] * 15 + [40], 60), ([30] * 12, 180), ([1, 1], 60)], ids=str
)
def test_silence_is_measured_by_the_sites_own_rhythm(tmp_path: Path, gaps: list[int], days: int) -> None:
    db = open_writer(tmp_path / "news.db")
    day = now()
    columns = "subtitle byline authors editors photographers source section body body_html".split()
    for n, gap in enumerate([0, *gaps]):
        day -= timedelta(days=gap)
        db.conn.execute(
            f"insert into articles (url, site, kind, title, published, first_seen, last_seen, word_count,"
            f" confidence, {', '.join(columns)})"
            f" values (?, 's', 'article', 'T', ?, '', '', 1, 1.0{', ?' * len(columns)})",
            [f"http://s.example.edu/{n}", iso(day), *[""] * len(columns)],
        )
    assert rhythms(db, ["s", "t"]) == {"s": days, "t": 60}


def test_a_crawl_whose_hosts_all_fail_alike_says_so_and_names_no_site(tmp_path: Path) -> None:
    toml = "".join(sudy(f"c{n}", f"http://c{n}.nosuchcollege.invalid/list.htm") for n in range(8))
    box = Box(tmp_path / "archive", toml)
    words = box.crawl("--quiet", expect=3)
    assert "own network" not in words and "c7: " in words, "none has ever been read: they bear no witness"
    with closing(sqlite3.connect(box.folder / "news.db")) as db, db:
        db.execute("update listings set state = 'ok', reason = null, last_ok = '2020-01-01T00:00:00Z'")
    words = box.crawl("--all", "--quiet", expect=3)
    assert words.count("\n") == 1 and "8 of 8 hosts failed alike (dns)" in words
    with closing(sqlite3.connect(box.folder / "news.db")) as db, db:
        db.execute("update listings set state = 'failed', reason = 'dns', last_tried = '2020-01-01T00:00:00Z'")
    words = box.crawl("--all", "--quiet", expect=3)
    assert "own network" not in words and "c7: " in words, "they could not be read before: they are dead"


def test_a_crawl_tells_of_many_problems_by_cause(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.1) as college:
        college.misbehave("sudy", "*", "forbidden")
        base = college.sites["sudy"].base
        box = Box(tmp_path / "archive", "".join(sudy(f"c{n}", f"{base}/{n}/list.htm") for n in range(30)))
        words = box.crawl("--quiet", expect=3)
    assert words.count("\n") < 4 and "(30 sites)" in words and "and 22 more" in words
