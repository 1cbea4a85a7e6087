"""When listings are looked at again."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.instants import iso, now, parse
from archive.store.rhythms import NewsDay, Past
from crawler.engine.rhythm import Bounds, next_look
from spiders import catalogue
from spiders.tables import ConfigError
from tests.benchmarks.rhythm import CHARACTERS, RULES, simulated, whole
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.commands.test_verbs import say
from tests.crawler.desk import LIST, Desk
from tests.crawler.history.test_rebuild import rebuild
from tests.crawler.whole import only_in_one

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def past(
    *ago: tuple[int, int, int], watched: int = 300, failing: timedelta | None = None, last: datetime = NOW
) -> Past:
    """News of so many days ago, looks, stories; watched for days; failing for a time."""
    return Past(
        first_asked=iso(last - watched * DAY),
        last_asked=iso(last),
        failing_since=None if failing is None else iso(last - failing),
        news=tuple(NewsDay((last - n * DAY).date(), looks, stories) for n, looks, stories in sorted(ago, reverse=True)),
    )


def wait(known: Past, **bounds: timedelta) -> timedelta:
    """How long the listing waits."""
    assert known.last_asked is not None
    return parse(next_look(known, Bounds(**bounds)).at) - parse(known.last_asked)


EVERY_DAY = [(n, 1, 1) for n in range(1, 60)]


@pytest.mark.parametrize(
    ("known", "least", "most"),
    [
        (past(*[(n, 8, 12) for n in range(40)]), HOUR, 3 * HOUR),  # a newspaper
        (past(*EVERY_DAY), 20 * HOUR, 28 * HOUR),
        (past(*[(7 * n, 1, 1) for n in range(1, 30)]), 5 * DAY, 7 * DAY),
        (past(*[(30 * n, 1, 1) for n in range(1, 9)]), 7 * DAY, 7 * DAY),
        (past(), 7 * DAY, 28 * DAY),  # nothing ever
        (past(*[(n + 200, 1, 1) for n in range(90)]), 8 * DAY, 28 * DAY),  # dead for 200 days
        (past(watched=4), 6 * HOUR, 12 * HOUR),  # nobody knows it yet
        (past((1, 1, 1), watched=8), 20 * HOUR, 24 * HOUR),
        (past(*[(n, 1, 1) for n in range(6)], *[(7 * n, 1, 1) for n in range(1, 30)]), DAY, 3 * DAY),  # it wakes up
    ],
)
def test_as_often_as_there_is_news(known: Past, least: timedelta, most: timedelta) -> None:
    assert least <= wait(known) <= most, next_look(known, Bounds())


def test_a_listing_that_is_new_is_looked_at_on_each_run() -> None:
    for hours in (0, 1, 23):
        last = NOW + hours * HOUR
        new = Past(first_asked=iso(NOW), last_asked=iso(last), failing_since=None, news=())
        assert next_look(new, Bounds()).due(last + timedelta(seconds=1), iso(last))
        assert not next_look(new, Bounds(fixed=HOUR)).due(last + timedelta(seconds=1), iso(last))


def test_what_cannot_be_read_is_asked_soon_and_then_ever_more_rarely() -> None:
    waits = [wait(past(*EVERY_DAY, failing=since)) for since in (timedelta(0), 4 * HOUR, 4 * DAY, 40 * DAY)]
    assert waits == [HOUR, HOUR, DAY, 7 * DAY]
    assert wait(past((250, 1, 1), failing=200 * DAY)) > 7 * DAY


def test_weekdays_without_news_are_left_out_but_every_fourth_week() -> None:
    friday = datetime(2026, 11, 27, 18, tzinfo=UTC)
    weeks = []
    for week in range(8):
        last = friday + week * 7 * DAY
        news = [(n, 1, 1) for n in range(1, 80) if (last - n * DAY).weekday() < 5]
        weeks.append(parse(next_look(past(*news, last=last), Bounds()).at).weekday() < 5)
    assert sorted(weeks) == [False] * 2 + [True] * 6, (
        "two weeks of eight look at the weekend, lest news there stay unseen"
    )


def test_the_end_of_a_silence_is_expected_a_year_later() -> None:
    """Daily until 70 days ago; a year ago it had begun again by this day."""
    before = [(n, 1, 1) for n in range(70, 200)]
    assert wait(past(*before, watched=390)) > 2 * DAY
    assert wait(past(*before, *[(n, 1, 1) for n in range(350, 371)], watched=390)) < 30 * HOUR


def test_bounds_and_a_fixed_interval() -> None:
    known = past(*EVERY_DAY)
    assert wait(known, most=6 * HOUR) == 6 * HOUR
    assert wait(known, least=2 * DAY) == 2 * DAY
    assert wait(known, fixed=3 * HOUR) == 3 * HOUR
    assert wait(past(watched=0), fixed=5 * DAY) == 5 * DAY, "also of a site nobody knows"
    assert not next_look(Past(first_asked=None, last_asked=None, failing_since=None, news=()), Bounds()).at


def test_a_timer_may_come_a_little_early_and_a_clock_be_set_back() -> None:
    then = next_look(past(*EVERY_DAY), Bounds())
    last = iso(NOW)
    assert not then.due(NOW + 12 * HOUR, last)
    assert then.due(parse(then.at) - timedelta(minutes=5), last)
    assert then.due(NOW - 3 * DAY, last)
    fixed = next_look(past(), Bounds(fixed=DAY))
    assert not fixed.due(NOW + DAY - timedelta(minutes=5), last), "what a person fixed is kept to the second"


def test_a_year_of_all_characters_beside_the_rule_of_stormcrawler() -> None:
    """Under a third of the looks, 95 % of the stories within twice the site's own gap."""
    found = simulated(len(CHARACTERS), 365, HOUR)
    ours, every, peer = (whole(found[rule]) for rule in ("campuswarc", "every time", "StormCrawler"))
    assert set(RULES) == set(found)
    assert ours.looks < every.looks / 3 and ours.share > 0.95
    assert ours.looks < peer.looks and ours.share > peer.share
    assert min(tally.share for tally in found["campuswarc"].values()) > 0.9


