"""BLOX (TownNews): `/search/?f=rss&t=article&c=news*&l=50` lists a section as a feed, its pages as cards."""

from __future__ import annotations

from dataclasses import replace

from spiders import listed
from spiders.facts import Listing
from spiders.families import Select, feed
from spiders.marks import sure
from spiders.page import Page
from spiders.paging import query, with_query

SELECT = {
    "item": (
        "article.tnt-asset-type-article .tnt-headline a, article.tnt-asset-type-article h3 a,"
        " article.tnt-asset-type-article h2 a"
    ),
    "older": ".pagination li.next a, .pagination a[rel=next], a.next, link[rel=next]",
    "title": "h1.headline, .asset-header h1, h1[itemprop=headline], meta[property='og:title']",
    "published": "meta[property='article:published_time'], time.tnt-date, .asset-date time",
    "updated": "meta[property='article:modified_time'], time.tnt-update-recent",
    "byline": ".tnt-byline, .asset-byline .author, [itemprop=author] [itemprop=name]",
    "body": "#article-body, [itemprop=articleBody], #asset-content, .asset-content",
    "drop": ".tnt-ads, .inline-asset, .tncms-region, .asset-tagline, .subscriber-preview",
    "lead_image": "meta[property='og:image']",
}


def detect(page: Page) -> float:
    """By its classes; of a feed by its generator and its address."""
    return sure(
        page,
        html=[
            (r"\btnt-asset-type-\w+", 0.95),
            (r"\btnt-(?:headline|byline|date)\b", 0.8),
            (r"\btncms\b|__tnt\b|bloximages", 0.8),
            (r"<generator>TNCMS", 0.9),
        ],
        url=[(r"/search/\?(?:.*&)?f=rss", 0.6), (r"/article_[0-9a-f]{8}-[0-9a-f]{4}-", 0.8)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """A feed asked for by `l` items is walked by the offset `o`, until it is not full."""
    if not feed.detect(page):
        return listed.read_listing(page, select)
    found = feed.read_listing(page, select)
    size = query(page.url, "l")
    if found.older or not size or len(found.items) < size:
        return found
    return replace(found, older=with_query(page.url, o=str((query(page.url, "o") or 0) + size)))
