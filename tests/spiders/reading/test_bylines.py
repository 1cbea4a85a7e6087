"""Who wrote it, by labels, signatures and marks."""

from __future__ import annotations

import pytest
from lxml.html import fromstring

from spiders.generic import bylines, marked_names, signatures
from spiders.read import extract

WORDS = "The observatory stands two thousand metres above the sea and will be open on every clear evening. "


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
        ("文/张三 图/李四", ["张三"]),
        ("图文/张三", ["张三"]),
        ("采写：张三", ["张三"]),
        ("作者：赵 培：物资学院，北京", ["赵培"]),
        ("作者：张三 学号：12 班级：二班", ["张三"]),
        ("Muhabir: Ayşe Yılmaz", ["Ayşe Yılmaz"]),
        ("Propos recueillis par Jean d'Ormesson", ["Jean d'Ormesson"]),
        ("Por María de la Cruz", ["María de la Cruz"]),
        ("بقلم: سارة أحمد", ["سارة أحمد"]),
        ("文・山田太郎", ["山田太郎"]),
        ("글: 홍길동", ["홍길동"]),
        ("מאת: דנה לוי", ["דנה לוי"]),
        ("Írta: Kiss Anna", ["Kiss Anna"]),
        ("نویسنده: مریم احمدی", ["مریم احمدی"]),
        ("Interview by Jane Roe", ["Jane Roe"]),
        ("Kamis, 2 Mei 2024 | Penulis: Siti Aminah | Editor: Joko Susilo", ["Siti Aminah"]),
        ("Data: 12/09/2022 Autore: Anna Rossi Ultimo aggiornamento: 20/09/2022", ["Anna Rossi"]),
        ("Haber alma hakkı", []),
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
        (["本报实习生 张三 李四", "本报记者 王五 赵六", "2003-7-24"], [], ["张三", "李四", "王五", "赵六"]),
        (["2004年7月16日08:19 [ 黄小宇 ] 来源：[ 金融报 ]"], [], ["黄小宇"]),
        (["kitefly 发表于 2005-9-15 11:46:00"], [], ["kitefly"]),
        (["홍길동 기자"], [], ["홍길동"]),
        (["(서울=통신) 홍길동 기자 = 새 도서관이 5일 문을 열었다."], [], ["홍길동"]),
        (["그는 담당 기자 앞에서 말했다"], [], []),
        ([], ["新しい図書館が開館した。【山田太郎】"], ["山田太郎"]),
        ([], ["新しい図書館が開館した。（写真提供）"], []),
        ([], ["张三/文 李四/图"], ["张三"]),
    ],
)
def test_signatures_without_a_label(opening: list[str], closing: list[str], people: list[str]) -> None:
    assert signatures.signed(opening, closing) == people


def test_marked_elements() -> None:
    page = fromstring(
        "<div><span class='byline'>By <a rel=author href=/x>Emma Mackenzie</a><span>Lifestyle Writer</span></span><p"
        " class='author-bio'>Writes a lot.</p></div>"
    )
    assert marked_names.marked(page.iter()) == ["Emma Mackenzie"]


def test_a_space_parts_two_chinese_names_and_no_japanese_one() -> None:
    assert bylines.names("张三 李四") == ["张三", "李四"]
    assert bylines.names("大渡 美咲") == ["大渡 美咲"]


def test_the_marks_of_other_stories_name_nobody() -> None:
    cards = "".join(
        f"<div><h3>Another story</h3>{'<p>x</p>' * 14}<p class=author>Rafe Kolb</p></div>" for _ in range(3)
    )
    page = fromstring(f"<div><p class=author>Emma Mackenzie</p><p>Text.</p>{cards}</div>")
    assert marked_names.marked(page.iter()) == ["Emma Mackenzie"]


def test_what_follows_a_byline_in_its_element_is_none() -> None:
    page = fromstring(
        "<div class=byline><a>Emma Mackenzie</a> and <a>Rafe Kolb</a> "
        "<time>Nov 13, 2019</time><a>Reddit</a><a>Talk</a></div>"
    )
    assert marked_names.marked(page.iter()) == ["Emma Mackenzie", "Rafe Kolb"]


def test_rel_goes_before_a_class() -> None:
    page = fromstring("<div><p class=author>Campus Life</p><a rel=author href=/x>Emma Mackenzie</a></div>")
    assert marked_names.marked(page.iter()) == ["Emma Mackenzie"]


@pytest.mark.parametrize(
    ("head", "people"),
    [
        (["In News", "May 14, 2025", "Rafe Antler", "It opened."], ["Rafe Antler"]),
        (["Rafe Antler", "06.01.2026, Lesezeit 5 Min.", "Es war."], ["Rafe Antler"]),
        (["May 14, 2025", "Read More"], []),
        (["May 14, 2025", "Fenwick Gazette"], []),
        (["May 14, 2025", "Local news"], []),
        (["Rafe Antler", "Emma Mackenzie", "Ida Brook", "Tom Sand", "May 14, 2025"], []),
        (["Rafe Antler", "It opened."], []),
    ],
)
def test_a_name_alone_beside_the_date(head: list[str], people: list[str]) -> None:
    assert signatures.alone(head, frozenset({"fenwickgazette"})) == people


def test_a_label_that_has_a_line_of_its_own() -> None:
    html = (
        "<h1>关于开放新图书馆的通知</h1><table><tr><td>发文机关：</td><td>教务处办公室</td></tr></table>"
        f"<div class=content>{'<p>' + '新图书馆今天正式开放，欢迎全校师生前来参观使用。' * 4 + '</p>' * 1}</div>"
    )
    assert extract(html.encode(), "https://news.fenwick.example.edu/1.html")["authors"] == ["教务处办公室"]


def test_the_marked_name_of_a_post_goes_before_the_sites_own() -> None:
    shown = "<span data-hook=user-name>Clara Roig</span><h1>The observatory opens its doors</h1>"
    page = f"<meta property='article:author' content='Press Office'><body><article>{shown}{'<p>' + WORDS * 3}</article>"
    assert extract(page.encode(), "https://x.example/post/1")["authors"] == ["Clara Roig"]
