"""The generic listing finder on hard pages: exactly the items, or nothing."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.generic.listing import find
from spiders.page import Page

SHARED = Path(os.environ.get("CAMPUSWARC_SHARED") or Path(__file__).parents[4] / "shared")
HERE = "https://news.example.edu.cn/xwzx/"
TITLES = [
    "学校召开新学期教学工作会议",
    "我校学子在全国大学生数学建模竞赛中获佳绩",
    "图书馆国庆假期开放安排",
    "校领导赴企业调研产教融合",
    "化学学院举办研究生学术论坛",
    "关于开展实验室安全检查的通知",
    "我校与地方政府签署战略合作协议",
    "新生军训汇报表演圆满举行",
]
ENGLISH = [
    "Nursing students run free clinic for farm workers",
    "Trustees approve plan for a new library wing",
    "Physics lab measures a rare decay",
    "Orchestra opens its season with a premiere",
    "Alumna wins national poetry award",
    "Rowing team takes bronze at regatta",
]
DAYS = ["2026-09-28", "2026-09-25", "2026-09-21", "2026-09-18", "2026-09-15", "2026-09-10", "2026-09-08", "2026-09-01"]
NAV = (
    '<div class="top"><ul>'
    + "".join(
        f'<li><a href="/{n}/">{name}</a></li>'
        for n, name in enumerate(["学校概况", "机构设置", "师资队伍", "招生就业", "人才培养", "科学研究"])
    )
    + "</ul></div>"
)
FOOT = (
    '<div class="links"><ul>'
    + "".join(f'<li><a href="https://www.u{n}.edu.cn/">友好院校第{n}大学</a></li>' for n in range(30))
    + "</ul></div><p>版权所有 2026-09-01</p>"
)


def page(body: str, url: str = HERE) -> Page:
    return Page(url, f"<html><head><title>新闻</title></head><body>{NAV}{body}{FOOT}</body></html>".encode())


def story(n: int) -> str:
    return f"/info/{4000 - n}.htm"


def rows(template: str, count: int = 8, titles: list[str] = TITLES, first: int = 0, days: list[str] = DAYS) -> str:
    return "".join(
        template.format(url=story(n + first), title=titles[n % len(titles)], date=days[n % len(days)], n=n)
        for n in range(count)
    )


def slug(title: str) -> str:
    return "/news/" + title.lower().replace(" ", "-")


# name -> (body, numbers of the stories expected, in order)
HARD: dict[str, tuple[str, list[int]]] = {
    "plain": ("<ul>" + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>") + "</ul>", list(range(8))),
    "date first": ("<ul>" + rows("<li><i>{date}</i><a href='{url}'>{title}</a></li>") + "</ul>", list(range(8))),
    "table with department and number": (
        "<table><tr><th>序号</th><th>标题</th><th>部门</th><th>日期</th></tr>"
        + rows(
            "<tr><td>{n}</td><td><a href='{url}'>{title}</a></td><td><a"
            " href='/dept/jwc/'>教务处</a></td><td>{date}</td></tr>"
        )
        + "</table>",
        list(range(8)),
    ),
    "definition list": (
        "<dl>" + rows("<dt><a href='{url}'>{title}</a></dt><dd>{date} 教务处</dd>") + "</dl>",
        list(range(8)),
    ),
    "headings in a row": (
        "<div>" + rows("<h3><a href='{url}'>{title}</a></h3><p class='when'>{date}</p><p>摘要文字。</p>") + "</div>",
        list(range(8)),
    ),
    "date above its heading": (
        "<div>" + rows("<p>{date}</p><h3><a href='{url}'>{title}</a></h3>") + "</div>",
        list(range(8)),
    ),
    "lines parted by br": ("<div>" + rows("<a href='{url}'>{title}</a> {date}<br>") + "</div>", list(range(8))),
    "link around the row": (
        "<div>" + rows("<a href='{url}'><h4>{title}</h4><p>摘要摘要摘要</p><em>{date}</em></a>") + "</div>",
        list(range(8)),
    ),
    "addresses in scripts": (
        "<ul>"
        + rows("<li><a href='javascript:void(0)' onclick=\"window.open('{url}')\">{title}</a><span>{date}</span></li>")
        + "</ul>",
        list(range(8)),
    ),
    "split date": (
        "<ul>"
        + rows("<li><div class='d'><b>2{n}</b><span>2026-08</span></div><a href='{url}'>{title}</a></li>", 6)
        + "</ul>",
        list(range(6)),
    ),
    "month and day": (
        "<ul>"
        + rows("<li><a href='{url}'>{title}</a><span>[{date}]</span></li>", days=[d[5:] for d in DAYS])
        + "</ul>",
        list(range(8)),
    ),
    "relative dates": (
        "<ul>" + rows("<li><a href='{url}'>{title}</a><span>{n}小时前</span></li>") + "</ul>",
        list(range(8)),
    ),
    "picture, headline, more": (
        "<div class='l'>"
        + rows(
            "<div class='it'><a href='{url}'><img src='/{n}.jpg'></a><h3><a"
            " href='{url}'>{title}</a></h3><p>{date}</p><a href='{url}'>查看详情</a></div>"
        )
        + "</div>",
        list(range(8)),
    ),
    "category and author linked": (
        "<div class='l'>"
        + rows(
            "<div class='it'><a href='/category/xw/' class='cat'>综合新闻</a><h3><a href='{url}'>{title}</a></h3><a"
            " href='/author/li/'>李华</a> {date}</div>"
        )
        + "</div>",
        list(range(8)),
    ),
    "cards, three to a row": (
        "".join(
            "<div class='row'>"
            + rows("<div class='col'><a href='{url}'>{title}</a><small>{date}</small></div>", 3, first=first)
            + "</div>"
            for first in (0, 3, 6)
        ),
        list(range(9)),
    ),
    "parted by month": (
        "".join(
            f"<h3>2026年{m}月</h3><ul>"
            + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 4, first=first)
            + "</ul>"
            for m, first in ((9, 0), (8, 4))
        ),
        list(range(8)),
    ),
    "pager in the list": (
        "<ul>"
        + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>")
        + "<li><a href='list2.htm'>下一页</a></li><li><a href='list9.htm'>尾页</a></li></ul>",
        list(range(8)),
    ),
    "a longer list of hot news beside it": (
        "<div class='a'><ul>"
        + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 5)
        + "</ul></div><div class='b'><h3>热点新闻</h3><ul>"
        + rows("<li><a href='{url}'>{title}</a><em>{date}</em></li>", 8, first=50)
        + "</ul></div>",
        list(range(5)),
    ),
    "an archive of months beside it": (
        "<ul class='m'>"
        + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 4)
        + "</ul><ul class='y'>"
        + "".join(f"<li><a href='/2025/{m}/'>2025年{m}月</a>(12)</li>" for m in range(1, 13))
        + "</ul>",
        list(range(4)),
    ),
    "a calendar beside it": (
        "<table class='cal'>"
        + "".join(
            "<tr>"
            + "".join(f"<td><a href='/events/2026/09/{w * 7 + d:02}/'>{w * 7 + d}</a></td>" for d in range(1, 8))
            + "</tr>"
            for w in range(4)
        )
        + "</table><ul>"
        + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 5)
        + "</ul>",
        list(range(5)),
    ),
    "a featured story above the rows": (
        "<div class='news'><div class='lead'><a href='/info/4000.htm'><img src='a.jpg'></a><h2><a"
        " href='/info/4000.htm'>"
        + TITLES[0]
        + "</a></h2><span>2026-09-28</span></div><ul>"
        + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 6, first=1)
        + "</ul></div>",
        list(range(7)),
    ),
    "last page: one row": (
        "<div class='list'><ul>" + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 1) + "</ul></div>",
        [0],
    ),
    "last page: two rows": (
        "<div class='list'><ul>" + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 2) + "</ul></div>",
        [0, 1],
    ),
    "no dates, articles' addresses, long headlines": (
        "<ul class='x'>" + rows("<li><a href='{url}'>{title}</a></li>") + "</ul>",
        list(range(8)),
    ),
    "the same story twice": (
        "<ul>"
        + rows("<li><a href='{url}'>[置顶]{title}</a><span>{date}</span></li>", 1)
        + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 5)
        + "</ul>",
        list(range(5)),
    ),
    "paragraphs with the date above": (
        "<div>" + rows("<p><strong>{date}</strong><br><a href='{url}'>{title}</a></p>") + "</div>",
        list(range(8)),
    ),
    "date and dash before the link": (
        "<ul>" + rows("<li>{date} – <a href='{url}'>{title}</a></li>") + "</ul>",
        list(range(8)),
    ),
    "tags linked below": (
        "<ul>"
        + rows(
            "<li><h3><a href='{url}'>{title}</a></h3><em>{date}</em><ul><li><a href='/tag/a'>教学科研</a></li><li><a"
            " href='/tag/b'>校园生活</a></li></ul></li>"
        )
        + "</ul>",
        list(range(8)),
    ),
    "a hero above a grid of cards": (
        "<main><section class='hero'><a href='/info/4000.htm'><img src='a.jpg'></a><h1><a href='/info/4000.htm'>"
        + TITLES[0]
        + "</a></h1><span>2026-09-28</span></section><div class='grid'>"
        + rows(
            "<div class='card'><a href='{url}'><img src='b.jpg'></a><a href='/category/xw'>综合新闻</a><h3><a"
            " href='{url}'>{title}</a></h3><p><a href='/people/li'>李华</a></p><span>{date}</span></div>",
            6,
            first=1,
        )
        + "</div></main>",
        list(range(7)),
    ),
    "modules of one kind on a portal": (
        "".join(
            "<div class='mod'><ul>"
            + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 4, first=first)
            + "</ul></div>"
            for first in (0, 4, 8)
        ),
        list(range(12)),
    ),
    "two columns of the same make": (
        "<div class='left'><h2>News</h2><ul class='l'>"
        + rows("<li><a href='{url}'>{title}</a> <i>{date}</i></li>", 6)
        + "</ul><p><a href='/news/'>All news</a></p></div><div class='right'><h2>Notices</h2><ul class='l'>"
        + rows("<li><a href='{url}'>{title}</a> <i>{date}</i></li>", 4, first=6)
        + "</ul><p><a href='/notices/'>All notices</a></p></div>",
        list(range(10)),
    ),
    "three lists of a portal": (
        "<div class='n'><ul>"
        + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 8)
        + "</ul></div><div class='t'><ul>"
        + rows("<li><a href='{url}'>{title}</a><em>{date}</em></li>", 5, first=50)
        + "</ul></div><div class='k'><dl>"
        + rows("<dd><a href='{url}'>{title}</a><em>{date}</em></dd>", 4, first=70)
        + "</dl></div>",
        list(range(8)),
    ),
}
OFFERS = "".join(
    f"<li><a href='{{0}}{n}'>{{1}} number {n} beside the river park</a>{{2}}</li>" for n in range(1201, 1209)
)
NOTHING = {
    "goods with a price and a day": OFFERS.format("/all/reading-lamp-of-brass-", "Lamp", " from 2026-09-12, £40.00"),
    "people with addresses to write to": OFFERS.format("/unit/person-", "Professor Maria Example", " maria@x.edu"),
    "questions": OFFERS.format("/info/how-do-i-get-", "How do I get a card", "").replace("park</a>", "park?</a>"),
    "articles of a help desk": OFFERS.format("/help/article/", "Printing on campus", ""),
    "threads of a forum": OFFERS.format("/talk/thread-", "Who knows the bus", " 12 replies"),
    "pictures": OFFERS.format("/p/", "The courtyard in spring", "")
    .replace("' >", ".jpg'>")
    .replace("'>The", ".jpg'>The"),
    "services that call": OFFERS.format("/a-service-for-new-students-", "Renew your card", " Find out more"),
    "policies": OFFERS.format("/policies/a-policy-", "Policy and procedure on travel", ""),
    "menus alone": "<p>欢迎访问。</p>",
    "calendar alone": (
        "<table>"
        + "".join(
            "<tr>"
            + "".join(f"<td><a href='/events/2026/09/{w * 7 + d:02}/'>{w * 7 + d}</a></td>" for d in range(1, 8))
            + "</tr>"
            for w in range(4)
        )
        + "</table>"
    ),
    "tiles of an office": (
        "<div class='tiles'>"
        + "".join(
            f"<div><a href='/admissions/{n}/'><h3>{name}</h3></a><p>Find out more about it.</p></div>"
            for n, name in zip(
                "abcdef",
                [
                    "Apply to the college",
                    "Visit our campus",
                    "Tuition and fees",
                    "Financial aid office",
                    "Transfer students",
                    "International students",
                ],
                strict=True,
            )
        )
        + "</div>"
    ),
    "people": (
        "<ul>"
        + "".join(
            f"<li><a href='/people/p{n}.htm'>{name}</a><span>教授</span></li>"
            for n, name in enumerate(["张三", "李四", "王五", "赵六", "钱七"])
        )
        + "</ul>"
    ),
    "an article and its related stories": (
        "<h1>"
        + TITLES[0]
        + "</h1><div class='c'>"
        + "<p>会议指出，要坚持立德树人根本任务，扎实推进各项工作。</p>" * 12
        + "</div><div><h3>相关新闻</h3><ul>"
        + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 6, first=9)
        + "</ul></div>"
    ),
    "forms to download": (
        "<ul>"
        + "".join(f"<li><a href='/files/form{n}.docx'>研究生学位申请表格下载第{n}号附件</a></li>" for n in range(8))
        + "</ul>"
    ),
    "courses": (
        "<table>"
        + "".join(
            f"<tr><td><a href='/courses/{100 + n}'>CS {100 + n}</a></td><td>Introduction to the theory of things, part"
            f" {n}</td><td>MWF</td></tr>"
            for n in range(8)
        )
        + "</table>"
    ),
    "comments of readers": (
        "<ol>"
        + "".join(
            f"<li><a href='/user/u{n}'>reader{n}name</a> said on <a href='#c{n}'>2026-09-0{n + 1}</a><p>Nice!</p></li>"
            for n in range(6)
        )
        + "</ol>"
    ),
    "nothing at all": "",
}


@pytest.mark.parametrize("name", HARD)
def test_exactly_the_items(name: str) -> None:
    body, numbers = HARD[name]
    listing = find(page(body))
    assert [item.url for item in listing.items] == [f"https://news.example.edu.cn{story(n)}" for n in numbers]
    assert all(
        "2026" not in item.title and "详情" not in item.title and "置顶" not in item.title for item in listing.items
    )
    if "no dates" not in name:
        assert all(item.date for item in listing.items), [item.date for item in listing.items]


def test_what_a_search_shows_without_days_is_no_list() -> None:
    found = "".join(f"<li><a href='/the-river-laboratory-{n}'>{title}</a></li>" for n, title in enumerate(ENGLISH))
    assert find(Page("https://x.example.edu/search?q=a", f"<ol>{found}</ol>".encode())).items == ()
    assert find(Page("https://x.example.edu/stories", f"<ol>{found}</ol>".encode())).items


@pytest.mark.parametrize("name", NOTHING)
def test_no_guess(name: str) -> None:
    assert find(page(NOTHING[name])).items == ()


def test_cards_without_dates_on_an_english_site() -> None:
    cards = "".join(
        f'<div class="card"><a href="{slug(title)}"><img src="x.jpg" alt=""></a><h3><a'
        f' href="{slug(title)}">{title}</a></h3><p>The story in a sentence.</p></div>'
        for title in ENGLISH
    )
    listing = find(page(f'<div class="cards">{cards}</div>', "https://www.example.edu/newsroom"))
    assert [item.title for item in listing.items] == ENGLISH
    assert listing.items[0].url == "https://www.example.edu/news/nursing-students-run-free-clinic-for-farm-workers"


@pytest.mark.parametrize(
    ("shown", "date"),
    [
        ("September 28, 2026", "September 28, 2026"),
        ("28 Sep 2026", "28 Sep 2026"),
        ("28.09.2026", "28.09.2026"),
        ("Sept. 28", "Sept. 28"),
        ("2026年9月28日", "2026年9月28日"),
        ("9月28日", "9月28日"),
        ("<b>17</b>/ <i>2026-04</i>", "17 2026-04"),
        ("<b>27</b><i>2026.08</i>", "27 2026.08"),
        ("<b>2026-04</b><i>17</i>", "17 2026-04"),
        ("发布时间：2026-09-28 08:30", "2026-09-28 08:30"),
        ("3 days ago", "3 days ago"),
        ("2026年9月", "2026年9月"),
        ("28.9.", "28.9."),
        ("今天 08:30", "今天 08:30"),
        ("09-28", "09-28"),
        ("<time datetime='2026-09-28T09:00:00-04:00'>Sep 28</time>", "2026-09-28T09:00:00-04:00"),
    ],
)
def test_the_date_as_it_stands(shown: str, date: str) -> None:
    listing = find(
        page(
            "<ul>"
            + "".join(
                f"<li><a href='{story(n)}'>{title}</a><span>{shown}</span></li>" for n, title in enumerate(TITLES)
            )
            + "</ul>"
        )
    )
    assert {item.date for item in listing.items} == {date}


def test_a_date_in_a_headline_is_not_the_rows_date() -> None:
    listing = find(
        page(
            "<ul>"
            + "".join(
                "<li><a"
                f" href='{story(n)}'>关于2025年12月{n + 1}日停水的通知第{n}号</a><span>2026-01-0{n + 1}</span></li>"
                for n in range(5)
            )
            + "</ul>"
        )
    )
    assert [item.date for item in listing.items] == [f"2026-01-0{n + 1}" for n in range(5)]
    assert listing.items[0].title == "关于2025年12月1日停水的通知第0号"


def test_a_date_in_a_summary_is_not_the_rows_date() -> None:
    summary = (
        "9月25日，学校召开新学期教学工作会议，总结上学期工作，部署本学期重点任务，校领导、"
        "各学院负责人和教师代表参加了会议。"
    )
    listing = find(
        page(
            "<ul>"
            + "".join(
                f"<li><a href='{story(n)}'><div>{title}</div><p>{summary}</p></a></li>"
                for n, title in enumerate(TITLES)
            )
            + "</ul>"
        )
    )
    assert [item.title for item in listing.items] == TITLES
    assert {item.date for item in listing.items} == {None}


def test_a_headline_cut_short_is_taken_from_its_title_attribute() -> None:
    listing = find(
        page(
            "<ul>"
            + "".join(
                f"<li><a href='{story(n)}' title='{title}全文'>{title[:6]}...</a><span>{DAYS[n]}</span></li>"
                for n, title in enumerate(TITLES)
            )
            + "</ul>"
        )
    )
    assert [item.title for item in listing.items] == [f"{title}全文" for title in TITLES]


def test_kinds_totals_and_sticky_rows() -> None:
    body = (
        "<ul>"
        + rows("<li><a href='{url}'>{title}</a><span>{date}</span></li>", 4)
        + "<li><a href='/files/a.pdf'>年度质量报告全文</a><span>2026-08-02</span></li>"
        "<li><a href='https://mp.weixin.qq.com/s/abc'>开学第一课来了</a><span>2026-08-01</span></li>"
        "<li class='top'><a href='/info/9.htm'>放假通知及安排</a><span>2026-07-01</span></li></ul><div>共 341 条记录"
        " 1/23页</div>"
    )
    listing = find(page(body))
    assert [item.kind for item in listing.items] == ["article"] * 4 + ["file", "external", "article"]
    assert listing.items[-1].sticky and not listing.items[0].sticky
    assert (listing.total, listing.pages) == (341, 23)


TEMPLATES = {  # of the 18 list pages; hanweb_jcms (CDATA) and chaoxing_portal (drawn by a script) hold no rows in HTML
    "dedecms/list": 6,
    "drupal/list": 6,
    "gpower_tongyuan/list": 6,
    "jeecms/list": 6,
    "nextjs_headless/list": 6,
    "omni_cms/list": 6,
    "phpcms_v9/list": 6,
    "siteserver/list": 6,
    "snworks/list": 6,
    "sudy_webplus/list": 8,
    "sudy_webplus/list_table_variant": 3,
    "trs_wcm/list": 7,
    "typo3_news/list": 6,
    "vsb_boda/list": 7,
    "vsb_boda/list_page2": 4,
    "wordpress/list": 6,
    "wordpress_sno/list": 6,
    "hanweb_jcms/list": 0,
    "chaoxing_portal/list": 0,
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_list_templates(name: str) -> None:
    path = SHARED / "cms" / "templates" / f"{name}.html"
    if not path.exists():
        pytest.skip(f"the templates are not on this machine ({path})")
    listing = find(Page(f"https://www.example-college.edu.cn/{name}.htm", path.read_bytes()))
    assert len(listing.items) == TEMPLATES[name]
    assert all(item.title and item.date for item in listing.items)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<ul>",
                "</ul>",
                "<li>",
                "<a href=/info/1.htm>",
                "<a href='//['>",
                "</a>",
                "<table><tr><td>",
                "2026-09-28",
                "学校新闻标题",
                "<dl><dt>",
                "&#0;",
                "<a href=http://[x>",
                "下一页",
            ]
        ),
        max_size=60,
    )
)
def test_any_markup_gives_a_listing(parts: list[str]) -> None:
    listing = find(Page(HERE, "".join(parts).encode()))
    assert len({item.url for item in listing.items}) == len(listing.items)


def test_news_beside_a_longer_list_of_events() -> None:
    news = "".join(
        f"<div class='nw'><h3><a href='/news/story-of-day-{n}'>The college opens reading room"
        f" {n}</a></h3><p>2026-09-{n:02}</p></div>"
        for n in range(11, 17)
    )
    for address, year in (("/veranstaltungen/konzert-{n}", 2026), ("/x/konzert-im-saal-{n}", 2027)):
        diary = "".join(
            f"<li><b>{year}-05-{n:02}</b> <a href='{address.format(n=n)}'>Concert of the wind band in hall {n}</a></li>"
            for n in range(10, 28)
        )
        shown = Page(
            "https://www.example.edu/news/",
            f"<html><body><div>{news}</div><ul>{diary}</ul></body></html>".encode(),
            fetched=datetime(2026, 11, 30, tzinfo=UTC),
        )
        assert [item.title for item in find(shown).items] == [
            f"The college opens reading room {n}" for n in range(11, 17)
        ]


LED = (
    "<div class='lead'><h3><a href='/story/view?id=4512'>The college opens its river laboratory</a></h3>"
    "<h3><a href='/story/view?id=4498'>Nursing students visit the harbour school</a></h3></div>"
)


@pytest.mark.parametrize(
    ("lead", "made"),
    [
        (LED, True),
        (LED.partition("</h3>")[0], False),  # one is no proof
        (LED.replace("view?id=4498", "read/river-visit"), False),  # they are made in two ways
        ("<a href='/about/4512'>About the college</a><a href='/about/4498'>Contact the office</a>", False),
    ],
)
def test_rows_of_data_get_the_addresses_that_the_page_links_for_two_of_them(lead: str, made: bool) -> None:
    titles = ["The college opens its river laboratory", "Nursing students visit the harbour school", *TITLES[:4]]
    ids = [4512, 4498, 4471, 4466, 4410, 4402]
    data = [{"id": n, "title": title, "date": f"2026-09-{n % 27 + 1:02}"} for n, title in zip(ids, titles, strict=True)]
    found = find(Page("https://x.example.edu/news", f"{lead}<script>var r={json.dumps(data)}</script>".encode()))
    assert [item.url for item in found.items] == [f"https://x.example.edu/story/view?id={n}" for n in ids if made]


def test_data_that_holds_all_that_is_shown_and_more_is_the_list() -> None:
    data = [{"title": title, "url": f"/n/{n}55", "date": f"2026-09-{28 - n:02}"} for n, title in enumerate(TITLES[:8])]
    shown = "".join(f"<li><a href='{one['url']}'>{one['title']}</a> <i>{one['date']}</i></li>" for one in data[:4])
    page = Page("https://x.example.edu/n/", f"<ul>{shown}</ul><script>var r={json.dumps(data)}</script>".encode())
    assert len(find(page).items) == 8


@pytest.mark.parametrize(
    ("above", "shown"),
    [
        ("<section class='hero'><div><a href='/news/story-90'><img alt=''><span>Choir sings in the old mill hall</span>"
         "</a></div></section>", True),
        ("<section class='feature'><span>Featured</span><a href='/news/story-90'><h2>Choir sings in the old mill hall"
         "</h2></a></section>", True),
        ("<section class='hero'><div><a href='/apply/open-day-90'><span>Come to the open day in June</span></a></div>"
         "</section>", False),
        ("<div class='slider'><div><a href='/news/story-90'><span>Choir sings in the old mill hall</span></a></div>"
         "</div>", False),
        ("<div><h3>Most read</h3><p><a href='/news/story-90'>Choir sings in the old mill hall</a></p></div>",
         False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("holder", ["{}", "<main>{}</main>"])
def test_a_story_in_a_block_of_its_own_right_above_the_list_belongs_to_it(above: str, shown: bool, holder: str) -> None:
    rows = "".join(
        f"<div class='card'><i>{n} May 2026</i><a href='/news/story-{n}'>Harbour survey number {n} is out</a></div>"
        for n in range(20, 10, -1)
    )
    body = holder.format(f"<h1>News</h1>{above}<div class='grid'>{rows}</div>")
    found = find(Page("https://x.example.edu/news", f"<html><body>{body}</body></html>".encode()))
    assert [item.url.rpartition("/")[2] for item in found.items] == [
        *(["story-90"] if shown else []),
        *(f"story-{n}" for n in range(20, 10, -1)),
    ]
