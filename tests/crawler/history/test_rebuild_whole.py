"""`campuswarc rebuild` gives every row again, those of the frontier too: a crawl goes on after it as it would have
without it."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.college import College
from tests.crawler.box import Box
from tests.crawler.history.test_rebuild import rebuild
from tests.crawler.whole import everything, only_in_one


def rebuilt(box: Box) -> list[str]:
    """Rows which a rebuild would give otherwise; nothing is put into place."""
    rebuild(box, "--processes", "1")
    new = box.folder / "news.db.rebuilding"
    wrong = only_in_one(box.folder / "news.db", new)
    for path in box.folder.glob("news.db.rebuilding*"):
        path.unlink()
    return wrong


def killed(box: Box, *more: str, captures: int) -> None:
    """A crawl that is killed when it has committed so many captures more."""
    before = box.column("select count(*) from captures")[0]
    process = box.start("--quiet", *more)
    while box.column("select count(*) from captures")[0] < before + captures:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def killed_unacknowledged(college: College, box: Box, *, requests: int) -> None:
    """A crawl that is killed before its first commit of pages, when it has asked for so many."""
    college.forget()
    process = box.start("--quiet")
    while len(college.requests()) < requests:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert box.column("select count(*) from captures") == [0]


def look_again(box: Box) -> None:
    """Let the time come at which what is due some day is due."""
    with sqlite3.connect(box.folder / "news.db") as db:
        db.execute("update frontier set due = '2020-01-01T00:00:00Z' where due is not null")
    db.close()


def test_every_table_is_equal_after_each_kind_of_crawl(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.2) as college:
        box = Box(tmp_path / "archive", college.sites_toml(), delay=0.02, storage="commit_seconds = 0.2\n")
        box.crawl("--limit", "2", "--quiet")
        assert everything(box.folder / "news.db").keys() >= {
            "sites",
            "listings",
            "frontier",
            "captures",
            "articles",
            "version_rows",
            "failures",
            "unread",
            "runs",
        }
        assert rebuilt(box) == []
        killed(box, captures=12)
        assert box.column("select count(*) from frontier where due is not null and state = 'pending'")[0] > 0
        box.crawl("--quiet")
        assert rebuilt(box) == []
        for site in ("sudy", "wordpress"):
            stories = [row.url for row in college.articles(site) if row.kind == "article" and row.body]
            college.edit(stories[0])
            college.delete(stories[1])
            college.move(stories[2])
            college.add(site, 2)
        look_again(box)
        killed(box, "--full", captures=8)
        box.crawl("--quiet")
        assert rebuilt(box) == [], "what the killed run walked to the end of listings for, the next one mends"
        box.crawl("--full", "--quiet")
        assert dict(box.rows("select whole from runs order by id desc limit 1")[0]) == {"whole": 1}
        assert rebuilt(box) == []
        box.crawl("--quiet")
        assert rebuilt(box) == []


SLOW_COMMITS = "commit_seconds = 600\ncommit_captures = 10000\n"


@pytest.mark.parametrize("change", ["renamed", "removed", "family"])
def test_what_a_killed_run_left_is_read_as_its_sites_were_configured(tmp_path: Path, change: str) -> None:
    with College(["sudy", "wordpress"], scale=0.1) as college:
        before = college.sites_toml()
        after = {
            "renamed": before.replace("[sudy]", "[renamed]"),
            "removed": college.sites_toml("wordpress"),
            "family": before.replace('family = "sudy_webplus"', 'family = "generic"'),
        }[change]
        assert before != after
        box = Box(tmp_path / "archive", before, delay=0.02, storage=SLOW_COMMITS)
        killed_unacknowledged(college, box, requests=16)
        (box.folder / "sites.toml").write_text(after)
        box.crawl("--quiet")
        first = box.column(
            "select url from articles where site in ('sudy', 'renamed') and id in (select article from versions v join"
            " captures c on c.id = v.capture where c.run = 1)"
        )
        assert first, "pages of the killed run are not lost"
        assert rebuilt(box) == []
        (box.folder / "sites.toml").write_text(before)
        box.crawl("--quiet")
        assert rebuilt(box) == []


def test_what_a_killed_run_left_is_made_rows_of_before_other_files_are_taken_in(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.1) as college:
        here, there = (
            Box(tmp_path / name, college.sites_toml(), delay=0.02, storage=SLOW_COMMITS) for name in ("here", "there")
        )
        killed_unacknowledged(college, here, requests=10)
        for story in [row.url for row in college.articles() if row.kind == "article" and row.body]:
            college.edit(story)
        there.crawl("--quiet")
        shutil.copytree(here.folder, tmp_path / "copy")
        copy = Box(tmp_path / "copy", college.sites_toml())
        run(here, "merge", str(there.folder))
        assert rebuilt(here) == []
        run(copy, "ingest", *map(str, there.warcs()))
        assert rebuilt(copy) == []


def run(box: Box, *words: str) -> None:
    """A command that ends well."""
    box.run(*words)
