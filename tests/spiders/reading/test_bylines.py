"""Who wrote it, by labels, signatures and marks."""

from __future__ import annotations

import pytest
from lxml.html import fromstring

from spiders.generic import bylines


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("作者：张三", ["张三"]),
        ("作者： 张三 李四　来源：教务处　浏览次数：123", ["张三", "李四"]),
        ("文/图：张三、李四 编辑：王五", ["张三", "李四"]),
        ("（通讯员 张三）", []),  # not a label: `signed` reads it
        ("供稿：党委宣传部 审核：李四", ["党委宣传部"]),
        ("By Jane Roe", ["Jane Roe"]),
        ("By Jane Roe and John Doe, Staff Writers", ["Jane Roe", "John Doe"]),
        ("Written by: Jane van der Roe | September 3, 2026", ["Jane van der Roe"]),
        ("Von Anna Müller", ["Anna Müller"]),
        ("By the end of the year the library will open", []),
        ("stand by me", []),
        ("作者：admin", []),
        ("采访中记者问道：这是为什么？", []),
    ],
)
def test_labelled_lines(line: str, authors: list[str]) -> None:
    assert bylines.read(line).authors == tuple(authors)


def test_every_role_of_a_line() -> None:
    names = bylines.read("来源：教务处 作者：张三 摄影：李四 编辑：王五 审核：赵六 点击数：12")
    assert (names.source, names.authors, names.photographers, names.editors) == (
        "教务处",
        ("张三",),
        ("李四",),
        ("王五", "赵六"),
    )
    assert names.byline == "作者：张三"


def test_names_are_completed_by_those_of_another_line() -> None:
    both = bylines.read("作者：张三") | bylines.read("新闻动态") | bylines.read("作者：李四 编辑：王五")
    assert (both.authors, both.editors, both.byline) == (("张三",), ("王五",), "作者：张三")


@pytest.mark.parametrize(
    ("opening", "closing", "people"),
    [
        ([], ["……取得圆满成功。（记者 张三 通讯员 李四）"], ["张三", "李四"]),
        ([], ["为学校发展作出新的贡献。（王小明）"], ["王小明"]),
        (["新华日报记者 王建宏 张文攀"], [], ["王建宏", "张文攀"]),
        ([], ["新京报记者 王建 山东济南报道"], ["王建"]),
        (["赵延东、李风"], [], ["赵延东", "李风"]),
        (["本贴由张三于2005年8月12日16:12:21发表"], [], ["张三"]),
        (["他对记者说，今年将扩大招生。"], [], []),
        (["会议强调"], ["（完）"], []),
        (["第一章"], ["（图片）"], []),
    ],
)
def test_signatures_without_a_label(opening: list[str], closing: list[str], people: list[str]) -> None:
    assert bylines.signed(opening, closing) == people


def test_marked_elements() -> None:
    page = fromstring(
        "<div><span class='byline'>By <a rel=author href=/x>Emma Mackenzie</a><span>Lifestyle Writer</span></span><p"
        " class='author-bio'>Writes a lot.</p></div>"
    )
    assert bylines.marked(page.iter()) == ["Emma Mackenzie"]


def test_a_space_parts_two_chinese_names_and_no_japanese_one() -> None:
    assert bylines.names("张三 李四") == ["张三", "李四"]
    assert bylines.names("大渡 美咲") == ["大渡 美咲"]
