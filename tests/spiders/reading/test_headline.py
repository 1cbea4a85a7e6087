"""The title of a row comes from the page; the listing's stands in where the page's is none."""

from __future__ import annotations

import pytest

from spiders.facts import Item
from spiders.page import Page
from spiders.read import read_article
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
    page = Page("http://x.example/1.html", f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{TEXT}</body></html>".encode())
    article = read_article(page, SITE, Item(url=page.url, title=listed))
    assert getattr(article, "title", None) == expected
