"""What is asked in a cheaper way says the same as the plain way would."""

from __future__ import annotations

import re
from random import Random

from lxml import html

from archive.near.likeness import gist
from spiders.generic.end_matter import _from_the_end, _in_order
from spiders.mending import _LONG_TAG, _holds_long_tag
from spiders.page import holds, one_line

_SIGNS = "abC 1.,-_/@%中文é٣ſK\n\x1f\u3000“”"
_TAGS = ("p", "b", "a", "br", "ruby", "rt", "div", "script", "span")


def test_gists_are_of_letters_without_what_is_numbered() -> None:
    random = Random(1)
    for _ in range(3000):
        one, other = ("".join(random.choices(_SIGNS, k=random.randint(1, 12))) for _ in range(2))
        plain = [_plainly(text) for text in (one, other)]
        if all(plain):
            assert (gist(one) == gist(other)) == (plain[0] == plain[1]), (one, other)
    for text in ("a 12 b", "12a b", "a,12 b", "中2024年文", "x-1", "1-x", "https://a.example/1 word"):
        assert gist(text) == gist(_plainly(text)), text


def _plainly(text: str) -> str:
    bare = re.sub(r"[\w./:%+~?&=#@-]*\d[\w./:%+~?&=#@-]*", " ", text, flags=re.A)
    return re.sub(r"[\W_]+", "", bare).casefold()


def test_a_long_tag_is_seen_wherever_it_stands() -> None:
    for size, long in ((_LONG_TAG, False), (_LONG_TAG + 1, True)):
        for around in (b"%b", b"%b>", b">%b", b"a>%b>b", b"a>>" * 9000 + b"%b>" + b"b>" * 9000):
            content = around.replace(b"%b", b"x" * size)
            assert _holds_long_tag(content) is (max(map(len, content.split(b">"))) > _LONG_TAG) is long


def test_whether_an_element_holds_as_many_bytes_is_as_its_line_says() -> None:
    random = Random(2)
    for _ in range(300):
        element = html.fromstring("<div>" + _markup(random, 4) + "</div>")
        line = len(one_line(element).encode())
        for size in {1, line - 1, line, line + 1, 3}:
            assert holds(element, size) is (line >= size), html.tostring(element)


def test_places_of_text_from_the_end_are_those_in_order() -> None:
    random = Random(3)
    for _ in range(100):
        body = html.fromstring("<div>" + _markup(random, 4) + "<!--c-->tail</div>")
        in_order = [place for place in _in_order(body) if isinstance(place[0].tag, str)]
        assert [*_from_the_end(body)][::-1] == in_order


def _markup(random: Random, depth: int) -> str:
    made = ""
    for _ in range(random.randint(0, 3)):
        tag = random.choice(_TAGS)
        inner = _markup(random, depth - 1) if depth and tag not in ("br", "script") else "x"
        made += f"{random.choice(('', 'word ', ' 中', ' '))}<{tag}>" + (f"{inner}</{tag}>" if tag != "br" else "")
    return made + random.choice(("", "end", " \n "))
