"""Pages of a listing whose address takes a value that the page before it names: `https://.../news?after={}`.

The value is a cursor of a script's address, of JSON or of an attribute, or what stands next in a drop-down: a month, a
year, a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders import numbered
from spiders.data_pages import json_of
from spiders.page import Page, join, one_line
from spiders.site import Site
from spiders.urls import canonical

_LONGEST = 400  # characters of a value
_DEEP = 4  # levels of JSON at whose ends its way on stands
NAMES = (
    r"(?:(?:start|starting|search|page|max|min|from|last|next)[-_]?)?"
    r"(?:after|before|cursor|token|continuation|since|max[-_]?id|last[-_]?id|from[-_]?id|until)"
)
_CURSOR = r"(?:(?:next|end|page|after|last)[-_]?)?cursor|(?:next|page|next[-_]?page|continuation)[-_]?token"
_VALUES = deferred(rf"(?:{_CURSOR})|next|after|continuation|next[-_]?(?:id|key|page)", re.I)
_ADDRESSES = deferred(
    r"""
    (?:@odata\.)?next[-_]?(?:link|url|uri|href|page(?:[-_]?(?:url|link))?)?  # the address itself
    |links?|_links|paging|pagination|meta|page[-_]?info  # what holds it
    """,
    re.I | re.X,
)
_TOTAL = deferred(r"total(?:[-_]?(?:count|items|results|elements|records|hits|rows))?", re.I)
_MORE = deferred(r"has[-_]?(?:more|next)(?:[-_]?page)?|more[-_]?(?:available|items|results)", re.I)
_IN_SCRIPT = deferred(
    rf"""
    (?<![\w$])(?:{_CURSOR})["']?\s*[:=]\s*  # a name in a script
    ["']([^"'\s<>]{{1,400}})["']  # what it is given
    """,
    re.I | re.X,
)
_ATTRIBUTE = deferred(rf"data-(?:{_CURSOR}|after|before|since)", re.I)


def following(site: Site, page: Page) -> str | None:
    """The address after a page of a listing with such a pager; None for any other page, and where it names none."""
    for seed in site.listings:
        own = numbered.HOLE in seed.pager and numbered.named_value(seed.pager, page.url) is not None
        if own or (numbered.HOLE in seed.pager and page.url == seed.url):
            return after(seed.pager, page)
    return None


def after(pager: str, page: Page) -> str | None:
    """The address that a page names by a pager, beyond doubt: one value, or the one behind its own."""
    own = numbered.named_value(pager, page.url)
    for named in (_chosen(pager, page, own), _linked(pager, page, own), _told(page, own)):
        if named is None or named == own:
            continue
        before, behind = numbered.around(pager)
        return canonical(f"{before}{quote(named, safe=':,/~')}{behind}")
    return None


def in_json(data: Any, base: str) -> str | None:
    """The address of the next page that an answer in JSON gives: `links.next`, `next_page_url`; None where it gives
    none."""
    return next((url for said in _ways(data, 0) if (url := join(base, said))), None)


def more_in_json(data: Any) -> str | None:
    """What in an answer in JSON says that there is more: a cursor, `hasMore`; None where nothing does."""
    for key, value in _ends(data, 0):
        if _MORE.fullmatch(key) and value is True:
            return f"its answer says {key}"
        if _VALUES.fullmatch(key) and value and isinstance(value, (str, int)) and not isinstance(value, bool):
            return f"its answer names the next page by a cursor ({key})"
    return None


def total_in_json(data: Any) -> int | None:
    """How many items an answer in JSON claims for its list."""
    told = [value for key, value in _ends(data, 0) if _TOTAL.fullmatch(key)]
    return told[0] if len(told) == 1 and isinstance(told[0], int) and not isinstance(told[0], bool) else None


def _chosen(pager: str, page: Page, own: str | None) -> str | None:
    """The option behind the one that this page is, in a drop-down that bears the parameter's name or its addresses."""
    name = re.search(r"[?&]([^?&=]+)=\{\}", pager)
    for choice in page.tree.iter("select"):
        options = list(choice.iter("option"))
        said = [_option(option) for option in options]
        if name is None or choice.get("name") != unquote(name[1]):
            said = [_of_address(pager, page, one) or "" for one in said]
        values = [one for one in said if one]
        if len(values) < 2:
            continue
        pairs = zip(said, options, strict=True)
        picked = next((one for one, option in pairs if option.get("selected") is not None), None)
        at = own or picked or (values[0] if said[0] else "")
        if at in values:
            later = values[values.index(at) + 1 :]
            return later[0] if later else None
        if not at:
            return values[0]  # the first option names none: all, or 'choose a month'
    return None


def _option(option: HtmlElement) -> str:
    value = option.get("value")
    return (one_line(option) if value is None else value).strip()


def _of_address(pager: str, page: Page, said: str) -> str | None:
    url = page.absolute(said) if "/" in said or "?" in said else None
    return numbered.named_value(pager, _canonical(url)) if url else None


def _linked(pager: str, page: Page, own: str | None) -> str | None:
    """The one value in addresses of this make that attributes or strings of the page hold."""
    found = {
        value: None
        for said in _addresses(page)
        if (url := page.absolute(said)) and (value := numbered.named_value(pager, _canonical(url))) and value != own
    }
    return next(iter(found)) if len(found) == 1 else None


def _addresses(page: Page) -> Iterator[str]:
    data = json_of(page)
    if data is not None:
        yield from _ways(data, 0)
        return
    for element in page.tree.iter():
        if isinstance(element.tag, str):
            yield from (str(said) for name, said in element.attrib.items() if _may_lead(str(name), str(said)))


def _may_lead(name: str, said: str) -> bool:
    return (name in ("href", "hx-get", "value") or name.startswith("data-")) and len(said) < 2000 and "?" in said + name


def _told(page: Page, own: str | None) -> str | None:
    """The one cursor that the page tells its script: in JSON, in an attribute, in a script."""
    data = json_of(page)
    if data is not None:
        told = [str(value) for key, value in _ends(data, 0) if _VALUES.fullmatch(key) and _is_value(value)]
    else:
        told = [
            str(said)
            for element in page.tree.iter()
            if isinstance(element.tag, str)
            for name, said in element.attrib.items()
            if _ATTRIBUTE.fullmatch(str(name)) and said
        ]
        for script in page.tree.iter("script"):
            told += _IN_SCRIPT.findall((script.text or "")[:200_000])
    values = dict.fromkeys(one for one in told if one != own and len(one) <= _LONGEST)
    return next(iter(values)) if len(values) == 1 else None


def _is_value(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and bool(value) and "://" not in str(value)


def _ways(data: Any, deep: int) -> Iterator[str]:
    """Addresses under keys that name the next page."""
    if not isinstance(data, dict) or deep > _DEEP:
        return
    for key, value in data.items():
        if isinstance(value, dict) and _ADDRESSES.fullmatch(key):
            if key.lower() == "next" and isinstance(href := value.get("href"), str):
                yield href
            yield from _ways(value, deep + 1)
        elif isinstance(value, str) and re.search("next", key, re.I) and _ADDRESSES.fullmatch(key):
            yield from (value,) if "/" in value or value.startswith("?") else ()


def _ends(data: Any, deep: int) -> Iterator[tuple[str, Any]]:
    """Keys and values of an answer beside its rows."""
    if isinstance(data, dict) and deep <= _DEEP:
        for key, value in data.items():
            yield key, value
            yield from _ends(value, deep + 1)


def _canonical(url: str) -> str:
    try:
        return canonical(url)
    except ValueError:
        return url
