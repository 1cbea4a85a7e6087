"""What other pages of a site say of a list that may be cut off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from spiders.discover.elsewhere import all_shown, linked, oldest, unshown
from spiders.discover.proof import Proof, alike, full
from spiders.facts import Item, Listing
from spiders.page import Page

HOST = "https://x.example.edu"
AT = datetime(2026, 11, 30, tzinfo=UTC)
NEWS = [Item(url=f"{HOST}/news/choir-sings-{n}", date=f"2026-09-{n:02}") for n in range(30, 12, -1)]
PAGES = [f"{HOST}{path}" for path in ("/", "/about/", "/news", "/courses/law")]
OLD = f"{HOST}/news/rowing-crew-in-the-final"


@pytest.mark.parametrize(
    ("items", "urls", "found"),
    [
        (NEWS, [*PAGES, NEWS[3].url, OLD], [OLD]),
        (NEWS, [*PAGES, f"{NEWS[3].url}/"], []),
        (NEWS, [f"{HOST}/notices/closed-on-friday", f"{HOST}/news/2026/"], []),
        ([Item(url=f"{HOST}/choir-{n}") for n in range(18)], [f"{HOST}/contact", f"{HOST}/fees"], []),  # any page
        (
            [Item(url=f"{HOST}/2026/{n}.html") for n in range(11, 29)],
            [f"{HOST}/2024/77.html"],
            [f"{HOST}/2024/77.html"],
        ),
    ],
)
def test_an_address_of_the_kind_that_a_list_does_not_show(
    items: Sequence[Item], urls: list[str], found: list[str]
) -> None:
    assert unshown(urls, items) == found


def test_a_map_that_names_the_stories_of_a_list_and_no_others_shows_that_it_is_whole() -> None:
    shown = [item.url for item in NEWS]
    assert all_shown([*PAGES, *shown], NEWS)
    assert not all_shown([*PAGES, *shown, OLD], NEWS)
    assert not all_shown([*PAGES, *shown[1:]], NEWS), "it does not know them all"
    assert not all_shown([], NEWS)


def test_what_a_story_links_outside_menus() -> None:
    page = Page(f"{HOST}/news/a", b"<nav><a href='/news/b'>B</a></nav><main><a href='/news/c'>C</a></main>")
    assert linked(page) == [f"{HOST}/news/c"]


def test_the_oldest_of_a_list_by_its_rows() -> None:
    assert str(oldest(NEWS, (), AT)) == "2026-09-13"
    assert oldest([Item(url=item.url) for item in NEWS], (), AT) is None


def proof(rows: int, *, cut: bool = True) -> Proof:
    listing = Listing(items=tuple(NEWS[:rows]))
    return Proof(
        url=HOST,
        section="",
        family="generic",
        listing=listing,
        new=None,
        stories=(),
        missing=(),
        confidence=1.0,
        cut=cut,
    )


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ([proof(18), proof(18)], [True, True]),
        ([proof(18), proof(16)], [False, False]),
        ([proof(18), proof(18, cut=False)], [False, False]),
        ([proof(18)], [False]),
    ],
)
def test_two_lists_of_one_length_are_both_cut_off(held: list[Proof], told: list[bool]) -> None:
    assert full(held[0].listing)
    assert [bool(one.missing) and bool(one.listing.unfollowed) for one in alike(held)] == told
