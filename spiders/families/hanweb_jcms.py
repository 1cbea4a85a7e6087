"""Hanweb JCMS (大汉): rows are CDATA inside a script; the rest comes from dataproxy.jsp by numbers of records."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders import listed, rows, select_by_role
from spiders.data_pages import fragment
from spiders.facts import Listing, RawArticle
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page
from spiders.paging import query, with_query

SELECT = {
    "item": "a[href*='/art/']",
    "pager": ".jpag, .page",
    "older": "a.next",
    "title": "meta[name=ArticleTitle i], h1, .title",
    "published": "meta[name=PubDate i]",
    "source": "meta[name=ContentSource i]",
    "section": "meta[name=ColumnName i]",
    "body": "#zoom, .bt_content, #ivs_content, .article_content",
}
_RECORD = deferred(r"<record>\s*<!\[CDATA\[((?:(?!<record>).)*?)\]\]>\s*</record>", re.S)
_GROUP = deferred(r"""<nextgroup>\s*<!\[CDATA\[\s*<a\s+href=["']([^"']+)["']""")
_TOTAL = deferred(r"<totalrecord>\s*(\d+)|totalRecord\s*[:=]\s*(\d+)")
_PAGES = deferred(r"<totalpage>\s*(\d+)")
_SIZES = deferred(r"(perPage|groupSize)\s*[:=]\s*(\d{1,4})")
_PROXY = deferred(r"""proxyUrl\s*[:=]\s*["']([^"']+)["']""")
_BEGIN = "//comment()[contains(., 'ZJEG_RSS.content.begin')]/.."
_KEPT = ("columnid", "unitid", "webid", "path", "webname", "permissiontype", "appid")


def detect(page: Page) -> float:
    """By its script of rows, its modules and its addresses."""
    return sure(
        page,
        html=[
            (r"jquery\.jpage|/jpage/dataproxy\.jsp", 0.95),
            (r"<record>\s*<!\[CDATA\[", 0.8),
            (r"ZJEG_RSS\.content", 0.9),
            (r"/module/(?:visitcount|download|jslib|web)/", 0.8),
            (r"""href=["']/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html""", 0.6),
        ],
        url=[
            (r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html", 0.7),
            (r"/col/col\d+/", 0.7),
            (r"/jpage/dataproxy\.jsp", 0.9),
        ],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """Records of a list page or of an answer of dataproxy.jsp; links of the page where it holds none."""
    records = _RECORD.findall(page.text)
    box = fragment("".join(records))
    if box is None:
        return listed.read_main_list(page, select)
    found = rows.items(page, [link for link in box.iter("a") if isinstance(link, HtmlElement)])
    total = _TOTAL.search(page.text)
    pages = _PAGES.search(page.text)
    count = int(total[1] or total[2]) if total else None
    return Listing(
        items=found, older=_older(page, len(records), count or 0), total=count, pages=int(pages[1]) if pages else None
    )


def _older(page: Page, held: int, total: int) -> str | None:
    """The group of records after those held: `startrecord` and `endrecord` count from 1, a group is `groupSize`
    pages."""
    first, last = query(page.url, "startrecord"), query(page.url, "endrecord")
    if first is not None and last is not None:
        if last >= total or not held or last < first:
            return None
        return with_query(page.url, startrecord=str(last + 1), endrecord=str(2 * last - first + 1))
    proxy, group = _PROXY.search(page.text), _GROUP.search(page.text)
    if held >= total or not (proxy or group):
        return None
    sizes = {name: int(size) for name, size in _SIZES.findall(page.text)}
    length = sizes.get("perPage", 15) * sizes.get("groupSize", 3)
    form = {"startrecord": str(held + 1), "endrecord": str(held + length), "perpage": str(sizes.get("perPage", 15))}
    onward = group[1].replace("&amp;", "&") if group else ""
    form |= {name: value for name, value in parse_qsl(urlsplit(onward).query, keep_blank_values=True) if name in _KEPT}
    return page.absolute(f"{proxy[1] if proxy else urlsplit(onward).path}?{urlencode(form)}")


def read_article(page: Page, select: Select) -> RawArticle:
    """`#zoom`, or what the comments `ZJEG_RSS.content` enclose."""
    raw = select_by_role.read_article(page, select)
    if raw.body is not None:
        return raw
    marked = page.tree.xpath(_BEGIN)
    return replace(raw, body=marked[0]) if marked else raw
