"""How sure the reader may be of a story's body: what it saw on the page, weighed as it fared where bodies are known."""

from __future__ import annotations

from math import exp

from archive.patterns import deferred
from spiders.generic.body import Body
from spiders.generic.text_mass import Weighed
from spiders.page import Page

# fitted (logistic regression) to one half of three public collections; docs/reading.md has the curve of the other half
_BIAS, _WEIGHTS = -0.227, (3.447, -4.86, 1.244, -0.04)
_WORD = deferred(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_DESCRIBED = 8  # words: a shorter description says nothing of the text
_SHORT = 60  # bytes


def of(page: Page, w: Weighed, found: Body) -> float:
    """The likelihood that nine tenths of the body are the story and nine tenths of the story are in it."""
    weighed = sum(weight * value for weight, value in zip(_WEIGHTS, signals(page, w, found), strict=True))
    return 1 / (1 + exp(-_BIAS - weighed))


def signals(page: Page, w: Weighed, found: Body) -> tuple[float, ...]:
    """How much of the element's text is running, how much linked; whether the page describes its story; short lines a
    paragraph, in fives.

    Where the headline stands, the share of the page's running text and how near another element came were tried: on
    these pages they tell nothing more.
    """
    inside = max(1, w.total[found.index])
    described = len(set(_WORD.findall(page.meta("og:description", "description", "twitter:description")[:300].lower())))
    short = sum(1 for here in range(found.first, found.last) if 0 < w.text[here] < _SHORT)
    return (
        min(1.0, found.weight / inside),
        w.links[found.index] / inside,
        float(described >= _DESCRIBED),
        short / max(1, len(found.running)) / 5,
    )