def test_what_the_first_walk_finds_is_no_news(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.listing("1", "2", older="list2.htm")
    desk.listing("3", "4", url="https://news.example.edu/list2.htm", kind="older")
    assert desk.rows.rhythms.past(LIST).news == ()
    for day, paths in ((3, ("5", "1", "2")), (3, ("6", "7", "5")), (4, ("7",)), (9, ("8",))):
        desk.seed(day)
        desk.listing(*paths, day=day)
    assert desk.rows.rhythms.past(LIST).news == (NewsDay(date(2026, 11, 3), 2, 3), NewsDay(date(2026, 11, 9), 1, 1))


def test_a_crawl_leaves_alone_what_is_not_due_and_a_rebuild_knows_as_much(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.2) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        box.crawl()
        with sqlite3.connect(box.folder / "news.db") as db:  # both have been watched for long, and nothing came
            long_ago, lately = iso(now() - 300 * DAY), iso(now() - DAY)
            db.execute("update frontier set first_seen = ? where kind = 'listing'", [long_ago])
            db.execute("update listings set last_tried = ?", [lately])
        db.close()
        college.forget()
        words = box.crawl()
        assert college.requests() == [] and "no listing is due" in words
        lines = say(box.folder, "sites", "--due").stdout.splitlines()
        assert len(lines) == len(box.rows("select 1 from listings")) and all("no news in 2" in line for line in lines)
        fixed = (box.folder / "sites.toml").read_text().replace("[sudy]", "[sudy]\ninterval = 0", 1)
        (box.folder / "sites.toml").write_text(fixed)
        box.crawl()
        assert {seen.site for seen in college.requests()} == {"sudy"}
        college.add("sudy")
        box.crawl("--all")
        assert {seen.site for seen in college.requests()} == {"sudy", "wordpress"}
        with sqlite3.connect(box.folder / "news.db") as db:
            db.execute("vacuum into ?", [str(tmp_path / "live.db")])
        db.close()
        assert box.column("select stories from news_days") == [1]
        rebuild(box, "--yes")
        found = only_in_one(tmp_path / "live.db", box.folder / "news.db")
        assert [one for one in found if not one.startswith("frontier")] == []  # whose past the test has altered


@pytest.mark.parametrize("key", ["interval", "interval_max", "silent_days", "delay", "minutes_a_day", "max_pages"])
@pytest.mark.parametrize("value", ["100000000000", "inf", "nan"])
def test_a_time_without_end_is_a_mistake_of_the_configuration(key: str, value: str) -> None:
    """And not an error of every run, when a date would lie behind the last one."""
    text = f'[x]\nname = "x"\nfamily = "generic"\nlistings = ["http://a.example/"]\n{key} = {value}\n'
    with pytest.raises(ConfigError, match=key):
        catalogue.parse(text, "sites.toml")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(-900, 900), max_size=30),
    st.tuples(*[st.none() | st.floats(-400_000, 400_000)] * 3),
    st.sampled_from([0, 1, 3600, 10**8]),
    st.sampled_from([60, 604_800, 10**10]),
)
def test_whatever_a_clock_has_said_there_is_a_next_look(
    news: list[int], times: tuple[float | None, ...], least: int, most: int
) -> None:
    """Clocks that jump: the first look behind the last, news of days to come, failures since tomorrow."""
    then = datetime(2026, 3, 1, tzinfo=UTC)
    first, last, failing = (None if days is None else iso(then + timedelta(days=days)) for days in times)
    past = Past(
        first_asked=first,
        last_asked=last,
        failing_since=failing,
        news=tuple(NewsDay((then + timedelta(days=day)).date(), 1, 2) for day in sorted(set(news))),
    )
    bounds = Bounds(least=timedelta(seconds=least), most=timedelta(seconds=max(least, most)))
    look = next_look(past, bounds)
    if look.at and last:
        assert parse(last) <= parse(look.at) <= parse(last) + 4 * bounds.most
    assert look.due(then, last) or (last is not None and parse(last) <= then)
