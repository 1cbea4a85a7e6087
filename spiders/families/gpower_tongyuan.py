"""Static `/{column}/index.htm` sites with `gp-` classes (通元, by inference): BIT, CNU, UIBE, BNU. Page 2 is
index1.htm."""

from __future__ import annotations

from spiders.marks import sure
from spiders.page import Page

SELECT = {
    "item": "a.gpTextArea, .gpAvgList li a[href], [class*=block-list] li a[href]",
    "pager": ".gp-page, [class*=gp-page]",
    "older": ".gp-page a.next, a.gp-next",
    "title": "#shareTitle, .gp-article1 h3, .gp-article h1, .gp-article h2, .gp-article h3, .articleTitle",
    "published": ".gp-info, .gp-article .info, .articleInfo",
    "body": "#gp-content, .gp-article .article, .gp-article1 .article, .article, .gp-article1, .gp-article",
    "attachment": ".gp-annex2, [class*=gp-annex]",
}


def detect(page: Page) -> float:
    """By the classes of its components."""
    return sure(
        page,
        html=[
            (r"\bgpTextArea\b", 0.95),
            (r"\bgpArticle(?:Title|Date)\b", 0.9),
            (r"\bgp-article\d*\b", 0.9),
            (r"\bgp-(?:common|annex|page|info)\d*\b", 0.7),
        ],
    )
