"""Sudy WebPlus (苏迪): about a third of Chinese university sites. Pager, `portletmode` and addresses are the same
everywhere, skins are not."""

from __future__ import annotations

from lxml import etree

from archive.patterns import deferred
from spiders import rows, select_by_role
from spiders.data_pages import json_of, number, records, string
from spiders.facts import Item, Listing, RawArticle
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page
from spiders.paging import following
from spiders.urls import form_of, split_form, with_form

SELECT = {
    "scope": "[portletmode=simpleList], [id^=wp_news_w], ul.news_list, ul.wp_article_list",
    "older": ".wp_paging a.next, .page_nav a.next, a.next",
    "pager": ".wp_paging",
    "total": "em.all_count",
    "page_count": "em.all_pages",
    "column": ".wp_column_article, .wp_single, .wp_articlecontent",
    "title": "h1.arti_title, .arti_title, .Article_Title, .arti-title",
    "published": ".arti_update, .Article_PublishDate",
    "byline": ".arti_publisher",
    "body": ".wp_articlecontent, .Article_Content, .read, .entry",
    "attachment": "[portletmode=simpleArticleAttri] a[sudyfile-attr], [portletmode=simpleArticleAttri] [pdfsrc]",
}
# what a page with attachments holds
_DOCUMENTS = etree.XPath("boolean(descendant::a/@sudyfile-attr) or boolean(descendant::*/@pdfsrc)")
_LEADS_ON = deferred(r"/(?:list|main)\d*\.(?:htm|psp|html)$|/$")  # other columns and pages of this one


def detect(page: Page) -> float:
    """By its scripts and portlets; by its addresses alone less surely."""
    return sure(
        page,
        html=[
            (r"sudy-wp-(?:siteId|context)", 0.95),
            (r"/_js/_portletPlugs/", 0.9),
            (r'class="webplus-(?:list|page|main)', 0.9),
            (r"""portletmode=["']?simple""", 0.9),
            (r"/_css/_system/system\.css", 0.8),
            (r"wp_articlecontent", 0.7),
            (r"/_wp3services/", 0.7),
        ],
        url=[
            (r"/\d{4}/\d{4}/c\d+a\d+/page\w?\.(?:htm|psp)", 0.8),
            (r"/_wp3services/generalQuery", 0.95),
            (r"/list\d*\.(?:htm|psp)$", 0.3),
        ],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """Links inside the list's own portlet: menus hold addresses of articles too. A column that is one article has no
    items."""
    data = json_of(page)
    if isinstance(data, dict):
        return _answer(page, data)
    scope = page.first(select["scope"])
    if scope is None:
        return Listing()
    paging = {link for box in page.select(select["pager"]) for link in box.iter("a")}
    links = [
        link
        for link in page.select("a[href]", scope)
        if link not in paging and not _LEADS_ON.search(page.absolute(link.get("href")) or "/")
    ]
    leading = True
    found: list[Item] = []
    for row in rows.rows(page, links):
        # coloured above the rest: put there by hand
        leading = leading and (row.sticky or bool(page.select("a font[style*=color], a font[color]", row.element)))
        found.append(rows.item(page, row.link.url, row.title, row.date, sticky=row.sticky or leading))
    return Listing(
        items=tuple(found),
        older=following(page, select["older"]),
        total=number(page.words(select["total"])),
        pages=number(page.words(select["page_count"])),
    )


def _answer(page: Page, data: dict[str, object]) -> Listing:
    """Of `POST /_wp3services/generalQuery?queryObj=articles`, form siteId, columnId, pageIndex, rows."""
    found = [
        rows.item(
            page, url, string(one, "title"), string(one, "publishTime"), sticky=string(one, "top") not in ("", "0")
        )
        for one in records(data.get("data"))
        if (url := page.absolute(string(one, "link") or string(one, "url")))
    ]
    here, pages, form = number(data, "pageIndex"), number(data, "pageCount"), form_of(page.url)
    older = (
        with_form(split_form(page.url)[0], {**form, "pageIndex": str(here + 1)})
        if form and found and here and pages and here < pages
        else None
    )
    return Listing(items=tuple(found), older=older, total=number(data, "total"), pages=pages)


def read_article(page: Page, select: Select) -> RawArticle:
    """The body's container is the same in every skin; the English twins show no date, their addresses carry it."""
    if select["attachment"] == SELECT["attachment"] and not _DOCUMENTS(page.tree):
        select = {**select, "attachment": ""}  # as most stories: to look for them takes as long as all the rest here
    return select_by_role.read_article(page, select)
