"""The numbers of a pager: which page this is, and the link to the one after it; by digits, not by words.

A number is what a link shows once its hidden words are dropped. The current one is the marked element, even where it
links
itself, else the only number that is no link, else the first where the address holds none of the others. Next is the
link
with one more: or with as many more as the numbers step, where they are offsets (0, 10, 20) or ranges (1-10, 11-20).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.page import Page

_NUMBER = compiled(
    r"[\s\[(（【|·]*(?:第|page|p\.|seite|page n°)?\s*(\d{1,6})\s*(?:页|頁|ページ|페이지|쪽|หน้า)?[\s\])）】|·.]*", re.I
)
_OF = deferred(r"\s*(?:/|of|von|sur|de|di|van|av|af|z|из)\s*\d{1,6}\s*[页頁]?", re.I)
_RANGE = deferred(r"[\s\[(]*(\d{1,6})\s*[-–—~～]\s*(\d{1,6})[\s\])]*")
_HIDDEN = deferred(
    r"""
    (?:^|[\s_-])(?:
        sr[-_]?only|screen[-_]?reader(?:[-_]\w+)?|visually[-_]?hidden|visuallyhidden  # for ears only
        |sound[-_]?only|a11y[-_]?hidden|assistive[-_]?text|element[-_]?invisible|blind
        |hide|hidden|offscreen|skip|ir  # not shown
    )(?:$|[\s_-])
    """,
    re.I | re.X,
)
_MARKED = deferred(
    r"""
    (?:^|[\s_-])(?:
        current|currentpage|cur|curr|active|activo|aktiv|actif|attivo|aktywny|on|this  # the page that is shown, by word
        |thisclass|selected|sel|now|here|p_no_d|hover|is-active|is-current|pg_current
        |thispage|nowpage|curpage  # by system
    )(?:$|[\s_-])
    """,
    re.I | re.X,
)
_PLAIN = ("span", "li", "strong", "b", "em", "i", "font", "td", "a", "button", "div", "p", "u")
_PRESSED = ("li", "span", "td", "div")  # where they have a script of their own
YEARS = range(1900, 2101)  # numbers from which on these are no pages but years
_MOST = 60  # numbers of one pager
_UP = 4  # steps from a number to what holds them all

_GIVEN = deferred(r"\b(?:var|let|const)\s+(\w{1,40})\s*=\s*[\"']?(\d{1,6})[\"']?\s*[;,\n]")
_CALL = deferred(r"createPage\w{0,9}\s?\([^()]{1,300}\)", re.I)
_NAME = deferred(r"(?<=[(,\s])[A-Za-z_]\w*(?=\s*[,)])")


@dataclass(frozen=True, slots=True)
class Numbered:
    """One number of a pager."""

    element: HtmlElement
    value: int
    linked: bool
    end: int | None = None  # last of a range


@dataclass(frozen=True, slots=True)
class Run:
    """The numbers that stand together, the current one, and the one after it."""

    numbers: tuple[Numbered, ...]
    current: int | None
    step: int

    @property
    def next(self) -> HtmlElement | None:
        """The link to the page after the current one; None where there is none, or it is not known which is current."""
        if self.current is None:
            return None
        return next((one.element for one in self.numbers if one.linked and one.value == self.current + self.step), None)

    @property
    def last(self) -> int:
        """The highest number shown."""
        return max(one.value for one in self.numbers)


def shown(element: HtmlElement) -> str:
    """What an element shows: its text without words that are there for readers of screens alone, white space folded."""
    return " ".join("".join(_visible(element)).replace("\u200b", "").split())


def _visible(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if (
            isinstance(child.tag, str)
            and child.tag not in ("script", "style")
            and not _HIDDEN.search(child.get("class") or "")
        ):
            yield from _visible(child)
        yield child.tail or ""


def value(words: str) -> tuple[int, int | None] | None:
    """The number, or the first and last of the range, that words consist of."""
    if found := _NUMBER.fullmatch(words):
        return int(found[1]), None
    if (found := _RANGE.fullmatch(words)) and int(found[1]) < int(found[2]):
        return int(found[1]), int(found[2])
    return None


def page(words: str) -> int | None:
    """The number of a page that words name: '2', 'Page 2 of 7', 第2页."""
    found = _NUMBER.match(words)
    rest = words[found.end() :] if found else ""
    return int(found[1]) if found and (not rest or _OF.fullmatch(rest)) else None


def runs(page: Page, here: str) -> list[Run]:
    """The pagers of a page, in page order; `here` is its address."""
    found: dict[HtmlElement, list[Numbered]] = defaultdict(list)
    linked: list[Numbered] = []
    for element in page.tree.iter("a", "button", *_PRESSED):
        if (element.tag not in _PRESSED or _pressed(element)) and (one := _numbered(element, linked=True)):
            linked.append(one)
    for one in linked[:400]:
        found[_holder(one.element)].append(one)
    made = []
    for holder, numbers in found.items():
        if len(numbers) > _MOST:
            continue
        run = _run(holder, numbers, page, here)
        if run is not None:
            made.append(run)
    return made


def _pressed(element: HtmlElement) -> bool:
    """Whether a script opens a page when an element that is no link is pressed."""
    return element.get("onclick") is not None and element.find(".//a") is None and element.find(".//button") is None


def _numbered(element: HtmlElement, *, linked: bool) -> Numbered | None:
    if len(element) > 4 or len(element.text or "") > 24:
        return None
    words = shown(element)
    if not words or len(words) > 24 or not (known := value(words)):
        return None
    return Numbered(element, known[0], linked, known[1])


def _holder(element: HtmlElement) -> HtmlElement:
    """The nearest element around a number that holds a run of them, itself short: a pager, not a list of stories."""
    best, here = element, element
    for _ in range(_UP):
        up = here.getparent()
        if up is None or up.tag in ("body", "html", "form", "table") or len(up) > _MOST + 20:
            break
        here = up
        if _numbers_in(up) > _numbers_in(best):
            best = up
    return best if best is not element else element.getparent() if element.getparent() is not None else element


def _numbers_in(element: HtmlElement) -> int:
    """How many numbers of pages are to be pressed below an element."""
    return sum(
        1
        for link in element.iter("a", "button", *_PRESSED)
        if (link.tag not in _PRESSED or _pressed(link)) and value(shown(link))
    )


def _run(holder: HtmlElement, numbers: list[Numbered], page: Page, here: str) -> Run | None:
    inside = {one.element for one in numbers}
    marked: list[int] = []
    plain: list[Numbered] = []
    around = (
        holder
        if len(numbers) > 1 or holder.getparent() is None or holder.getparent().tag in ("body", "html")
        else holder.getparent()
    )
    for element in around.iter(*_PLAIN):
        if element is around:
            continue
        one = _numbered(element, linked=False)
        if one is None:
            continue
        holds = element in inside or any(child in inside for child in element.iterdescendants("a", "button"))
        if is_marked(element, holds=holds):
            marked.append(one.value)
        elif not holds and element.get("href") is None and element.tag not in ("td", "div", "p") and len(element) == 0:
            plain.append(one)
    loose = [int(text) for text in re.findall(r"(?<![\d.,:/-])(\d{1,6})(?![\d.,:/-])", " ".join(_own_text(around)))]
    values = {one.value for one in numbers}
    if all(number in YEARS for number in values):
        return None
    ranged = [one for one in numbers if one.end is not None]
    step = _step(numbers, values | set(marked) | {one.value for one in plain})
    current = marked[0] if marked and len(set(marked)) == 1 else None
    if current is None and ranged:
        between = {
            found[0] for text in _own_text(around) if (found := value(text.strip(" |,;/·"))) and found[1]
        } - values
        current = between.pop() if len(between) == 1 else None
    if current is None:
        alone = {one.value for one in plain} - values or {
            number for number in loose if number not in values and (number - step in values or number + step in values)
        }
        current = alone.pop() if len(alone) == 1 else None
    if current is None:
        own = {
            one.value
            for one in numbers
            if one.linked and (url := page.absolute(one.element.get("href"))) and url == here
        }
        current = own.pop() if len(own) == 1 else None
    if current is None and not re.search(r"\d", here.partition("://")[2].partition("/")[2]):
        first = min(values)
        current = 1 if 2 in values else first if first in (0, 1) and len(values) > 1 else None
    if len(numbers) < 2 and current is None and not ranged:
        return None
    together = (*numbers, *(Numbered(around, number, False) for number in {current} - values if number is not None))
    return Run(tuple(together), current, step)


def is_marked(element: HtmlElement, *, holds: bool = False) -> bool:
    """Whether an element is the marked one of its kind: by class, by aria-current, or by being bold."""
    names = element.get("class") or ""
    if element.get("aria-current") not in (None, "false") or _MARKED.search(names):
        return True
    return (
        not holds
        and element.tag in ("strong", "b", "em")
        and element.find(".//a") is None
        and not any(up.tag == "a" for up in list(element.iterancestors())[:2])
    )


def _step(numbers: list[Numbered], values: set[int]) -> int:
    """What lies between a number and the next: 1, but for offsets that begin at 0 and ranges."""
    ordered = sorted(values)
    gaps = {b - a for a, b in pairwise(ordered)}
    wide = [one.end - one.value + 1 for one in numbers if one.end is not None]
    if wide:
        return min([*gaps, max(wide)])  # the last range may be short; that of this page is no link
    if ordered and ordered[0] == 0 and len(ordered) > 1 and min(gaps) > 1:
        return min(gaps)
    return 1


def _own_text(element: HtmlElement) -> Iterator[str]:
    """Text that stands between the links, in no element of its own."""
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def spelled_out(script: str) -> str:
    """A script's calls of functions that make a page's pager, with the numbers of its variables in place of their
    names: `var count = 4; createPageHTML(count, 0, "index", "html")`."""
    given = {found[1]: found[2] for found in _GIVEN.finditer(script)}
    if not given:
        return script
    return _CALL.sub(lambda call: _NAME.sub(lambda name: given.get(name[0], name[0]), call[0]), script)
