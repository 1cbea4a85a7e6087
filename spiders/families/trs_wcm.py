"""TRS WCM (拓尔思): addresses t20260918_430097.html, a pager that a script prints, pages labelled gb2312 that are
gb18030."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.patterns import deferred
from spiders import listed, select_by_role
from spiders.facts import Listing, RawArticle
from spiders.families import Select
from spiders.generic import numbers
from spiders.marks import sure
from spiders.page import Page

SELECT = {
    "item": "a[href*='t19'], a[href*='t20']",
    "pager": ".page, .pages, #pages, .fenye",
    "older": "a.next",
    "title": "meta[name=ArticleTitle i], h1, .title",
    "published": "meta[name=PubDate i]",
    "byline": "meta[name=Author i]",
    "source": "meta[name=ContentSource i]",
    "section": "meta[name=ColumnName i]",
    "body": ".trs_editor_view, .TRS_Editor, .trs_paper_default, #UCAP-CONTENT, #zoom",
    "drop": "style",
    "attachment": ".fj, #fujian, [class*=attach], [id*=appendix]",
}
_STORY = deferred(r"(?:^|/)t(?:19|20)\d{6}_\d+(?:_\d+)?\.s?html?$")
_PAGER = deferred(
    r"""createPageHTML\s*\(\s*(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*["']([\w.-]{1,60})["']\s*,\s*["'](\w{2,5})["']""", re.I
)


def detect(page: Page) -> float:
    """By its editor's class, its pager's script and its addresses."""
    return sure(
        page,
        html=[
            (r"\bTRS_Editor\b|trs_editor_view", 0.95),
            (r"createPageHTML\s*\(", 0.8),
            (r"""href=["'][^"']{0,80}/?t20\d{6}_\d+\.s?html?""", 0.7),
        ],
        url=[(r"/t(?:19|20)\d{6}_\d+(?:_\d+)?\.s?html?$", 0.8)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """The list before the pager; the next page by `createPageHTML(pages, this one from 0, name, ending)`."""
    links = [link for link in page.select(select["item"]) if _STORY.search((link.get("href") or "").partition("?")[0])]
    found = listed.of_links(page, select, listed.main_list(page, links, select["pager"]))
    claimed = _PAGER.search(numbers.spelled_out(page.text))
    if not claimed:
        return found
    count, here = int(claimed[1]), int(claimed[2])
    older = page.absolute(f"{claimed[3]}_{here + 1}.{claimed[4]}") if found.items and here + 1 < count else None
    return replace(found, older=older, pages=count)


def read_article(page: Page, select: Select) -> RawArticle:
    """A story in several pages has the same script: t…_430097.html, t…_430097_1.html."""
    raw = select_by_role.read_article(page, select)
    claimed = _PAGER.search(numbers.spelled_out(page.text))
    if claimed and claimed[3].startswith("t") and claimed[2] == "0" and 1 < int(claimed[1]) < 200:
        further = (page.absolute(f"{claimed[3]}_{n}.{claimed[4]}") for n in range(1, int(claimed[1])))
        return replace(raw, older=tuple(url for url in further if url))
    return raw
