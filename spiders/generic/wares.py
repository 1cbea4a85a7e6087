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
    |courses?|modules?|programmes?|programs|degrees?|study|studium|studiengaenge|cursos?|corsi|formations?  # to study
    |rooms?|halls?|accommodation|housing|venues?|catalogue|catalog|opac  # to be used
    |staff|staff-directory|experts?|directory  # to be asked
    |services?|help|support|guides?|faqs?|kb|knowledge-?base|how-?to|forms?  # help
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
    priced = sum(1 for text in texts if _COSTS.search(text))
    return max(offered, priced) >= _MOST * max(1, len(urls))


def _offered(url: str) -> bool:
    folders = urlsplit(url).path.split("/")[:-1]
    return any(_FOLDERS.fullmatch(one) for one in folders) and not any(_NEWS.search(one) for one in folders)
