"""Plone: folders and collections paged by `b_start:int`, 20 or 30 at a time; many Brazilian institutes."""

from __future__ import annotations

from spiders.marks import sure
from spiders.page import Page

SELECT = {
    "item": (
        "article.entry a.summary.url, article.entry a.url, .tileItem a.summary, .tileHeadline a, article.entry h2 a,"
        " article.tileItem h2 a"
    ),
    "pager": ".pagination, .listingBar",
    "older": ".pagination .next a, .pagination a.next, .listingBar .next a, .listingBar a.proximo, li.next a",
    "title": "h1.documentFirstHeading, h1",
    "subtitle": ".documentDescription",
    "published": ".documentPublished, span.published, .documentByLine .published",
    "updated": ".documentModified",
    "byline": ".documentAuthor a, .documentAuthor",
    "body": "#parent-fieldname-text, #content-core [property='rnews:articleBody'], #content-core",
    "lead_image": ".newsImageContainer img, .leadImage img",
}


def detect(page: Page) -> float:
    """By its generator and the parts of its theme."""
    return sure(
        page,
        html=[
            (r"""generator["'] content=["']Plone""", 0.97),
            (r"\bportal-column-content\b|\bplone-\w+", 0.7),
            (r"documentFirstHeading", 0.6),
            (r"b_start:int|b_start%3Aint", 0.7),
            (r"\+\+plone\+\+|\+\+resource\+\+", 0.9),
        ],
        url=[(r"b_start(?::|%3A)int=", 0.6)],
    )
