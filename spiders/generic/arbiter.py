"""The second reader: trafilatura, asked only where the first is in doubt, since it takes ten times as long."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from lxml import etree

from archive.patterns import deferred
from spiders.generic.boilerplate import asks_consent
from spiders.generic.cleaning import drop
from spiders.page import Page

_WORD = deferred(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_LONG = 1_000_000  # bytes; trafilatura needs 15 s for a page of 2 MB
_MANY = 20_000  # elements, five times what large pages have; its fallback takes 9 s for 8,000 small tables
_DEEP = 400  # elements in each other; browsers stop at 512, trafilatura needs 20 s for tables nested 3,000 deep


def text(page: Page) -> str:
    """The story as trafilatura reads it; empty where it finds none, and for a page so long, or of so many or so deep
    elements, that it would take seconds."""
    if len(page.content) > _LONG or _takes_long(page.tree):
        return ""
    tree = deepcopy(page.tree)
    for element in [one for one in tree.iter(etree.Element) if asks_consent(one)]:  # to it, the story of a short page
        if element.getparent() is not None:
            drop(element)
    try:
        found = _trafilatura().extract(tree, include_comments=False, include_tables=True, favor_precision=True)
    except (
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
        etree.LxmlError,
    ):  # what it raises on trees it did not expect
        return ""
    return found or ""


def _takes_long(root: etree._Element) -> bool:
    """Whether there are more elements, or deeper ones, than on any page that people read."""
    level, depth, count = [root], 0, 1
    while level and depth <= _DEEP and count <= _MANY:
        level, depth = [child for element in level for child in element], depth + 1
        count += len(level)
    return depth > _DEEP or count > _MANY


@cache
def _trafilatura() -> Any:
    import logging

    import trafilatura  # loaded on first use: it takes a second

    logging.getLogger("trafilatura").setLevel(logging.ERROR)  # a page without a story is no news to our log

    return trafilatura


def agreement(one: str, other: str) -> float:
    """How far two readings are the same: F1 of their 4-grams of words, 0 to 1."""
    a, b = _grams(one), _grams(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _grams(words: str) -> set[tuple[str, ...]]:
    tokens = _WORD.findall(words[:200_000])
    return {tuple(tokens[n : n + 4]) for n in range(max(1, len(tokens) - 3))} if tokens else set()
