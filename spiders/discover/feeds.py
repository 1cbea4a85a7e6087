"""Feeds, APIs and sitemaps that a page names, or that the software which made it is known to have. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.patterns import deferred
from spiders.discover.candidate import Candidate
from spiders.page import Page, one_line

_FEEDS = {"application/rss+xml": "feed", "application/atom+xml": "feed", "application/feed+json": "feed"}
_FEED_ADDRESS = deferred(
    r"\.(?:rss|atom)(?:$|[?#])|/(?:rss|feed|atom)(?:\.xml|/)?(?:$|\?)|[?&](?:format|type)=(?:rss|atom)\b", re.I
)
_FEED_WORDS = deferred(r"(?<![^\W_])(?:rss|atom|xml feed|news feed)(?![^\W_])", re.I)
_KNOWN_FEEDS = tuple(
    (deferred(mark, re.I), paths)
    for mark, paths in (
        (r"wix\.com website builder|static\.wixstatic\.com|static\.parastorage\.com", ("/blog-feed.xml",)),
        (r"squarespace", ("/news?format=rss", "/blog?format=rss")),
        (r"generator\W+content\W+ghost |^\s*ghost \d", ("/rss/",)),
        (r"wordpress", ("/feed/",)),
        (r"drupal", ("/rss.xml",)),
        (r"generator\W+content\W+hugo ", ("/news/index.xml", "/index.xml")),
        (r"generator\W+content\W+jekyll ", ("/feed.xml",)),
        (r"blogger", ("/feeds/posts/default",)),
        (r"joomla", ("/?format=feed&type=rss",)),
    )
)


def machine(page: Page) -> Iterator[Candidate]:
    """Feeds, APIs and sitemaps that the page's head names; feeds of comments are left out."""
    for link in page.tree.iter("link"):
        rel, kind = (link.get("rel") or "").lower(), (link.get("type") or "").lower()
        url = page.absolute(link.get("href"))
        if not url:
            continue
        title = " ".join((link.get("title") or "").split())
        if "alternate" in rel and kind in _FEEDS and not re.search(r"comment", f"{title} {url}", re.I):
            yield Candidate(url=url, section=title, kind="feed", score=1.4)
        elif rel == "https://api.w.org/":
            yield Candidate(url=f"{url.rstrip('/')}/wp/v2/posts?per_page=100", section="", kind="api", score=1.0)
        elif rel == "sitemap":
            yield Candidate(url=url, kind="sitemap", score=0.5)


def feeds(page: Page) -> Iterator[Candidate]:
    """Feeds that a link on the page shows, by its words, its picture or its address; those of comments are left out."""
    for element in page.tree.iter("a"):
        url = page.absolute(element.get("href"))
        if not url or re.search(r"comment|podcast|calendar|event", url, re.I):
            continue
        shown = " ".join(
            (one_line(element), *(element.get(name) or "" for name in ("title", "aria-label", "type", "class")))
        )
        shown += " ".join(image.get("alt") or "" for image in element.iter("img"))
        if _FEED_ADDRESS.search(url) or (_FEED_WORDS.search(shown) and re.search(r"feed|rss|atom|\.xml", url, re.I)):
            yield Candidate(url=url, kind="feed", score=1.35)


def known_feeds(page: Page) -> list[Candidate]:
    """Where the software that made a page is known to have its feed, though the page does not say so."""
    names = f"{page.meta('generator')} {page.header('x-powered-by')} {page.header('server')}"
    found = next((paths for mark, paths in _KNOWN_FEEDS if mark.search(names) or mark.search(page.text[:20_000])), ())
    return [Candidate(url=url, kind="feed", score=1.0) for path in found if (url := page.absolute(path))]
