"""A page of a listing that a script would have asked for: rows as JSON, or as HTML in a string of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spiders import cursors
from spiders.data_pages import json_of
from spiders.facts import Listing, Select
from spiders.families import Family
from spiders.generic import embedded
from spiders.page import Page

_DEEP = 8


def read(page: Page, family: Family, select: Select) -> Listing | None:
    """Its items, in its order; None where the page is no JSON."""
    data = json_of(page)
    if not isinstance(data, (dict, list)):
        return None
    if items := embedded.of_value(page, data):
        older = cursors.in_json(data, page.base)
        return Listing(
            items=items, older=older, total=cursors.total_in_json(data), unfollowed=cursors.more_in_json(data)
        )
    for html in sorted((text for text in _strings(data, 0) if "<a" in text), key=len, reverse=True)[:1]:
        headers = (("content-type", "text/html; charset=utf-8"),)
        inner = Page(page.url, html.encode("utf-8", "replace"), headers=headers, fetched=page.fetched)
        return Listing(items=family.read_listing(inner, select).items)
    return Listing()


def _strings(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < _DEEP:
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from _strings(one, depth + 1)
