"""Pages of a listing to which no link leads, by the number in their address: `https://.../news?page={2}`.

The braces hold the number of page 2 and, where it is not 1, the step: `{10+10}` counts rows, `{2025-1}` years. Empty
braces hold a value that each page names for the one after it, as `spiders.cursors` finds it.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote, urlsplit

from archive.patterns import deferred
from spiders.site import Site
from spiders.urls import canonical

HOLE = "{}"
_HOLE = deferred(r"\{(\d{1,7})(?:([+-])(\d{1,5}))?\}")
_MARK = "91827364"  # stands for the number while an address is made canonical
_MOST = 9_999_999
_LONGEST = 400  # characters of a value


def problem(pager: str) -> str | None:
    """Why a text is no pager, in words; None where it is one."""
    if pager.count(HOLE) == 1 and not _HOLE.search(pager):
        return _problem(pager)
    if len(_HOLE.findall(pager)) != 1:
        return "it must hold the number of page 2 once, in braces: {2}, {10+10}; {} is a value that each page names"
    try:
        made = canonical(_HOLE.sub(_MARK, pager))
    except ValueError:
        return "it is no address"
    return (
        None
        if made.count(_MARK) == 1 and _MARK not in urlsplit(made).netloc
        else "its number must stand in the path or query"
    )


def _problem(pager: str) -> str | None:
    """Why a text with empty braces is no pager, in words; None where it is one."""
    try:
        made = canonical(pager.replace(HOLE, _MARK))
    except ValueError:
        return "it is no address"
    place = made.partition("://")[2].partition("/")[2]
    return None if made.count(_MARK) == 1 and _MARK in place else "its value must stand in the path or query"


def first(pager: str) -> str:
    """The address of page 2."""
    return canonical(_HOLE.sub(lambda hole: hole[1], pager))


def following(site: Site, url: str) -> str | None:
    """The address after `url`, which is that of a listing with a pager or of one of its pages; None for any other."""
    for seed in site.listings:
        if not seed.pager or HOLE in seed.pager:
            continue
        if url == seed.url:
            return first(seed.pager)
        if (number := _number(seed.pager, url)) is not None:
            before, after, _, step = _parts(seed.pager)
            return f"{before}{number + step}{after}" if 0 <= number + step <= _MOST else None
    return None


def beyond(site: Site, url: str) -> bool:
    """Whether an address is that of a page behind page 2 made by number: that it shows nothing says that the listing
    ends. Page 2 itself was there when the pager was proven."""
    return any(
        seed.pager and HOLE not in seed.pager and _number(seed.pager, url) is not None and url != first(seed.pager)
        for seed in site.listings
    )


def may_be_empty(site: Site, url: str) -> bool:
    """Whether a page that shows nothing is no failure: one behind the last by number, or one that another page named
    though it holds nothing, as an archive names a month without news."""
    return beyond(site, url) or named(site, url)


def _number(pager: str, url: str) -> int | None:
    before, after, begins, step = _parts(pager)
    if not (url.startswith(before) and url.endswith(after)):
        return None
    digits = url[len(before) : len(url) - len(after)]
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else None
    return number if number is not None and (number - begins) * step >= 0 else None


@lru_cache(maxsize=256)
def _parts(pager: str) -> tuple[str, str, int, int]:
    """What stands before and behind the number, the number of page 2, and the step."""
    hole = _HOLE.search(pager)
    assert hole is not None
    before, _, after = canonical(_HOLE.sub(_MARK, pager)).partition(_MARK)
    step = int(hole[3] or 1) * (-1 if hole[2] == "-" else 1)
    return before, after, int(hole[1]), step or 1


def named(site: Site, url: str) -> bool:
    """Whether an address is that of a page that another one named by a value."""
    return any(HOLE in seed.pager and named_value(seed.pager, url) is not None for seed in site.listings)


def named_value(pager: str, url: str) -> str | None:
    """What stands in an address in place of a pager's empty braces; None where it is no address of the pager."""
    before, behind = around(pager)
    inside = url[len(before) : len(url) - len(behind)]
    fits = url.startswith(before) and url.endswith(behind) and 0 < len(inside) <= _LONGEST
    return unquote(inside) if fits and not set(inside) & set("&?#") else None


@lru_cache(maxsize=256)
def around(pager: str) -> tuple[str, str]:
    """What stands before and behind a pager's empty braces."""
    before, _, behind = canonical(pager.replace(HOLE, _MARK)).partition(_MARK)
    return before, behind
