"""Rows without a year below headings that name it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spiders.facts import Listing
from spiders.page import Page
from spiders.read import read_listing
from spiders.site import ListingSeed, Site

LIST = "https://www.example.edu/news/"
SITE = Site(id="e", name="E", listings=(ListingSeed(url=LIST),))
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def days(heading: str, row: str, years: tuple[int, ...] = (2026, 2025, 2024), *, lead: str = "") -> list[str | None]:
    body = lead + "".join(
        heading.format(year)
        + "<ul>"
        + "".join(
            f"<li>{row.format(day)} <a href='/news/n{year}{day}.html'>The college opens reading room {day}a</a></li>"
            for day in (11, 12, 13, 14)
        )
        + "</ul>"
        for year in years
    )
    page = Page(LIST, f"<html><body>{body}</body></html>".encode(), fetched=NOW)
    found = read_listing(page, SITE)
    assert isinstance(found, Listing) and len(found.items) == 4 * len(years) + lead.count("<li>")
    return [item.date for item in found.items]


@pytest.mark.parametrize("row", ["<b>Sep {}</b>", "<span>09-{}</span>", "<i>9月{}日</i>"])
@pytest.mark.parametrize(
    "heading", ["<h3>{}</h3>", "<h3><button>{} (4)</button></h3>", "<h2>September {}</h2>", "<a href='#y'>{}</a>"]
)
def test_the_heading_names_the_year_of_the_rows_below_it(heading: str, row: str) -> None:
    assert days(heading, row) == [f"{year}-09-{day}" for year in (2026, 2025, 2024) for day in (11, 12, 13, 14)]


def test_a_heading_names_no_year_where_rows_have_their_own_or_it_stands_above_all_alone() -> None:
    assert days("<h3>{}</h3>", "<i>2023-09-{}</i>") == [f"2023-09-{day}" for day in (11, 12, 13, 14)] * 3
    assert days("<h3>{}</h3>", "<b>Sep {}</b>", (2025,)) == [f"2026-09-{day}" for day in (11, 12, 13, 14)]
