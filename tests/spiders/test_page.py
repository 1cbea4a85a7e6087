"""A page's words and elements, by every way there is to ask for them."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from spiders.page import Page, one_line

CLASSES = Page(
    "https://news.example.edu/",
    b"""<div class="news-list x"><p class="x">1</p><p class="news-list">2</p><a class="y x">3</a>"""
    b"""<p class="\n x  y x">4</p><p class="xx">5</p></div>""",
)


@pytest.mark.parametrize("css", [".x", "p.x", "a.x", ".y", ".news-list", "p.news-list", ".news", "div.y"])
def test_classes_are_found_as_selectors_find_them(css: str) -> None:
    assert CLASSES.select(css) == CLASSES.select(css, CLASSES.tree)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p> a \n b </p>", "a b"),
        ("<p>a<script>x</script>b<!-- y -->c<b>d</b><br>e\u200b<style>z</style></p>", "abcde"),
        ("<p>a<span>b<i>c</i>d<script>x</script></span>e</p>", "abcde"),
        ("<script>a</script>", ""),
    ],
)
def test_one_line_is_all_that_a_reader_sees(html: str, words: str) -> None:
    assert one_line(fragment_fromstring(html)) == words
