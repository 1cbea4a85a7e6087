"""PHPCMS v9: ?m=content&c=index&a=lists&catid=, or static show-{column}-{id}-{page}.html; 'previous' on page 1 leads to
page 0."""

from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders import listed, select_by_role
from spiders.facts import Listing, RawArticle
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page, one_line

SELECT = {
    "item": "a[href*='a=show'], a[href*='show-'], a[href*='/html/']",
    "pager": "#pages, .pages",
    "older": "#pages a.next",
    "title": "#Article h1, .article h1, h1",
    "published": "#Article h1 span, .info, .article-info",
    "body": "#Article .content, .article .content, .content",
    "pages": "#pages a",
}
_STORY = deferred(r"a=show&(?:amp;)?(?:\w+=\d+&?)+|show-\d+-\d+-\d+\.html|/html/.{0,200}?/\d{1,12}\.html")


def detect(page: Page) -> float:
    """By its routes, its counter and its style sheets."""
    return sure(
        page,
        html=[
            (r"m=content&(?:amp;)?c=index&(?:amp;)?a=(?:lists|show)", 0.95),
            (r"/?api\.php\?op=count", 0.95),
            (r"/statics/(?:css|js)/", 0.5),
            (r"""href=["'][^"']*show-\d+-\d+-\d+\.html""", 0.6),
        ],
        url=[(r"m=content&c=index&a=", 0.9), (r"/(?:show|list)-\d+-\d+(?:-\d+)?\.html", 0.6)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """The list before `#pages`."""
    links = [link for link in page.select(select["item"]) if _STORY.search(link.get("href") or "")]
    return listed.of_links(page, select, listed.main_list(page, links, select["pager"]))


def read_article(page: Page, select: Select) -> RawArticle:
    """The stock template writes date and source into the headline's <span>."""
    raw = select_by_role.read_article(page, select)
    heading = page.first(select["title"])
    inner = heading.find("span") if isinstance(heading, HtmlElement) else None
    if heading is None or inner is None:
        return raw
    return replace(raw, title=one_line(select_by_role.without(page, heading, "span")))
