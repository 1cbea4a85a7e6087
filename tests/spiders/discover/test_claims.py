"""What a later page of a list says of the rows behind it."""

import pytest

from spiders.generic.claims import breaks_off
from spiders.page import Page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Showing 21-30 of 50 items", True),
        ("21 – 30 von 1.250", True),
        ("Showing 21-30 of 30 items", False),
        ("Showing 1-10 of 50 items", False),  # what page 1 says is asked there
        ("21-24 of 50 places are taken", False),  # of other things than the ten rows
    ],
)
def test_a_last_page_that_says_it_is_not_the_last(words: str, told: bool) -> None:
    page = Page("https://x.example.edu/news?page=3", f"<html><body><p>{words}</p></body></html>".encode())
    assert bool(breaks_off(page, 10)) is told
