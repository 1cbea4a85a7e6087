"""Fingerprints of a CMS: how sure the marks found on a page make us that it was made by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spiders.page import Page

Marks = Sequence[tuple[str, float]]
_LIMIT = 300_000  # characters of a page that are searched
_SURE = 0.99


def sure(page: Page, *, html: Marks = (), url: Marks = (), headers: Marks = ()) -> float:
    """0 to 1. Each mark is a pattern and how sure it makes us alone; independent marks add up (1 - product of doubts).

    `headers` are searched in lines such as `x-generator: Drupal 10`. Patterns are matched without regard to case.
    """
    text = page.text[:_LIMIT]
    lines = "\n".join(f"{name}: {value}" for name, value in page.headers)
    doubt = _doubt(text, html) * _doubt(page.url, url) * _doubt(lines, headers)
    return round(min(_SURE, 1 - doubt), 3)


def _doubt(text: str, marks: Iterable[tuple[str, float]]) -> float:
    doubt = 1.0
    for pattern, weight in marks:
        if re.search(pattern, text, re.I):
            doubt *= 1 - weight
    return doubt
