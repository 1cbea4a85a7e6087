"""Dates of listing rows: what is shown, and that nothing is passed over unread that holds a date."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.generic.rowdate import _FORMS, _MAYBE, find
from spiders.page import Page
from spiders.rows import items

_PIECES = st.sampled_from(
    [
        *"0123456789",
        *" -/.,年月日前昨今天:|·\u3000\n",
        "2026",
        "1999",
        "12",
        "31",
        "st",
        "nd",
        "th",
        "March",
        "Sept",
        "mars",
        "de",
        "hours",
        "ago",
        "an hour",
        "Yesterday",
        "分钟",
        "小时",
        "学院",
        "第",
        "届",
        "T",
        "pm",
        "5G",
        "vor einer",
        "Stunde",
        "il y a",
        "jours",
        "hace",
        "2일",
        "전",
        "una ora",
        "fa",
        "назад",
        "26",
        "hrs",
        "ſt",
        "%",
    ]
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-09-28 学校召开会议", "2026-09-28"),
        ("2026年9月28日", "2026年9月28日"),
        ("17 / 2026-04", "17 2026-04"),
        ("September 28, 2026", "September 28, 2026"),
        ("28th of", None),
        ("28. September 2026", "28. September 2026"),
        ("28/09/2026", "28/09/2026"),
        ("09-28", "09-28"),
        ("9月28日", "9月28日"),
        ("3 hours ago", "3 hours ago"),
        ("An hour ago", "An hour ago"),
        ("5分钟前", "5分钟前"),
        ("YESTERDAY", "YESTERDAY"),
        ("今天 10:30", "今天 10:30"),
        ("Sep. 28", "Sep. 28"),
        ("28 Sep", "28 Sep"),
        ("第3届5G大会在101教室举行", None),
        ("3 colleges", None),
    ],
)
def test_what_a_row_shows(text: str, shown: str | None) -> None:
    found = find(text)
    assert (found.text if found else None) == shown


@settings(max_examples=2000, deadline=None)
@given(st.lists(_PIECES, max_size=9).map("".join))
def test_what_holds_a_date_is_always_looked_at(text: str) -> None:
    if any(form.search(text) for form in _FORMS):
        assert _MAYBE.search(text), text


def test_dates_beside_rows_with_comments_between() -> None:
    rows = "".join(
        f'<p><a href="/2026/{n}.htm">A story about number {n} of them all</a></p><!-- row {n} --> 2026-09-{n} <br>'
        for n in range(11, 17)
    )
    page = Page("https://a.example/list.htm", f"<html><body><div><!-- first -->{rows}</div></body></html>".encode())
    assert [item.date for item in items(page, page.select("a"))] == [f"2026-09-{n}" for n in range(11, 17)]
