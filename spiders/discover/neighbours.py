"""Links of a story to the one before and the one after it: they know of older ones than the list shows. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.facts import Item
from spiders.generic import pager, wording
from spiders.generic.rows import shape
from spiders.page import Page, one_line

_WORDS = deferred(
    r"""
    \W*(?:
        [上下前后後]一?(?:篇|条|條|则|則|个)(?:文章|新闻|通知|公告)?  # Chinese
        |(?:이전|다음)\s?(?:글|기사|게시물)?  # Korean
        |(?:前|次)の?(?:記事|お知らせ|ニュース|投稿)  # Japanese
        |(?:previous|prev|next|older|newer|earlier|later)(?:\ (?:story|post|article|news|item|entry))?  # English
        |(?:vorherige[rs]?|nächste[rs]?)(?:\ (?:artikel|beitrag|meldung))?  # German
        |(?:article\ )?(?:précédent|suivant)|(?:noticia\ )?(?:anterior|siguiente)  # French, Spanish
        |(?:articolo\ )?(?:precedente|successivo)|(?:notícia\ )?(?:anterior|seguinte)  # Italian, Portuguese
        |(?:предыдущая|следующая)(?:\ новость)?|(?:önceki|sonraki)(?:\ haber)?  # Russian, Turkish
    )\W*
    """,
    re.I | re.X,
)
_LABEL = 24  # characters before a headline, of the words that say where its link leads


def beyond(page: Page, items: Sequence[Item]) -> str | None:
    """What the page of a list's last story says of older ones: it leads on the one side to a story of the list, on the
    other to one that the list does not show. None where it says nothing."""
    known, beside = {pager.same(item.url) for item in items}, _beside(page, items)
    others = sorted(url for url in beside if pager.same(url) not in known and pager.same(url) != pager.same(page.url))
    if len(beside) == 2 and len(others) == 1:
        return f"its last story leads to an older one that it does not show: {others[0]}"
    return None


def is_first(page: Page, items: Sequence[Item], middle: Page | None) -> bool:
    """Whether the story of a list's last row is the first that there ever was: the `middle` story leads to two of the
    list, this one to one of them alone."""
    known = {pager.same(item.url) for item in items}
    two, one = (_beside(middle, items) if middle is not None else set()), _beside(page, items)
    return len(two) == 2 and len(one) == 1 and {pager.same(url) for url in two | one} <= known


def _beside(page: Page, items: Sequence[Item]) -> set[str]:
    """The stories before and after the one of a page, by addresses of the list's kind."""
    shapes = {shape(item.url) for item in items}
    return {
        url
        for link in page.tree.iter("a")
        if (url := page.absolute(link.get("href"))) and shape(url) in shapes and _leads(link)
    }


def _leads(link: HtmlElement) -> bool:
    """Whether a link is to the story before or after, by its own words or by those that stand before it."""
    words, around = one_line(link), link.getparent()
    if {"prev", "next"} & set((link.get("rel") or "").lower().split()):
        return True
    if _WORDS.fullmatch(words) or wording.leads_on(words) or wording.leads_back(words):
        return True
    label = one_line(around).partition(words)[0] if around is not None and words else ""
    first = one_line(link[0]) if len(link) else ""
    return any(0 < len(one) <= _LABEL and _WORDS.fullmatch(one) for one in (label, first))
