"""JeeCMS: addresses in .jhtml; documents have no address until a script asks /attachment_url.jspx for one."""

from __future__ import annotations

from dataclasses import replace

from archive.article import Attachment
from archive.patterns import deferred
from spiders import listed, select_by_role
from spiders.facts import Listing, RawArticle
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page

SELECT = {
    "item": "a[href*='.jhtml']",
    "pager": ".pagesite, .page, .pages",
    "older": ".pagesite a.next, a.next",
    "title": "h1, .title",
    "published": ".msgbar, .info, .date",
    "body": ".content, #content, .txt",
    "pages": ".content-page a",
}
_STORY = deferred(r"/\d+\.jhtml$")
_ATTACHMENTS = deferred(
    r"""Cms\.attachment\(\s*["']([^"']*)["']\s*,\s*["'](\d+)["']\s*,\s*["'](\d{1,3})["']\s*,\s*["'](\w+)["']"""
)


def detect(page: Page) -> float:
    """By its endings and its scripts."""
    return sure(
        page,
        html=[
            (r"/r/cms/", 0.9),
            (r"\bCms\.(?:viewCount|attachment|comment)\(", 0.9),
            (r"""href=["'][^"']+\.jhtml["']""", 0.8),
            (r"\.jspx\b", 0.5),
        ],
        url=[(r"\.jhtml$|\.jspx", 0.8)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """The list before the pager, by addresses that end in a number."""
    links = [link for link in page.select(select["item"]) if _STORY.search(link.get("href") or "")]
    return listed.of_links(page, select, listed.main_list(page, links, select["pager"]))


def read_article(page: Page, select: Select) -> RawArticle:
    """A document is given by the address that answers with its key: `attachment_url.jspx?cid={story}&n={count}`, one
    `i` each."""
    raw = select_by_role.read_article(page, select)
    asked = _ATTACHMENTS.search(page.text)
    if not asked:
        return raw
    base, story, count, prefix = asked.groups()
    found = []
    for n in range(int(count)):
        name = page.words(f"#{prefix}{n}")
        url = page.absolute(f"{base}/attachment_url.jspx?cid={story}&n={count}&i={n}")
        if name and url:
            found.append(Attachment(url=url, filename=name[:200]))
    return replace(raw, attachments=raw.attachments + tuple(found))
