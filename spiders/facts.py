"""What reading a page gives, before normalisation: the words as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from archive.article import Attachment, Image

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ItemKind = Literal["article", "external", "file"]


Select = Mapping[str, str]  # selectors by role


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of a listing."""

    url: str  # absolute
    title: str = ""
    date: str | None = None  # as the row shows it ('09-28', '2026年9月28日'), ISO 8601 where only the listing tells
    kind: ItemKind = "article"  # external: on a host that is not the site's; file: the link is a document
    sticky: bool = False
    changed: str | None = None  # when it was last changed, where the listing tells that alone (lastmod, Atom's updated)

    @property
    def day(self) -> str | None:
        """What the listing tells of its time: the day it came out, else the day it was changed."""
        return self.date or self.changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a listing, its items in page order."""

    items: tuple[Item, ...] = ()
    older: str | None = (
        None  # absolute address of the page with older items; a POST is written with `__wb_method=POST&` as pywb does
    )
    total: int | None = None  # items the listing claims to hold
    pages: int | None = None  # pages it claims to have
    unfollowed: str | None = None  # why there is more than `older` leads to, in words; None where nothing says so
    beside: tuple[str, ...] = ()  # lists that hold the rest of it, to which no page of it leads and that no entry names


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArticle:
    """The story as its page gives it. `normalise` makes dates, names and paragraphs of it."""

    title: str = ""
    subtitle: str = ""
    published: str | None = None  # '发布时间：2023-12-21 09:10', '2026-09-10T13:00:00+00:00'
    updated: str | None = None
    byline: tuple[str, ...] = ()  # '作者：张三', 'By Jane Roe'
    editors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    source: str = ""
    section: tuple[str, ...] = ()  # outermost first
    language: str | None = None
    body: HtmlElement | None = None  # the element that holds the story and nothing else
    body_text: str | None = None  # only where the story is not HTML (JSON text); else made of `body`
    lead_image: str | None = None
    images: tuple[Image, ...] = ()  # those which `body` does not hold
    attachments: tuple[Attachment, ...] = ()  # those which `body` does not hold
    canonical: str | None = None
    confidence: float | None = None
    older: tuple[str, ...] = ()  # further pages of the same story, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The page is not what was asked for."""

    kind: str  # 'blocked:captcha', 'blocked:waf', 'login_wall', 'soft_404', 'parked', ...
    evidence: str  # the words or the header that say so
