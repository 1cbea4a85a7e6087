"""A listing page read by the selectors of a family: `item` names its links, `older` the way on, `pager` what counts
them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders import paging, rows
from spiders.facts import Item, Listing
from spiders.generic import listing as finder
from spiders.generic.headline import weight
from spiders.page import Page, one_line

_CHROME = frozenset({"nav", "footer", "aside"})
_CHROME_CLASS = deferred(
    r"""
    (?:^|[\s_-])(?:
        nav\w*|menu\w*|crumbs?|breadcrumbs?|footer|foot|friendlinks?|submenu|pos|place  # ways around the site
    )(?=$|[\s_-]|\d)
    """,
    re.I | re.X,
)
_FEW = 3  # rows from which a group is a list of its own


def read_listing(page: Page, select: Mapping[str, str]) -> Listing:
    """Every link that `item` matches; the finder for unknown sites where it matches none, since templates are free."""
    return of_links(page, select, page.select(select["item"]))


def read_main_list(page: Page, select: Mapping[str, str]) -> Listing:
    """As `read_listing`, where `item` also matches links of menus and side columns: the list that stands before the
    pager."""
    return of_links(page, select, main_list(page, page.select(select["item"]), select.get("pager", "")))


def of_links(page: Page, select: Mapping[str, str], links: Sequence[HtmlElement]) -> Listing:
    """The listing of these links; what the finder is sure of where there are none."""
    found = rows.items(page, links)
    return of(page, select, found) if found else finder.find(page)


def of(page: Page, select: Mapping[str, str], found: tuple[Item, ...]) -> Listing:
    """The listing of these items, with what the pager says."""
    total, pages = (
        paging.claimed(" ".join(one_line(element) for element in page.select(select["pager"])))
        if select.get("pager")
        else (None, None)
    )
    return Listing(items=found, older=paging.older(page, select["older"], found), total=total, pages=pages)


def main_list(page: Page, links: Sequence[HtmlElement], pager: str) -> list[HtmlElement]:
    """Links of the page's own list and of all its rows, menus left out.

    Rows in containers of one kind are a group. The last group that begins before the pager is the list; without a pager
    it is the largest one, or, where none has three rows, all of them.
    """
    known = [(link, url) for link in links if (url := page.absolute(link.get("href"))) and not _in_chrome(link)]
    groups: dict[tuple[str, ...], list[tuple[HtmlElement, HtmlElement]]] = defaultdict(list)
    for (link, _), element in zip(known, rows.row_elements(known), strict=True):
        groups[_place(element)].append((link, element))
    if not groups:
        return []
    order = {element: n for n, element in enumerate(page.tree.iter())}
    at = next((order[element] for element in page.select(pager)), None) if pager else None
    above = [group for group in groups.values() if at is not None and order[group[0][1]] < at]
    if above:
        chosen = max(above, key=lambda group: order[group[-1][1]])
    else:
        chosen = max(groups.values(), key=len)
        if len(chosen) < _FEW:
            chosen = [pair for group in groups.values() for pair in group]
    return sorted(
        {*(link for link, _ in chosen), *_siblings(page, [element for _, element in chosen])},
        key=lambda link: order[link],
    )


def _siblings(page: Page, found: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Links of rows that stand among these and lead elsewhere: WeChat posts, other sites, documents."""
    known = set(found)
    links: dict[HtmlElement, None] = {}
    for parent in dict.fromkeys(element.getparent() for element in found):
        if parent is None or parent.tag in ("body", "html"):
            continue
        tags = {element.tag for element in found if element.getparent() is parent}
        for child in parent:
            if child in known or child.tag not in tags or child.tag == "a":
                continue
            here = [link for link in child.iter("a") if page.absolute(link.get("href"))]
            if (
                here
                and len({link.get("href") for link in here}) == 1
                and max(weight(one_line(link)) for link in here) >= 12
            ):
                links |= dict.fromkeys(here)
    return list(links)


def _place(element: HtmlElement) -> tuple[str, ...]:
    return tuple(f"{up.tag}#{up.get('id') or ''}.{up.get('class') or ''}" for up in element.iterancestors())


def _in_chrome(link: HtmlElement) -> bool:
    """Inside a menu, header or footer of the page; the header of an article or a row is not the page's."""
    headed = False
    for up in link.iterancestors():
        if up.tag in ("article", "li", "tr"):
            headed = False
        elif up.tag == "header":
            headed = True
        elif up.tag in _CHROME or _menu(up):
            return True
    return headed


def _menu(element: HtmlElement) -> bool:
    return element.tag not in ("body", "html") and bool(
        _CHROME_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    )
