"""Buttons for more, and lists that grow while one scrolls."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.facts import Listing
from spiders.generic import controls, wording
from spiders.page import Page, one_line

_MORE_NAME = deferred(
    r"""
    (?:^|[\s_-])(?:
        load[-_]?more|more[-_]?(?:btn|button|posts|news|results|items|stories|load)  # more
        |(?:btn|button)[-_]?(?:load[-_]?)?more|show[-_]?more  # a button for it
        |view[-_]?more[-_]?(?:btn|button)|infinite[-_]?\w*|endless[-_]?\w*
        |lazy[-_]?load[-_]?list|alm-\w+  # what loads as one scrolls
    )
    """,
    re.I | re.X,
)
_COUNTED = (
    "data-total-pages",
    "data-totalpages",
    "data-max-pages",
    "data-maxpages",
    "data-max-page",
    "data-page-count",
    "data-last-page",
    "data-pages",
)  # hold a number of pages
_MORE_ATTRIBUTES = (
    "data-next",
    "data-next-page",
    "data-next-url",
    "data-nextpage",
    "data-next-href",
    "data-load-more",
    "data-loadmore",
    "data-load-url",
    "data-infinite",
    "data-infinite-scroll",
    "data-infinite-url",
    "data-scroll-url",
    "data-page-url",
    "data-ajax-url",
    "data-endpoint",
    *_COUNTED,
    "data-drupal-views-infinite-scroll-pager",
    "data-paged",
    "data-page",
    "data-current-page",
    "data-offset",
    "infinite-scroll",
    "v-infinite-scroll",
)


def loads_more(page: Page, listing: Listing) -> str | None:
    """What says that the list grows, in words; it stands behind the first item."""
    after = False
    urls = {item.url for item in listing.items}
    for element in page.tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "a" and not after and page.absolute(element.get("href")) in urls:
            after = True
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        holds = (
            None
            if after
            else (
                any(page.absolute(link.get("href")) in urls for link in element.iter("a"))
                if any(name in element.attrib for name in _MORE_ATTRIBUTES) or "infinite" in names.lower()
                else None
            )
        )
        if not after and not holds:
            continue
        if controls.off(element) or element.tag in ("body", "html"):
            continue
        if (
            element.tag in ("a", "button", "div", "span", "input", "p", "li")
            and controls.dead(element)
            and len(element) < 4
        ):
            words = (
                " ".join((element.get("value") or "").split())
                if element.tag == "input"
                else one_line(element)
                if len(element.text or "") < 60
                else ""
            )
            if (
                words
                and len(words) < 40
                and wording.more(words)
                and (element.tag in ("button", "input") or controls.pressed(element) or element.tag == "a")
                and not controls.in_item(element, urls, page)
                and not controls.aside(element)
            ):
                return f"'{words}' loads more by script"
        if _loads_when_seen(element) and not controls.aside(element):
            return f"a script loads more when it is seen ({_address_of(element)[:60]!r})"
        if (
            _MORE_NAME.search(names)
            and not controls.aside(element)
            and not controls.in_item(element, urls, page)
            and not (element.tag == "a" and not controls.dead(element))
        ):
            return f"a script loads more (the page's {names.strip()!r})"
        for name in _MORE_ATTRIBUTES:
            if (
                name in element.attrib
                and _grows(name, element.get(name) or "")
                and not controls.aside(element)
                and not controls.in_item(element, urls, page)
            ):
                return f"a script loads more ({name}={(element.get(name) or '')[:60]!r})"
    return None


def _loads_when_seen(element: HtmlElement) -> bool:
    """Whether an element fetches what stands in its place as soon as a reader has scrolled to it: htmx, Turbo."""
    trigger = element.get("hx-trigger") or element.get("data-hx-trigger") or ""
    return bool(_address_of(element)) and (
        any(word in trigger for word in ("revealed", "intersect")) or element.get("loading") == "lazy"
    )


def _address_of(element: HtmlElement) -> str:
    asked = element.get("hx-get") or element.get("data-hx-get")
    return (asked or (element.get("src") if element.tag == "turbo-frame" else "") or "").strip()


def _grows(name: str, said: str) -> bool:
    if name in _COUNTED:
        return said.isdigit() and int(said) > 1
    if name in ("data-page", "data-current-page", "data-offset", "data-paged"):
        return (said.isdigit() and len(said) < 6) or "page=" in said
    return not said.startswith("{") and said.lower() not in ("false", "0", "null", "none")
