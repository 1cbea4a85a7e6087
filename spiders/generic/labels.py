"""The short lines around a story: what stands between its headline and its first paragraph, and after its last."""

from __future__ import annotations

from lxml.html import HtmlElement

from spiders.generic import bylines, dates
from spiders.generic.prose import own_line
from spiders.generic.weigh import Weighed

_MOST = 60  # lines before a story that are looked at
_LONG = 400  # bytes: a longer block is running text


def before(w: Weighed, title: HtmlElement | None, body: int, first: int) -> list[str]:
    """Lines from the headline (or as many as are looked at) up to the story's first paragraphs, in page order.

    `body` is the index of the story's element, `first` that of its first paragraph.
    """
    begin = w.index(title) if title is not None else -1
    if begin < 0 or begin > first:
        begin = 0
    blocks = [here for here in range(begin, first) if 0 < w.text[here] <= _LONG][-_MOST:]
    blocks += [here for here in range(first, min(len(w.elements), first + 12)) if 0 < w.text[here] <= _LONG]
    return [line for here in blocks if (line := own_line(w.elements[here]))]


def after(w: Weighed, last: int) -> list[str]:
    """The few lines that follow the story's last paragraph."""
    blocks = [here for here in range(last, min(len(w.elements), last + 200)) if 0 < w.text[here] <= _LONG]
    return [line for here in blocks[:8] if (line := own_line(w.elements[here]))]


def facts(line: str) -> bool:
    """Whether a line states facts of a story (date, author, source, views) and tells nothing of it."""
    if len(line) > 200:
        return False
    labelled = bylines.labels(line)
    if labelled >= 2 or (labelled and len(line) <= 60):
        return True
    if len(line) <= 80 and any(char.isdigit() for char in line) and (span := dates.span(line)) and len(line) - span <= 40:
        return True
    return len(line) <= 60 and bylines.is_byline(line)
