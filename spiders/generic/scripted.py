"""What scripts say of a list: that they make its pages, or wait to load more of it."""

from __future__ import annotations

import re

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.facts import Listing
from spiders.generic import calendar, controls, postback
from spiders.page import Page, one_line

_SCRIPTS = compiled(
    r"""
    laypage|jqPaginator|twbsPagination|bootpag\b|(?<![\w-])pagination\s*\(\s*\{  # libraries
    |\.pagination\s*\(
    |(?:create|make|init|show|render|build|set)_?(?:page|pager|paging|pagination)  # functions that draw a pager
    \w{0,40}\s*\(
    |new\s+(?:\w+\.)?(?:Page|Pager|Paging|Paginat(?:or|ion))\s*\(|infinite-?scroll
    |InfiniteAjaxScroll|IntersectionObserver[^;]{0,400}(?:page|offset|cursor)  # infinite scrolling
    |load_?more\w{0,40}\s*[=(]  # buttons that load
    |(?:next_?page|page_?no|page_?num|page_?index|offset|\bpage)\s*\+\+  # a page or place counted up
    |(?:next_?page|page_?no|page_?num|page_?index|offset)\s*\+=
    """,
    re.I | re.X,
)
_PAGES_TOLD = deferred(
    r"""
    ['\"]?\b_?(?:
        # names for the number of pages
        totalPages?|total_pages|pageCount|page_count|pages|totPage|maxPage|max_num_pages
        |lastPage|pageTotal|countPage|allPage
    )['\"]?\s*[:=]\s*['\"]?(\d{1,6})
    """,
    re.I | re.X,
)
_ROWS_TOLD = deferred(
    r"""
    ['\"]?\b_?(?:
        total|totalCounts?|total_count|count|totalRows?|totalRecords?|recordCount  # names for the number of rows
        |dataTotal|totCnt|totalCnt|totalElements
    )['\"]?\s*[:=]\s*['\"]?(\d{1,7})
    """,
    re.I | re.X,
)
_WATCHED = deferred(
    r"""
    (?:^|[\s_-])(?:
        sentinel|spinner|loader|loading|observer|trigger|infinite\w*  # names of what a script waits for to be seen
        |scroll[-_]?(?:end|watch|trigger)|end[-_]?of[-_]?list
    )(?:$|[\s_-])
    """,
    re.I | re.X,
)
_DEEP = 6  # steps from a headline to what stands behind its list


def pages_made(page: Page, listing: Listing) -> str | None:
    """Scripts that make a pager, or that fetch the next rows, unless they are told that one page is all."""
    for script in page.tree.iter("script"):
        text = script.text or ""
        if script.get("src") or not text or "json" in (script.get("type") or "").lower():
            continue
        found = _SCRIPTS.search(text[:200_000])
        if not found:
            continue
        pages = [int(one) for one in _PAGES_TOLD.findall(text)]
        rows = [int(one) for one in _ROWS_TOLD.findall(text)]
        call = (
            re.match(r"\s*(?:['\"][\w#.-]*['\"]\s*,\s*)?(\d{1,6})\s*,", text[found.end() :])
            if found[0].endswith("(")
            else None
        )
        counted = max(pages, default=0) or (int(call[1]) if call else 0)
        if counted == 1 or (not counted and rows and max(rows) <= len(listing.items)):
            continue
        return f"a script makes its pages ({found[0].strip()[:40]}{f', {counted} of them' if counted > 1 else ''})"
    fields = [
        field
        for field in page.tree.iter("input")
        if postback.FIELD.fullmatch(field.get("name") or "")
        and field.get("type", "text").lower() in ("hidden", "text", "number")
        and not controls.aside(field)
    ]
    if (
        fields
        and len(listing.items) >= 8
        and not any(
            one == 1
            for one in (int(n) for script in page.tree.iter("script") for n in _PAGES_TOLD.findall(script.text or ""))
        )
    ):
        return f"pages are asked for by a form (its field {fields[0].get('name')!r})"
    return None


def awaited(page: Page, listing: Listing) -> str | None:
    """An empty element behind a list that is as long as a page: what a script watches, to load more when it is seen."""
    if len([item for item in listing.items if not item.sticky]) not in calendar.FULL:
        return None
    last = listing.items[-1].url
    link = next((a for a in reversed(list(page.tree.iter("a"))) if page.absolute(a.get("href")) == last), None)
    for _ in range(_DEEP):
        if link is None or link.tag == "body":
            return None
        behind = link.getnext()
        if (
            behind is not None
            and behind.tag in ("div", "span", "section", "p", "li")
            and not len(behind)
            and not one_line(behind)
            and not controls.aside(behind)
            and (
                _WATCHED.search(f"{behind.get('class') or ''} {behind.get('id') or ''}")
                or any(name.startswith("data-") for name in behind.attrib)
            )
        ):
            empty = controls.how(behind)
            return f"a script may load more (the empty {empty!r} behind a full page of {len(listing.items)})"
        link = link.getparent()
    return None
