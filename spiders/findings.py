"""What reading an answer gives, and what it is given: light to import, for the crawl's own process reads no pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.article import Article
from spiders.facts import Block, Item

VERSION = "3"  # stored with each version of an article; raise it when the same page would be read otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered, as far as reading needs it; the body still has its content-coding."""

    url: str  # as the frontier knows it: with the form where one was posted
    kind: str  # listing, older, article, attachment, requisite
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: str
    hint: dict[str, Any]  # title, date, section from the listing that led here
    truncated: str | None = None  # length, time or disconnect: why the body is not whole
    rendered: str = ""  # by which browser, and how, what it drew of the page; empty for a page as sent
    repeated: bool = (
        False  # the same bytes, cut in the same way, had come from there before: the server's Content-Length is wrong
    )


@dataclass(frozen=True, slots=True)
class Redirect:
    """The page is elsewhere."""

    to: str | None  # absolute; None where Location is missing or no http(s) address
    cookie: bool = False  # it sets one, with which the same address may show its page


@dataclass(frozen=True, slots=True)
class Unchanged:
    """304: the earlier capture stands."""


@dataclass(frozen=True, slots=True)
class Undrawn:
    """The page as sent holds nothing of what it was fetched for: what a browser draws of it is read in its place."""


@dataclass(frozen=True, slots=True)
class Stories:
    """A listing page, its items sorted out."""

    fetch: tuple[Item, ...]  # articles of the site's own, to be captured
    # with their digests: external items and documents, stored from the listing alone
    rows: tuple[tuple[Article, str], ...]
    older: str | None
    total: int | None
    unfollowed: str | None = None  # why there is more than `older` leads to
    malformed: tuple[str, ...] = ()  # links that were to be followed and are no addresses


@dataclass(frozen=True, slots=True)
class Story:
    """An article page."""

    article: Article
    digest: str
    styles: tuple[str, ...] = ()  # stylesheets and the like, for requisites = "page"
    more: tuple[str, ...] = ()  # canonical addresses of the pages on which it goes on
    word_count: int | None = None  # of the body, counted where the page was read: archive.article
    malformed: tuple[str, ...] = ()  # links to what it holds that are no addresses
    signature: bytes | None = None  # that of the body, made there too: archive.near.signatures
    headed: bool = True  # the page itself shows the headline; else it is the listing's
    gist: int | None = None  # what it says beside numbers and its own headline, made there too: archive.near.likeness


@dataclass(frozen=True, slots=True)
class Further:
    """A page on which a story goes on: no story of its own."""

    of: str  # address of the story
    page: str  # that of the page, as the story names it
    story: Story


@dataclass(frozen=True, slots=True)
class Document:
    """An attachment."""

    mime: str
    size: int
    text: str | None = None  # None: not a kind we read
    problem: str | None = None  # why a kind we read could not be
    story: Story | None = None  # where a listing's item turned out to be the document itself
    name: str = ""  # under which the server says it is to be saved


@dataclass(frozen=True, slots=True)
class Asset:
    """An image, a stylesheet: kept for replay; a stylesheet names more."""

    wants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """The page is no longer there."""

    reason: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """The answer is of no use; `again` says whether asking later may help."""

    kind: str
    detail: str
    again: bool = False
    until: str | None = None  # not to be asked before, where that is known
    asked: bool = True  # False: what stands before it, the host's robots.txt, could not be had


Reading = Redirect | Unchanged | Undrawn | Stories | Story | Further | Document | Asset | Gone | Block | Trouble
