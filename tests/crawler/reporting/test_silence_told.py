"""A site that falls silent is news once, by itself; that it publishes again is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from archive.instants import now
from archive.store.health import SiteHealth
from archive.store.problems import HOST_FAILED, RESTING, Problem, silent
from crawler.reporting.digest import Digest, digest, earlier, remember
from crawler.reporting.formats import text


def health(*found: Problem) -> SiteHealth:
    return SiteHealth(
        site="one",
        articles=9,
        gone=0,
        due=0,
        failed=0,
        blocked=0,
        doubtful=0,
        refused=0,
        last_ok=None,
        last_new=None,
        found=found,
    )


def told(path: Path, day: int, *found: Problem) -> Digest:
    """The report of that day."""
    before = earlier(path, None)
    made = digest([health(*found)], {}, [], before, {}, now() + timedelta(days=day))
    remember(path, made, before)
    return made


def test_silence_is_news_once_and_its_end_is_told(tmp_path: Path) -> None:
    path, quiet = tmp_path / "reports.jsonl", silent("one", "2026-01-01T00:00:00Z", 20)
    assert not told(path, 0).news
    first, second, third, fourth = (told(path, n, *found) for n, found in enumerate([[quiet], [quiet], [], []], 1))
    assert first.news and first.fallen_silent == ["one"]
    assert not second.news and second.silent, "it is listed still, and no mail is sent for it"
    assert third.news and [one["reason"] for one in third.recovered] == ["silent"]
    assert "one: was silent" in text(third)
    assert not fourth.news


def test_who_was_told_of_and_then_rests_with_others_is_not_told_of_again(tmp_path: Path) -> None:
    path, quiet = tmp_path / "reports.jsonl", silent("one", "2026-01-01T00:00:00Z", 20)
    rests = replace(quiet, state=RESTING, reason="CN")
    told(path, 0)
    assert told(path, 1, quiet).news
    assert not any(told(path, day, one).news for day, one in enumerate((rests, rests, quiet, quiet), 2))
    assert [one["reason"] for one in told(path, 9).recovered] == ["silent"]
    told(path, 10, rests)
    assert told(path, 11, quiet).fallen_silent == ["one"], "of which nothing had been told"


def trouble(state: str, url: str) -> Problem:
    return Problem(site="one", url=url, state=state, reason="dns", detail="d", since=None, action="a", line="l", runs=9)


def test_a_listing_and_its_host_that_cannot_be_read_are_one_trouble(tmp_path: Path) -> None:
    listing, host = trouble("failed", "https://a.edu/news/"), trouble(HOST_FAILED, "https://a.edu/")
    other = trouble(HOST_FAILED, "https://b.edu/")
    path = tmp_path / "reports.jsonl"
    urls = [one.url for cause in told(path, 0, listing, host, other).newly for one in cause.problems]
    assert urls == [listing.url, other.url]
    assert [one.url for cause in told(path, 1, host).newly for one in cause.problems] == [host.url], "left by itself"


def test_what_is_missing_is_news_once_each_and_its_end_is_told(tmp_path: Path) -> None:
    path, url = tmp_path / "reports.jsonl", "https://a.edu/news/"
    more = replace(trouble("incomplete", url), reason="unfollowed", since="2026-11-01T00:00:00Z")
    gap = replace(more, reason="gap")
    days = [told(path, day, *found) for day, found in enumerate([(), (more,), (more,), (more, gap), (gap,), ()])]
    assert [day.news for day in days] == [False, True, False, True, True, True]
    assert [day.lacking for day in days] == [[], [url], [], [url], [], []]
    assert [[one["reason"] for one in day.recovered] for day in days][4:] == [["unfollowed"], ["gap"]]
