"""Addresses of items that bear the number of the page on which they stand."""

from __future__ import annotations

import pytest

from spiders.facts import Item
from spiders.page import Page
from spiders.paging import unnumbered

BOARD = "https://x.example.ac.kr/bbs/board.php?bo_table=news"


def items(*queries: str) -> tuple[Item, ...]:
    return tuple(Item(url=f"{BOARD}&{query}") for query in queries)


@pytest.mark.parametrize(
    ("page", "shown", "meant"),
    [
        ("page=2", items("wr_id=9&page=2", "wr_id=8&page=2", "wr_id=7&page=2"), items("wr_id=9", "wr_id=8", "wr_id=7")),
        ("page=2", items("page=2&wr_id=9", "page=2&wr_id=8", "page=2&wr_id=7"), items("wr_id=9", "wr_id=8", "wr_id=7")),
        ("page=2", items("wr_id=9&page=2", "wr_id=8&page=2", "wr_id=7"), None),  # not of all
        ("page=2", items("wr_id=9&page=3", "wr_id=8&page=3", "wr_id=7&page=3"), None),  # not of this page
        ("page=1", items("wr_id=9&page=1", "wr_id=8&page=1", "wr_id=7&page=1"), None),
        ("year=2025", items("wr_id=9&year=2025", "wr_id=8&year=2025", "wr_id=7&year=2025"), None),  # no page's
        ("page=2", items("page=2", "page=2&page=2", "page=2&page=2"), None),  # nothing would tell them apart
    ],
)
def test_the_number_of_the_page_is_none_of_a_story(page: str, shown: tuple[Item, ...], meant: tuple[Item, ...]) -> None:
    assert unnumbered(shown, Page(f"{BOARD}&{page}", b"<html></html>")) == (meant or shown)
