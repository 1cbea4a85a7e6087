"""The title of a row comes from the page; the listing's stands in where the page's is none."""

from __future__ import annotations

import pytest

from spiders.facts import Item
from spiders.page import Page
from spiders.read import extract, read_article
from spiders.site import ListingSeed, Site

SITE = Site(id="x", name="x", listings=(ListingSeed(url="http://x.example/"),))
TEXT = "<p>" + "学院在报告厅召开新学期教学工作会议，各系部负责人参加会议并作了发言。" * 6 + "</p>"


@pytest.mark.parametrize(
    ("title", "listed", "expected"),
    [
        ("学院召开教学工作会议", "学院召开教学…", "学院召开教学工作会议"),
        ("显示", "学院召开教学工作会议", "学院召开教学工作会议"),
        ("讣告", "讣告", "讣告"),
        ("讣告", "", "讣告"),
        ("很长" * 5000, "学院召开教学工作会议", "学院召开教学工作会议"),
        ("很长" * 5000, "", "很长" * 250 + "…"),
    ],
)
def test_title(title: str, listed: str, expected: str) -> None:
    page = Page(
        "http://x.example/1.html",
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{TEXT}</body></html>".encode(),
    )
    article = read_article(page, SITE, Item(url=page.url, title=listed))
    assert getattr(article, "title", None) == expected


KICKED = "<h2><span>Library</span> <span>Trustees approve a plan for its renovation</span></h2>"
PLAN = "Trustees approve a plan for its renovation"


@pytest.mark.parametrize(
    ("headline", "shared", "inner", "expected"),
    [
        (
            "Library renovation 2026: dates and costs",
            PLAN,
            f"<h1>{PLAN}</h1>",
            PLAN,
        ),  # what is displayed, not what search engines are told
        ("Library renovation 2026", PLAN, "<h1>Library renovation 2026</h1>", "Library renovation 2026"),
        ("Library renovation 2026", PLAN, "", "Library renovation 2026"),
        ("Library renovation 2026", PLAN, f"<nav><ol><li><h1>{PLAN}</h1></li></ol></nav>", "Library renovation 2026"),
        ("Library renovation 2026", PLAN, f"<h1 class=breadcrumb__last>Library renovation 2026</h1>{KICKED}", PLAN),
        (f"Library: {PLAN}", PLAN, KICKED, PLAN),  # a kicker is none of the headline, whichever source has it
        (PLAN, f"Library: {PLAN}", KICKED, PLAN),
        ("", PLAN, KICKED, PLAN),
        ("", f"Our buildings: {PLAN}", KICKED, PLAN),
        ("", f"Library {PLAN}", KICKED, f"Library {PLAN}"),
        (
            "",
            "College News: Trustees approve a plan for its renovation",
            "<h1>Trustees approve <em>a plan for its renovation</em></h1>",
            PLAN,
        ),
    ],
)
def test_what_is_displayed_and_shared_is_the_headline(headline: str, shared: str, inner: str, expected: str) -> None:
    data = (
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{headline}"}}</script>'
        if headline
        else ""
    )
    head = f'<title>{headline or shared}</title><meta property="og:title" content="{shared}">{data}'
    page = Page("http://x.example/1.html", f"<html><head>{head}</head><body>{inner}{TEXT}</body></html>".encode())
    assert getattr(read_article(page, SITE), "title", None) == expected


def test_the_section_behind_a_headline_is_none_of_it_where_a_heading_shows_it_alone() -> None:
    head = "<title>Twelve firms join the college &gt; News | Example College</title>"
    top = "<header><h1>Twelve firms join the college &gt; News</h1></header>"
    own = (
        "<article><h2><span>Twelve firms join the college</span></h2><p>"
        + "They met on Monday. " * 30
        + "</p></article>"
    )
    page = f"<html><head>{head}</head><body>{top}{own}</body></html>"
    assert extract(page.encode(), "https://news.fenwick.example.edu/a")["title"] == "Twelve firms join the college"
