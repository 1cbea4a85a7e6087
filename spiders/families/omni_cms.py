"""Omni CMS (OU Campus): lists are each college's own; a story stands between two comments of the editor."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

from lxml.html import Element, HtmlElement

from archive.patterns import deferred
from spiders import listed, select_by_role
from spiders.facts import Listing, RawArticle
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page, one_line

SELECT = {
    "item": ".news-item h2 a, .news-item h3 a, .news-item h4 a, .news-listing h3 a",
    "pager": ".pagination",
    "older": ".pagination a[aria-label=Next], .pagination a[rel=next]",
    "title": "meta[property='og:title'], h1",
    "published": ".news-date, .article-date, .date, time",
    "byline": ".byline, .author",
    "drop": "h1, .news-date, .article-date, .date, .byline, .author",
}
_BEGIN, _END = deferred(r"\s*com\.omniupdate\.(?:div|editor)\b"), deferred(r"\s*/com\.omniupdate\.(?:div|editor)\b")


def detect(page: Page) -> float:
    """By the editor's comments and the link to it that every page hides."""
    return sure(
        page,
        html=[
            (r"<!--\s*com\.omniupdate\.", 0.97),
            (r"\.omniupdate\.com/", 0.95),
            (r"<!--\s*ouc:", 0.8),
            (r"/_resources/", 0.4),
        ],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """The usual cards, else what the finder is sure of."""
    return listed.read_main_list(page, select)


def read_article(page: Page, select: Select) -> RawArticle:
    """The longest of the regions that the comments enclose, without headline, date and byline."""
    raw = select_by_role.read_article(page, {**select, "body": select.get("body", "")})
    regions = list(_regions(page))
    if raw.body is not None or not regions:
        return raw
    return replace(
        raw, body=select_by_role.without(page, max(regions, key=lambda region: len(one_line(region))), select["drop"])
    )


def _regions(page: Page) -> list[HtmlElement]:
    found = []
    for comment in page.tree.xpath("//comment()"):
        if not _BEGIN.match(comment.text or ""):
            continue
        box: HtmlElement = Element("div")
        box.text = comment.tail
        for sibling in comment.itersiblings():
            if not isinstance(sibling.tag, str):
                if _END.match(sibling.text or ""):
                    break
                _say(box, sibling.tail)
                continue
            box.append(deepcopy(sibling))
        found.append(box)
    return found


def _say(box: HtmlElement, text: str | None) -> None:
    if not text:
        return
    if len(box):
        box[-1].tail = (box[-1].tail or "") + text
    else:
        box.text = (box.text or "") + text
