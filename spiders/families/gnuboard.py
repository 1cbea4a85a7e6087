"""Gnuboard 5 (그누보드), the board of most small Korean sites: /bbs/board.php?bo_table={board}&wr_id={story}."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.article import Attachment
from archive.patterns import deferred
from spiders import listed, select_by_role
from spiders.blanks import compiled
from spiders.facts import Listing, RawArticle
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page, one_line

SELECT = {
    "item": "#bo_list .td_subject a[href*='wr_id='], #bo_gall .gall_text_href a.bo_tit, .bo_tit a[href*='wr_id=']",
    "notice": "#bo_list tr.bo_notice, .gall_li.bo_notice",
    "pager": "#bo_list_total",
    "older": ".pg_current ~ a.pg_page",  # the number behind the current one; `.pg_next` leads to the next ten
    "title": ".bo_v_tit, #bo_v_title",
    "published": "#bo_v_info .if_date, #bo_v_info strong:has(.fa-clock-o)",
    "byline": "#bo_v_info .sv_member, #bo_v_info .sv_guest",
    "section": ".bo_v_cate",
    "body": "#bo_v_con",
    "document": "#bo_v_file a.view_file_download",
}
_SHORT = deferred(r"(?<!\d)(\d\d)-(\d\d-\d\d)(?!\d)")
_SIZE = compiled(r"\s*\([\d.,]+\s*[KMG]?(?:byte)?s?\)\s*$", re.I)
_TOTAL = deferred(r"(?:Total|전체)\s*([\d,]{1,9})\s*건", re.I)


def detect(page: Page) -> float:
    """By its ids, its script's variables and its addresses."""
    return sure(
        page,
        html=[
            (r"""id=["']bo_(?:list|gall|v)["']""", 0.7),
            (r"\bg5_(?:url|bbs_url|is_member)\b", 0.9),
            (r"board\.php\?bo_table=\w+", 0.6),
        ],
        url=[(r"/bbs/board\.php\?.*bo_table=", 0.7)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """Rows in page order; those of `notice` stand on every page."""
    found = listed.read_listing(page, select)
    pinned = {
        url
        for row in page.select(select["notice"])
        for link in row.iter("a")
        if (url := page.absolute(link.get("href")))
    }
    total = next((_TOTAL.search(one_line(element)) for element in page.select(select["pager"])), None)
    return replace(
        found,
        items=tuple(replace(item, sticky=item.sticky or item.url in pinned) for item in found.items),
        total=int(total[1].replace(",", "")) if total else found.total,
    )


def read_article(page: Page, select: Select) -> RawArticle:
    """The page of a story, whose year it writes in two digits; its documents' names stand in their links alone."""
    raw = select_by_role.read_article(page, select)
    files = tuple(
        Attachment(url=url, filename=_SIZE.sub("", one_line(link))[:200] or "document")
        for link in page.select(select["document"])
        if (url := page.absolute(link.get("href")))
    )
    raw = replace(raw, attachments=tuple({one.url: one for one in (*raw.attachments, *files)}.values()))
    return replace(raw, published=_SHORT.sub(r"20\1-\2", raw.published, count=1) if raw.published else None)
