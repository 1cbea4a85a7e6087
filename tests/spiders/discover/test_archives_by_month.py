"""From a page with the newest of several months, or of one that its heading names, to the months before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spiders.page import Page
from spiders.read import read_listing
from spiders.site import ListingSeed, Site

NEWS = "https://x.example.edu/news"
MONTHS = {"09": "September", "08": "August", "07": "July", "06": "June"}


def older(heading: str, days: list[str], archives: str, *, at: str = NEWS) -> str | None:
    rows = "".join(f"<li><a href='/story/{n}-harbour-survey'>Harbour survey number {n} is out</a> <i>{day}</i></li>"
                   for n, day in enumerate(days))  # fmt: skip
    page = Page(
        at,
        f"<html><body><h1>{heading}</h1><ul>{rows}</ul><aside><ul>{archives}</ul></aside></body></html>".encode(),
        fetched=datetime(2026, 11, 30, tzinfo=UTC),
    )
    site = Site(id="x", name="x", family="generic", timezone="UTC", listings=(ListingSeed(url=NEWS),))
    found = read_listing(page, site)
    return found.older  # type: ignore[union-attr]


def months(folder: str = "/news/2026/") -> str:
    return "".join(f"<li><a href='{folder}{number}'>{name} 2026</a></li>" for number, name in MONTHS.items())


MIXED = [f"2026-{9 - n // 4:02}-{20 - n:02}" for n in range(10)]  # of September, August and July
ONE = [f"2026-09-{20 - n:02}" for n in range(10)]


@pytest.mark.parametrize(
    ("heading", "days", "folder", "leads"),
    [
        ("News", MIXED, "/news/2026/", "/news/2026/07"),  # where all of the last rows' month stand
        ("News", MIXED, "/reports/2026/", None),  # archives of something else
        ("News", ONE, "/news/2026/", None),  # September, or the first ten of it?
        ("News: September 2026", ONE, "/news/2026/", "/news/2026/08"),
        ("2026年9月のニュース", ONE, "/news/2026/", "/news/2026/08"),
    ],
)
def test_the_way_from_the_newest_to_archives_by_month(
    heading: str, days: list[str], folder: str, leads: str | None
) -> None:
    found = older(heading, days, months(folder))
    assert found == (f"https://x.example.edu{leads}" if leads else None)


def test_the_last_page_of_a_pager_does_not_begin_with_archives() -> None:
    pager = "<p class='pager'><a href='/news?page=1'>1</a> <b>2</b></p>"
    assert older("News", MIXED, months() + pager, at=f"{NEWS}?page=2") is None
