"""How much a list says that it holds: "Showing 1-12 of 87", 87件中 1-12件, 총 63건, "Seite 1 von 7"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.page import Page, one_line

_COUNT = r"(\d{1,3}(?:[,.\u00a0 ]\d{3}){1,2}|\d{1,7})"
_OF = r"(?:/|of|out\ of|von|aus|sur|de|di|van|av|af|z|ze|iz|od|из|з|από|trong|dari|จาก|من|מתוך)"
_RANGE = compiled(
    rf"""
    (?<![\d.,/-])(\d{{1,6}})\s*(?:-|–|—|~|to|bis|à|a|al|až|до|至)\s*(\d{{1,6}})\s*(?:件|건)?\s*  # the rows shown
    (?:{_OF})\s*{_COUNT}(?![\d/-])  # of how many
    """,
    re.I | re.X,
)
_PART = compiled(rf"(?<![\d.,/-])(\d{{1,4}})\s*{_OF}\s*{_COUNT}(?![\d/.-])", re.I | re.X)
_TOTAL = compiled(
    rf"""
    共\s*(?:有|计)?\s*{_COUNT}\s*(?:条|篇|则|项|筆|個?记录)  # Chinese
    |全\s*{_COUNT}\s*件|{_COUNT}\s*件中  # Japanese
    |(?:총|전체)\s*(?:게시물\s*)?[:：]?\s*{_COUNT}\s*(?:건|개)  # Korean
    """,
    re.X,
)
_PAGES = compiled(
    r"""
    共\s*(\d{1,6})\s*[页頁]|\b\d{1,6}\s*/\s*(\d{1,6})\s*(?:[页頁]|페이지|쪽|ページ)  # East Asian
    |\b(?:page|seite|página|pagina|strona|strana|stránka|sida|side|sivu|страница|σελίδα|sayfa|halaman|trang)\s+
    \d{1,6}\s*(?:/|of|von|sur|de|di|van|av|af|z|ze|iz|из|από)\s*(\d{1,6})\b
    """,
    re.I | re.X,
)
_COMPONENT = deferred(r"(?:^|-)(?:paginat(?:ion|or|e)\w*|pager)(?:-|$)")
_TOLD = deferred(r":?(?:v-bind:)?(total|total-?(?:rows|items|count)|count|collection-?size|length|page-?count)", re.I)
_OF_PAGES = deferred(r"length|page-?count", re.I)
_YEARS = range(1900, 2101)  # '12/2026' is a month
_SHORT = 80  # characters of a text that counts a list: longer ones tell a story
_FEW = 5  # rows below which 'n of m' may be of anything
_NEAR = 3  # rows by which a list may be read otherwise than it counts itself


def total(words: str) -> int | None:
    """The number of items that words of a page claim for its list."""
    found = _TOTAL.search(words)
    return _number(next(group for group in found.groups() if group)) if found else None


def pages(words: str) -> int | None:
    """The number of pages that words of a page claim for its list."""
    found = _PAGES.search(words)
    return int(next(group for group in found.groups() if group)) if found else None


def beyond(page: Page, shown: int) -> str | None:
    """Why a first page that shows so many rows is not all, by what it says of itself; None where it does not."""
    for words in _notes(page):
        if found := _RANGE.search(words):
            first, last, whole = int(found[1]), int(found[2]), _number(found[3])
            if abs(last - first + 1 - shown) <= _NEAR and whole > last and whole - last < 1_000_000:
                return f"the page says {found[0]!r}, and no address leads to the others"
        elif found := _PART.search(words):
            part, whole = int(found[1]), _number(found[2])
            if part == shown >= _FEW and whole > part and whole not in _YEARS:
                return f"the page says {found[0]!r}, and no address leads to the others"
    return _component(page, shown)


def breaks_off(page: Page, shown: int) -> str | None:
    """Why a later page without a way on is not the last, by the rows that it says it shows of how many."""
    for words in _notes(page):
        if found := _RANGE.search(words):
            first, last, whole = int(found[1]), int(found[2]), _number(found[3])
            if first > 1 and abs(last - first + 1 - shown) <= _NEAR and last < whole < last + 1_000_000:
                return f"its last page says {found[0]!r}, and no address leads to the others"
    return None


def _notes(page: Page) -> Iterator[str]:
    """Short texts with two numbers or more: those that may count a list."""
    for element in page.tree.iter("p", "div", "span", "small", "strong", "caption", "label", "li", "td", "em", "b"):
        if len(element) > 6 or len(element.text or "") > _SHORT or element.find(".//a") is not None:
            continue
        words = one_line(element)
        if len(words) <= _SHORT and len(re.findall(r"\d+", words)) >= 2:
            yield words


def _component(page: Page, shown: int) -> str | None:
    """A pager that only a script draws: `<el-pagination :total="96">`."""
    for element in page.tree.iter():
        if isinstance(element.tag, str) and "pag" in element.tag and _COMPONENT.search(element.tag):
            told = _told(element, shown)
            if told is None or told:
                return f"a script draws its pager (<{element.tag}>)"
    return None


def _told(element: HtmlElement, shown: int) -> bool | None:
    """Whether a component is told of more than is shown; None where it is told by a script."""
    for name, said in element.attrib.items():
        if (found := _TOLD.fullmatch(str(name))) and str(said).isdigit():
            return int(said) > (1 if _OF_PAGES.fullmatch(found[1]) else shown)
    return None


def _number(digits: str) -> int:
    return int(re.sub(r"\D", "", digits))
