"""Sitemaps (sitemaps.org 0.9) and their news extension: complete where listings have no end; titles come with the
articles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from archive.patterns import deferred
from spiders import rows
from spiders.data_pages import child_text, children, local, plain, xml_of
from spiders.facts import Item, Listing
from spiders.families import Select
from spiders.page import Page
from spiders.paging import query, with_query

# patterns of addresses: articles kept (all), child sitemaps that hold some
SELECT = {"only": "", "child": r"post|news|article|story|stories"}
_NUMBER = deferred(r"(?<!\d)(?<!\d[-_/])(\d{1,3})(\.xml(?:\.gz)?)$")  # not the month of sitemap-2026-09.xml
_OTHER = deferred(
    r"""
    # ways through the site, people, files, shops
    category|categories|tag|author|user|taxonom|page-sitemap|posts-page|attachment|media
    |product|event|staff
    """,
    re.I | re.X,
)


def detect(page: Page) -> float:
    """By the root of the document."""
    head = page.text[:2000]
    if "<urlset" not in head and "<sitemapindex" not in head and ":urlset" not in head:
        return 0.0
    root = xml_of(page)
    return 0.95 if root is not None and local(root) in ("urlset", "sitemapindex") else 0.0


def read_listing(page: Page, select: Select) -> Listing:
    """Addresses, newest change first. An index leads to the child that holds the newest articles, a numbered child to
    the one before it.

    Children named like news to which that does not lead are `beside`: a page cannot know its siblings.
    """
    root = xml_of(page)
    if root is None:
        return Listing()
    if local(root) == "sitemapindex":
        newest = _newest(page, root, select["child"])
        return Listing(older=newest, beside=_beside(page, root, select["child"], newest))
    found = [_item(page, entry) for entry in children(root, "url")]
    wanted = [one for one in found if one and urlsplit(one.url).path.strip("/") and re.search(select["only"], one.url)]
    wanted.sort(key=lambda one: one.day or "", reverse=True)
    return Listing(items=rows.once(wanted), older=_before(page.url) if wanted else None)


def _item(page: Page, entry: object) -> Item | None:
    url = page.absolute(child_text(entry, "loc"))
    news = next(children(entry, "news"), None)
    date = child_text(news, "publication_date") if news is not None else ""
    title = plain(child_text(news, "title")) if news is not None else ""
    return rows.item(page, url, title, date, changed=child_text(entry, "lastmod")) if url else None


def _newest(page: Page, root: object, wanted: str) -> str | None:
    """Of the children named like news, or of all but those of tags and authors, the one changed last; then the highest
    number."""
    known = _children(page, root)
    likely = [url for url in known if not _OTHER.search(url)]
    named_so = _named(known, wanted)
    return max(named_so or likely or known, key=lambda url: (_numbers(url), known[url]), default=None)


def _children(page: Page, root: object) -> dict[str, str]:
    """The child sitemaps of an index, with the time of their last change."""
    return {
        url: child_text(entry, "lastmod")
        for entry in children(root, "sitemap")
        if (url := page.absolute(child_text(entry, "loc"))) and url != page.url
    }


def _named(known: Iterable[str], wanted: str) -> list[str]:
    return [url for url in known if not _OTHER.search(url) and re.search(wanted, urlsplit(url).path, re.I)]


def _beside(page: Page, root: object, wanted: str, newest: str | None) -> tuple[str, ...]:
    """Of the children named like news the last of each chain of numbers that the newest does not lead down."""
    named = sorted(_named(_children(page, root), wanted), key=_numbers, reverse=True)
    led = {newest, *(_before(url) for url in named)}
    return tuple(url for url in named if url not in led)


def _numbers(url: str) -> list[int]:
    """sitemap-2026-09.xml comes after sitemap-2025-12.xml, post-sitemap10.xml after post-sitemap9.xml."""
    parts = urlsplit(url)
    return [int(digits) for digits in re.findall(r"\d{1,9}", f"{parts.path}?{parts.query}")]


def _before(url: str) -> str | None:
    """post-sitemap3.xml -> post-sitemap2.xml -> post-sitemap.xml; ...-post-2.xml -> ...-post-1.xml; ?page=2 ->
    ?page=1."""
    at = query(url, "page")
    if at is not None:
        return with_query(url, page=str(at - 1)) if at > 1 else None
    head, mark, tail = url.partition("?")
    found = _NUMBER.search(head)
    if not found or int(found[1]) < 2:
        return None
    bare = int(found[1]) == 2 and head[: found.start()].endswith("sitemap")  # Yoast writes no 1
    return f"{head[: found.start()]}{'' if bare else int(found[1]) - 1}{found[2]}{mark}{tail}"
