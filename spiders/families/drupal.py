"""Drupal 7 to 11: views of teasers, a pager that counts from 0 (page 2 is ?page=1), JSON:API where it is open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from spiders import listed, rows
from spiders.data_pages import json_of, path, records, string
from spiders.facts import Item, Listing
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page
from spiders.paging import query

SELECT = {
    "item": (
        ".views-row .node__title a, .views-row h2 a, .views-row h3 a, .views-row .views-field-title a, .view-content"
        " article h2 a, .view-content .views-field-title a, .view-content .node__title a"
    ),
    "pager": "nav.pager, ul.pager, .pager__items",
    "older": ".pager__item--next a, li.pager-next a, .pager a[rel=next]",
    "last": ".pager__item--last a, li.pager-last a",
    "title": "h1.page-title, h1.page-header, h1#page-title, article h1, h1",
    "published": (
        "meta[property='article:published_time'], .field--name-field-date time, .field--name-field-news-date time,"
        " .field--name-created, article time, .date-display-single, .submitted time, .submitted"
    ),
    "updated": "meta[property='article:modified_time']",
    "byline": ".field--name-field-author, .field-name-field-author, .field--name-field-byline",
    "body": (
        ".node--view-mode-full .field--name-body, .field--name-body, .field-name-body, .node__content .text-formatted,"
        " article .text-formatted"
    ),
    "attachment": ".field--name-field-files, .field--name-field-attachments, span.file",
}


def detect(page: Page) -> float:
    """By its generator (header or meta), its settings and its folder of files."""
    return sure(
        page,
        html=[
            (r"""generator["'] content=["']Drupal""", 0.97),
            (r"data-drupal-selector|drupal-settings-json|Drupal\.settings", 0.95),
            (r"/sites/(?:default|[\w.-]+)/files/", 0.7),
            (r"/core/misc/drupal\.js", 0.9),
        ],
        url=[(r"/jsonapi/node/", 0.9)],
        headers=[(r"x-generator: Drupal", 0.97), (r"x-drupal-(?:dynamic-)?cache", 0.9)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """The view before the pager, or an answer of JSON:API."""
    data = json_of(page)
    if isinstance(data, dict):
        found = tuple(one for node in records(data.get("data")) if (one := _node(page, node)))
        older = page.absolute(string(data, "links", "next", "href"))
        return Listing(items=found, older=older if found and older != page.url else None)
    listing = listed.read_main_list(page, select)
    last = next(iter(page.links(select["last"])), "")
    number = query(last, "page")
    return replace(listing, pages=number + 1) if number is not None else listing


def _node(page: Page, node: dict[str, Any]) -> Item | None:
    facts = path(node, "attributes")
    address = string(facts, "path", "alias") or f"/node/{string(facts, 'drupal_internal__nid')}"
    url = page.absolute(address)
    return (
        rows.item(page, url, string(facts, "title"), string(facts, "created"), sticky=path(facts, "sticky") is True)
        if url and string(facts, "title")
        else None
    )
