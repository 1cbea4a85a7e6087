"""SNworks (Gryphon): student dailies. Each section and article has a JSON twin at its address with .json."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from spiders import listed, rows, select_by_role
from spiders.data_pages import fragment, json_of, number, path, plain, records, string
from spiders.facts import Item, Listing, RawArticle
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page
from spiders.paging import with_query

SELECT = {
    "item": (
        "article h1 a[href*='/article/'], article h2 a[href*='/article/'], article h3 a[href*='/article/'], article h4"
        " a[href*='/article/']"
    ),
    "older": "ol.index-pagination a[rel=next]",
    "title": ".full-article h1, meta[property='og:title']",
    "published": ".full-article time, time, .dateline",
    "byline": ".article--byline a, aside.article--byline",
    "body": "div.article-content",
    "lead_image": "meta[property='og:image']",
}


def detect(page: Page) -> float:
    """By its generator, its classes and the shape of its data."""
    return sure(
        page,
        html=[
            (r'content="SNworks', 0.97),
            (r"\bol class=[\"']?index-pagination", 0.7),
            (r"\barticle--byline\b", 0.7),
            (r"snworks\.com|cdn\.snworks", 0.8),
            (r'"dominantMedia"', 0.8),
        ],
        url=[(r"/section/[\w-]+\.json", 0.7)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """A section's JSON (exact, with the total) or its page."""
    data = json_of(page)
    if not isinstance(data, dict):
        return listed.read_listing(page, select)
    found = tuple(one for record in records(data.get("articles")) if (one := _item(page, record)))
    onward = number(data, "pagination", "next")
    total, size = number(data, "pagination", "total"), number(data, "pagination", "per_page")
    return Listing(
        items=found,
        older=with_query(page.url, page=str(onward)) if onward and found else None,
        total=total,
        pages=-(-total // size) if total and size else None,
    )


def _item(page: Page, record: dict[str, Any]) -> Item | None:
    """The address is made of year, month and slug of the first publication."""
    slug, date = string(record, "slug"), string(record, "published_at")
    if not slug or len(date) < 7:
        return None
    parts = urlsplit(page.url)
    return rows.item(
        page,
        f"{parts.scheme}://{parts.netloc}/article/{date[:4]}/{date[5:7]}/{slug}",
        plain(string(record, "headline")),
        date,
    )


def read_article(page: Page, select: Select) -> RawArticle:
    """The page, or its JSON twin."""
    data = json_of(page)
    if not isinstance(data, dict):
        return select_by_role.read_article(page, select)
    told = data.get("article") if isinstance(data.get("article"), dict) else data
    return RawArticle(
        title=plain(string(told, "headline")),
        subtitle=plain(string(told, "subhead")),
        published=string(told, "published_at") or None,
        updated=string(told, "modified_at") or None,
        byline=tuple(name for author in records(path(told, "authors")) if (name := string(author, "name"))),
        body=fragment(string(told, "content")),
    )
