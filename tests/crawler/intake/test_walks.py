"""What a walk makes of a listing that is not as it was: another order, a page that cannot be had, another list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from archive.store.problems import incomplete_listings
from spiders.facts import Block, Item
from spiders.findings import Gone, Reading, Redirect, Stories, Trouble
from tests.crawler.desk import HOST, LIST, SITE, Desk, story

PAGE_2, PAGE_3 = f"{HOST}/list2.htm", f"{HOST}/list3.htm"
WORDS = "The orchard beside the river gave more apples than in any year before. " * 3


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def known(desk: Desk, stories: int = 9, *, pages: int = 3) -> list[str]:
    """A listing of some pages, read to its end on the first day with all its stories: their paths, newest first."""
    paths = [str(number) for number in range(stories, 0, -1)]
    size = -(-stories // pages)
    for page in range(pages):
        desk.listing(
            *paths[page * size : (page + 1) * size],
            older=f"list{page + 2}.htm" if page + 1 < pages else None,
            url=f"{HOST}/list{page + 1}.htm" if page else LIST,
            kind="older" if page else "listing",
        )
    for path in paths:
        desk.visit(f"{HOST}/{path}", dated(path))
    desk.seed(20)
    return paths


def dated(path: str) -> Reading:
    """A story a week younger than the one whose number is one less."""
    at = date(2026, 8, 1) + timedelta(days=7 * int(path))
    made = story(f"{path} {WORDS}", path)
    return replace(made, article=replace(made.article, published=at.isoformat()))


def said(desk: Desk) -> list[str]:
    return [problem.line.partition(": ")[2] for problem in incomplete_listings(desk.rows.db).get(SITE.id, ())]


def test_another_list_stays_named_however_long_its_first_walk_took(desk: Desk) -> None:
    known(desk)
    desk.listing("a", "b", "c", "d", older="list2.htm", day=20)
    desk.listing("e", "f", "g", "h", url=PAGE_2, kind="older", day=21)
    assert ["none of what it showed before" in one for one in said(desk)] == [True]
    desk.seed(22)
    desk.listing("a", "b", "c", "d", older="list2.htm", day=22)
    assert ["none of what it showed before" in one for one in said(desk)] == [True]
    desk.listing("9", "a", "b", "c", older="list2.htm", day=23)
    assert said(desk) == []


def test_what_add_found_beside_a_list_is_said_until_it_leads_on_or_a_person_says_that_it_is_right(desk: Desk) -> None:
    told = "the site's map names an older one that it does not show: https://news.example.edu/7"
    desk.site = replace(SITE, listings=(replace(SITE.listings[0], unfollowed=told),))
    desk.listing("2", "1")
    assert [one.startswith(f"there is more than can be followed: {told}") for one in said(desk)] == [True]
    desk.listing("2", "1", older="list2.htm", day=2)
    desk.listing("0", url=PAGE_2, kind="older", day=2)
    assert said(desk) == []
    desk.listing("2", "1", day=3)
    assert said(desk) != [], "page 2 is gone again"
    desk.rows.listings.dismiss(LIST)
    desk.listing("2", "1", day=4)
    assert said(desk) == []


@pytest.mark.parametrize(
    ("shown", "walks"),
    {
        "newest first": (["9", "8", "7"], False),
        "two were taken down": (["7", "6", "5", "4"], False),
        "oldest first": (["1", "2", "3", "4"], True),
        "by what is read most": (["3", "1", "4", "2"], True),
        "mixed, one of the newest among them": (["2", "9", "1", "5"], True),
        "old ones pinned before all": (["5", "4", "3"], True),
    }.items(),
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_page_without_the_newest_stories_is_not_where_a_walk_ends(
    shown: str, walks: tuple[list[str], bool], desk: Desk
) -> None:
    del shown
    known(desk)
    desk.listing(*walks[0], older="list2.htm", day=20)
    assert (PAGE_2 in desk.due(20)) is walks[1]
    assert said(desk) == []


def test_a_list_in_another_order_is_walked_to_its_end(desk: Desk) -> None:
    known(desk)
    desk.listing("1", "2", "3", "4", older="list2.htm", day=20)
    desk.listing("5", "6", "7", older="list3.htm", url=PAGE_2, kind="older", day=20)
    assert PAGE_3 in desk.due(20)


def test_a_list_with_old_stories_pinned_before_all_is_walked_to_what_is_known(desk: Desk) -> None:
    known(desk)
    desk.seed(21)
    desk.listing("5", "4", "3", older="list2.htm", day=21)
    desk.listing("9", "8", "7", older="list3.htm", url=PAGE_2, kind="older", day=21)
    assert PAGE_3 not in desk.due(21)


@pytest.mark.parametrize(
    "reading",
    [
        Gone("http_404"),
        Trouble("robots", "robots.txt"),
        Trouble("http_500", "status 500"),
        Block(kind="login_wall", evidence="a form"),
        Redirect(f"{HOST}/"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_walk_that_breaks_off_before_what_is_known_leaves_a_gap_until_its_page_is_read(
    reading: Reading, desk: Desk
) -> None:
    known(desk)
    desk.listing("13", "12", "11", older="list2.htm", day=20)
    desk.visit(PAGE_2, reading, kind="older", day=20)
    assert [line.partition(" of its walk")[0] for line in said(desk)] == [f"{PAGE_2}: page 2"]
    desk.seed(21, afresh=True)
    desk.listing("13", "12", "11", older="list2.htm", day=21)
    assert said(desk), "that page 1 is read again says nothing of page 2"
    assert PAGE_2 in desk.due(21), "though nothing on page 1 is new"
    desk.listing("10", "9", "8", url=PAGE_2, kind="older", day=21)
    assert said(desk) == []


@pytest.mark.parametrize("reading", [Gone("http_404"), Trouble("http_500", "status 500")], ids=["gone", "trouble"])
def test_a_walk_that_has_come_to_what_is_known_has_no_gap_behind_it(reading: Reading, desk: Desk) -> None:
    known(desk)
    desk.listing("10", "9", "8", older="list2.htm", day=20)
    desk.visit(PAGE_2, reading, kind="older", day=20)
    assert said(desk) == []


def test_a_pager_that_shows_page_1_again_breaks_a_walk_off(desk: Desk) -> None:
    known(desk)
    desk.listing("13", "12", "11", older="list2.htm", day=20)
    desk.listing("13", "12", "11", older="list3.htm", url=PAGE_2, kind="older", day=20)
    assert [line.partition(";")[0] for line in said(desk)] == [
        f"{PAGE_2}: page 2 of its walk: page 2 shows what the page before it showed"
    ]
    desk.rows.listings.dismiss(LIST)
    assert said(desk) == []


def test_a_list_that_shows_nothing_it_had_shown_says_so_until_it_does_again(desk: Desk) -> None:
    known(desk)
    for day in (20, 21):
        desk.seed(day)
        desk.listing("a1", "a2", "a3", "a4", day=day)
        assert any("none of what it showed before" in line for line in said(desk)), "the next look knows these"
    desk.seed(22)
    desk.listing("a1", "a2", "9", "8", day=22)
    assert not any("none of what it showed before" in line for line in said(desk))


@pytest.mark.parametrize("pages", [1, 2, 5])
def test_the_first_walk_of_all_misses_nothing(desk: Desk, pages: int) -> None:
    """What its first page showed is on no other: there has been no walk before."""
    known(desk, 60, pages=pages)
    assert said(desk) == [] and desk.one("select complete, gap from listings") == (1, None)


def test_a_first_page_of_marked_rows_alone_is_walked_on_from(desk: Desk) -> None:
    known(desk)
    rows = tuple(Item(url=f"{HOST}/{path}", title=path, sticky=True) for path in ("5", "4", "3"))
    desk.visit(LIST, Stories(rows, (), PAGE_2, None), day=20, kind="listing")
    assert PAGE_2 in desk.due(20)
