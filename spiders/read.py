"""Reading a page: a block page is named, a family's selectors come first, the generic readers fill what they leave."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lxml.html import HtmlElement

from archive.article import Article
from archive.instants import now
from spiders import blocks, cursors, data_listing, numbered
from spiders.facts import Block, Item, Listing, RawArticle
from spiders.families import family
from spiders.generic import article as generic
from spiders.generic import calendar, dates, rowdays, rowheadings, urldate
from spiders.generic.dates import Moment
from spiders.generic.unfollowed import unfollowed
from spiders.normalise import assemble, normalise, published
from spiders.page import Page, one_line
from spiders.paging import unnumbered
from spiders.place import country, day_first
from spiders.site import Site

UNKNOWN = Site(id="unknown", name="", listings=(), family="generic")


def read_listing(page: Page, site: Site, *, first: bool | None = None) -> Listing | Block:
    """Items of a listing page, the way to older ones, and what says that there are more; or why the page is none.

    `first`: a listing begins here; by default where the site's configuration names the address.
    """
    blocked = blocks.block(page)
    if blocked:
        return Listing() if blocked.kind == "empty" and numbered.may_be_empty(site, page.url) else blocked
    reader = family(site.family)
    select = {**reader.SELECT, **site.select}
    found = reader.read_listing(page, select)
    if not found.items and not found.older and (carried := data_listing.read(page, reader, select)) is not None:
        found = carried
    if on := numbered.following(site, page.url):
        found = replace(found, older=on if found.items else None)
    elif on := cursors.following(site, page):
        found = replace(found, older=on)
    begins = first if first is not None else any(page.url == seed.url for seed in site.listings)
    items = _dated(unnumbered(found.items, page), page, site, first=begins)
    if begins and items and not found.older and (on := calendar.behind(page, items)):
        found = replace(found, older=on)
    more = None if found.older else unfollowed(page, replace(found, items=items), first=begins) or found.unfollowed
    beside = tuple(url for url in found.beside if all(url != seed.url for seed in site.listings))
    if beside and more is None:
        others = f" and {len(beside) - 1} more name" if len(beside) > 1 else " names"
        more = f"{beside[0]}{others} stories too, and is no listing of the site"
    return replace(found, items=items, unfollowed=more, beside=beside)


def _dated(items: tuple[Item, ...], page: Page, site: Site, *, first: bool) -> tuple[Item, ...]:
    """The rows with the days that they mean to who sees the page."""
    zone, land = dates.zone_named(site.timezone), country(page, site)
    order = "year" if land in dates.YEAR_FIRST else "day" if day_first(page, site) else "month"
    now = page.fetched.astimezone(zone) if page.fetched else None
    return rowdays.settled(
        items, now, zone, order=order if land else None, first=first, headed=rowheadings.years(page, items)
    )


def read_article(page: Page, site: Site, item: Item | None = None) -> Article | Block:
    """The story of a page; or why the page is none."""
    found = read_page(page, site, item)
    return found if isinstance(found, Block) else found[0]


def read_page(page: Page, site: Site, item: Item | None = None) -> tuple[Article, tuple[str, ...]] | Block:
    """As `read_article`, with the addresses of the pages on which the story goes on, as the page gives them."""
    blocked = blocks.block(page)
    if blocked:
        return blocked
    raw = read_raw(page, site)
    return normalise(raw, page, site, item), raw.older


def read_raw(page: Page, site: Site) -> RawArticle:
    """The story before normalisation: the family's reading, completed and checked by the generic one."""
    if site.family == "generic":
        return generic.read_article(page, site.select)
    reader = family(site.family)
    return generic.complete(reader.read_article(page, {**reader.SELECT, **site.select}), page)


def extract(html: bytes, url: str) -> dict[str, Any]:
    """`text`, `title`, `date` ('YYYY-MM-DD' as the page states it, or None), `authors` and `confidence` of a page of an
    unknown site.

    Where a page names no author but who answers for it (责任编辑), `authors` are these.
    """
    page = Page(url or "http://unknown.invalid/", html, fetched=now())
    raw = read_raw(page, UNKNOWN)
    moment = published(raw, page, UNKNOWN)
    article = assemble(raw, page, UNKNOWN, None, moment)
    return {
        "text": article.body,
        "title": article.title,
        "date": _day(moment, page, raw.published) if moment else None,
        "authors": list(article.authors or article.editors),
        "confidence": article.confidence,
    }


def _day(moment: Moment, page: Page, stated: str | None) -> str:
    """The day at the publisher's: that of the address, where one there is a day off the instant's, which is often in
    UTC.

    Not where the <time> that carries the instant shows readers the instant's own day.
    """
    named = urldate.find(page.url)
    in_utc = moment.timed and (moment.zone is None or not moment.zone.utcoffset(None))
    near = named is not None and in_utc and abs((named.day - moment.day).days) == 1
    if (
        not named
        or not near
        or any(_shows(element, moment) for element in page.tree.iter("time") if element.get("datetime") == stated)
    ):
        return moment.day.isoformat()
    return named.day.isoformat()


def _shows(element: HtmlElement, moment: Moment) -> bool:
    shown = dates.parse(one_line(element), None)
    return shown is not None and shown.day == moment.day
