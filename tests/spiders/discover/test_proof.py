"""What makes a listing worth an entry, and what is said of one that is not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.article import Article
from spiders.discover.proof import Tried, agree, prove, sample
from spiders.facts import Block, Item, Listing

ITEMS = tuple(Item(url=f"https://e.edu/{n}", title=f"Story number {n}", date="2026-09-01") for n in range(8))
MORE = tuple(Item(url=f"https://e.edu/more/{n}", title=f"Older story {n}", date="2026-08-01") for n in range(8))
AT = datetime(2026, 11, 30, tzinfo=UTC)
_THIRD = tuple(Item(url=f"https://e.edu/third/{n}", title=f"Oldest story {n}", date="2026-07-01") for n in range(8))
FIRST = Listing(items=ITEMS, older="https://e.edu/?page=2")


def story(item: Item, **changes: object) -> Tried:
    facts = {
        "url": item.url,
        "site": "e",
        "title": item.title,
        "body": "Words. " * 20,
        "published": "2026-09-01",
        **changes,
    }
    return Tried(item=item, found=Article(**facts))  # type: ignore[arg-type]


def stories(**changes: object) -> list[Tried]:
    return [story(item, **changes) for item in sample(FIRST)]


def test_everything_found_is_certain() -> None:
    proof = prove("https://e.edu/", "News", "generic", FIRST, Listing(items=MORE), stories())
    assert proof.confidence == 1 and proof.holds and not proof.missing
    assert (proof.new, proof.dated) == (8, 8)


def test_a_short_listing_without_pager_holds() -> None:
    proof = prove("https://e.edu/", "", "generic", Listing(items=ITEMS), None, stories())
    assert proof.holds and not proof.missing and proof.confidence < 1


def test_a_page_that_claims_more_than_is_reached_says_so() -> None:
    proof = prove(
        "https://e.edu/",
        "",
        "generic",
        Listing(items=ITEMS, total=237, unfollowed="the page says there are 237 items"),
        None,
        stories(),
    )
    assert any("237" in reason for reason in proof.missing)


@pytest.mark.parametrize(
    ("third", "said"),
    [
        ("status 500", "page 3 (https://e.edu/?page=3): status 500"),
        (Listing(), "page 3 (https://e.edu/?page=3): it shows no items"),
        (Listing(items=ITEMS), "page 3 (https://e.edu/?page=3): it shows nothing that pages 1 and 2 have not"),
        (Listing(items=_THIRD, unfollowed="its last page says '21-30 of 50'"), "older items: its last page says"),
        (Listing(items=_THIRD), ""),
        (None, ""),
    ],
)
def test_a_pager_that_leads_half_the_way_is_known(third: Listing | str | None, said: str) -> None:
    second = Listing(items=MORE, older="https://e.edu/?page=3")
    proof = prove("https://e.edu/", "", "generic", FIRST, second, stories(), third=third)
    assert [reason[: len(said)] for reason in proof.missing] == ([said] if said else [])


def test_what_is_odd_about_a_way_that_shows_page_2_is_not_lost() -> None:
    doubted = replace(FIRST, unfollowed="page 3 shows nothing that pages 1 and 2 have not")
    proof = prove("https://e.edu/", "", "generic", doubted, Listing(items=MORE), stories())
    assert proof.missing == ("older items: page 3 shows nothing that pages 1 and 2 have not",)


def test_a_pager_in_a_circle_lowers_confidence() -> None:
    good = prove("https://e.edu/", "", "generic", FIRST, Listing(items=MORE), stories())
    circle = prove("https://e.edu/", "", "generic", FIRST, Listing(items=ITEMS), stories())
    assert circle.confidence < good.confidence
    assert any("repeats page 1" in reason for reason in circle.missing)


def test_no_items_and_walls_do_not_hold() -> None:
    for first, words in (
        (Listing(), "items"),
        (Block(kind="blocked:captcha", evidence="x"), "blocked:captcha"),
        ("status 500", "status 500"),
    ):
        proof = prove("https://e.edu/", "", "generic", first, None, [])
        assert not proof.holds and proof.confidence == 0
        assert any(words in reason for reason in proof.missing)


def test_stories_that_cannot_be_read_do_not_hold() -> None:
    walls = [Tried(item=item, found=Block(kind="login_wall", evidence="无权访问")) for item in sample(FIRST)]
    proof = prove("https://e.edu/", "", "generic", FIRST, Listing(items=MORE), walls)
    assert not proof.holds
    assert sum("login_wall" in reason for reason in proof.missing) == 3


def _dated(year: int, month: int, *, path: str = "old", step: int = 1) -> tuple[Item, ...]:
    return tuple(
        Item(url=f"https://e.edu/{path}/{n}", title=f"Older story {n}", date=f"{year}-{month:02}-{20 - n * step:02}")
        for n in range(6)
    )


@pytest.mark.parametrize(
    ("second", "words"), [(_dated(2027, 1), "newer than page 1"), (_dated(2025, 2), "begins"), (_dated(2026, 8), "")]
)
def test_the_dates_of_page_2_follow_those_of_page_1(second: tuple[Item, ...], words: str) -> None:
    first = Listing(items=_dated(2026, 9, path="new"), older="https://e.edu/?page=2")
    proof = prove(
        "https://e.edu/", "", "generic", first, Listing(items=second), [story(item) for item in sample(first)], AT
    )
    assert (words in " ".join(proof.missing)) if words else not proof.missing


def test_a_page_2_that_repeats_does_not_hold() -> None:
    assert not prove("https://e.edu/", "", "generic", FIRST, Listing(items=ITEMS), stories()).holds


def test_pages_that_all_say_the_same_under_one_headline_are_no_stories() -> None:
    proof = prove(
        "https://e.edu/",
        "",
        "generic",
        FIRST,
        Listing(items=MORE),
        stories(title="Harbour College", body="This page has moved. Please use the search. " * 5),
    )
    assert not proof.holds and "all 3 pages say the same: Harbour College" in " ".join(proof.missing)


def test_events_are_no_news() -> None:
    ahead = Listing(items=_dated(2027, 3))
    diary = Listing(
        items=tuple(
            Item(url=f"https://e.edu/events/{n}", title=f"A concert in hall {n}", date=f"2026-09-{n + 1:02}")
            for n in range(8)
        )
    )
    for listing in (ahead, diary):
        proof = prove(
            "https://e.edu/news/", "News", "generic", listing, None, [story(item) for item in sample(listing)], AT
        )
        assert not proof.holds and "these are events" in " ".join(proof.missing)
    asked = prove(
        "https://e.edu/events/", "Events", "generic", diary, None, [story(item) for item in sample(diary)], AT
    )
    assert asked.holds


def test_pages_whose_title_is_another_count_less() -> None:
    right = prove("https://e.edu/", "", "generic", FIRST, None, stories())
    wrong = prove("https://e.edu/", "", "generic", FIRST, None, stories(title="Welcome to our website"))
    assert wrong.confidence < right.confidence


def test_the_sample_is_spread_and_leaves_sticky_and_outside_items() -> None:
    items = (Item(url="https://e.edu/s", sticky=True), Item(url="https://w.example/", kind="external"), *ITEMS)
    assert [item.url for item in sample(Listing(items=items))] == [
        "https://e.edu/0",
        "https://e.edu/4",
        "https://e.edu/7",
    ]


def test_headlines_agree_but_for_cuts_and_punctuation() -> None:
    assert agree("学校召开新学期工作会议", "学校召开新学期…") and agree("A “new” library", "A new library")
    assert not agree("Welcome", "Rowing team takes bronze") and not agree("", "x")
