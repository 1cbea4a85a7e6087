"""What stands before and behind a story in its element, and is none of it."""

from __future__ import annotations

import pytest
from lxml.html import fromstring

from spiders.generic.cleaning import scrub
from spiders.generic.end_matter import is_end_matter, without_end_matter, without_head_matter
from spiders.generic.prose import text

FIRST = "The library of Fenwick opened its observatory on Monday, and everybody was there to see the first star."
LAST = "It will be open on every clear evening until the spring, and nobody has to pay for a look at the moon."
HAN = "本校图书馆天文台于本周一正式开放，全校师生和来宾共同观看了今年的第一颗星星，并参观了新的阅览室。"


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：张三",
        "（责任编辑：张三）",
        "(责编：张三、李四)",
        "来源：新华日报",
        "稿件来源: 宣传部",
        "原标题：图书馆开放",
        "第1页/共1页 << 上一页 | 下一页 >>",
        "作者单位：某大学 编辑：李四",
        "转自《科技报》",
        "发表于 2004年12月27日 12:40 - (阅读:3727;评论:63)",
        "版权所有，未经许可不得转载",
        "© 2024 The Fenwick Gazette",
        "Copyright 2019 Fenwick News. All rights reserved.",
        "Additional reporting by Rafe Antler",
        "(Reporting by Jane Roe; Editing by John Doe)",
        "Jane Roe contributed to this report.",
        "This article was originally published by the Gazette.",
        "Filed under: Library",
        "Quelle: dpa",
        "(Quelle: APA/sda/dpa)",
        "mit dpa",
        "Lesen Sie auch: Der Mond",
        "Alle Rechte vorbehalten",
        "Il vous reste 57 % de cet article à lire.",
        "Lea también: la luna",
        "Leggi anche: la luna",
        "有料会員になると続きをお読みいただけます。",
        "저작권자 ⓒ 펜윅일보, 무단전재 금지",
        "Baca juga: bulan",
        "Читайте также: Луна",
        "供稿：教务处 撰稿：张三 摄影：李四 审核：王五",
        "文/图：张三",
        "Text: Anna Berg",
        "Haber: Ayşe Demir",
        "Dernière mise à jour : 4 septembre 2006",
        "Senast uppdaterad 2021-10-02",
    ],
)
def test_wording_of_what_is_no_story(line: str) -> None:
    assert is_end_matter(line)


@pytest.mark.parametrize(
    "line",
    [
        FIRST,
        "教务处",
        "2024年3月5日",
        "附件：报名表",
        "联系人：张三 电话：12345678",
        "Contact: library@fenwick.example.edu",
        "Sign up for the tour by Friday.",
        "Editors of the yearbook met on Monday.",
        "Source of the river is a spring in the hills.",
        "Copyrights were the theme of the talk.",
        "The source said: nobody knows.",
        "The talk follows at noon.",
        "编辑部搬迁至新址",
        "来源于生活的艺术展今天开幕",
        "Thema des Abends war der Mond.",
    ],
)
def test_wording_of_stories_and_notices(line: str) -> None:
    assert not is_end_matter(line)


@pytest.mark.parametrize(
    "tail",
    [
        "<p>Lesen Sie auch: Der Mond</p><p>© Fenwick</p>",
        "<p>来源：日报</p><div>责任编辑：<a>张三</a></div>",
        "<div>Related stories:</div>"
        "<ul><li><a>The moon</a> May 1</li><li><a>The sun and all its planets</a> May 2</li></ul>",
        "<table><tr><td>相关报道：</td></tr>"
        "<tr><td>·<a>月亮升起来了今晚很圆</a>（2005-04-01）<br>·<a>太阳落山了</a>（2005-04-02）</td></tr></table>",
    ],
)
def test_the_end_of_a_story(tail: str) -> None:
    body = fromstring(f"<div><p>{FIRST}</p><p>{LAST}</p>{tail}</div>")
    without_end_matter(body)
    assert text(body) == f"{FIRST}\n\n{LAST}"


