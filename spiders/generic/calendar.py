"""Archives by year or month: the way from this year's page to the one before it, as newsrooms without pages have it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.facts import Item
from spiders.generic import events, numbers
from spiders.generic.months import MONTHS
from spiders.page import Page, one_line

_YEAR = deferred(r"\W*(?:archives?\s*|année\s*|jahr\s*|año\s*)?((?:19|20)\d\d)\s*(?:年度?|년)?\W*(?:\(\d+\))?\W*", re.I)
_MONTH = deferred(r"\W*([^\W\d_]{3,12})\.?,?\s+((?:19|20)\d\d)\W*(?:\(\d+\))?\W*", re.I)
_MONTH_OF = deferred(r"\W*((?:19|20)\d\d)\s*[-/.年년]\s*(0?[1-9]|1[0-2])\s*[月월]?\W*(?:\(\d+\))?\W*")
_BEFORE = deferred(
    r"""
    \W*(?:
        previous|prev|earlier|older|last|mois\ précédent|vorheriger|mes\ anterior  # English, French, German, Spanish
        |mese\ precedente
        |上个?月|前月  # Chinese
        |前の月  # Japanese
        |이전  # Korean
    )\s*(?:month|year|monat|mois|mes|mese|달)?\W*
    """,
    re.I | re.X,
)
_IN_ADDRESS = deferred(r"(?<!\d)((?:19|20)\d\d)(?:[/_-]?(0[1-9]|1[0-2]|[1-9](?=/|$|\.|&)))?(?![\d])")
FULL = frozenset({10, 12, 15, 16, 18, 20, 24, 25, 30, 40, 50, 60, 100})  # rows of a page that was cut off
_HEADING = 30  # characters of a heading that says of which month or year a list is

When = tuple[int, int]  # year and month; month 0 for a whole year


def linked(page: Page) -> dict[When, str]:
    """Addresses of the years and months that a page links by name, `2025`, `March 2025`, each once."""
    found: dict[When, str] = {}
    for element in page.tree.iter("a"):
        if len(element.text or "") > 40 or element.getparent() is None:
            continue
        words = one_line(element)
        if not 4 <= len(words) <= 24 or not (when := read(words)):
            continue
        url = page.absolute(element.get("href"))
        if url and _carries(url, when):
            found.setdefault(when, url)
    return found if len(found) > 1 or _marked_year(page, found) else {}


def read(words: str) -> When | None:
    """The year or month that words consist of."""
    if found := _YEAR.fullmatch(words):
        return int(found[1]), 0
    if found := _MONTH_OF.fullmatch(words):
        return int(found[1]), int(found[2])
    if (found := _MONTH.fullmatch(words)) and (month := MONTHS.get(found[1].lower())):
        return int(found[2]), month
    return None


def ways(page: Page, items: Sequence[Item]) -> Iterator[str]:
    """Where the next older year or month lies; nothing where it is not beyond doubt which one this page shows."""
    named = linked(page)
    here = _of_address(page.url)
    for month in (False, True):
        own = {when: url for when, url in named.items() if bool(when[1]) == month}
        if not own:
            continue
        current = _current(page, own, here, items)
        if current is not None and (earlier := [when for when in own if when < current]):
            yield own[max(earlier)]
    if here is not None:
        for element in page.tree.iter("a"):
            if (
                len(element.text or "") < 40
                and _BEFORE.fullmatch(one_line(element))
                and (url := page.absolute(element.get("href")))
                and (there := _of_address(url))
                and there < here
                and (there[1] > 0) == (here[1] > 0)
            ):
                yield url


def _current(page: Page, named: dict[When, str], here: When | None, items: Sequence[Item]) -> When | None:
    months = any(when[1] for when in named)
    if here is not None and (here[1] > 0) == months and (here in named or min(named) <= here):
        return here
    if marked := _marked_year(page, named) or _headed(page, months):
        return marked
    if len(items) in FULL or any(url.rstrip("/") == page.url.rstrip("/") for url in named.values()):
        return None
    dates = {date[:4] for item in items if (date := item.date)}
    newest = max(named)
    return newest if not months and dates == {str(newest[0])} else None


def behind(page: Page, items: Sequence[Item]) -> str | None:
    """From a page with the newest of several months or years: the archive of the one that its last items are of, where
    all of them stand; None for the archive of one, or where it is not known to be the list's own."""
    named = linked(page)
    days = events.days([item.day for item in items if not item.sticky], page.fetched) if named else []
    if not days or 10 * len(days) < 8 * len(items):
        return None
    months = any(when[1] for when in named)
    own = {when: url for when, url in named.items() if bool(when[1]) == months and _below(url, page.url)}
    oldest, newest = (_when(day, months) for day in (min(days), max(days)))
    if oldest == newest or _current(page, own, _of_address(page.url), items) is not None:
        return None
    return own[min(later)] if (later := [when for when in own if when >= oldest]) and min(own) < oldest else None


def _when(day: date, months: bool) -> When:
    return day.year, day.month if months else 0


def _below(url: str, listing: str) -> bool:
    """Whether an archive lies below the listing, or is the same page asked otherwise."""
    (one, two) = (urlsplit(address) for address in (url, listing))
    here = re.sub(r"(?:/|\.\w{2,5}|(?<=/)(?:index|default)\.\w{2,5})$", "", two.path)
    return one.netloc == two.netloc and one.path.startswith(here) and bool(here)


def _headed(page: Page, months: bool) -> When | None:
    """The one month or year that the page's heading names, beside few other words: `News: May 2026`."""
    found: set[When] = set()
    for element in page.tree.iter("h1", "h2"):
        words = one_line(element)
        if len(words) > _HEADING or element.find(".//a") is not None:
            continue
        parts = [words[at.start() :] for at in re.finditer(r"(?<![^\W\d_])[^\W\d_]{3,12}\.?,?\s+(?:19|20)\d\d", words)]
        parts += re.findall(r"(?:19|20)\d\d\s*[-/.年년]\s*\d{1,2}\s*[月월]?", words) if months else []
        parts += [] if months else re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", words)
        found |= {when for part in parts if (when := read(part.strip())) and bool(when[1]) == months}
    return found.pop() if len(found) == 1 else None


def _marked_year(page: Page, named: dict[When, str]) -> When | None:
    """The year or month beside the links that is marked, or is no link."""
    links = [element for element in page.tree.iter("a") if page.absolute(element.get("href")) in set(named.values())]
    if not links:
        return None
    holder = links[0].getparent()
    for _ in range(3):
        if holder is None or holder.tag in ("body", "html"):
            return None
        found = {
            when
            for element in holder.iter("strong", "b", "span", "em", "li", "a", "option")
            if (when := read(one_line(element))) and (_plain(element, links) or numbers.is_marked(element))
        }
        if len(found) == 1:
            return found.pop()
        holder = holder.getparent()
    return None


def _plain(element: HtmlElement, links: Sequence[HtmlElement]) -> bool:
    return (
        element.get("href") is None
        and element.find(".//a") is None
        and not any(up.tag == "a" for up in element.iterancestors())
    )


def _of_address(url: str) -> When | None:
    found = list(_IN_ADDRESS.finditer(url.partition("://")[2].partition("/")[2]))
    return (int(found[-1][1]), int(found[-1][2] or 0)) if found else None


def _carries(url: str, when: When) -> bool:
    """Whether an address holds the year, and the month, that its words name."""
    there = _of_address(url)
    return there is not None and there[0] == when[0] and (not when[1] or there[1] == when[1])
