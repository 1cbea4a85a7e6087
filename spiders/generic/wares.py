"""What is offered is not news: goods, rooms, courses, help. Their addresses stand in folders of that name, or their
rows show what they cost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from archive.patterns import deferred

_FOLDERS = deferred(
    r"""
    shop|store|products?|goods|merch(?:andise)?|tickets?|cart|basket  # to be bought
    |(?:short-)?courses?|learn|modules?|programmes?|programs|degrees?|study|studium|studiengaenge|cursos?  # to study
    |corsi|formations?|trainings?
    |rooms?|halls?|accommodation|housing|venues?|catalogue|catalog|opac  # to be used
    |staff|staff-directory|experts?|directory|people|team|profiles?|members  # to be asked
    |services?|help|support|guides?|faqs?|ask|kb|knowledge-?base|how-?to|forms?|tools?  # help
    |polic(?:y|ies)|procedures|forums?|threads?|downloads?|dl|software  # rules, talk, programs
    |photos?|galler(?:y|ies)|albums?|menus?  # pictures, meals
    """,
    re.I | re.X,
)
_HELP = deferred(r"/(?:help|support|kb|knowledge-?base|faqs?|guides?|how-?to)/articles?/", re.I)
_PICTURE = deferred(r"\.(?:jpe?g|png|gif|webp|svg)$", re.I)
_LOOKED_UP = deferred(r"/(?:search|suche|recherche|buscar|site-?map|a-z|az-index)(?:[/.]|$)", re.I)
_CALLS = deferred(
    r"""
    (?:find\ out\ more|learn\ more|apply(?:\ now|\ online)?|book\ now|enquire|add\ to\ (?:cart|basket)|buy\ now)\b
    |\b\d+\s?(?:credits|ects|replies|kb|mb|gb)\b  # counted
    |[\w.+-]{1,40}@[\w-]{1,40}\.\w|\?\s*$  # who to write to; questions
    """,
    re.I | re.X,
)
_NEWS = deferred(r"news|article|stor(?:y|ies)|blog|post|press|xinwen|notice|announcement", re.I)
_COSTS = deferred(
    r"""
    [£€$¥￥₩₹₺]\s?\d  # the sign first
    |(?<![\d.,])\d[\d.,]{0,12}\s?(?:  # or behind the sum
        €|kr\b|zł|元|円|원|₽|руб|Kč|Ft\b  # by its sign or name
        |USD\b|EUR\b|GBP\b|CHF\b  # by its code
    )
    """,
    re.I | re.X,
)
_MOST = 0.6  # share of the rows


def are(urls: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether most rows, by their addresses and by what they show, are offers."""
    offered = sum(1 for url in urls if _offered(url))
    called = sum(
        1
        for url, text in zip(urls, texts, strict=True)
        if _COSTS.search(text) or (_CALLS.search(text) and not _of_news(url))
    )
    return max(offered, called) >= _MOST * max(1, len(urls))


def priced(texts: Sequence[str]) -> bool:
    """Whether most rows show what they cost: they are offers, even where they have dates."""
    return sum(1 for text in texts if _COSTS.search(text)) >= _MOST * max(1, len(texts))


def looked_up(url: str) -> bool:
    """Whether an address is that of a search or of a map of the site: what is listed there without dates is no news."""
    return bool(_LOOKED_UP.search(urlsplit(url).path))


def _offered(url: str) -> bool:
    path = urlsplit(url).path
    if _HELP.search(path) or _PICTURE.search(path):
        return True
    folders = path.split("/")[:-1]
    return any(_FOLDERS.fullmatch(one) for one in folders) and not _of_news(url)


def _of_news(url: str) -> bool:
    """Whether a folder of an address is called like news."""
    return any(_NEWS.search(one) for one in urlsplit(url).path.split("/")[:-1])
