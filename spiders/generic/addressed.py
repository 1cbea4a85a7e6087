"""Addresses for rows of data that name none: by the make of those that the page links under the rows' own titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from spiders.data_pages import string

_PROVEN = 2  # rows whose links show how their addresses are made
_EDGES = "/=-_.:,?&#"


def named(
    rows: Sequence[Mapping[str, Any]], shown: Mapping[str, Sequence[str]], titles: Sequence[str], keys: Sequence[str]
) -> list[dict[str, Any]]:
    """The rows with their addresses, where the page links two of them by their titles, all such links are made alike
    of one key, and each row has that key; empty else. `shown`: addresses by the titles of links."""
    for key in keys:
        makes: Counter[tuple[str, str]] = Counter()
        linked = 0
        for row in rows:
            title, value = next((said for name in titles if (said := string(row, name))), ""), string(row, key)
            urls = shown.get(plain_title(title), ()) if title and value else ()
            found = {make for url in urls if (make := _make(url, value))}
            linked += bool(urls)
            makes.update(found)
        make, count = next(iter(makes.most_common(1)), (("", ""), 0))
        if count < _PROVEN or count < linked or not all(string(row, key) for row in rows):
            continue
        return [{**row, "url": f"{make[0]}{quote(string(row, key), safe='')}{make[1]}"} for row in rows]
    return []


def plain_title(words: str) -> str:
    """A title by which the same one is known elsewhere: its letters and digits."""
    return re.sub(r"[\W_]+", "", words).casefold()


def _make(url: str, value: str) -> tuple[str, str] | None:
    """What stands before and behind a value in an address, where it stands there once and for itself."""
    plain = unquote(url)
    if plain.count(value) != 1:
        return None
    before, _, behind = plain.partition(value)
    return (before, behind) if before[-1:] in _EDGES and (not behind or behind[0] in _EDGES) else None
