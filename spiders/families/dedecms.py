"""DedeCMS (织梦): /a/{column}/{Y}/{MMDD}/{id}.html, lists list_{column}_{n}.html, stories in several pages {id}_2.html;
often gb2312."""

from __future__ import annotations

from archive.patterns import deferred
from spiders import listed
from spiders.facts import Listing
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page

SELECT = {
    "item": "a[href$='.html'], a[href*='view.php?aid=']",
    "pager": ".dede_pages, .pagelist",
    "older": ".pagelist a.next",
    "title": ".viewbox .title h2, .viewbox .title h1, .article-title, h1, h2",
    "published": ".viewbox .info, .info",
    "body": ".viewbox .content, .article-content, .arc-body, #content, .content",
    "pages": ".dede_pages a, .pagelist a",
}
_STORY = deferred(r"/\d+\.html$|view\.php\?aid=\d+|/plus/view-\d+")


def detect(page: Page) -> float:
    """By its templates' folder, its pager and its counter."""
    return sure(
        page,
        html=[
            (r"/templets/", 0.8),
            (r"\bdede_pages\b", 0.9),
            (r"dedeajax|dedecms", 0.9),
            (r"/plus/(?:count|view|list|download)\.php", 0.9),
            (r"/uploads/allimg/", 0.5),
        ],
        url=[(r"/plus/(?:list|view)\.php", 0.9), (r"/list_\d+_\d+\.html$", 0.5)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """The list before the pager, by addresses that end in a number."""
    links = [link for link in page.select(select["item"]) if _STORY.search(link.get("href") or "")]
    return listed.of_links(page, select, listed.main_list(page, links, select["pager"]))
