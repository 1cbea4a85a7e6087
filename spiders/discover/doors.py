"""Where a page leads to a site's news by way of another page: its frames, parts of the site, the site in another
language. Pure."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from spiders.discover.candidate import key_of
from spiders.discover.words import LABEL, hub, twin
from spiders.page import Page, one_line
from spiders.site import registrable, same_domain


def frames(page: Page) -> list[str]:
    """Addresses of a page's frames under its own domain, in page order: with frames, they are the page."""
    own = urlsplit(page.url).hostname or ""
    found = (
        page.absolute(element.get("src") or element.get("data-src"))
        for element in page.tree.iter("frame", "iframe")
        if element.get("hidden") is None and (element.get("width"), element.get("height")) != ("0", "0")
    )
    return list(dict.fromkeys(url for url in found if url and same_domain(urlsplit(url).hostname or "", own)))[:6]


def hubs(page: Page) -> list[str]:
    """Parts of a site behind which its news may lie (About us, Media, 学校概况), in page order."""
    return _led_to(page, hub)


def twins(page: Page) -> list[str]:
    """The same site in English or Chinese: links that say so, and what the head names as its alternates."""
    named = [
        url
        for link in page.tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("hreflang") or "").lower().partition("-")[0] in ("en", "zh")
        and (url := page.absolute(link.get("href")))
        and key_of(url) != key_of(page.url)
        and same_domain(urlsplit(url).hostname or "", urlsplit(page.url).hostname or "")
    ]
    return list(dict.fromkeys([*_led_to(page, twin), *named]))


def _led_to(page: Page, fits: Callable[[str], bool]) -> list[str]:
    own = urlsplit(page.url).hostname or ""
    found: dict[str, str] = {}
    for element in page.tree.iter("a"):
        words = one_line(element) or " ".join((element.get("title") or "").split())
        if not words or len(words) > LABEL or not fits(words):
            continue
        url = page.absolute(element.get("href"))
        if url and same_domain(urlsplit(url).hostname or "", own) and key_of(url) != key_of(page.url):
            found.setdefault(key_of(url), url)
    return list(found.values())


def within(start: str, url: str) -> bool:
    """Whether an address belongs to the part of a college that `start` is the front page of: a department under its own
    host or folder, a paper. Of a college's home page all of its domain is."""
    one, two = urlsplit(start), urlsplit(url)
    host, other = one.hostname or "", two.hostname or ""
    if not same_domain(host, other):
        return False
    if host.removeprefix("www.") != registrable(host) and not _number(host) and host != other:
        return False
    folder = one.path.rpartition("/")[0]
    return not folder or (host == other and two.path.startswith(f"{folder}/"))


def _number(host: str) -> bool:
    return host.replace(".", "").isdigit()
