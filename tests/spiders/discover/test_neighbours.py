"""Links of a list's last story to the ones beside it."""

import pytest

from spiders.discover.neighbours import beyond, is_first
from spiders.facts import Item
from spiders.page import Page

ITEMS = [Item(url=f"https://x.example.edu/news/{n}.html") for n in (1009, 1008, 1007)]
OLDER = "https://x.example.edu/news/1006.html"


def link(n: int, words: str) -> str:
    return f"<a href='/news/{n}.html'>{words}</a>"


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        (f"<p>上一篇：{link(1008, '学校召开会议')}</p><p>下一篇：{link(1006, '图书馆延长开放')}</p>", True),
        (f"{link(1008, 'Next story')} {link(1006, 'Previous story')}", True),
        ("<a rel='next' href='/news/1008.html'>A</a><a rel='prev' href='/news/1006.html'>B</a>", True),
        (f"<div>{link(1008, '<b>다음글</b> 도서관')}</div><div>{link(1006, '<b>이전글</b> 식당')}</div>", True),
        (f"{link(1008, 'Next story')}", False),  # the oldest there is
        (f"{link(1008, 'The library opens')} {link(1006, 'The choir sings')}", False),  # related stories
        (f"{link(1001, 'Next story')} {link(1006, 'Previous story')}", False),  # the list is none of theirs
    ],
)
def test_a_story_beside_the_last_one_is_older(rest: str, found: bool) -> None:
    page = Page(ITEMS[-1].url, f"<html><body><h1>News</h1>{rest}</body></html>".encode())
    assert beyond(page, ITEMS) == (
        f"its last story leads to an older one that it does not show: {OLDER}" if found else None
    )


@pytest.mark.parametrize(
    ("last", "middle", "found"),
    [
        (link(1008, "Next story"), link(1009, "Next story") + link(1007, "Previous story"), True),
        (link(1008, "Next story"), link(1009, "Next story"), False),  # each names but one
        (link(1008, "Next story") + link(1006, "Previous story"), link(1009, "Next") + link(1007, "Previous"), False),
        (link(1008, "The library opens"), link(1009, "Next story") + link(1007, "Previous story"), False),
    ],
)
def test_a_last_story_with_none_before_it_is_the_first_of_all(last: str, middle: str, found: bool) -> None:
    pages = [
        Page(item.url, f"<html><body><h1>News</h1>{body}</body></html>".encode())
        for item, body in ((ITEMS[2], last), (ITEMS[1], middle))
    ]
    assert is_first(pages[0], ITEMS, pages[1]) is found
    assert not is_first(pages[0], ITEMS, None)
