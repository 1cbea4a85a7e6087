"""SiteServer CMS: lists /channels/{id}_{page}.html, stories /contents/{channel}/{id}.html, documents behind an action's
address."""

from __future__ import annotations

from dataclasses import replace

from archive.article import Attachment
from archive.patterns import deferred
from spiders import listed, select_by_role
from spiders.facts import Listing, RawArticle
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page, one_line

SELECT = {
    "item": "a[href*='contents/']",
    "pager": ".page, .pages, .pagination, .pager",
    "older": ".page a.next, .pagination a.next",
    "title": "h1, .article-title, .title h2",
    "published": ".info, .article-info, .time",
    "body": ".content, #content, .article-content, .wz_content",
    "document": "a[href*='actions/download'], a[href*='/utils/download']",
    "pages": ".content-page a, .article-page a",
}
_STORY = deferred(r"contents/\d+/\d+\.html")


def detect(page: Page) -> float:
    """By its folder of scripts and its addresses."""
    return sure(
        page,
        html=[
            (r"/sitefiles/", 0.9),
            (r"/stl/actions/|/api/sys/stl/", 0.9),
            (r"""href=["'][^"']*/contents/\d+/\d+\.html""", 0.7),
        ],
        url=[(r"/contents/\d+/\d+(?:_\d+)?\.html", 0.7), (r"/channels/\d+(?:_\d+)?\.html", 0.7)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """The list before the pager."""
    links = [link for link in page.select(select["item"]) if _STORY.search(link.get("href") or "")]
    return listed.of_links(page, select, listed.main_list(page, links, select["pager"]))


def read_article(page: Page, select: Select) -> RawArticle:
    """Documents bear no file's name in their address; the link's words are all there is."""
    raw = select_by_role.read_article(page, select)
    files = tuple(
        Attachment(url=url, filename=one_line(link)[:200] or "document")
        for link in page.select(select["document"])
        if (url := page.absolute(link.get("href")))
    )
    return replace(raw, attachments=tuple({one.url: one for one in (*raw.attachments, *files)}.values()))
