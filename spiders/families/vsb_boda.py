"""VSB 博达 (Visual SiteBuilder 9): about a third of Chinese university sites. Its pager counts down, so it is walked by
its links."""

from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders import listed, rows
from spiders.facts import Listing
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page

SELECT = {
    "row": "[id^=line]",
    "item": "a[href*='info/'], a[href*='content.jsp']",
    "pager": ".pb_sys_common, [id^=fanye], .p_pages, a.Next, span.Next",
    "older": ".p_next a, a.Next",
    "column": ".v_news_content",
    "title": (
        "form[name=_newscontent_fromname] h1, form[name=_newscontent_fromname] h2, form[name=_newscontent_fromname] h3,"
        " meta[name=ArticleTitle i], [class^=titlestyle]"
    ),
    "published": "meta[name=PubDate i], [class^=timestyle]",
    "byline": "[class^=authorstyle]",
    "source": "meta[name=ContentSource i]",
    "section": "meta[name=ColumnName i]",
    "body": ".v_news_content, [id^=vsb_content], #vsb_newscontent",
    "attachment": "form[name=_newscontent_fromname]",
}
_ROW = deferred(r"line_?u?(\d+)_\d+$")
_VIEW = deferred(r"\bu?(\d+)_goto\b|[?&;]a(\d+)p=\d")  # the pager names the list it belongs to
_STORY = deferred(r"info/\d+/\d+\.s?html?|content\.jsp\?")
_PAGES = deferred(r"_simple_list_gotopage_fun\((\d+)")


def detect(page: Page) -> float:
    """By its own signature, its scripts and its servers; by the shape of addresses less surely."""
    return sure(
        page,
        html=[
            (r"Announced by Visual SiteBuilder", 0.97),
            (r"_sitegray/_sitegray", 0.9),
            (r"/system/resource/(?:js|code|css)/", 0.85),
            (r"_jsq_\(", 0.7),
            (r"vsb_content|v_news_content", 0.8),
            (r"_showDynClicks", 0.8),
            (r"""id="line_?u?\d+_\d+\"""", 0.7),
            (r"pb_sys_common", 0.7),
            (r"""href="(?:\.\./)*/?info/\d{3,4}/\d+\.htm""", 0.6),
            (r"/system/_content/download\.jsp", 0.8),
            (r"/system/caslogin\.jsp", 0.8),
        ],
        url=[(r"/info/\d{3,4}/\d+\.htm", 0.5), (r"wbtreeid=\d+", 0.8)],
        headers=[(r"server: V(?:Web|App)Server", 0.95), (r"x-protected-by: (?:Web|Open)RASP", 0.6)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """Rows that carry a list's number where the skin has them, else the list of `info/` links before the pager."""
    links = _numbered(page, select["row"]) or listed.main_list(
        page, [link for link in page.select(select["item"]) if _STORY.search(link.get("href") or "")], select["pager"]
    )
    found = listed.of(page, select, rows.items(page, links))
    claimed = _PAGES.search(page.text)
    return replace(found, pages=int(claimed[1])) if claimed else found


def _numbered(page: Page, css: str) -> list[HtmlElement]:
    """Links of `<li id="line_u10_0">`: of the list whose number the pager bears; of the longest list where no pager
    bears one."""
    lists: dict[str, list[HtmlElement]] = {}
    for element in page.select(css):
        if found := _ROW.fullmatch(element.get("id") or ""):
            lists.setdefault(found[1], []).extend(page.select("a[href]", element))
    paged = {found[1] or found[2] for found in _VIEW.finditer(page.text)}
    if paged:
        return next((links for view, links in lists.items() if view in paged), [])
    longest = max(lists.values(), key=len, default=[])
    return longest if len(longest) > 1 else []
