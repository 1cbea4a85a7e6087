"""Rows whose day the other rows, the country or the time of fetching tell; and those of which nobody can say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.facts import Item
from spiders.generic import ago, dates, rowdate
from spiders.generic.rowdays import settled
from spiders.page import Page
from spiders.read import read_listing
from spiders.site import ListingSeed, Site

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
FORMS = {"day": "%d{0}%m{0}%y", "month": "%m{0}%d{0}%y", "year": "%y{0}%m{0}%d"}


def days(
    *shown: str | None, order: str | None = None, now: datetime | None = NOW, first: bool = True
) -> list[str | None]:
    items = [Item(url=f"https://e.edu/{n}", date=one) for n, one in enumerate(shown)]
    return [item.date for item in settled(items, now, UTC, order=order, first=first)]


@st.composite
def listings(draw: st.DrawFn) -> list[date]:
    """Days of a listing, newest first, some of them several times."""
    newest = NOW.date() - timedelta(days=draw(st.integers(0, 2000)))
    gaps = draw(st.lists(st.integers(0, 10), min_size=7, max_size=20))
    return [newest - timedelta(days=sum(gaps[:n])) for n in range(len(gaps))]


@settings(max_examples=500, deadline=None)
@given(listings(), st.sampled_from(sorted(FORMS)), st.sampled_from("./-"), st.sampled_from([None, *FORMS]))
def test_rows_are_read_as_they_were_written_or_not_at_all(
    wanted: list[date], form: str, sign: str, order: str | None
) -> None:
    told = days(*(day.strftime(FORMS[form].format(sign)) for day in wanted), order=order)
    right = [day.isoformat() for day in wanted]
    if len(set(wanted)) >= 4 or order == form:
        assert told in (right, [None] * len(wanted))
    if len(set(wanted)) >= 4 and order == form:
        assert told == right


@pytest.mark.parametrize(
    ("shown", "order", "expected"),
    [
        (["20.09.26", "19.09.26", "18.09.26"], None, ["2026-09-20", "2026-09-19", "2026-09-18"]),
        (["26.09.20", "26.09.19", "26.09.18"], None, ["2026-09-20", "2026-09-19", "2026-09-18"]),
        (["9/20/26"], None, ["2026-09-20"]),
        (["20.09.26"], None, [None]),  # or 2020
        (["20.09.26"], "day", ["2026-09-20"]),
        (["20.09.26"], "year", ["2020-09-26"]),
        (["05/09/26", "04/09/26", "03/09/26"], "day", ["2026-09-05", "2026-09-04", "2026-09-03"]),
        (["05/09/26", "04/09/26", "03/09/26"], "month", [None] * 3),  # rows and country disagree
        (["20.09.26", "19/09/26", "18.09.26"], "day", [None] * 3),
        (["40.13.26", "19.09.26"], "day", [None] * 2),  # whatever it is, no date
        (["31.12.99"], None, ["1999-12-31"]),
        (["20.09.26", "2026-09-19", None, "09-18"], "day", ["2026-09-20", "2026-09-19", None, "2026-09-18"]),
    ],
)
def test_who_decides(shown: list[str | None], order: str | None, expected: list[str | None]) -> None:
    assert days(*shown, order=order) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 hr ago", "2026-11-30"), ("13 hrs ago", "2026-11-29"), ("3 hours ago", "2026-11-30"),
        ("an hour ago", "2026-11-30"), ("昨天 09:10", "2026-11-29T09:10:00Z"), ("YESTERDAY", "2026-11-29"),
        ("2일 전", "2026-11-28"), ("3시간 전", "2026-11-30"), ("2주 전", "2026-11-16"), ("3小时前", "2026-11-30"),
        ("13個小時前", "2026-11-29"), ("2天前", "2026-11-28"), ("5日前", "2026-11-25"), ("13時間前", "2026-11-29"),
        ("vor 2 Tagen", "2026-11-28"), ("il y a 3 jours", "2026-11-27"), ("hace 2 días", "2026-11-28"),
        ("há 2 dias", "2026-11-28"), ("2 giorni fa", "2026-11-28"), ("3 дня назад", "2026-11-27"),
        ("2 wks ago", "2026-11-16"),
        ("2 months ago", "2026-10"), ("2개월 전", "2026-10"), ("어제", "2026-11-29"),
    ],
)  # fmt: skip
def test_how_long_ago_is_counted_from_the_listing(text: str, expected: str) -> None:
    found = rowdate.find(f"News | {text} | Campus")
    assert found and text.startswith(found.text)
    rows = "".join(
        f"<li><a href='/news/{n}.html'>Library opens quiet room number {n} for study</a> <span>{text}</span></li>"
        for n in range(8)
    )
    site = Site(
        id="x", name="x", family="generic", timezone="UTC", listings=(ListingSeed(url="https://e.example/news/"),)
    )
    page = Page("https://e.example/news/", f"<meta charset=utf-8><ul>{rows}</ul>".encode(), fetched=NOW)
    found_rows = read_listing(page, site)
    told = [item.date for item in getattr(found_rows, "items", ())]
    assert told == [expected] * 8
    moment = dates.parse(expected, None)
    assert moment and moment.precision == {7: "month", 10: "day"}.get(len(expected), "second")


@pytest.mark.parametrize(
    "text",
    [
        "第3天前往北京",
        "2일 전국 대회",
        "192.168.10.20 hours ago",
        "3 hats ago",
        "vor 3 Tagungen",
        "12.10.24.7",
        "1.2.3",
        "10.11.12-13",
    ],
)
def test_what_is_no_time_ago_and_no_short_date(text: str) -> None:
    assert ago.find(text) is None
    assert rowdate.find(text) is None


def test_without_a_time_of_fetching_nothing_is_counted() -> None:
    assert days("3 hours ago", now=None) == ["3 hours ago"]


@pytest.mark.parametrize(
    ("shown", "first", "expected"),
    [
        (["11-28", "11-20", "09-02"], True, ["2026-11-28", "2026-11-20", "2026-09-02"]),
        (["Jan 20", "Dec 21"], False, ["2026-01-20", "2025-12-21"]),
        (["12-21", "12-04", "11-18", "11-01"], False, ["2025-12-21", "2025-12-04", "2025-11-18", "2025-11-01"]),
        (["03-02", "02-10", "01-15", "12-28", "11-29", "11-01"], False, [
            "2026-03-02", "2026-02-10", "2026-01-15", "2025-12-28", "2025-11-29", "2025-11-01"]),
        (["01-05", "11-28", "11-27", "11-25"], True, ["2026-01-05", "2026-11-28", "2026-11-27", "2026-11-25"]),
        (["12-03", "11-29", "11-27", "11-25"], True, ["2025-12-03", None, None, None]),  # pinned, or of a year ago
        (["03-01", "11-02", "05-07", "11-20", "01-09"], True, [  # in no order
            "2026-03-01", "2026-11-02", "2026-05-07", "2026-11-20", "2026-01-09"]),
        (["2026-01-04", "12-28"], True, ["2026-01-04", "2025-12-28"]),
        (["02-29", "01-30"], True, ["02-29", "2026-01-30"]),
    ],
)  # fmt: skip
def test_rows_without_a_year_are_of_the_year_that_their_order_tells(
    shown: list[str], first: bool, expected: list[str | None]
) -> None:
    assert days(*shown, first=first) == expected


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 200), st.lists(st.integers(0, 40), min_size=8, max_size=30))
def test_a_list_that_falls_is_dated_as_it_was_written_or_not_at_all(back: int, gaps: list[int]) -> None:
    wanted = [NOW.date() - timedelta(days=back + sum(gaps[:n])) for n in range(len(gaps))]
    told = days(*(f"{day:%m-%d}" for day in wanted), first=False)
    assert all(one in (day.isoformat(), None) for one, day in zip(told, wanted, strict=True))


def test_without_the_time_of_fetching_rows_stay_as_they_are_shown() -> None:
    assert days("09-28", "28 Sep", now=None) == ["09-28", "28 Sep"]
