"""Any other site: a configured selector names the items, or the listing finder does; the generic readers read the
articles."""

from __future__ import annotations

from spiders import listed, rows
from spiders.facts import Listing
from spiders.families import Select
from spiders.generic import listing
from spiders.page import Page

SELECT: dict[str, str] = {}  # a site may name: item, older, pager, and the roles of spiders.select_by_role


def detect(page: Page) -> float:
    """Never sure: it is what remains."""
    return 0.0


def read_listing(page: Page, select: Select) -> Listing:
    """Links that `item` matches, and nothing else where it is given; else what the finder is sure of."""
    if not select.get("item"):
        return listing.find(page)
    return listed.of(
        page, {"older": "link[rel=next], a[rel=next]", **select}, rows.items(page, page.select(select["item"]))
    )
