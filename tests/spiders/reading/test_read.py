"""A whole page in, a record out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from spiders.facts import Item, Listing
from spiders.page import Page
from spiders.read import extract, read_article, read_listing
from spiders.site import ListingSeed, Site

SITE = Site(
    id="example",
    name="Example",
    listings=(ListingSeed(url="https://www.example.edu.cn/news/"),),
    timezone="Asia/Shanghai",
    language="zh",
)
FETCHED = datetime(2026, 9, 30, tzinfo=UTC)
STORY = (
    "<html><head><title>学院召开新学期教学工作会议-示例学院</title></head><body><ul class=nav><li><a"
    " href=/>首页</a><li><a href=/news/>新闻</a></ul><div"
    " class=con><h1>学院召开新学期教学工作会议</h1><p>发布时间：2026-09-18"
    " 15:30　作者：张三　来源：教务处　浏览次数：123</p><div id=text><p>9月18日下午，"
    "学院在报告厅召开新学期教学工作会议，各系部负责人、全体教师参加会议，会议由副院长主持。"
    "</p><p>会议总结了上学期教学工作，对本学期的课程建设、实习实训、教学检查等重点任务作出部署，并要求落实责任。"
    "</p><p><img src=/a.jpg alt=会场></p><p>附件：<a href='/files/plan.docx'>工作方案.docx</a></p></div><p>上一篇：<a"
    " href=/1.htm>学院举行开学典礼</a></p><p>下一篇：<a href=/3.htm>学院开展消防演练</a></p></div></body></html>"
)


def page(html: str = STORY, url: str = "https://www.example.edu.cn/info/1001/2.htm") -> Page:
    return Page(url, html.encode(), fetched=FETCHED)


def test_a_page_of_no_known_maker_is_read_whole() -> None:
    article = read_article(page(), SITE)
    assert article.title == "学院召开新学期教学工作会议"
    assert article.published == "2026-09-18T07:30:00Z" and article.published_precision == "minute"
    assert article.authors == ("张三",) and article.source == "教务处" and article.language == "zh"
    assert article.body.startswith("9月18日下午") and "上一篇" not in article.body and "浏览次数" not in article.body
    assert article.body.count("\n\n") == 2
    assert [one.url for one in article.images] == ["https://www.example.edu.cn/a.jpg"]
    assert [(one.url, one.filename) for one in article.attachments] == [
        ("https://www.example.edu.cn/files/plan.docx", "工作方案.docx")
    ]
    assert article.problems() == []


def test_the_listing_row_dates_a_page_that_does_not() -> None:
    undated = STORY.replace("发布时间：2026-09-18 15:30", "")
    article = read_article(page(undated), SITE, Item(url="https://www.example.edu.cn/info/1001/2.htm", date="09-18"))
    assert (article.published, article.published_precision) == ("2026-09-18", "day")


def test_extract_is_the_same_path() -> None:
    found = extract(STORY.encode(), "https://www.example.edu.cn/info/1001/2.htm")
    assert (
        found["title"] == "学院召开新学期教学工作会议"
        and found["date"] == "2026-09-18"
        and found["authors"] == ["张三"]
    )
    assert found["text"].startswith("9月18日下午")


def test_what_an_index_of_sitemaps_names_beside_the_way_on_is_said_until_it_is_a_listing() -> None:
    index, articles = "https://www.example.edu.cn/sitemap.xml", "https://www.example.edu.cn/sitemap-articles.xml"
    children = "".join(
        f"<sitemap><loc>https://www.example.edu.cn/sitemap-{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in (("news", "2026-11-02"), ("articles", "2026-10-02"))
    )
    xml = f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{children}</sitemapindex>"
    shown = Page(index, xml.encode(), headers=(("Content-Type", "application/xml"),))
    site = replace(SITE, family="sitemap", listings=(ListingSeed(url=index),))
    found = read_listing(shown, site)
    assert isinstance(found, Listing) and found.beside == (articles,)
    assert found.unfollowed == f"{articles} names stories too, and is no listing of the site"
    both = read_listing(shown, replace(site, listings=(*site.listings, ListingSeed(url=articles))))
    assert isinstance(both, Listing) and both.older and both.unfollowed is None