def test_lines_that_breaks_part() -> None:
    body = fromstring(f"<td>原标题：旧标题<br>图书馆开放<br>{HAN}<br><br>{HAN}<br>来源：日报<br>编辑：张三<br></td>")
    without_end_matter(body)
    without_head_matter(body, "图书馆开放")
    assert text(body) == f"{HAN}\n\n{HAN}"


@pytest.mark.parametrize(
    "end", ["<p>教务处</p><p>2024年3月5日</p>", "<p>联系人：张三</p>", "<ul><li><a>报名表</a></li></ul>"]
)
def test_who_signs_a_notice_stays(end: str) -> None:
    body = fromstring(f"<div><p>{HAN * 4}</p>{end}</div>")
    before = text(body)
    without_end_matter(body)
    without_head_matter(body, "通知")
    assert text(body) == before


def test_words_of_an_end_inside_a_story_stay() -> None:
    body = fromstring(f"<div><p>{FIRST}</p><p>Subscribe now</p><p>{LAST}</p></div>")
    without_end_matter(body)
    assert "Subscribe" in text(body)


def test_a_short_text_is_taken_as_it_is() -> None:
    body = fromstring("<div><p>来源：教务处</p></div>")
    without_end_matter(body)
    assert text(body) == "来源：教务处"


def test_a_month_of_days_is_no_table() -> None:
    weeks = "".join(
        "<tr>" + "".join(f"<td>{day}</td>" for day in range(n, min(n + 7, 32))) + "</tr>" for n in range(1, 32, 7)
    )
    results = "<table>" + "".join(f"<tr><td>Team {n}</td><td>{n * 3}</td></tr>" for n in range(20)) + "</table>"
    body = fromstring(f"<div><p>{FIRST}</p>{results}<table><tr><th>Mo<th>Tu</tr>{weeks}</table></div>")
    scrub(body)
    assert "Team 3" in text(body)
    assert "29 | 30" not in text(body)


def test_lines_of_facts_before_the_first_paragraph_go_and_its_first_sentence_stays() -> None:
    told = "<span>The Observatory Opens</span><br><b>21.03.2023 14:20</b> - <i>Okunma: 1204</i><br>"
    body = fromstring(f"<div>{told}<br>{FIRST}<br><br>{LAST}</div>")
    without_head_matter(body, "The observatory opens")
    assert text(body) == f"{FIRST}\n\n{LAST}"
    dated = "2023年5月12日，天文台开放。"
    body = fromstring(f"<div><p>{dated}</p><p>{HAN}</p><p>{HAN}</p></div>")
    without_head_matter(body, "")
    assert dated in text(body)


def test_a_last_line_goes_with_the_links_in_it() -> None:
    body = fromstring(
        f"<div>{FIRST}<br>{LAST}<br><font>Last updated: May 4, 2006 - <a href=/m>Webmaster</a></font></div>"
    )
    without_end_matter(body)
    assert text(body) == f"{FIRST}\n{LAST}"


@pytest.mark.parametrize("heading", ["<h2>Media Contact</h2>", "<p><b>Pressekontakt:</b></p>", "<h4>媒体联系人</h4>"])
def test_whom_the_press_may_ask_is_no_part_of_the_story(heading: str) -> None:
    told = "<p>Ann Lee<br>Fenwick College<br>lee@fenwick.example<br>Office: 555-0100</p>"
    body = fromstring(f"<div><p>{FIRST}</p><p>{LAST}</p>{heading}{told}</div>")
    without_end_matter(body)
    assert text(body) == f"{FIRST}\n\n{LAST}"
    body = fromstring(
        f"<div><p>{FIRST}</p>{heading}<p>{LAST} Write to lee@fenwick.example before the spring.</p></div>"
    )
    without_end_matter(body)
    assert LAST in text(body)  # a paragraph stands behind it
