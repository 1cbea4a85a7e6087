"""Listings whose first page holds no items but leads to them: a sitemap's index, a portal that scripts fill by POST."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.crawler.box import Box
from tests.crawler.campus import Answer, campus, html

XML, JSON = "text/xml; charset=utf-8", "application/json"
STORY = (
    "本次活动由学生工作处主办，来自十二个学院的三百余名同学参加，活动历时两天，取得了良好的效果，得到师生的一致好评。"
)


def _sitemap() -> dict[str, Answer]:
    def child(numbers: range) -> Answer:
        rows = "".join(
            f"<url><loc>{{host}}/2026/05/{n:02}/story-{n}/</loc><lastmod>2026-05-{n:02}</lastmod></url>"
            for n in numbers
        )
        return 200, XML, f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()

    index = "".join(
        f"<sitemap><loc>{{host}}/{name}.xml</loc></sitemap>"
        for name in ("post-sitemap", "post-sitemap2", "author-sitemap")
    )
    pages: dict[str, Answer] = {
        "/sitemap_index.xml": (
            200,
            XML,
            f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{index}</sitemapindex>'.encode(),
        ),
        "/post-sitemap.xml": child(range(1, 4)),
        "/post-sitemap2.xml": child(range(4, 6)),
    }
    return pages | {
        f"/2026/05/{n:02}/story-{n}/": html(
            f"<title>Story {n}</title><h1>Story {n}</h1><div"
            f" class=txt><p>{'The trustees met on Tuesday and approved the plan. ' * 6}</p></div>"
        )
        for n in range(1, 6)
    }


def _portal() -> dict[str, Answer]:
    pages: dict[str, Answer] = {
        "/engine2/general/more?appId=12": html(
            '<script src="/engine2/res/engine.js"></script><div id="app"></div><script>var engineInstanceId = 77; var'
            " typeId = 5;</script>"
        )
    }
    for number, ids in ((1, range(5, 25)), (2, range(1, 5))):
        rows = [
            {
                "url": f"/engine2/d/{n}/77/0",
                "1": {"value": f"学院举行第{n}届校园文化艺术节"},
                "6": {"value": f"2026-05-{n:02} 09:00"},
            }
            for n in reversed(ids)
        ]
        pages[f"POST /engine2/general/12/type/more-datas {number}"] = (
            200,
            JSON,
            json.dumps({"data": {"datas": {"total": 24, "datas": rows}}}).encode(),
        )
    for n in range(1, 25):
        told = json.dumps(
            {"title": f"学院举行第{n}届校园文化艺术节", "content": f"<p>第{n}届开幕。</p><p>{STORY}</p>"},
            ensure_ascii=False,
        )
        pages[f"/engine2/d/{n}/77/0"] = html(f'<div id="app"></div><script>var pageData = {told};</script>')
    return pages


def _site(family: str, url: str) -> str:
    return f'[{family}_site]\nname = "Example"\nfamily = "{family}"\nlistings = ["{url}"]\n'


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with campus("127.0.0.71", _sitemap()) as one, campus("127.0.0.72", _portal()) as two:
        box = Box(
            Path(tmp_path_factory.mktemp("doors")),
            _site("sitemap", f"{one.url}/sitemap_index.xml")
            + _site("chaoxing_portal", f"{two.url}/engine2/general/more?appId=12"),
        )
        box.crawl()
        yield box


@pytest.mark.parametrize(("family", "count"), [("sitemap", 5), ("chaoxing_portal", 24)])
def test_what_the_door_leads_to_is_crawled(box: Box, family: str, count: int) -> None:
    rows = box.rows("select url, title, body from articles where site = ?", f"{family}_site")
    assert len({urlsplit(row["url"]).path for row in rows}) == count
    assert all(row["title"] and len(row["body"]) > 40 for row in rows)


def test_a_door_is_no_silent_listing(box: Box) -> None:
    assert box.rows("select url, kind, detail from failures") == []
    assert box.column("select state from listings") == ["ok", "ok"]
