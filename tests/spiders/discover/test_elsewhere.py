"""What other pages of a site say of a list that may be cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.article import Article
from spiders.discover.elsewhere import all_shown, before, begins_with, linked, oldest, unshown
from spiders.discover.proof import Proof, Tried, alike, cut_off, full, prove
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


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("/news/story-{}", ["/news/story-10", "/news/story-9"]),
        ("/view?no={}", ["/view?no=10", "/view?no=9"]),
        ("/c/00{}.html", ["/c/0010.html", "/c/0009.html"]),
        ("/posts/choir-sings", None),  # no number
        ("/{0}/{0}.html", None),  # of which one less would be another folder
    ],
)
def test_where_the_story_before_the_first_would_lie(named: str, found: list[str] | None) -> None:
    items = [Item(url=HOST + named.format(n)) for n in range(30, 10, -1)]
    assert before(items) == (found and [HOST + path for path in found])
    assert before(items[:6]) is None and before([*items[:9], *items[10:]]) is None, "not in a row"


def test_a_longer_list_that_begins_with_all_items_of_another_is_the_same_list() -> None:
    assert begins_with(NEWS, [*reversed(NEWS[:8]), replace(NEWS[15], sticky=True)])
    assert not begins_with(NEWS, NEWS[1:9]) and not begins_with(NEWS[:8], NEWS[:8])


def test_before_number_1_there_is_no_story() -> None:
    assert before([Item(url=f"{HOST}/n/{n}") for n in range(12, 0, -1)]) == []


def proof(rows: int, *, cut: bool = True, new: int | None = None, older: str | None = None) -> Proof:
    listing = Listing(items=tuple(NEWS[:rows]), older=older)
    return Proof(
        url=HOST,
        section="",
        family="generic",
        listing=listing,
        new=new,
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


def test_a_list_of_which_others_hold_all_is_a_choice_of_them() -> None:
    chosen = prove(HOST, "", "generic", Listing(items=tuple(NEWS)), None, (), AT)
    rest = [proof(9, cut=False), replace(proof(9, cut=False), listing=Listing(items=tuple(NEWS[9:])))]
    assert [bool(one.missing) for one in alike([chosen, *rest])] == [False, False, False]
    assert [bool(one.missing) for one in alike([chosen, *rest[:1]])] == [True, False]


@pytest.mark.parametrize(("rows", "told"), [(18, False), (12, True)])
def test_a_site_that_links_page_2_of_another_list_would_have_linked_this_one_too(rows: int, told: bool) -> None:
    at = [Item(url=f"{HOST}/news/choir-{n}", date=f"2026-09-{n + 1:02}") for n in range(rows)]
    lonely = prove(HOST, "", "generic", Listing(items=tuple(at)), None, (), AT)
    assert lonely.cut and lonely.missing
    (weighed, _) = alike([lonely, proof(12, cut=False, new=12, older=f"{HOST}/notices?page=2")])
    assert (bool(weighed.listing.unfollowed), bool(weighed.missing)) == (told, told)


@pytest.mark.parametrize(
    ("items", "changes", "whole"),
    [
        (NEWS, {}, False),
        (NEWS, {"total": 18}, True),  # it counts itself
        (NEWS[:17], {}, True),
        ([*NEWS[:17], Item(url=f"{HOST}/news/choir-0", date="2023-01-01")], {}, True),
    ],
)
def test_a_full_round_number_of_recent_rows_may_be_a_page_of_more(
    items: list[Item], changes: dict[str, int], whole: bool
) -> None:
    listing = Listing(items=tuple(items), **changes)  # type: ignore[arg-type]
    assert prove(HOST, "", "generic", listing, None, (), AT).cut is not whole
    assert not prove(HOST, "", "generic", listing, None, (), AT, whole=True).missing


def test_rows_without_days_are_as_old_as_the_last_story() -> None:
    bare = Listing(items=tuple(Item(url=item.url) for item in NEWS))
    for day, recent in (("2026-09-01", True), ("2020-09-01", False)):
        last = Tried(item=bare.items[-1], found=Article(url=HOST, site="x", title="T", published=day))
        assert cut_off(bare, AT, [last]) is recent
    assert not cut_off(bare, AT)
