"""Joomla: category blogs and tables, paged by `start` (or `limitstart`), the offset of the first item."""

from __future__ import annotations

from spiders.marks import sure
from spiders.page import Page

SELECT = {
    "item": (
        ".blog-item h2 a, .blog-item h3 a, .blog .items-row h2 a, .blog .page-header h2 a, .items-leading h2 a,"
        " table.category td.list-title a, table.category th.list-title a, .com-content-category-blog__item h2 a"
    ),
    "pager": ".pagination, .com-content-category-blog__pagination, p.counter",
    "older": ".pagination a.next, li.pagination-next a, .pagination-next a, .pagination a[rel=next], a.page-link.next",
    "title": (
        ".item-page [itemprop=headline], .item-page .page-header h1, .item-page .page-header h2, .item-page h1,"
        " .item-page h2"
    ),
    "published": "[itemprop=datePublished], .article-info .published time, .published time, .article-info .create time",
    "updated": "[itemprop=dateModified], .article-info .modified time",
    "byline": ".createdby [itemprop=name], .createdby",
    "section": ".category-name a",
    "body": ".item-page [itemprop=articleBody], .com-content-article__body, .item-page",
    "drop": ".article-info, .page-header, .pagenavigation, .pager, .icons, .article-index",
}


def detect(page: Page) -> float:
    """By its generator, its component's routes and its scripts."""
    return sure(
        page,
        html=[
            (r"""generator["'] content=["']Joomla""", 0.97),
            (r"option=com_content", 0.8),
            (r"/media/(?:system/js|jui|vendor/joomla)", 0.8),
            (r"joomla-script-options", 0.95),
            (r"com-content-(?:article|category)", 0.8),
        ],
        url=[(r"option=com_content", 0.8)],
    )
