"""The headline of a page whose maker is not known."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.generic.names import judge
from spiders.generic.structured import Structured
from spiders.page import Page, one_line

_PARTS = compiled(
    r"""
    # a sign between blanks; a bar; a dash beside Chinese
    \s+[|｜–—\-·•»«›>:/]{1,9}\s+|\s*[|｜_]\s*|(?<=[\u3400-\u9fff])\s*[-—–]{1,9}\s*
    |\s*[-—–]{1,9}\s*(?=[\u3400-\u9fff])|\s+[-–—]\s*|»
    """,
    re.X,
)
_COMMENTS = deferred(r"(?:^|[\s_-])(?:comments?|respond|replies|reply|pinglun)(?=$|[\s_-])", re.I)
_WORD = deferred(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_SHARED = 3  # words
_PIECES = 6  # elements of a heading
_TRAIL = deferred(r"crumb", re.I)
# tags that stand in headlines: vector<int> and List<String> hold none
_MARKUP = deferred(
    r"""
    </?(?:
        a|abbr|acronym|b|big|br|center|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd  # of text
        |mark|p|q|ruby|rt|rp|s|small|span|strike|strong|sub|sup|tt|u|wbr
    )(?:\s+[\w-]+\s*=[^<>]{0,200}|\s*/)?>  # with attributes, or closed at once
    """,
    re.I | re.X,
)
_LONGEST = 1000  # characters
# what a headline is called in names of elements
_NAMED = judge(
    deferred(
        r"""
        (?<![a-z])(?:news|article|art|haber|xw|lbl|arc|con|doc|post|story|msg)?[_-]?(?:
            tit(?:le|ulo|re|el|ol)?|titulo|baslik|başlık|headline|biaoti|bt|subject|rubrik|nadpis|naslov|otsikko|judul
        )(?![a-z])
        """,
        re.I | re.X,
    )
)
_PIXELS = deferred(r"font-size\s*:\s*(\d{2})\s*p[xt]", re.I)
_HEADLINE = 16  # bytes of letters: fewer are an emphasised word
_END = 6  # letters compared before anything else is
_HEADINGS = ("h1", "h2", "h3")
_ANCHORS = " ¶🔗⚓\ufe0f"  # of links to the heading itself
_PLAIN = ("td", "th", "div", "p", "span", "b", "strong", "h4", "h5", "h6")  # of boards and old pages


@dataclass(frozen=True, slots=True)
class Title:
    """A headline, and the heading element that shows it, where one does."""

    text: str
    element: HtmlElement | None = None


def find(page: Page, said: Structured) -> Title:
    """A heading that agrees with what the page says of itself; else the best of what it says."""
    headings = [
        (element, text)
        for tag in _HEADINGS
        for element in page.tree.iter(tag)
        if (text := one_line(element).rstrip(_ANCHORS)) and len(text) < 400 and not _of_comments(element)
    ]
    claims = [
        clean(claim)
        for claim in (said.headline, page.meta("og:title"), page.meta("articletitle", "twitter:title", "dc.title"))
        if claim
    ]
    whole = _document_title(page)
    shown = _shown(headings, [*claims, whole])
    if said.headline:  # the publisher's own word; the heading that shows it may be put more shortly
        stated = _unsigned(clean(said.headline), page, said)
        return _displayed(headings, stated, clean(page.meta("og:title"))) or Title(
            stated, shown.element if shown else None
        )
    if part := _after_kicker(headings, clean(page.meta("og:title"))):
        return part
    if shown or (shown := _alike(headings, claims or [whole])):
        return _alone(headings, shown) or shown
    ones = [(element, text) for element, text in headings if element.tag == "h1"]
    if len(ones) == 1 and len(ones[0][1]) > 5 and not claims:
        return Title(ones[0][1], ones[0][0])
    text = without_site(claims[0] if claims else whole, page) or (ones[0][1] if ones else "")
    element = _set_plainly(page, text)
    if element is None and not claims and (large := _set_largely(page)):
        return large
    return Title(text, element)


def _set_plainly(page: Page, text: str) -> HtmlElement | None:
    """What shows a headline where no heading does: an element with these words and no others of its own, no link."""
    folded = fold(text)
    if len(folded.encode()) < _HEADLINE:
        return None
    near = range(len(text) // 2, 2 * len(text) + 9)
    for element in page.tree.iter(*_PLAIN):
        words = element.text
        if words and len(words.strip()) in near and fold(words) == folded and not _in_trail(element):
            return element
    return None


def _set_largely(page: Page) -> Title | None:
    """The one line that is named a title, else the one in the largest letters, where <title> names the site alone and
    no heading stands: of ASP.NET and of old pages."""
    named: dict[str, HtmlElement] = {}
    sized: dict[str, tuple[int, HtmlElement]] = {}
    for element in page.tree.iter(*_PLAIN, "font", "big"):
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        size = _size(element)
        if (len(name) < 2 or not _NAMED(name)) and not size:
            continue
        words = one_line(element)
        if not _HEADLINE <= len(fold(words).encode()) <= _LONGEST // 2 or _in_link(element):
            continue
        if len(name) > 1 and _NAMED(name):
            named.setdefault(words, element)
        elif size:
            sized.setdefault(words, (size, element))
    if len(named) == 1:
        return Title(*named.popitem())
    most = max((size for size, _ in sized.values()), default=0)
    largest = [(words, element) for words, (size, element) in sized.items() if size == most]
    return Title(*largest[0]) if len(largest) == 1 and not named else None


def _size(element: HtmlElement) -> int:
    """How large the letters of an element are said to be, from 4 (<font size=4>, 18px) on; else 0."""
    said = (element.get("size") or "").strip() if element.tag == "font" else ""
    if said.isdigit() and 4 <= int(said) <= 7:
        return int(said)
    pixels = _PIXELS.search(element.get("style") or "")
    return min(7, int(pixels[1]) // 4) if pixels and int(pixels[1]) >= 18 else 0


def _in_link(element: HtmlElement) -> bool:
    """Whether it stands in a link, in a way around the site, or holds a link."""
    return any(up.tag in ("a", "nav", "li") for up in islice(element.iterancestors(), 4)) or any(
        link.get("href") for link in element.iter("a")
    )


def _unsigned(headline: str, page: Page, said: Structured) -> str:
    """A headline without the publisher's name behind it."""
    head, mark, tail = headline.rpartition(" | ") if " | " in headline else headline.rpartition(" - ")
    if not mark:
        return headline
    host = fold((urlsplit(page.url).hostname or "").removeprefix("www."))
    name = fold(tail)
    return (
        head.strip()
        if name and (name in (fold(said.publisher), fold(page.meta("og:site_name"))) or host.startswith(name))
        else headline
    )


