"""TYPO3 with EXT:news. Addresses of pages carry a checksum (cHash): only those the pager offers are valid."""

from __future__ import annotations

from spiders.marks import sure
from spiders.page import Page

SELECT = {
    "item": (
        ".news-list-view .article h2 a, .news-list-view .article h3 a, .news-list-view .article h4 a, .news-list-view"
        " .article .header a, .news .article h3 a"
    ),
    "pager": ".f3-widget-paginator, .page-navigation, .pagination",
    "older": (
        ".f3-widget-paginator li.next a, .pagination li.next a, .page-navigation .next a, a.page-link.next,"
        " link[rel=next]"
    ),
    "title": ".news-single [itemprop=headline], .news-single h1, [itemprop=headline], h1",
    "subtitle": ".news-single .teaser-text h2",
    "published": "[itemprop=datePublished], .news-list-date time, .news-list-date",
    "byline": ".news-list-author",
    "body": ".news-text-wrap, [itemprop=articleBody]",
    "attachment": ".news-related-files",
    "lead_image": ".news-single .news-img-wrap img",
}


def detect(page: Page) -> float:
    """By its generator, its folders and the extension's classes."""
    return sure(
        page,
        html=[
            (r"""generator["'] content=["']TYPO3""", 0.95),
            (r"/typo3(?:temp|conf)/", 0.9),
            (r"tx_news_pi1", 0.9),
            (r"\bnews-(?:list-view|text-wrap|single)\b", 0.6),
        ],
    )
