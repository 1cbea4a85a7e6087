"""'There is more, and I cannot follow': what of a listing page says that older items exist to which no address leads.

One detector for all families. It looks at what a reader would press (numbers and words of a pager that lead nowhere,
buttons for more, drop-downs of pages, years or months), at what scripts are told, and at what the page claims to hold.
What it gives is a sentence for the operator, never a guess at an address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.facts import Listing
from spiders.generic import calendar, claims, controls, events, growing, numbers, pager, scripted, wording
from spiders.page import Page, one_line

_POSTBACK = deferred(r"__doPostBack\(\s*['\"][^'\"]{1,200}['\"]\s*,\s*['\"]Page\$(\d+|Next)['\"]", re.I)
_PAGER = deferred(
    r"""
    (?:^|[\s_-])(?:
        pag(?:er|es|ing|ination|inator|inacion|inazione)|page-?(?:nav|numbers?|links)  # what pagers are called
    )(?=$|[\s_-])
    """,
    re.I | re.X,
)
_WHEN_FIELD = deferred(r"year|month|jahr|monat|ann[eé]e|mois|a[nñ]o|mes|anno|mese|nendo|nian|yue|archive", re.I)


def unfollowed(page: Page, listing: Listing, *, first: bool) -> str | None:
    """Why the listing holds more than can be read, in words; None where nothing says so, or there is a way on.

    `first`: the page is where the listing begins. Further on scripts, buttons and claims are as on every page, and say
    nothing.
    """
    if listing.older or not listing.items:
        return None
    if not _html(page):
        return _claimed(listing) if first else None
    signs = [
        _numbered(page, first=first),
        *(
            (
                _claimed(listing),
                claims.beyond(page, sum(1 for item in listing.items if not item.sticky)),
                _postback(page),
                growing.loads_more(page, listing),
                _chosen(page, listing),
                _dates(page, listing),
                scripted.pages_made(page, listing),
                scripted.awaited(page, listing),
                _led_elsewhere(page, listing),
            )
            if first
            else (claims.breaks_off(page, sum(1 for item in listing.items if not item.sticky)),)
        ),
    ]
    return next((sign for sign in signs if sign), None)


def _html(page: Page) -> bool:
    return (
        "html" in page.mime if page.mime else "<html" in page.text[:2000].lower() or "<body" in page.text[:4000].lower()
    )


def _claimed(listing: Listing) -> str | None:
    """More pages or items than are shown."""
    if (listing.pages or 0) > 1:
        return f"the page says there are {listing.pages} pages, and no address leads to the next"
    if (listing.total or 0) > len(listing.items):
        return (
            f"the page says there are {listing.total} items and shows {len(listing.items)}, and no address leads to the"
            " others"
        )
    return None


def _numbered(page: Page, *, first: bool) -> str | None:
    """Numbers and 'next' that only a script follows."""
    for run in numbers.runs(page, page.url):
        dead = [
            one
            for one in run.numbers
            if one.linked
            and controls.dead(one.element)
            and not controls.switched_off(one.element)
            and not controls.aside(one.element)
        ]
        if run.current is None and not first:
            continue  # which page this is is not known: all of them may lie behind
        current = run.current if run.current is not None else 1
        if any(
            one.value == current + run.step and (controls.calls(one.element) or pager.in_pager(one.element))
            for one in dead
        ):
            return (
                f"page {current + run.step} is opened by a script"
                f" ({controls.how(next(one.element for one in dead if one.value == current + run.step))})"
            )
    for element in page.tree.iter("a", "button") if first else ():  # on the last page the same words lead nowhere
        if (
            controls.dead(element)
            and len(element) < 6
            and wording.leads_on(pager.said(element))
            and not controls.switched_off(element)
            and not controls.aside(element)
            and (controls.calls(element) or (pager.in_pager(element) and _stands_open(element)))
        ):
            return f"'{pager.said(element)}' is opened by a script ({controls.how(element)})"
    return None


def _stands_open(element: HtmlElement) -> bool:
    """Whether a link to nowhere in a pager may be live: `#` is; `javascript:void(0)` or no address is how last pages
    switch it off."""
    return element.tag == "button" or (element.get("href") or "").strip().startswith("#")


def _postback(page: Page) -> str | None:
    asked = [
        found[1]
        for element in page.tree.iter("a")
        if (found := _POSTBACK.search(element.get("href") or "")) and not controls.switched_off(element)
    ]
    return (
        f"page {asked[0]} is asked for by posting the page's form (__doPostBack)"
        if any(one.lower() == "next" or int(one) > 1 for one in asked)
        else None
    )


def _chosen(page: Page, listing: Listing) -> str | None:
    """A drop-down of pages, years or months that some script or form answers."""
    for choice in page.tree.iter("select"):
        if controls.aside(choice):
            continue
        options = [option for option in choice.iter("option") if one_line(option)]
        words = [one_line(option) for option in options]
        at = next((n for n, option in enumerate(options) if option.get("selected") is not None), 0)
        named = f"{choice.get('name') or ''} {choice.get('id') or ''} {choice.get('class') or ''}"
        pages = [number for word in words if (number := numbers.page(word)) is not None]
        if (
            len(pages) > 1
            and len(pages) == len(words)
            and pages == list(range(pages[0], pages[0] + len(pages)))
            and pages[0] in (0, 1)
            and at + 1 < len(pages)
            and (re.search(r"pag|seite|sayfa|strona|(?:^|[\s_-])p(?:$|[\s_-])", named, re.I) or pager.in_pager(choice))
        ):
            return f"the other {len(pages) - 1} pages are chosen from a drop-down"
        when = [word for word in words if calendar.read(word)]
        if (
            len(when) > 1
            and len(when) >= len(words) - 2
            and at + 1 < len(words)
            and (len(when) > 2 or _WHEN_FIELD.search(named) or _begins_later(when, listing, page))
        ):
            return (
                f"other {'years' if calendar.read(when[0]) and not (calendar.read(when[0]) or (0, 1))[1] else 'months'}"
                f" are chosen from a drop-down ({when[-1]} ... {when[0]})"
            )
    return None


def _begins_later(when: Sequence[str], listing: Listing, page: Page) -> bool:
    """Whether years are to be chosen, one behind the other, to whose earliest the rows do not reach."""
    years = [found[0] for one in when if (found := calendar.read(one)) and not found[1]]
    days = events.days([item.day for item in listing.items], page.fetched)
    in_turn = len(years) == len(when) and all(one - two == 1 for one, two in pairwise(years))
    return in_turn and bool(days) and min(days).year > min(years)


def _dates(page: Page, listing: Listing) -> str | None:
    """Links to years or months, of which none is beyond doubt the one before this page's; or to which scripts lead,
    where the list does not hold items of each of them: an accordion or tabs only hide them."""
    named = calendar.linked(page)
    if len(named) > 1:
        return (
            f"the page leads to archives by {'month' if all(when[1] for when in named) else 'year'}, and it is not"
            " clear which of them this one is"
        )
    by_script = {
        when
        for element in page.tree.iter("a", "button")
        if element.get("href") is None or controls.dead(element)
        if len(element) < 3 and (when := calendar.read(one_line(element))) and not controls.aside(element)
    }
    days = events.days([item.day for item in listing.items], page.fetched)
    held = {(day.year, 0) for day in days} | {(day.year, day.month) for day in days}
    if len(by_script) > 2 and not by_script <= held:
        return "archives by year or month are opened by a script"
    return None


def _led_elsewhere(page: Page, listing: Listing) -> str | None:
    """Live links of a pager on the first page, none of which is known to be the next."""
    if any(run.current is not None and run.current >= run.last for run in numbers.runs(page, page.url)):
        return None  # the last page may be the one that an operator named
    barred = {pager.same(page.url), *(pager.same(item.url) for item in listing.items)}
    for holder in page.tree.iter("div", "ul", "ol", "nav", "p", "section"):
        if not _PAGER.search(f"{holder.get('class') or ''} {holder.get('id') or ''}") or controls.aside(holder):
            continue
        named = [(link, url) for link in holder.iter("a") if (url := page.absolute(link.get("href")))]
        if any(pager.same(url) in barred - {pager.same(page.url)} for _, url in named):
            continue  # it holds items: a part of a page that is called so
        others = [
            url
            for link, url in named
            if pager.same(url) not in barred
            and pager.like(url, page.url)
            and not wording.leads_back(pager.said(link))
            and not controls.switched_off(link)
        ]
        if others:
            return f"its pager leads to {others[0]}, and which of its links is the next page is not clear"
    return None
