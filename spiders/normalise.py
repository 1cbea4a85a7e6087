"""A story as its page gives it -> the record the archive keeps. Pure: `Page.fetched` is now."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.address import asked, which
from archive.article import Article, Attachment, Image, Link
from archive.patterns import deferred
from spiders.facts import Item, RawArticle
from spiders.generic import bylines, dates, lastdate, markup, media, people, prose, rights, urldate
from spiders.generic.cleaning import scrub, without_calls, without_captions, without_counters, without_repetition
from spiders.generic.dates import Moment
from spiders.generic.end_matter import without_end_matter, without_head_matter
from spiders.generic.language import language
from spiders.generic.titles import clean
from spiders.page import Page, holds
from spiders.place import country, day_first
from spiders.site import UNKNOWN_ZONE, Site
from spiders.urls import canonical

_Media = TypeVar("_Media", Image, Attachment)
_SHORTEST_TITLE = 4  # characters; shorter ones are believed where the listing says no more
_LONGEST_TITLE = 500  # characters; longer ones are templates gone wrong
_RELATIVE = deferred(
    r"(?:(?<!\d)\d{1,3}|\ban?)\s*(?:秒|分钟|小时|天|seconds?|minutes?|hours?|days?)\s*(?:前|ago)", re.I
)
_RELATIVE_ENDINGS = ("秒前", "分钟前", "小时前", "天前")
# second, minute, hour, day and their plurals (of which re.I reads ſ as s), not Chicago
_UNIT_AGO = deferred("[dersyſ秒钟时天]ago")
_TODAY = deferred(
    r"今天是?\s*[:：]?\s*(?:20\d\d年\d{1,2}月\d{1,2}日)?\s*(?:星期[一二三四五六日天])?|星期[一二三四五六日天]"
)


def normalise(raw: RawArticle, page: Page, site: Site, item: Item | None = None) -> Article:
    """The record of a story. What the page does not say is None or empty; `problems()` says whether it may be
    stored."""
    return assemble(raw, page, site, item, published(raw, page, site, item))


def assemble(raw: RawArticle, page: Page, site: Site, item: Item | None, moment: Moment | None) -> Article:
    """As `normalise`, with the date of publication already settled."""
    zone = dates.zone_named(site.timezone)
    title = _headline(clean(raw.title), clean(item.title) if item else "")
    text, html, images, attachments, links = _body(raw, page, title)
    by = _names(raw, people.publications(page, site.name, site.college))
    updated = _read_date(raw.updated, page, site)
    lead = asked(url) if (url := page.absolute(raw.lead_image)) else None
    return Article(
        url=_address(raw, page, site),
        site=site.id,
        title=title,
        subtitle=clean(raw.subtitle),
        body=text,
        body_html=html,
        published=moment.iso(zone) if moment else None,
        published_precision=moment.precision if moment else None,
        updated=updated.iso(zone) if updated else None,
        byline=by.byline,
        authors=by.authors,
        editors=by.editors,
        photographers=by.photographers,
        source=by.source,
        section=" / ".join(part for one in raw.section if (part := clean(one))),
        language=raw.language or language(f"{title}\n{text}", page, site.language),
        lead_image=lead or (images[0].url if images else None),
        images=images,
        attachments=attachments,
        links=links,
        rights=rights.of_page(page),
        confidence=1.0 if raw.confidence is None else round(min(1.0, max(0.0, raw.confidence)), 3),
    )


def _headline(read: str, listed: str) -> str:
    """The page's title, or the listing's where the page gives none, a mere word (显示, 导航) or a whole text; cut where
    too long."""
    unlikely = len(read) > _LONGEST_TITLE or len(read) < min(_SHORTEST_TITLE, len(listed))
    title = listed if listed and unlikely else read
    return title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE].rstrip() + "…"


def published(raw: RawArticle, page: Page, site: Site, item: Item | None = None) -> Moment | None:
    """When the story came out: what was read of the page, its address, the listing's row; None if none is possible.

    Page and row that agree are believed against anything. Else an address that surely names a day over a month off the
    stated date wins: a move to another CMS stamps pages anew, and keeps their addresses. Digits of an address that may
    be
    a running number come last.
    """
    named = urldate.find(page.url)
    if named and not dates.plausible(Moment(named.day), page.fetched):
        named = None
    sure = Moment(named.day) if named and named.sure else None
    stated = _read_date(raw.published, page, site)
    listed = _read_date(item.date, page, site) if item and item.date and not (stated and not sure) else None
    if stated and (not sure or _near(stated, sure, 31) or (listed and _near(stated, listed, 1))):
        return stated
    if sure or listed:
        return sure or listed
    if named and not urldate.runs_on(page.url, _beside(page)):
        return Moment(named.day)
    return _read_date(lastdate.find(page, by_address=named is None), page, site)


def _near(one: Moment, other: Moment, days: int) -> bool:
    return abs((one.day - other.day).days) <= days


def _beside(page: Page) -> Iterable[str]:
    return (url for link in page.tree.iter("a") if (url := page.absolute(link.get("href"))) and url != page.url)


def _read_date(text: str | None, page: Page, site: Site) -> Moment | None:
    if not text:
        return None
    # "yesterday" is the publisher's
    now = page.fetched.astimezone(dates.zone_named(site.timezone)) if page.fetched else None
    moment = dates.parse(
        text, now, day_first=day_first(page, site), year=urldate.year(page.url), country=country(page, site)
    )
    if moment and moment.timed and moment.zone is None and (site.timezone == UNKNOWN_ZONE or _day_alone(moment, text)):
        moment = Moment(moment.day)
    return moment if moment and dates.plausible(moment, page.fetched) else None


def _day_alone(moment: Moment, text: str) -> bool:
    """Whether its midnight is what a system writes behind a day of which it knows no time."""
    return not (moment.hour or moment.minute or moment.second) and "24:00" not in text


def _names(raw: RawArticle, publications: frozenset[str]) -> bylines.Names:
    """Labelled words of the byline by role; words without a label are names."""
    found = bylines.NOBODY
    authors: dict[str, None] = {}
    for line in raw.byline:
        line = clean(line)
        read = bylines.read(line)
        if not (read.authors or read.editors or read.photographers or read.source or read.publisher):
            read = bylines.Names(authors=tuple(bylines.names(line)), byline=line)
        authors |= dict.fromkeys(read.authors)
        found |= replace(read, byline=read.byline or line)
    editors = [name for one in map(clean, raw.editors) for name in bylines.read(one).editors or bylines.names(one)]
    photographers = [
        name for one in map(clean, raw.photographers) for name in bylines.read(one).photographers or bylines.names(one)
    ]
    source = clean(raw.source)
    return replace(
        found,
        authors=people.settled(authors, publications),
        editors=tuple(dict.fromkeys(editors)) or found.editors,
        photographers=tuple(dict.fromkeys(photographers)) or found.photographers,
        source=(bylines.read(source).source or source) if source else found.source or "、".join(found.publisher),
    )


def _body(
    raw: RawArticle, page: Page, title: str
) -> tuple[str, str, tuple[Image, ...], tuple[Attachment, ...], tuple[Link, ...]]:
    """Text, clean HTML, pictures, documents and links of the story."""
    images, attachments = list(raw.images), list(raw.attachments)
    text, html = raw.body_text or "", ""
    links: list[Link] = []
    if raw.body is not None:
        body: HtmlElement = deepcopy(raw.body)
        body.tail = None
        attachments = media.attachments(page, body) + attachments
        films = media.players(page, body, frames=not holds(body, 1))
        scrub(body)
        without_calls(body)
        without_end_matter(body)
        without_head_matter(body, title)
        images = media.images(page, body) + images
        links = [*media.links(page, body), *films]
        html = markup.clean(page, body)
        without_captions(body)
        without_repetition(body)
        text = text or prose.text(body)
    return text, html, _once(images), _once(attachments), tuple(dict.fromkeys(links))


def _once(found: Iterable[_Media]) -> tuple[_Media, ...]:
    first: dict[str, _Media] = {}
    for one in found:
        first.setdefault(one.url, one)
    return tuple(first.values())


def _address(raw: RawArticle, page: Page, site: Site) -> str:
    """The page's own word for its address, where that is on its host and neither the home page nor a
    listing; else where it was got."""
    try:
        own = canonical(page.url)
    except ValueError:
        return page.url
    said = page.absolute(raw.canonical)
    if not said:
        return own
    try:
        said = canonical(said)
    except ValueError:
        return own
    there, here = urlsplit(said), urlsplit(own)
    if there.netloc != here.netloc or (there.path in ("/", "") and not there.query):
        return own
    return own if any(said == seed.url for seed in site.listings) else said


def content_digest(article: Article, more: tuple[str, ...] = ()) -> str:
    """sha256 of what makes a new version of a story: title, body, documents, pictures, the addresses of further pages;
    nothing that changes by itself, as session ids and cache-busters in addresses do."""
    whole = body = without_counters(article.body)
    words = body.split()
    if _relative("".join(words)):
        body = _RELATIVE.sub("", body)
    if "今天" in body or "星期" in body:
        body = _TODAY.sub("", body)
    parts = [article.title, article.subtitle, *(words if body is whole else body.split())]
    parts += [
        "\x1e",
        *(which(one.url) for one in article.attachments),
        "\x1e",
        *(which(one.url) for one in article.images),
    ]
    parts += ["\x1e", *more] if more else []
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def _relative(dense: str) -> bool:
    """Whether a text without white space may hold such as `3小时前`, `2daysago`: most do not, and are not searched for
    numbers."""
    if any(ending in dense for ending in _RELATIVE_ENDINGS):
        return True
    if "g" not in dense and "G" not in dense:  # as in Chinese: to make all of it lower case takes longer
        return False
    dense = dense.lower()
    return "ago" in dense and _UNIT_AGO.search(dense) is not None
