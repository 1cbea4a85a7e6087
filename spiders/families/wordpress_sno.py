"""SNO sites (WordPress with the FLEX or snoflex theme): American student papers. The masthead's date is today's, its h1
the paper's name."""

from __future__ import annotations

from spiders import listed
from spiders.data_pages import json_of
from spiders.facts import Listing
from spiders.families import Select, feed, wordpress
from spiders.marks import sure
from spiders.page import Page

SELECT = {
    "item": (
        "a.sno-story-card-link, a.homeheadline, .homeheadline a, .sno-story-card h2 a, .catlist-panel h2 a,"
        " .searchheadline"
    ),
    "older": "a.next.page-numbers, .pagination a.next, .sno-pagination a.next",
    "title": "meta[property='og:title'], #sno-story-headline, .sno-story-headline, h1.storyheadline",
    "published": ".sno-story-date, .storydate, meta[property='article:published_time']",
    "updated": "meta[property='article:modified_time']",
    "byline": ".sno-story-byline .creditline, .sno-story-byline a, .storybyline a",
    "body": "#sno-story-body-content, #classic_story, #sno-sites-main-content",
    "drop": (
        ".sno-story-related-content-insertion, .relatedstory, .sno-story-widget, .sno-story-photo-caption,"
        " .time-wrapper"
    ),
    "lead_image": ".sno-story-photo-image-area img",
}


def detect(page: Page) -> float:
    """By the theme's folder and its classes."""
    return sure(
        page,
        html=[
            (r"themes/snoflex|sno-?flex", 0.95),
            (r"\bsno-story-[\w-]+", 0.95),
            (r"\bsno-(?:main-content|animate|default-theme)\b", 0.7),
        ],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """Cards of a category page; WordPress's REST interface and feeds where the listing's address is one."""
    if json_of(page) is not None or feed.detect(page):
        return wordpress.read_listing(page, {**wordpress.SELECT, **select})
    return listed.read_listing(page, select)
