"""The headline of a page whose maker is not known."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from spiders.generic.structured import Structured
from spiders.page import Page, one_line

_PARTS = re.compile(r"\s+[|｜–—\-·•»«:/]+\s+|\s*[|｜_]\s*|(?<=[\u3400-\u9fff])\s*[-—–]+\s*|\s*[-—–]+\s*(?=[\u3400-\u9fff])|\s+[-–—]\s*|»")
_LONGEST = 1000  # characters
_HEADINGS = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class Title:
    """A headline, and the heading element that shows it, where one does."""

    text: str
    element: HtmlElement | None = None


def find(page: Page, said: Structured) -> Title:
    """A heading that agrees with what the page says of itself; else the best of what it says."""
    headings = [(element, text) for tag in _HEADINGS for element in page.tree.iter(tag) if (text := one_line(element)) and len(text) < 400]
    claims = [clean(claim) for claim in (said.headline, page.meta("og:title"), page.meta("articletitle", "twitter:title", "dc.title")) if claim]
    whole = _document_title(page)
    shown = _shown(headings, [*claims, whole])
    if said.headline:  # the publisher's own word; the heading that shows it may be put more shortly
        return Title(_unsigned(clean(said.headline), page, said), shown.element if shown else None)
    if shown:
        return shown
    ones = [(element, text) for element, text in headings if element.tag == "h1"]
    if len(ones) == 1 and len(ones[0][1]) > 5 and not claims:
        return Title(ones[0][1], ones[0][0])
    return Title(without_site(claims[0] if claims else whole, page) or (ones[0][1] if ones else ""))


def _unsigned(headline: str, page: Page, said: Structured) -> str:
    """A headline without the publisher's name behind it."""
    head, mark, tail = headline.rpartition(" | ") if " | " in headline else headline.rpartition(" - ")
    if not mark:
        return headline
    host = fold((urlsplit(page.url).hostname or "").removeprefix("www."))
    name = fold(tail)
    return head.strip() if name and (name in (fold(said.publisher), fold(page.meta("og:site_name"))) or host.startswith(name)) else headline


def _shown(headings: list[tuple[HtmlElement, str]], claims: list[str]) -> Title | None:
    """The highest heading that agrees with a claim."""
    for rank in _HEADINGS:
        for element, text in headings:
            if element.tag != rank:
                continue
            first = " ".join((element.text or "").split())  # date and source may follow in the same heading
            for words in (text, first):
                if len(words) > 3 and any(_agree(words, claim) for claim in claims):
                    return Title(words, element)
    return None


def clean(text: str) -> str:
    """One line, entities undone twice as feeds double them, no markup; what is longer than any headline is cut."""
    text = text[:_LONGEST]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = re.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", text)
    return " ".join(text.replace("\u200b", "").replace("\ufeff", "").split())


def _document_title(page: Page) -> str:
    element = next(page.tree.iter("title"), None)
    return clean(one_line(element)) if element is not None else ""


def fold(text: str) -> str:
    """Letters and digits alone, compatibility forms folded: for comparing headlines."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def _agree(heading: str, claim: str) -> bool:
    """One is the other, or the claim is the heading and a site's name."""
    a, b = fold(heading), fold(claim)
    if not a or not b:
        return False
    if a == b:
        return True
    return len(a) >= 6 and len(a) * 2 >= len(b) and b.startswith(a) and fold(_PARTS.split(claim)[-1]) not in a


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
