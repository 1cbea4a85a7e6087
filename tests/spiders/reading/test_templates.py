"""The article pages of the shared family templates, each read through its family (through the generic readers where
none is registered)."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.article import Article
from spiders.families import NAMES
from spiders.page import Page
from spiders.read import read_article
from spiders.site import Site

SHARED = Path(os.environ.get("CAMPUSWARC_SHARED") or Path(__file__).parents[3].parent / "shared")
TEMPLATES = SHARED / "cms" / "templates"
pytestmark = pytest.mark.skipif(not TEMPLATES.is_dir(), reason=f"the shared templates are not at {TEMPLATES}")

ZH = "学院召开新学期教学工作布置会议"
ZH_BODY = (
    "9月18日，学院在报告厅召开新学期教学工作布置会议，各系部负责人参加会议。\n\n会议总结了上学期教学工作，"
    "并对本学期重点任务作出部署。"
)
EN = "Trustees Approve Plan for Library Renovation"
EN_BODY = (
    "The board of trustees voted Tuesday to approve a two-year renovation of the main library.\n\nConstruction is"
    " expected to begin in May, college officials said."
)
ADDRESS = {
    "sudy_webplus/article_en_seed_like": "https://www.example.edu.cn/english/2026/0903/c519a98941/page.htm",
    "gpower_tongyuan/article": "https://www.example.edu.cn/xwzx/2026-09/18/0123456789abcdef0123456789abcdef.htm",
}
EXPECTED = {
    "dedecms/article": (ZH, "2026-09-18", ZH_BODY, 0),
    "drupal/article": (EN, "2026-09-10", EN_BODY, 1),
    "gpower_tongyuan/article": (ZH, "2026-09-18", ZH_BODY, 1),
    "hanweb_jcms/article": (ZH, "2026-09-18", ZH_BODY, 1),
    "jeecms/article": (ZH, "2026-09-18", ZH_BODY, None),  # its attachments have no address in the page
    "omni_cms/article": (EN, "2026-09-10", EN_BODY, 0),
    "phpcms_v9/article": (ZH, "2026-09-18", ZH_BODY, 0),
    "siteserver/article": (ZH, "2026-09-18", ZH_BODY, None),
    "snworks/article": (EN, "2026-09-10", EN_BODY, 0),
    "sudy_webplus/article": (
        "我院在全国职业院校技能大赛中获一等奖",
        "2026-09-25",
        "9月24日，2026年全国职业院校技能大赛化学实验技术赛项在天津落幕",
        2,
    ),
    "sudy_webplus/article_en_seed_like": (
        "School Holds Opening Ceremony for the 2026 Freshmen",
        "2026-09-03",
        "On the morning of September 3rd, the opening ceremony was held in the Conference Center.",
        0,
    ),
    "trs_wcm/article": (ZH, "2026-09-18", ZH_BODY, 1),
    "typo3_news/article": (EN, "2026-09-10", EN_BODY, 0),
    "vsb_boda/article": (
        "我校与示例集团签署战略合作协议",
        "2026-09-18",
        "9月18日上午，我校与示例集团战略合作协议签约仪式在行政楼举行。",
        2,
    ),
    "wordpress/article": (EN, "2026-09-10", EN_BODY, 1),
    "wordpress_sno/article": (EN, "2026-09-10", EN_BODY, 0),
}
FURNITURE = ("上一条", "下一条", "浏览次数", "点击", "返回", "原图", "打印", "Related", "已下载")


def read(case: str, family: str) -> Article:
    page = Page(
        ADDRESS.get(case, "https://www.example.edu.cn/news/1"),
        (TEMPLATES / f"{case}.html").read_bytes(),
        fetched=datetime(2026, 10, 9, tzinfo=UTC),
    )
    article = read_article(page, Site(id="example", name="Example", listings=(), family=family, timezone="UTC"))
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize("case", EXPECTED)
def test_the_article_of_a_template(case: str) -> None:
    family = case.split("/")[0]
    title, day, body, attachments = EXPECTED[case]
    article = read(case, family if family in NAMES else "generic")
    assert article.title == title
    assert (article.published or "")[:10] == day
    assert body in article.body
    assert not [word for word in FURNITURE if word in article.body]
    assert attachments is None or len(article.attachments) == attachments
    assert article.problems() == []


@pytest.mark.parametrize("case", EXPECTED)
def test_the_generic_readers_find_the_same(case: str) -> None:
    title, day, body, _ = EXPECTED[case]
    article = read(case, "generic")
    assert (article.title, (article.published or "")[:10]) == (title, day)
    assert body in article.body
