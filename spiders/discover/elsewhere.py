"""What the rest of a site knows of a list that may be cut off: stories of its kind that it does not show. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

from archive.article import Article
from archive.patterns import deferred
from spiders.discover.proof import Tried
from spiders.facts import Item
from spiders.generic import controls, events, pager
from spiders.generic.rows import shape, story_address
from spiders.page import Page

_NUMBER = deferred(r"(.*?[/=_-](?:[A-Za-z]{1,12})?)(\d{1,8})(\D*)", re.ASCII)
_RUN = 8  # numbers in a row that are no chance
_MOST = 0.8  # of a list's items, that another list must name to be of the same stories


def unshown(urls: Iterable[str], items: Sequence[Item]) -> list[str]:
    """Of some addresses those of the kind that most items of a list have, and that it does not show. None are told
    where its addresses look as those of any page do."""
    kind, count = Counter(shape(item.url) for item in items).most_common(1)[0]
    own = [item.url for item in items if shape(item.url) == kind]
    if count < _MOST * len(items) or (_at_top(own[0]) and not all(story_address(url) for url in own)):
        return []
    shown, places = {pager.same(item.url) for item in items}, {_place(url) for url in own}
    may_be = dict.fromkeys(url for url in urls if shape(url) == kind and pager.same(url) not in shown)
    if all(story_address(url) for url in own):
        may_be = dict.fromkeys(url for url in may_be if story_address(url))
    # where folders are of years alone others may be older; else the folder is the list's
    return [url for url in may_be if _place(url) in places or any(part.isdigit() for part in _place(url).split("/"))]


def all_shown(urls: Sequence[str], items: Sequence[Item]) -> bool:
    """Whether a list of all pages of a site names the items of this one, and no other of their kind."""
    named = {pager.same(url) for url in urls}
    held = sum(pager.same(item.url) in named for item in items)
    return bool(items) and held == len(items) and len(urls) > held and not unshown(urls, items)


def begins_with(whole: Sequence[Item], items: Sequence[Item]) -> bool:
    """Whether a longer list begins with the items of another, in whatever order: that one is its first page."""
    first = {pager.same(item.url) for item in items if not item.sticky}
    return len(whole) > len(items) and first == {pager.same(item.url) for item in whole[: len(first)]}


def before(items: Sequence[Item]) -> list[str] | None:
    """Where the stories before a list's first one would lie, by the number in its address; empty where that is 1. None
    where the numbers do not run without a gap, so that one less says nothing."""
    parts = [found.groups() for item in items if item.kind == "article" and (found := _NUMBER.fullmatch(item.url))]
    if len(parts) < len(items) or len({(start, end) for start, _, end in parts}) != 1:
        return None
    start, _, end = parts[0]
    numbers = sorted({int(number) for _, number, _ in parts})
    if len(numbers) < _RUN or numbers[-1] - numbers[0] + 1 != len(numbers):
        return None
    width = len(parts[0][1]) if parts[0][1].startswith("0") else 0
    return [f"{start}{number:0{width}}{end}" for number in (numbers[0] - 1, numbers[0] - 2) if number > 0]


def linked(page: Page) -> list[str]:
    """Where a story's page leads outside its menus."""
    found = (page.absolute(link.get("href")) for link in page.tree.iter("a") if not controls.aside(link))
    return list(dict.fromkeys(url for url in found if url))


def oldest(items: Sequence[Item], tried: Sequence[Tried], at: datetime) -> date | None:
    """The day of a list's oldest item, by its rows, else by the stories that were read."""
    days = events.days([item.day for item in items if not item.sticky], at)
    days = days or events.days(
        [one.found.published for one in tried if isinstance(one.found, Article) and one.found.published], at
    )
    return min(days, default=None)


def older(found: Article, than: date) -> bool:
    """Whether a story was published on an earlier day."""
    return bool(found.body and found.published and found.published[:10] < than.isoformat())


def _place(url: str) -> str:
    return (
        urlsplit(url).path.rpartition("/")[0] if not url.endswith("/") else urlsplit(url[:-1]).path.rpartition("/")[0]
    )


def _at_top(url: str) -> bool:
    return not _place(url).strip("/")
