"""Feeds of any site: RSS 0.9-2.0, RDF, Atom (RFC 4287), JSON Feed 1.x. They list; the articles are pages read without
selectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spiders import rows
from spiders.data_pages import address, child_text, children, json_of, local, plain, records, string, xml_of
from spiders.facts import Item, Listing
from spiders.families import Select
from spiders.generic import dates
from spiders.page import Page

SELECT: dict[str, str] = {}
_ROOTS = frozenset({"rss", "feed", "rdf"})


def detect(page: Page) -> float:
    """By the root of the document; the media type is as often wrong as right."""
    head = page.text[:2000].lstrip("\ufeff \r\n\t")
    if head.startswith("{"):
        return 0.95 if "jsonfeed.org/version" in head else 0.0
    if not head.startswith("<") or "<html" in head.lower():
        return 0.0
    root = xml_of(page)
    return 0.95 if root is not None and local(root) in _ROOTS else 0.0


def read_listing(page: Page, select: Select) -> Listing:
    """Entries in the order of the feed; `older` where it is paged (RFC 5005) or JSON Feed's `next_url` says so."""
    data = json_of(page)
    if isinstance(data, dict):
        return _json(page, data)
    root = xml_of(page)
    if root is None or local(root) not in _ROOTS:
        return Listing()
    head = root if local(root) == "feed" else next(children(root, "channel"), root)
    # wherever: one that is not closed holds the next
    entries = [entry for entry in root.iter() if local(entry) in ("item", "entry")]
    home = _link(page, head) or page.url
    found = (_entry(page, entry, home) for entry in entries)
    older = next(
        (address(page, link, link.get("href")) for link in children(head, "link") if link.get("rel") == "next"), None
    )
    return Listing(items=rows.once(one for one in found if one), older=older if older != page.url else None)


def _entry(page: Page, entry: Any, home: str) -> Item | None:
    url = _link(page, entry) or address(page, entry, next(_permalinks(entry), None))
    if not url:
        return None
    date, changed = (
        _day(child_text(entry, "pubdate", "published", "date", "issued")),
        _day(child_text(entry, "updated", "modified")),
    )
    return rows.item(page, url, plain(child_text(entry, "title")), date, changed=changed, home=home)


def _link(page: Page, element: Any) -> str | None:
    """RSS writes the address as text, Atom as `href` with rel=alternate or none."""
    for link in children(element, "link"):
        if link.get("rel", "alternate") == "alternate" and (
            url := address(page, link, (link.text or "").strip() or link.get("href"))
        ):
            return url
    return None


def _day(said: str) -> str:
    """What an entry says of its time; as an instant where it counts seconds."""
    return dates.stamp(said) or said


def _permalinks(entry: Any) -> Iterator[str]:
    return (guid.text or "" for guid in children(entry, "guid", "id") if guid.get("isPermaLink", "true") != "false")


def _json(page: Page, data: dict[str, Any]) -> Listing:
    home = page.absolute(string(data, "home_page_url")) or page.url
    found = (
        rows.item(page, url, plain(string(one, "title")), _day(string(one, "date_published")), home=home)
        for one in records(data.get("items"))
        if (url := page.absolute(string(one, "url") or string(one, "id")))
    )
    older = page.absolute(string(data, "next_url"))
    return Listing(items=rows.once(found), older=older if older != page.url else None)
