"""How much a change weighs: its share of the words, some of which count more and some nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from lxml import html
from lxml.etree import ParserError

from archive.difference import CJK, Piece
from archive.patterns import deferred

HEADLINE, NUMBER, NAME = 5, 5, 3  # times a plain word; a number in the headline is both
_WORD = deferred(rf"[{CJK}]|[^\W{CJK}]+")  # as a difference cuts them
_UNIT = "年|月|日|元|万|亿|美元|人|名|分|%"  # of what a number says: a changed unit is a changed number
_NUMBERS = deferred(
    rf"""
    # 12,000 元, 3:30, 二十人
    [$€£¥￥]?\d+(?:[.,:/-]\d+)*(?:\s?(?:{_UNIT}))*|[〇零一二三四五六七八九十百千]+(?:{_UNIT})+
    |\b(?:
        January|February|March|April|May|June|July|August|September|October|November  # months and weekdays
        |December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday
    )\b
    """,
    re.X,
)
_NAMES = deferred(
    r"[\u4e00-\u9fff]{2,3}副?(?:教授|书记|校长|院长|处长|主任|老师|同志|同学|博士|院士|主席|部长|馆长)"
    r"|(?<=[a-z,;] )[A-Z][\w'’-]+"
)
_COUNTERS = deferred(
    r"""
    # 阅读次数：1,234, how often it was read
    (?:阅读|浏览|点击|访问|点赞|评论|转发|分享)(?:次数|人数|量|数)?\s*[:：]?\s*
    [\[(（【]?\s*\d[\d,.]*\s*[\])）】]?\s*(?:次|人|万)?
    |\b\d[\d,.]*[km]?\s+(?:views?|reads?|likes?|shares?|comments?|hits|clicks)\b  # 1.2k views
    |\b(?:(?:page\s*)?views?|reads?|likes?|shares?|comments?|hits|clicks)\s*[:：]\s*\d[\d,.]*  # Views: 1,234
    """,
    re.I | re.X,
)
_MENUS = "//*[self::ul or self::ol or self::nav or self::p or self::div or self::tr][count(.//a) >= 3]"
_MENU = 0.9  # of the text of a menu are its links


def weight(title: list[Piece], body: list[Piece], menus: Container[str] = ()) -> float:
    """Share of the words of both texts that differ, 0 to 1; `menus` are lines that count nothing."""
    changed, words = 0.0, 0
    for pieces, times, lines in ((title, HEADLINE, ()), (body, 1, menus)):
        for side in ("deleted", "added"):
            text = "".join(part for kind, part in pieces if kind in ("same", side))
            counts = dict(_counted(text, lines))
            words += sum(1 for times_ in counts.values() if times_)
            changed += times * sum(counts.get(at, 0) for at in _places(pieces, side))
    return min(1.0, round(changed / words, 4)) if words else 0.0


def menus_of(fragment: str) -> set[str]:
    """The lines of a story's HTML that are menus: three links or more, and hardly anything else."""
    if fragment.count("<a") < 3:
        return set()
    try:
        root = html.fragment_fromstring(fragment, create_parent="div")
    except (ParserError, ValueError):  # a comment alone; characters XML cannot hold
        return set()
    found: set[str] = set()
    for menu in root.xpath(_MENUS):
        links = [" ".join(link.text_content().split()) for link in menu.iter("a")]
        whole = "".join(menu.text_content().split())
        if sum(len("".join(link.split())) for link in links) >= _MENU * len(whole):
            found.update(links)
            found.add(" ".join(menu.text_content().split()))
    return found - {""}


def _places(pieces: Iterable[Piece], side: str) -> Iterator[int]:
    """Where the characters of one text stand that the other one has not."""
    at = 0
    for kind, text in pieces:
        if kind == side:
            yield from range(at, at + len(text))
        at += len(text) * (kind in ("same", side))


def _counted(text: str, menus: Container[str]) -> Iterator[tuple[int, int]]:
    """The words of a text: where each one's first changed character would stand, and how much it counts."""
    nothing, numbers, names = (_covered(pattern, text) for pattern in (_COUNTERS, _NUMBERS, _NAMES))
    at = 0
    for line in text.splitlines(keepends=True):
        menu = " ".join(line.split()) in menus
        for match in _WORD.finditer(line):
            place = at + match.start()
            counts = NUMBER if place in numbers else NAME if place in names else 1
            yield place, 0 if menu or place in nothing else counts
        at += len(line)


def _covered(pattern: re.Pattern[str], text: str) -> set[int]:
    return {place for match in pattern.finditer(text) for place in range(*match.span())}
