"""Sites that fall silent together rest; who is silent alone, among few, or for longer than a break is told of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.instants import iso
from archive.store.breaks import told_together
from archive.store.db import open_writer
from archive.store.health import health
from archive.store.problems import RESTING, silent
from crawler.reporting.digest import digest
from crawler.reporting.formats import text

AT = datetime(2026, 8, 20, tzinfo=UTC)


def states(last: dict[str, int], countries: dict[str, str], days: int = 0) -> dict[str, str]:
    """By site what is told, of sites whose last news are so many days old."""
    at = AT + timedelta(days=days)
    found = told_together(
        [silent(site, iso(AT - timedelta(days=ago)), 20) for site, ago in last.items()], {}, countries, at
    )
    return {site: problems[0].state for site, problems in found.items()}


HALF = {f"c{n}": "CN" for n in range(20)}


def test_most_of_a_country_rest_and_the_straggler_is_told_when_they_are_back() -> None:
    last = {f"c{n}": 40 + n % 5 for n in range(12)}
    assert set(states(last, HALF).values()) == {RESTING}
    assert states({"c3": 43}, HALF) == {"c3": "silent"}
    assert set(states(last, HALF, days=70).values()) == {"silent"}, "no break is that long"


@pytest.mark.parametrize(
    "last", [{"c1": 40, "c2": 41}, {"c1": 30, "c2": 45, "c3": 60, "c4": 75}, {"c1": 40, "u1": 40, "u2": 41}]
)
def test_two_or_some_that_fell_silent_by_themselves_are_told(last: dict[str, int]) -> None:
    assert set(states(last, HALF | {"u1": "US", "u2": "US"}).values()) == {"silent"}


def test_the_first_to_be_silent_rests_with_those_that_are_nearly_so() -> None:
    first = [silent("c1", iso(AT - timedelta(days=9)), 7)]
    nearly = {"c2": iso(AT - timedelta(days=8)), "c3": iso(AT - timedelta(days=10))}
    assert [one.state for one in told_together(first, nearly, HALF, AT)["c1"]] == [RESTING]
    assert told_together(first, nearly, HALF, AT).keys() == {"c1"}, "who is not silent is not named"
    assert [one.state for one in told_together(first, {}, HALF, AT)["c1"]] == ["silent"]


def test_three_of_a_thousand_are_no_break_and_another_country_does_not_count() -> None:
    many = {f"c{n}": "CN" for n in range(1000)}
    assert set(states({"c1": 40, "c2": 40, "c3": 41}, many).values()) == {"silent"}
    few = {f"u{n}": "US" for n in range(9)}
    assert set(states({"u1": 40, "u2": 40, "u3": 41}, many | few).values()) == {RESTING}


@pytest.fixture
def db(tmp_path: Path) -> Any:
    db = open_writer(tmp_path / "news.db")
    yield db
    db.close()


def publish(db: Any, site: str, days: list[int]) -> None:
    """Stories as many days before AT."""
    columns = "subtitle byline authors editors photographers source section body body_html".split()
    db.execute("insert into sites (id, state, config) values (?, 'active', '{}')", [site])
    newest = iso(AT - timedelta(days=min(days)))
    db.execute(
        "insert into listings (url, site, state, last_ok, last_new) values (?, ?, 'ok', ?, ?)",
        [f"https://{site}.example/", site, iso(AT), newest],
    )
    db.conn.executemany(
        f"insert into articles (url, site, kind, title, published, first_seen, last_seen, word_count, confidence,"
        f" {', '.join(columns)}) values (?, ?, 'article', 'T', ?, '', '', 1, 1.0{', ?' * len(columns)})",
        [[f"https://{site}.example/{ago}", site, iso(AT - timedelta(days=ago)), *[""] * len(columns)] for ago in days],
    )


def test_a_site_that_rested_a_year_ago_too_is_not_silent_and_one_that_did_not_is(db: Any) -> None:
    term = [*range(50, 330), *range(365 + 48, 520)]
    publish(db, "rests", term)
    publish(db, "works", list(range(50, 520)))
    publish(db, "young", list(range(50, 300)))
    found = {row.site: [one.state for one in row.found] for row in health(db, dict.fromkeys(("rests", "works")), AT)}
    assert found == {"rests": [], "works": ["silent"], "young": []}


def test_a_break_is_said_once_and_is_no_news_nor_a_recovery(db: Any) -> None:
    names = [f"s{n}" for n in range(4)]
    for n, name in enumerate(names):
        publish(db, name, [ago + n for ago in range(30, 90)])
    rows = health(db, dict.fromkeys(names), AT)
    before = {"at": iso(AT), "told": [{"site": "s1", "url": "", "state": "silent", "reason": "silent", "since": ""}]}
    told = digest(rows, {}, [], before, {}, AT)
    assert not told.news and not told.wrong and not told.recovered
    assert text(told).count("as in a break") == 1 and "s0, s1, s2, s3: 4 of 4 sites" in text(told)
    assert not any(row.problems for row in rows)
    set_by_hand = health(db, dict.fromkeys(names, 20), AT)
    assert all(row.problems for row in set_by_hand), "days that an operator sets are days"
