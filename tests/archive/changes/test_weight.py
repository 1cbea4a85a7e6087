"""What a change weighs."""

from __future__ import annotations

import pytest

from archive.changes.weight import menus_of, weight
from archive.difference import pieces

STORY = "The council met on Monday and heard reports. " * 10


def of(old: str, new: str, titles: tuple[str, str] = ("", ""), menus: set[str] | None = None) -> float:
    return weight(pieces(*titles), pieces(old, new), menus or set())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a story", "a  story\n\n"),
        ("讲座通知。浏览次数：123", "讲座通知。浏览次数：1456"),
        ("讲座 阅读量[12]次", "讲座 阅读量[90]次"),
        ("A talk. 1,204 views", "A talk. 9,310 views"),
        ("A talk. Hits: 7", "A talk. Hits: 8"),
        ("“quoted”, twice", '"quoted" twice'),
    ],
)
def test_white_space_counters_and_punctuation_weigh_nothing(old: str, new: str) -> None:
    assert of(old, new) == 0


def test_it_is_a_share_of_the_words() -> None:
    assert of("one two three four", "one two three five") == 0.25
    assert of("one", "two") == 1 and of("", "") == 0
    assert of(STORY + "red", STORY + "blue") < of("a red door", "a blue door")


@pytest.mark.parametrize(
    ("heavy", "light"),
    [
        (("it took 20 in", "it took 25 in"), ("it took few in", "it took many in")),
        (("on 3 March we", "on 3 April we"), ("on 3 doors we", "on 3 gates we")),
        (("paid $300 back", "paid $900 back"), ("paid them back", "paid us back")),
        (("then Smith spoke", "then Jones spoke"), ("then she spoke", "then he spoke")),
        (("由王晓明教授主讲", "由李建国教授主讲"), ("由校外的学者主讲", "由校内及学者主讲")),
        (("学费三千元整", "学费五千元整"), ("学费缓交为宜", "学费减交为宜")),
    ],
)
def test_numbers_dates_money_and_names_count_more(heavy: tuple[str, str], light: tuple[str, str]) -> None:
    more, less = (of(STORY + old, STORY + new) for old, new in (heavy, light))
    assert more > less > 0


def test_a_headline_counts_more() -> None:
    assert of(STORY, STORY, ("Hall opens", "Hall closes")) > of(STORY + "opens", STORY + "closes")


def test_menus_weigh_nothing_and_a_list_of_text_does() -> None:
    menu = '<ul><li><a href="/a">Home page</a></li><li><a href="/b">About us</a></li><li><a href="/c">{}</a></li></ul>'
    old, new = menus_of(menu.format("Sports")), menus_of(menu.format("Arts"))
    assert of("News.\n\nSports", "News.\n\nArts", menus=old | new) == 0
    assert of("News.\n\nSports", "News.\n\nArts") > 0
    assert menus_of("<p>We asked <a>one</a>, then <a>two</a> and at last <a>three</a> people of the town.</p>") == set()
    assert menus_of("<!-- a --><a><a><a>") == menus_of("") == set()
