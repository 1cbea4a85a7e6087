"""A crawl may be stopped and killed at any moment; nothing acknowledged is lost, nothing is kept twice."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from tests.college import College
from tests.crawler.box import Box, complain, unreadable
from tests.crawler.killing import torture
from tests.patience import PATIENCE


def wait_for_captures(box: Box, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (
            (box.folder / "news.db").exists()
            and box.rows("select 1 from sqlite_master where name = 'captures'")
            and box.column("select count(*) from captures")[0] >= count
        ):
            return
        time.sleep(0.05)
    raise AssertionError(f"no {count} captures within {PATIENCE} s")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_in_order_and_the_next_crawl_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    with College(["sudy"], scale=0.5) as college:
        box = Box(tmp_path / "archive", college.sites_toml(), delay=0.3, storage="commit_seconds = 0.2\n")
        process = box.start()
        wait_for_captures(box, 5)
        process.send_signal(number)
        words = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 0, words[-3000:]
        asked = len([seen for seen in college.requests() if seen.target != "/robots.txt"])
        assert asked < len(college.articles()), "it was stopped in its midst"
        assert box.column("select count(*) from captures") == [len(college.requests())], "what was fetched is kept"
        assert not [path for path in box.warcs() if path.suffix == ".open"]
        assert complain(box.warcs()) == ""
        assert box.column("select ended is not null from runs") == [1]
        box_fast = Box(box.folder, college.sites_toml())
        box_fast.crawl()
        assert sorted(box.column("select url from articles")) == sorted(row.url for row in college.articles())
        urls = [seen.url for seen in college.requests() if seen.site == "sudy" and "/page.htm" in seen.target]
        assert len(urls) == len(set(urls)), "no article was fetched twice"


def test_second_signal_ends_at_once(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.3) as college:
        college.misbehave("sudy", "*/page.htm", "slow", seconds=30)
        box = Box(tmp_path / "archive", college.sites_toml(), storage="commit_seconds = 0.1\n")
        process = box.start()
        while not any(seen.mischief for seen in college.requests()):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)  # another one: two of the same may be one where the process is not quick
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
        college.behave()
        box.crawl()
        assert sorted(box.column("select url from articles")) == sorted(row.url for row in college.articles())
        assert unreadable(box, box.rows("select * from captures")) == []


def test_max_minutes_ends_in_order(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.5) as college:
        box = Box(tmp_path / "archive", college.sites_toml(), delay=0.5)
        box.crawl("--max-minutes", "0.04")
        asked = len(college.requests())  # how many is the machine's affair: none where it was too busy to begin
        assert asked < len(college.articles()), "at that pace there was no time for all"
        assert box.column("select count(*) from captures") == [asked]
        assert box.column("select ended is not null from runs") == [1]
        assert not [path for path in box.warcs() if path.suffix == ".open"]
        Box(box.folder, college.sites_toml()).crawl()
        assert sorted(box.column("select url from articles")) == sorted(row.url for row in college.articles())


def test_ten_kills_lose_nothing(tmp_path: Path) -> None:
    """The short form; `make torture` kills 200 times."""
    torture(10, 1, tmp_path, scale=0.5, longest=2.5)