def _displayed(headings: list[tuple[HtmlElement, str]], stated: str, shared: str) -> Title | None:
    """The title for sharing (og:title), where the page displays it and not the one stated for search engines; else
    None.

    Where one heading displays both, the kicker it begins with is in one of them, and the other is the headline.
    """
    if not shared or fold(shared) == fold(stated):
        return None
    own = [(element, text) for element, text in headings if not _in_trail(element)]
    theirs, ours = _displays(own, fold(shared)), _displays(own, fold(stated))
    if theirs is None or (ours is not None and (ours is not theirs or len(fold(stated)) < len(fold(shared)))):
        return None
    return Title(shared, theirs)


def _displays(headings: list[tuple[HtmlElement, str]], folded: str) -> HtmlElement | None:
    """The first heading that is this headline, or ends in an element that is."""
    for element, text in headings:
        words = fold(text)
        if words == folded or (
            words.endswith(folded) and any(fold(one_line(part)) == folded for part in element.iterdescendants("*"))
        ):
            return element
    return None


def _after_kicker(headings: list[tuple[HtmlElement, str]], shared: str) -> Title | None:
    """The last element of a heading, where the title for sharing ends in it but not in the whole heading; else None."""
    folded = fold(shared)
    for element, text in headings:
        whole = fold(text)
        if len(element) == 0 or whole[-_END:] != folded[-_END:] or folded.endswith(whole) or _in_trail(element):
            continue
        for part in element.iterdescendants("span", "strong", "em", "div", "b"):
            words = one_line(part)
            last = fold(words)
            if len(last.encode()) >= _HEADLINE and last != whole and whole.endswith(last) and folded.endswith(last):
                return Title(words, element)
    return None


