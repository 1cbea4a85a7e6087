"""The date of last resort: htmldate, which looks at every date of a page and takes the likeliest."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, time
from functools import cache
from types import SimpleNamespace
from typing import Any

from lxml import etree

from archive.patterns import deferred
from spiders.generic import dates
from spiders.generic.comments import of_comments
from spiders.page import Page

_NEVER = "2100-01-01"
_BARS = deferred(r"(?<=\d) ?\| ?(?=\d)")  # 26 | 01 | 2022


def find(page: Page, *, by_address: bool = True) -> str:
    """'YYYY-MM-DD', or empty. What lies after `page.fetched` is not considered, nor the address unless `by_address`."""
    limit = page.fetched.date().isoformat() if page.fetched else _NEVER
    tree = deepcopy(page.tree)
    for element in [one for one in tree.iter("time") if of_comments(one)]:
        element.getparent().remove(element)  # the day of a reader's comment is not the story's
    try:
        found = _htmldate()(tree, url=page.url if by_address else None, original_date=True, max_date=limit) or ""
    except (
        ValueError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
        etree.LxmlError,
    ):  # what it raises on odd pages
        return ""
    return "" if found.endswith("-01-01") else found  # so it writes a year of which it knows no day


class _OwnParser:
    """What htmldate asks where its patterns find no date in a line: our own reading of dates in place of dateparser's,
    which loads two hundred languages for its first line."""

    def get_date_data(self, text: str) -> SimpleNamespace:
        moment = dates.parse(_BARS.sub(".", text), None)
        whole = moment is not None and moment.precision not in ("month", "year")
        return SimpleNamespace(date_obj=datetime.combine(moment.day, time()) if moment and whole else None)


@cache
def _htmldate() -> Any:
    import logging

    from htmldate import extractors, find_date  # loaded on first use: it takes a fifth of a second

    own = _OwnParser()
    extractors.get_external_parser = lambda: own  # type: ignore[assignment]
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)  # a page without a date is no news to our log
    return find_date
