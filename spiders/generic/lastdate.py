"""The date of last resort: htmldate, which looks at every date of a page and takes the likeliest."""

from __future__ import annotations

import logging
from copy import deepcopy
from functools import cache
from typing import Any

from lxml import etree

from spiders.page import Page

_NEVER = "2100-01-01"


def find(page: Page, *, by_address: bool = True) -> str:
    """'YYYY-MM-DD', or empty. What lies after `page.fetched` is not considered, nor the address unless `by_address`."""
    limit = page.fetched.date().isoformat() if page.fetched else _NEVER
    try:
        found = (
            _htmldate()(deepcopy(page.tree), url=page.url if by_address else None, original_date=True, max_date=limit)
            or ""
        )
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


@cache
def _htmldate() -> Any:
    from htmldate import find_date  # loaded on first use: dateparser behind it takes a second

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)  # a page without a date is no news to our log
    return find_date
