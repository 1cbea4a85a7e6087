"""What a run costs when there is no news: robots.txt is asked once a day, sites.toml is kept once."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from archive.article import Article
from archive.instants import now
from archive.store.frontier import STATES, Found, State
from archive.store.store import Archive
from archive.warc.history import SITES, UNCHANGED
from archive.warc.reader import records
from archive.warc.unchanged import Still, Stills
from crawler.engine.kept_robots import KeptRobots
from tests.archive.warc.samples import INFO, THEN, exchange
from tests.benchmarks.archive_folder import ROOT
from tests.college import College
from tests.crawler.box import Box, complain
from tests.crawler.history.test_rebuild import rebuild
from tests.crawler.whole import only_in_one

ROBOTS = "https://a.example.edu/robots.txt"
RULES = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 3\n"


def kept(folder: Path, *answers: tuple[str, int, str, bytes, float]) -> tuple[KeptRobots, Archive]:
    """An archive that holds these answers: address, status, further header, body, hours ago."""
    archive = Archive(folder, info=INFO)
    for url, status, header, body, hours in answers:
        head = f"HTTP/1.1 {status} x\r\n{header}\r\n\r\n".encode()
        when = now() - timedelta(hours=hours)
        archive.record(exchange(body, url=url, kind="robots", status=status, response_head=head, fetched_at=when))
    return KeptRobots(archive, "campuswarc/1"), archive


@pytest.mark.parametrize(
    ("answers", "allowed"),
    [
        ([], None),
        ([(ROBOTS, 200, "Content-Type: text/plain", RULES, 1)], False),
        ([(ROBOTS, 200, "Content-Type: text/plain", RULES, 25)], None),  # it may have changed since
        ([(ROBOTS, 200, "Content-Type: text/plain", RULES, -2)], None),  # a clock was set back
        ([(ROBOTS, 404, "X: y", b"not here", 1)], True),
        ([(ROBOTS, 503, "X: y", b"busy", 0.01)], None),  # the host could not say
        ([(ROBOTS, 429, "X: y", b"", 0.01)], None),
        # the last answer counts
        ([(ROBOTS, 404, "X: y", b"", 3), (ROBOTS, 200, "X: y", RULES, 2)], False),
        # the same bytes again are a revisit, whose body lies elsewhere
        ([(ROBOTS, 200, "X: y", RULES, 30), (ROBOTS, 200, "X: z", RULES, 2)], False),
        # where it was led to, as long as both are of today
        ([(ROBOTS, 301, "Location: /r.txt", b"", 2), (ROBOTS[:-10] + "r.txt", 200, "X: y", RULES, 1)], False),
        ([(ROBOTS, 301, "Location: /r.txt", b"", 2), (ROBOTS[:-10] + "r.txt", 200, "X: y", RULES, 25)], None),
        ([(ROBOTS, 301, "Location: /r.txt", b"", 2)], None),
    ],
)
def test_what_was_recorded_within_a_day_is_relied_on(
    tmp_path: Path, answers: list[tuple[str, int, str, bytes, float]], allowed: bool | None
) -> None:
    robots, archive = kept(tmp_path, *answers)
    found = robots.rules(ROBOTS)
    assert (found and found[0].allows("https://a.example.edu/private/page")) is allowed
    if found is not None:
        oldest = max(hours for *_, hours in answers[-2 if answers[0][1] == 301 else -1 :])
        assert abs(found[1] - (24 - oldest) * 3600) < 60, "no longer than a day since it was asked"
    archive.close()


def test_a_record_that_is_lost_is_not_relied_on(tmp_path: Path) -> None:
    robots, archive = kept(tmp_path, (ROBOTS, 200, "X: y", RULES, 1))
    archive.commit()
    for path in (tmp_path / "warc").rglob("*.open"):
        path.write_bytes(bytes(path.stat().st_size))
    assert robots.rules(ROBOTS) is None
    archive.close()


def test_the_second_run_of_a_day_asks_no_robots_and_keeps_no_configuration_again(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.2) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        college.forget()
        box.crawl()
        assert not [seen for seen in college.requests() if seen.target == "/robots.txt"]
        assert [record.url for record in box.records()].count(SITES) == 1
        assert len(box.rows("select distinct warc, offset from runs")) == 1
        sites = (box.folder / "sites.toml").read_text()
        (box.folder / "sites.toml").write_text(sites + "\n# a word of the operator's\n")
        box.crawl()
        (box.folder / "sites.toml").write_text(sites)
        box.crawl()
        box.crawl()
        assert [record.url for record in box.records()].count(SITES) == 3
        shutil.copy(box.folder / "news.db", tmp_path / "live.db")
        rebuild(box, "--yes")
        assert only_in_one(tmp_path / "live.db", box.folder / "news.db") == []


def test_listings_that_say_they_have_not_changed_are_named_in_one_record(tmp_path: Path) -> None:
    with College(scale=0.15) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        captures = box.column("select count(*) from captures")
        before = box.rows("select url, last_ok, last_tried from listings order by url")
        college.forget()
        box.crawl()
        asked = {seen.url for seen in college.requests()}
        assert {seen.status for seen in college.requests()} == {304}
        told_of = [
            still
            for record in box.records()
            if record.url == UNCHANGED
            for still in Stills.of(record.payload).addresses
        ]
        assert sorted(still.url for still in told_of) == sorted(asked)
        assert box.column("select count(*) from captures") == captures
        after = box.rows("select url, last_ok, last_tried from listings order by url")
        assert all(
            b["last_ok"] > a["last_ok"] and b["last_tried"] == b["last_ok"] for a, b in zip(before, after, strict=True)
        )
        shutil.copy(box.folder / "news.db", tmp_path / "live.db")
        rebuild(box, "--yes")
        assert only_in_one(tmp_path / "live.db", box.folder / "news.db") == []
        box.crawl()
        assert complain(box.warcs()) == ""


@pytest.mark.parametrize("validators", ["both", "none"])
def test_stories_and_their_parts_that_are_as_they_were_cost_no_row_and_no_record(
    tmp_path: Path, validators: str
) -> None:
    with College(["sudy", "wordpress"], scale=0.3) as college:
        if validators == "none":
            for site in college.sites:
                college.settings(site, validators="none")
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        before = box.rows("select url, last_seen from articles order by url")
        rows = box.column("select count(*) from captures where kind = 'article'")
        box.make_due()
        college.forget()
        box.crawl()
        asked = {seen.url for seen in college.requests()} & {row["url"] for row in before}
        assert asked
        told_of = {
            still.url
            for record in box.records()
            if record.url == UNCHANGED
            for still in Stills.of(record.payload).addresses
        }
        counters = asked - told_of  # pages that count their visitors are others each time
        assert told_of & asked and (validators == "none" or not counters)
        assert box.column("select count(*) from captures where kind = 'article'") == [rows[0] + len(counters)]
        after = {row["url"]: row["last_seen"] for row in box.rows("select url, last_seen from articles")}
        assert all(after[row["url"]] > row["last_seen"] for row in before if row["url"] in told_of)
        shutil.copy(box.folder / "news.db", tmp_path / "live.db")
        rebuild(box, "--yes")
        found = only_in_one(tmp_path / "live.db", box.folder / "news.db")
        # an address of another site, which the test made due, was refused: that is in no WARC file
        assert [one for one in found if "weixin" not in one] == []
        assert complain(box.warcs()) == ""


KILLED_BETWEEN = """
import os, signal
from archive.store.rows import Rows
from archive.store.store import Archive
from crawler.__main__ import start
written = []
tell, commit = Archive._tell_unchanged, Rows.commit
Archive._tell_unchanged = lambda self: (written.extend(self._unchanged), tell(self))[1]
Rows.commit = lambda self: os.kill(os.getpid(), signal.SIGKILL) if len(written) > 3 else commit(self)
start()
"""


def test_what_a_run_killed_before_its_rows_were_committed_had_found_unchanged_is_known_to_the_next(
    tmp_path: Path,
) -> None:
    with College(["sudy"], scale=0.15) as college:
        college.settings("sudy", validators="none")
        box = Box(tmp_path / "archive", college.sites_toml(), storage="commit_seconds = 600\n")
        box.crawl("--quiet")
        box.make_due()
        killed = subprocess.run(
            [sys.executable, "-c", KILLED_BETWEEN, "-C", str(box.folder), "crawl", "--quiet"], cwd=ROOT
        )
        assert killed.returncode == -signal.SIGKILL
        (last,) = [Stills.of(record.payload).addresses for record in box.records() if record.url == UNCHANGED]
        stories = {still.url for still in last if still.kind == "article"}
        assert stories
        college.forget()
        box.crawl("--quiet")
        assert not stories & {seen.url for seen in college.requests()}, "they were looked at, and are not asked again"
        shutil.copy(box.folder / "news.db", tmp_path / "live.db")
        rebuild(box, "--yes")
        found = only_in_one(tmp_path / "live.db", box.folder / "news.db")
        assert [one for one in found if "weixin" not in one] == []


def test_the_same_bytes_count_for_nothing_where_the_last_look_was_not_believed(tmp_path: Path) -> None:
    archive = Archive(tmp_path, info=INFO)
    page = exchange(b"<p>words</p>", url="http://a.example/1", kind="article", status=200)
    assert not archive.repeats(page), "the first time"
    archive.record(page)
    assert archive.repeats(page) and not archive.repeats(exchange(b"<p>other</p>", url="http://a.example/1"))
    assert not archive.frontier.stands("http://a.example/1")
    archive.commit()
    for path in (tmp_path / "warc").rglob("*.open"):
        path.write_bytes(bytes(path.stat().st_size))
    archive.backing = type(archive.backing)(tmp_path)
    assert not archive.repeats(page), "what it repeats is lost"
    archive.close()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("story", [None, "live", "gone", "moved"])
def test_an_address_stands_only_where_it_was_read_last_and_its_story_is_live(
    tmp_path: Path, state: State, story: str | None
) -> None:
    archive, url = Archive(tmp_path, info=INFO), "http://a.example/1"
    assert not archive.frontier.stands(url)
    archive.frontier.add([Found(url=url, site="a", kind="article")], "2026-11-30T00:00:00Z")
    id_ = None
    if story is not None:
        article = Article(url=url, site="a", title="Title", body="words", body_html="")
        seen = "2026-11-30T00:00:00Z"
        id_ = archive.articles.save(article, digest="d", reader="1", capture=None, seen=seen).id
        archive.articles.back(id_, story, "")
    archive.frontier.settle(url, state, at="2026-11-30T00:00:00Z", article=id_)
    assert archive.frontier.stands(url) == (state == "done" and story in (None, "live"))
    archive.close()


@pytest.mark.parametrize(
    ("status", "truncated", "well"),
    [(200, None, True), (304, None, True), (200, "length", False)]
    + [(status, None, False) for status in (301, 302, 403, 404, 410, 429, 500, 503)],
)
def test_an_address_was_well_only_where_it_gave_its_page_when_it_answered_last(
    tmp_path: Path, status: int, truncated: Literal["length"] | None, well: bool
) -> None:
    archive, url = Archive(tmp_path, info=INFO), "http://a.example/1"
    assert not archive.captures.well(url), "never asked"
    archive.record(exchange(url=url, fetched_at=THEN))
    assert archive.captures.well(url)
    head = f"HTTP/1.1 {status} x\r\n\r\n".encode()
    later = exchange(
        b"other", url=url, status=status, truncated=truncated, response_head=head, fetched_at=THEN + timedelta(1)
    )
    archive.record(later)
    assert archive.captures.well(url) is well
    archive.close()


@pytest.mark.parametrize("validators", ["both", "none"])
@pytest.mark.parametrize("mischief", ["missing", "error", "wall", "redirect"])
def test_a_story_that_is_well_again_has_a_record_of_its_own_and_the_next_time_none(
    tmp_path: Path, mischief: str, validators: str
) -> None:
    with College(["drupal"], scale=0.2) as college:  # whose pages count no visitors
        college.settings("drupal", validators=validators)
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        url, other, *_ = [row.url for row in college.articles() if row.kind == "article" and len(row.body) > 100]
        more = {"to": other} if mischief == "redirect" else {}
        college.misbehave("drupal", "/" + url.split("/", 3)[3], mischief, times=1, **more)
        recorded = []
        for run in range(2, 5):
            box.make_due()
            box.crawl()
            recorded.append(box.column("select status from captures where url = ? and run = ?", url, run))
        assert recorded[0] and not set(recorded[0]) & {304} and (mischief == "wall" or recorded[0] != [200])
        assert len(recorded[1]) == 1 and recorded[1][0] in (200, 304), "it is well again"
        assert recorded[2] == [], "and stays so"
        shutil.copy(box.folder / "news.db", tmp_path / "live.db")
        rebuild(box, "--yes")
        found = only_in_one(tmp_path / "live.db", box.folder / "news.db")
        assert [one for one in found if "weixin" not in one] == []


def test_news_comes_in_its_order_after_what_a_site_has_not_changed(tmp_path: Path) -> None:
    """The record stands before the next one of its site, so that a rebuild sees both in the order of the crawl."""
    archive = Archive(tmp_path, info=INFO)
    for n in range(3):
        archive.unchanged(Still("quiet", f"http://quiet.example/{n}", "listing", "2026-11-30T00:00:00Z"))
    archive.unchanged(Still("example_edu", "http://a.example/", "listing", "2026-11-30T00:00:00Z"))
    archive.record(exchange(site="other"))
    archive.record(exchange(b"news", url="http://a.example/1"))
    archive.unchanged(Still("quiet", "http://quiet.example/9", "listing", "2026-11-30T00:00:01Z"))
    archive.close()
    (path,) = (tmp_path / "warc").rglob("*.warc.gz")
    order = [record.url for record, _, _ in records(path) if record.type != "request"]
    assert order[1:] == [
        "http://news.example.edu.cn/2023/1213/c1a2/page.htm",
        UNCHANGED,
        "http://a.example/1",
        UNCHANGED,
    ]


@pytest.mark.parametrize("payload", [b"[1]", b"{}x", b'[["site"]]', b"null", b""])
def test_what_is_no_such_record_is_told(payload: bytes) -> None:
    with pytest.raises(ValueError):
        Stills.of(payload)


def test_each_is_a_record_where_that_is_asked_for(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.15) as college:
        box = Box(tmp_path / "archive", college.sites_toml(), storage="record_unchanged = true\n")
        box.crawl()
        college.forget()
        box.crawl()
        asked = sorted(seen.url for seen in college.requests())
        assert sorted(box.column("select url from captures where run = 2 and status = 304")) == asked
        assert UNCHANGED not in {record.url for record in box.records()}


def test_a_run_refers_to_the_configuration_of_its_own_last_run_whatever_lies_between(tmp_path: Path) -> None:
    """A merge records the configuration that it finds; the run after it may have the earlier one again."""
    with College(["sudy"], scale=0.2) as college, College(["wordpress"], scale=0.2) as other:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        away = Box(tmp_path / "other", other.sites_toml())
        away.crawl()
        ours = (box.folder / "sites.toml").read_text()
        (box.folder / "sites.toml").write_text(ours + "\n" + other.sites_toml())
        merge(box, away)
        (box.folder / "sites.toml").write_text(ours)
        box.crawl()
        shutil.copy(box.folder / "news.db", tmp_path / "live.db")
        rebuild(box, "--yes")
        assert only_in_one(tmp_path / "live.db", box.folder / "news.db") == []


def merge(box: Box, other: Box) -> None:
    box.run("merge", str(other.folder))
