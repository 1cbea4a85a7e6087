"""Quiet when well, loud when a site breaks: exit status, stderr and `status` at the end of an unattended run."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

from tests import forked
from tests.college import College
from tests.crawler.box import Box


def status(box: Box, *more: str) -> tuple[int, str]:
    done = forked.run(["-C", str(box.folder), "status", *more])
    return done.returncode, done.stdout + done.stderr


def test_host_of_which_no_story_can_be_read_is_loud_until_one_is(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.15) as college:
        origin = college.sites["sudy"].base
        college.misbehave("sudy", "*/page.htm", "error")
        box = Box(tmp_path / "archive", college.sites_toml())
        words = box.crawl("--quiet", expect=3)
        stories = box.column("select count(*) from frontier where kind = 'article'")[0]
        said = f"{origin}/: none of {stories} stories could be read; http_500: status 500"
        assert words.count("\n") == 1 and said in words, "cron mails one line that says why"
        assert said in status(box)[1] and status(box)[0] == 3

        college.behave()
        box.crawl("--quiet")  # the stories are due in a quarter of an hour: not asked for, so still not read
        assert said in status(box, "--broken")[1]
        box.make_due()
        assert box.crawl("--quiet") == ""
        assert status(box)[0] == 0 and "none of" not in status(box)[1]


def test_flaky_answer_is_not_mentioned_but_a_story_that_fails_again_is(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.15) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        (new,) = college.add("sudy")
        college.misbehave("sudy", urlsplit(new).path, "unavailable")
        assert box.crawl("--quiet") == "", "503 once"
        assert box.state(new) == ("pending", "http_503")
        with sqlite3.connect(box.folder / "news.db") as db:
            db.execute("update frontier set due = '2020-01-01T00:00:00Z' where url = ?", [new])
        assert "none of 1 stories could be read; http_503" in box.crawl("--quiet", expect=3)
        assert status(box)[0] == 3


def test_site_whose_listings_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.15) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        college.misbehave("sudy", "*list.htm", "error")
        words = box.crawl("--quiet", expect=3)
        assert "sudy: " in words and "failed (http_500), last read well 2" in words and "wordpress" not in words
        assert "failed (http_500)" in status(box, "sudy")[1] and status(box, "wordpress")[0] == 0
        college.behave()
        assert box.crawl("--quiet") == ""
