"""WordPress: the listing is what its address answers with, REST (best: exact, complete), a feed, or a page of a
theme."""

from __future__ import annotations

import re

from archive.patterns import deferred
from spiders import listed, rows
from spiders.data_pages import json_of, plain, records, string
from spiders.facts import Listing
from spiders.families import Select, feed
from spiders.marks import sure
from spiders.page import Page
from spiders.paging import query, with_query

SELECT = {
    "item": (
        "article .entry-title a, .post .entry-title a, .hentry .entry-title a, .wp-block-post-title a, article h2"
        " a[rel=bookmark], article h3 a[rel=bookmark], h2.post-title a, article h2 a"
    ),
    "older": (
        "a.next.page-numbers, .wp-block-query-pagination-next, .nav-previous a, .pagination .next a, link[rel=next]"
    ),
    "title": "h1.entry-title, .entry-title, h1.wp-block-post-title, h1.post-title",
    "published": "meta[property='article:published_time'], time.entry-date, .wp-block-post-date time, .entry-meta time",
    "updated": "meta[property='article:modified_time'], time.updated",
    "byline": ".entry-meta .author, a[rel=author], .byline .author, .wp-block-post-author-name",
    "body": ".entry-content, .wp-block-post-content, .post-content",
    "drop": ".page-links, .sharedaddy, .jp-relatedposts, .post-navigation, .addtoany_share_save_container",
    "pages": ".page-links a.post-page-numbers, .page-links a",
}
_NEXT = deferred(r'<([^<>]+)>\s*;[^,<]*\brel="?next"?', re.I)
_ELSEWHERE = deferred(r"snoflex|sno-story-", re.I)  # SNO's themes are a family of their own


def detect(page: Page) -> float:
    """By the link to its REST interface, its folders and its generator."""
    if _ELSEWHERE.search(page.text):
        return 0.0
    return sure(
        page,
        html=[
            (r"https://api\.w\.org/", 0.95),
            (r"/wp-(?:content|includes)/", 0.8),
            (r"""generator["'] content=["']WordPress""", 0.95),
            (r'"_links":\{"self":.{0,200}wp-json', 0.9),
        ],
        url=[(r"/wp-json/wp/v2/|rest_route=/wp/v2/", 0.9)],
        headers=[(r"link: .*api\.w\.org", 0.95), (r"x-wp-total: \d", 0.9)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """REST answers with a JSON list, feeds with XML; all else is a theme's page."""
    data = json_of(page)
    if data is not None:
        return _posts(page, data)
    if feed.detect(page):
        return feed.read_listing(page, select)
    return listed.read_listing(page, select)


def _posts(page: Page, data: object) -> Listing:
    """Posts as `/wp-json/wp/v2/posts` gives them; an error object (`rest_post_invalid_page_number`) holds none."""
    found = tuple(
        rows.item(
            page,
            url,
            plain(string(one, "title", "rendered")),
            _instant(string(one, "date_gmt")) or string(one, "date"),
            sticky=one.get("sticky") is True,
        )
        for one in records(data)
        if (url := page.absolute(string(one, "link")))
    )
    total, pages = (
        int(value) if (value := page.header(name)).isdigit() else None for name in ("X-WP-Total", "X-WP-TotalPages")
    )
    here = query(page.url, "page") or 1
    link = _NEXT.search(page.header("Link"))
    older = (
        page.absolute(link[1]) if link else with_query(page.url, page=str(here + 1)) if pages and here < pages else None
    )
    return Listing(items=found, older=older if found else None, total=total, pages=pages)


def _instant(gmt: str) -> str:
    return f"{gmt}Z" if gmt and not gmt.endswith("Z") else gmt
