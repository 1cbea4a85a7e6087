"""From a home page to its news listings: candidates by their words, feeds, the family of the CMS. Pure; the fetching is
`crawler.adding.survey`'s."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders import refresh
from spiders.discover.candidate import Candidate, key_of
from spiders.discover.feeds import feeds, machine
from spiders.discover.words import ADDRESS, ALL, LABEL, MORE, words_score
from spiders.families import family, names
from spiders.generic.headline import weight
from spiders.generic.rows import story_address
from spiders.page import Page, one_line
from spiders.site import same_domain

SURE = 0.5  # from which a family's own judgement is believed
_SECTIONED = deferred(r"/(?:[^/]+/)?(?:category|section|sections|topics)/", re.I)
_FORWARD = deferred(
    r"""
    # what is set or called, and with which address
    (?:^|[;{\s])(?:window\.|self\.|top\.|document\.)?location(?:\.href)?\s*
    (?:=|\.replace\(|\.assign\()\s*["']([^"']{1,300})["']
    """,
    re.X,
)


def fingerprint(page: Page) -> tuple[str, float]:
    """The family that is surest of having made the page, and how sure; `generic` and 0 where none is."""
    best, sure = "generic", 0.0
    for name in names():
        if name == "generic":
            continue
        value = family(name).detect(page)
        if value > sure:
            best, sure = name, value
    return (best, sure) if sure >= SURE else ("generic", 0.0)


def candidates(page: Page) -> list[Candidate]:
    """Addresses on a page that may list the site's news, likeliest first, each once."""
    own = urlsplit(page.url).hostname or ""
    found: dict[str, Candidate] = {}
    for candidate in (*_links(page), *machine(page), *feeds(page)):
        if not same_domain(urlsplit(candidate.url).hostname or "", own) or key_of(candidate.url) == key_of(page.url):
            continue
        known = found.get(key_of(candidate.url))
        if known is None or candidate.score > known.score:
            found[key_of(candidate.url)] = candidate
    return sorted(found.values(), key=lambda candidate: -candidate.score)


def siblings(page: Page, listing: str) -> list[Candidate]:
    """Links beside a listing that was found at /category/x/ or /section/x to others of its kind: Sports, Opinion,
    ..."""
    kind = _SECTIONED.match(urlsplit(listing).path)
    found: dict[str, Candidate] = {}
    for element in page.tree.iter("a") if kind else ():
        url, words = page.absolute(element.get("href")), one_line(element)
        if (
            url
            and words
            and url.startswith(f"{_root(listing)}{kind[0] if kind else ''}")
            and weight(words) <= LABEL
            and key_of(url) != key_of(listing)
            and not urlsplit(url).query
        ):
            found.setdefault(key_of(url), Candidate(url=url, section=words, score=1.5))
    return [one for one in found.values() if not re.search(r"/page/\d+|/feed", one.url)]


def named(page: Page, section: str) -> list[Candidate]:
    """Links whose words, or whose path, hold what an operator asked for, the shortest words first."""
    own, wanted = urlsplit(page.url).hostname or "", section.casefold()
    found: dict[str, Candidate] = {}
    for element in page.tree.iter("a"):
        url, words = page.absolute(element.get("href")), one_line(element)
        if MORE.fullmatch(words):
            words = _heading(element)
        if (
            not url
            or not same_domain(urlsplit(url).hostname or "", own)
            or weight(words) > LABEL
            or key_of(url) == key_of(page.url)
        ):
            continue
        if wanted in words.casefold() or (
            words and wanted in unquote(urlsplit(url).path).casefold() and not story_address(url)
        ):
            found.setdefault(key_of(url), Candidate(url=url, section=words, score=3.0))
    return sorted(found.values(), key=lambda one: len(one.section))


def archives(page: Page) -> list[Candidate]:
    """Links of a page of newest stories to all of them: 'All news', 'News archive', 'View all', 更多新闻."""
    own = urlsplit(page.url).hostname or ""
    found: dict[str, Candidate] = {}
    for element in page.tree.iter("a"):
        url, words = page.absolute(element.get("href")), one_line(element)
        if (
            url
            and ALL.fullmatch(words)
            and same_domain(urlsplit(url).hostname or "", own)
            and key_of(url) != key_of(page.url)
        ):
            found.setdefault(key_of(url), Candidate(url=url, section="", score=2.5))
    return list(found.values())[:2]


def _links(page: Page) -> Iterator[Candidate]:
    for element in page.tree.iter("a"):
        url = page.absolute(element.get("href"))
        if not url:
            continue
        words = one_line(element) or " ".join((element.get("title") or "").split())
        if MORE.fullmatch(words):
            heading = _heading(element)
            score = words_score(heading) or max(
                1.5 if ADDRESS.search(urlsplit(url).path) else 0.0, words_score(words)
            )  # 'All news' says it itself, in a menu as well
            if score:
                # the home page shows a list and the way to all of it
                yield Candidate(url=url, section=heading, score=score + 0.6)
            continue
        if weight(words) > LABEL or (story_address(url) and not ADDRESS.search(urlsplit(url).path)):
            continue
        score = words_score(words)
        if score:
            yield Candidate(
                url=url,
                section=words,
                score=score + (0.4 if ADDRESS.search(urlsplit(url).netloc + urlsplit(url).path) else 0.0),
            )


def _heading(element: HtmlElement) -> str:
    """The words that stand before a 'more' link and name the list it belongs to."""
    here: HtmlElement | None = element
    for _ in range(4):
        if here is None or here.tag == "body":
            return ""
        for before in here.itersiblings(preceding=True):
            words = one_line(before) if isinstance(before.tag, str) else ""
            if words and weight(words) <= LABEL:  # longer ones are the list itself
                return words if words_score(words) else ""
        own = here.getparent()
        if own is not None and own.text and words_score(own.text.strip()):
            return " ".join(own.text.split())
        here = own
    return ""


def forward(page: Page) -> str | None:
    """Where a page that holds nothing else sends its reader: meta refresh, or a script that sets the location."""
    if weight(one_line(page.tree)) > 200:
        return None
    if (to := refresh.target(page)) is not None:
        return to
    for script in page.tree.iter("script"):
        if match := _FORWARD.search(script.text or ""):
            return page.absolute(match[1])
    return None


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
