"""Which addresses of a sitemap are stories: a site's names its pages for courses and staff as well. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from archive.patterns import deferred
from spiders.discover.words import ADDRESS
from spiders.facts import Item
from spiders.generic.rows import story_address

_FEW = 4  # addresses that make a folder of stories
_NAMED = deferred(r"news|post|article|stor(?:y|ies)|press|blog", re.I)


def stories(url: str, items: Sequence[Item]) -> str | None:
    """The pattern of the addresses that are stories: empty where all are, None where it is not clear which.

    All are where the sitemap's own name says so, or its entries are of the news extension; else those below folders
    named like news.
    """
    if _NAMED.search(urlsplit(url).path.rpartition("/")[2]) or (items and all(item.title for item in items)):
        return ""
    folders: Counter[str] = Counter()
    for item in items:
        parts = unquote(urlsplit(item.url).path).split("/")
        at = next((n for n, part in enumerate(parts[1:-1], 1) if part and ADDRESS.search(f"/{part}/")), None)
        if at is not None and (len(parts) > at + 2 or parts[-1]):
            folders["/".join(parts[: at + 1])] += 1
    named = [folder for folder, count in folders.most_common() if count >= _FEW]
    if named:
        return "|".join(f"^https?://[^/]+{re.escape(folder)}/." for folder in named)
    if len(items) >= _FEW and sum(1 for item in items if story_address(item.url)) >= 0.9 * len(items):
        return ""
    return None
