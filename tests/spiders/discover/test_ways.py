"""Ways to page 2 that no link shows, as a page names them."""

from __future__ import annotations

import pytest

from spiders.discover import ways
from spiders.facts import Item, Listing
from spiders.page import Page

HTML = (("Content-Type", "text/html"),)
ITEMS = tuple(Item(url=f"https://e.edu/n/{n}", title=f"Story {n}", date=None) for n in range(8))


@pytest.mark.parametrize(
    ("named", "pager"),
    [
        ("/list/?PAGEN_3=2", "https://e.edu/list/?PAGEN_3={2}"),
        ("/list/?kind=2&cur_page2=2", "https://e.edu/list/?kind=2&cur_page2={2}"),
        ("/list/?kind=2", "https://e.edu/list/?kind=2&page={2}"),
        ("/list/?page_a=2&page_b=2", "https://e.edu/list/?page_a=2&page_b=2&page={2}"),
    ],
)
def test_a_button_asks_for_page_2_by_the_name_that_its_address_has(named: str, pager: str) -> None:
    body = f"<html><button data-url='{named}'>More</button></html>".encode()
    page = Page("https://e.edu/list/", body, headers=HTML)
    assert ways.ways(page, Listing(items=ITEMS))[0] == (pager, True)


def test_data_that_a_page_has_fetched_before_its_script_asks_are_a_source() -> None:
    body = b"<link rel='preload' as='fetch' href='/data/news.json'><link rel='preload' as='font' href='/a.json'>"
    assert ways.sources(Page("https://e.edu/list/", body, headers=HTML)) == ["https://e.edu/data/news.json"]