def _in_trail(heading: HtmlElement) -> bool:
    """Whether a heading is the last step of a breadcrumb trail, where templates put the title for search engines."""
    near = (heading, *islice(heading.iterancestors(), 4))
    return any(element.tag in ("nav", "li") or _TRAIL.search(element.get("class") or "") for element in near)


def _shown(headings: list[tuple[HtmlElement, str]], claims: list[str]) -> Title | None:
    """The highest heading that agrees with a claim."""
    for rank in _HEADINGS:
        for element, text in headings:
            if element.tag != rank:
                continue
            first = " ".join((element.text or "").split())  # date and source may follow in the same heading
            for words in (text, first, *_endings(element)):
                if len(words) > 3 and any(_agree(words, claim) for claim in claims):
                    return Title(words, element)
    return None


def _alike(headings: list[tuple[HtmlElement, str]], claims: list[str]) -> Title | None:
    """The only h1 that shares half its words with a claim, or the first heading that shares nearly all."""
    said = [set(_words(claim)) for claim in claims]
    ones = [heading for heading in headings if heading[0].tag == "h1"]
    for share, among in ((0.5, ones if len(ones) == 1 else []), (0.7, headings)):
        for element, text in among:
            words = set(_words(text))
            shared = max((len(words & claim) for claim in said), default=0)
            if shared >= _SHARED and shared >= share * len(words) and not _in_trail(element):
                return Title(text, element)
    return None


def _alone(headings: list[tuple[HtmlElement, str]], shown: Title) -> Title | None:
    """The heading that is the headline alone, where the one `shown` has the section's or site's name behind it."""
    first, *more = [part for part in _PARTS.split(shown.text) if part and part.strip()] or [""]
    if not more or len(first.encode()) < _HEADLINE:
        return None
    folded = fold(first)
    same = (Title(text, element) for element, text in headings if fold(text) == folded and not _in_trail(element))
    return next(same, None)


def _words(text: str) -> list[str]:
    """Words of a headline, of Chinese and Japanese its characters."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def _endings(heading: HtmlElement) -> list[str]:
    """What a heading says after a kicker in an element of its own."""
    return [
        words
        for part in islice(heading.iterdescendants("div", "span", "small", "em", "strong", "p", "a"), _PIECES)
        if (words := " ".join((part.tail or "").split())) and len(words.encode()) >= _HEADLINE
    ]


def _of_comments(heading: HtmlElement) -> bool:
    """Whether a heading is that of the comments, which often repeats the headline."""
    near = (heading, *islice(heading.iterancestors(), 4))
    return any(_COMMENTS.search(f"{one.get('class') or ''} {one.get('id') or ''}") for one in near)


def clean(text: str) -> str:
    """One line, entities undone twice as feeds double them, no markup; what is longer than any headline is cut."""
    text = text[:_LONGEST]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _MARKUP.sub("", text)
    return " ".join(text.replace("\u200b", "").replace("\ufeff", "").split())


def _document_title(page: Page) -> str:
    element = next(page.tree.iter("title"), None)
    return clean(one_line(element)) if element is not None else ""


@lru_cache(1024)  # each headline of a page is held against each claim
def fold(text: str) -> str:
    """Letters and digits alone, compatibility forms folded: for comparing headlines."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def _agree(heading: str, claim: str) -> bool:
    """One is the other, or the claim is the heading after or before a site's name."""
    a, b = fold(heading), fold(claim)
    if not a or not b:
        return False
    if a == b:
        return True
    if len(a) < 6 or len(a) * 2 < len(b):
        return False
    return b.endswith(a) or (b.startswith(a) and fold(_PARTS.split(claim)[-1]) not in a)


def without_site(title: str, page: Page) -> str:
    """A document title without the site's name at its end or start."""
    name = fold(page.meta("og:site_name", "application-name"))
    parts = [part for part in _PARTS.split(title) if part and part.strip()]
    if len(parts) < 2:
        return title
    if name:
        kept = [part for part in parts if fold(part) != name]
        if len(kept) < len(parts) and kept:
            parts = kept
    longest = max(parts, key=lambda part: len(part.encode()))
    first = parts[0]
    chosen = first if len(first.encode()) * 2 >= len(longest.encode()) else longest
    return chosen.strip()
