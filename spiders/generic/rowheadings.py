"""The years that headings above rows name: `2025`, `September 2025`, a folded year's button. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.facts import Item
from spiders.generic import calendar, controls, pager
from spiders.page import Page, one_line

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary", "button", "th", "caption", "legend", "a"})
_YEAR = deferred(r"(?:19|20)\d\d")
_LONG = 24  # characters of a heading that is a year or month


def years(page: Page, items: Sequence[Item]) -> dict[int, int]:
    """The year of the heading above each item, by its place. None where not every item that shows a date without a
    year has one above it, or all have the same one: it may be of something else."""
    bare = {n for n, item in enumerate(items) if item.date and not _YEAR.search(item.date)}
    if not bare:
        return {}
    places = {pager.same(item.url): n for n, item in enumerate(items)}
    found: dict[int, int] = {}
    current: int | None = None
    for element in page.tree.iter("a", *(_HEADINGS - {"a"})):
        if (named := _named(element)) is not None:
            current = named
        elif (
            element.tag == "a"
            and current is not None
            and (url := page.absolute(element.get("href")))
            and (place := places.get(pager.same(url))) is not None
        ):
            found.setdefault(place, current)
    return found if bare <= set(found) and len({found[n] for n in bare}) > 1 else {}


def _named(element: HtmlElement) -> int | None:
    """The year that a heading consists of; links that lead somewhere are none."""
    if len(element) > 3 or (element.tag == "a" and element.get("href") and not controls.dead(element)):
        return None
    words = re.sub(r"\W*[（(]\d{1,4}[)）]\W*$", "", one_line(element))  # how many there are
    return when[0] if len(words) <= _LONG and (when := calendar.read(words)) else None
