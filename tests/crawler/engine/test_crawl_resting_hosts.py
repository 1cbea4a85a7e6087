"""A host that asks for a rest gets it, and holds up neither the others nor the end of the run."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from archive.instants import parse
from tests.college import College
from tests.crawler.box import Box


def test_long_rest_ends_the_run_and_the_rows_are_due_after_it(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.15) as college:
        college.misbehave("sudy", "*/page.htm", "too_many", times=1, retry_after=240)
        box = Box(tmp_path / "archive", college.sites_toml())
        words = box.crawl("--quiet")
        assert words == "", "a rest is no breakdown"
        assert sorted(box.column("select url from articles where site = 'wordpress'")) == sorted(
            row.url for row in college.articles("wordpress")
        )
        asked = [seen for seen in college.requests("sudy") if "/page.htm" in seen.target]
        assert len(asked) == 1, "it was left alone"
        (at,) = box.column("select fetched_at from captures where status = 429")
        left = box.rows(
            "select due, reason from frontier where site = 'sudy' and state = 'pending' and reason = 'host_closed'"
        )
        assert left and {row["reason"] for row in left} == {"host_closed"}
        assert all(timedelta(seconds=240) <= parse(row["due"]) - parse(at) <= timedelta(seconds=250) for row in left), (
            left
        )
        box.make_due()
        box.crawl("--quiet")
        assert sorted(box.column("select url from articles where site = 'sudy'")) == sorted(
            row.url for row in college.articles("sudy")
        )


def test_rest_of_a_few_seconds_is_waited_for(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.15) as college:
        college.misbehave("sudy", "*/page.htm", "unavailable", times=1, retry_after=2)
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        assert box.column("select count(*) from failures where kind = 'host_closed'") == [0]
        assert box.column("select reason from frontier where state = 'pending'") == ["http_503"], (
            "the one that was answered so"
        )
