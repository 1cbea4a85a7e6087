"""What a reader would press on a page: whether it leads nowhere, calls a script, is switched off, or belongs to
something else than the list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.generic import pager
from spiders.page import Page

_DEAD = deferred(r"^\s*(?:#|$|javascript:)", re.I)
_OFF = deferred(r"(?:^|[\s_-])(?:disabled?|inactive|unable|nolink|hidden)(?:$|[\s_-])", re.I)
_ASIDE = deferred(
    r"""
    slid|swiper|carousel|banner|calendar|datepicker  # what slides, and calendars
    |(?:^|[\s_-])(?:
        nav(?:bar)?|menu\w*|tabs?|gallery|lightbox|modal|cookie\w*|search|login  # ways around the site
        |comment\w*|footer|foot|bottom|gnb|lnb
    )(?:$|[\s_-])
    """,
    re.I | re.X,
)
_OF_PART = deferred(
    r"""
    (?<![\w-])(?!(?:site|page|global|main|layout)[-_])  # of the whole page
    (?:\w{1,20}[-_]){1,3}(?:footer|foot|bottom)(?![\w-])
    """,
    re.I | re.X,
)
_CALL = deferred(r"pag(?:e|ing|ina|er)|goto|turn|next|more|list|fn_?egov|move|postback", re.I)


def dead(element: HtmlElement) -> bool:
    """Whether no address stands behind it."""
    return element.tag != "a" or bool(_DEAD.match(element.get("href") or ""))


def calls(element: HtmlElement) -> bool:
    """Whether pressing it runs something that sounds like paging."""
    href = element.get("href") or ""
    done = (
        f"{href if href.lower().startswith('javascript') else ''} {element.get('onclick') or ''}"
        f" {element.get('data-page') or ''} {element.get('ng-click') or ''} {element.get('@click') or ''}".strip()
    )
    return (
        bool(done)
        and not re.fullmatch(r"javascript:\s*(?:void\(?\s*0?\s*\)?|;)?\s*;?", done, re.I)
        and (bool(_CALL.search(done)) or bool(re.search(r"\d", done)))
    )


def pressed(element: HtmlElement) -> bool:
    """Whether it looks like something to press."""
    return (
        element.get("onclick") is not None
        or element.get("role") == "button"
        or element.tag == "button"
        or bool(re.search(r"btn|button|more", element.get("class") or "", re.I))
    )


def how(element: HtmlElement) -> str:
    """What pressing it does, for a person."""
    done = " ".join((element.get("onclick") or element.get("href") or element.get("class") or element.tag).split())
    return done if len(done) <= 60 else f"{done[:59]}…"


def off(element: HtmlElement) -> bool:
    """Whether it says that it is switched off."""
    return (
        bool(_OFF.search(element.get("class") or ""))
        or element.get("disabled") is not None
        or element.get("aria-disabled") == "true"
    )


def switched_off(element: HtmlElement) -> bool:
    """Whether it, or what it stands in, says so."""
    return any(off(one) for one in _around(element, 2))


def aside(element: HtmlElement) -> bool:
    """Whether it belongs to a menu, a slider, a calendar, a search form: those have numbers and arrows of their own."""
    for one in _around(element, 8):
        if one.tag in ("nav", "header", "footer", "aside") and not pager.in_pager(element):
            return True
        names = _OF_PART.sub(" ", f"{one.get('class') or ''} {one.get('id') or ''}")  # a list's footer is the list's
        if one.tag not in ("body", "html") and _ASIDE.search(names) and not pager.in_pager(one):
            return True
    return False


def in_item(element: HtmlElement, urls: set[str], page: Page) -> bool:
    """Whether it belongs to one story of the list, as a button that unfolds a teaser does: others have the same beside
    them."""
    here = element.getparent()
    for _ in range(3):
        if here is None or here.tag in ("body", "html", "main", "form"):
            return False
        held = {url for link in here.iter("a") if (url := page.absolute(link.get("href"))) in urls}
        if held:
            return len(held) == 1 and len(urls) > 1
        here = here.getparent()
    return False


def _around(element: HtmlElement, up: int) -> Iterator[HtmlElement]:
    yield element
    for number, one in enumerate(element.iterancestors()):
        if number >= up:
            return
        yield one
