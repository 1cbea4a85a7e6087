"""What reading a page gives, as plain data that an expected.json can hold; empty fields are left out."""

from __future__ import annotations

from typing import Any

from spiders.facts import Item, Listing, RawArticle
from spiders.page import one_line


def of_listing(listing: Listing) -> dict[str, Any]:
    """Items, the way on, and what the pager claims."""
    return {
        "items": [of_item(item) for item in listing.items],
        "older": listing.older,
        "total": listing.total,
        "pages": listing.pages,
    }


def of_item(item: Item) -> dict[str, Any]:
    """`kind` only where it is no article, `sticky` only where it is, `changed` where the listing tells that instead."""
    row: dict[str, Any] = {"url": item.url, "title": item.title, "date": item.date}
    if item.kind != "article":
        row["kind"] = item.kind
    if item.changed:
        row["changed"] = item.changed
    return row | ({"sticky": True} if item.sticky else {})


def of_article(raw: RawArticle) -> dict[str, Any]:
    """The words of each role that the page fills."""
    facts: dict[str, Any] = {
        "title": raw.title,
        "subtitle": raw.subtitle,
        "published": raw.published,
        "updated": raw.updated,
        "byline": list(raw.byline),
        "source": raw.source,
        "section": list(raw.section),
        "lead_image": raw.lead_image,
        "older": list(raw.older),
        "attachments": [[one.url, one.filename] for one in raw.attachments],
        "images": [one.url for one in raw.images],
    }
    return {name: value for name, value in facts.items() if value}


def body(raw: RawArticle) -> str:
    """Text of the story's element, or the story where it is text."""
    return one_line(raw.body) if raw.body is not None else raw.body_text or ""
