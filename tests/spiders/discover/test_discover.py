"""From a home page to its listings: which links, in which order, under which names."""

import pytest

from spiders import countries, discover
from spiders.discover import origin
from spiders.page import Page

HOME = "https://www.example.edu.cn/"


def page(body: str, url: str = HOME, head: str = "") -> Page:
    return Page(url, f"<html><head><title>示例大学</title>{head}</head><body>{body}</body></html>".encode())


def found(body: str, url: str = HOME, head: str = "") -> list[tuple[str, str]]:
    return [(one.url, one.section) for one in discover.candidates(page(body, url, head))]


def test_the_plainest_news_comes_first() -> None:
    body = "".join(
        f'<a href="/{n}/">{words}</a>'
        for n, words in enumerate(["首页", "讲座预告", "通知公告", "学校要闻", "招生网", "English", "校园文化"])
    )
    assert [section for _, section in found(body)] == ["学校要闻", "通知公告", "讲座预告", "校园文化"]


@pytest.mark.parametrize(
    "words",
    [
        "新闻",
        "新闻网",
        "学院新闻",
        "综合新闻",
        "学校要闻",
        "学校新闻",
        "校园快讯",
        "通知公告",
        "公告",
        "学院动态",
        "工作动态",
        "教学动态",
        "信息动态",
        "媒体关注",
        "News",
        "News & Events",
        "News and Stories",
        "Posts",
        "Newsroom",
        "Latest News",
        "Campus News",
        "Announcements",
        "Press Releases",
        "Press",
        "News ›",
        "Headlines",
        "Aktuelles",
        "Actualités",
        "Noticias",
        "ニュース",
        "お知らせ",
        "공지사항",
    ],
)
def test_words_that_name_news(words: str) -> None:
    assert discover.words_score(words) >= 1.5


@pytest.mark.parametrize(
    "words",
    [
        "",
        "首页",
        "新闻学院",
        "新闻与传播学院",
        "新闻投稿",
        "招生",
        "图书馆",
        "信息公开指南",
        "Newsletter sign-up",
        "Subscribe to news",
        "School of Journalism",
        "About",
        "Apply now",
        "Contact the press office",
        "我校学子在全国大学生数学建模竞赛中获得佳绩并接受新闻采访",
        "New students",
        "Athletics",
        "Give",
        "Impressum",
        "Privacy notice",
        "Legal notice",
        "Press kit",
        "University Press",
        "Aviso legal",
        "Datenschutz",
        "Novice courses for sailors",
    ],
)
def test_words_that_do_not(words: str) -> None:
    assert discover.words_score(words) == 0


def test_a_more_link_has_the_name_of_its_list() -> None:
    body = (
        '<div class="t"><h3>学校要闻</h3><a href="/xwzx/xxyw.htm">更多&gt;&gt;</a></div><ul><li><a'
        ' href="/info/1.htm">校领导赴企业调研产教融合</a></li></ul><div><span>通知公告</span><span><a'
        ' href="/tzgg.htm">MORE+</a></span></div><div><h3>友情链接</h3><a href="/links.htm">更多</a></div>'
    )
    assert found(body) == [
        ("https://www.example.edu.cn/xwzx/xxyw.htm", "学校要闻"),
        ("https://www.example.edu.cn/tzgg.htm", "通知公告"),
    ]


def test_headlines_and_other_sites_are_no_sections() -> None:
    body = (
        '<a href="/info/1001/2.htm">新闻</a><a href="https://news.other.edu/">新闻网</a><a'
        ' href="https://news.example.edu.cn/">新闻网</a><a href="/">新闻</a>'
    )
    assert found(body) == [("https://news.example.edu.cn/", "新闻网")]


def test_sections_of_a_newspaper_stand_beside_each_other() -> None:
    body = (
        '<a href="/category/news/">News</a><a href="/category/sports/">Sports</a><a'
        ' href="/category/opinion/">Opinion</a><a href="/category/news/page/2/">2</a><a href="/about/">About</a>'
    )
    beside = discover.siblings(page(body), f"{HOME}category/news/")
    assert [(one.url.removeprefix(HOME), one.section) for one in beside] == [
        ("category/sports/", "Sports"),
        ("category/opinion/", "Opinion"),
    ]
    assert discover.siblings(page('<a href="/xxgk/list.htm">学校概况</a>'), f"{HOME}xyxw/list.htm") == []


def test_feeds_apis_and_sitemaps_of_the_head() -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" title="News" href="/feed/"><link rel="alternate"'
        ' type="application/rss+xml" title="Comments" href="/comments/feed/"><link rel="https://api.w.org/"'
        ' href="https://www.example.edu.cn/wp-json/"><link rel="sitemap" href="/sitemap.xml">'
    )
    kinds = [
        (one.kind, one.url.removeprefix("https://www.example.edu.cn"))
        for one in discover.candidates(page("", head=head))
    ]
    assert kinds == [("feed", "/feed/"), ("api", "/wp-json/wp/v2/posts?per_page=100"), ("sitemap", "/sitemap.xml")]


@pytest.mark.parametrize(
    ("html", "to"),
    [
        ('<meta http-equiv="refresh" content="0; url=main.htm">', "main.htm"),
        ('<meta http-equiv="Refresh" content="0;URL=\'main.htm\'">', "main.htm"),
        ('<script>window.location.href = "/index/main.htm";</script>', "index/main.htm"),
        ("<script>location.replace('main.psp')</script>", "main.psp"),
        ("<script>if(mobile){x.location2='m.htm'}</script>", None),
        (f"<p>{'A page with words of its own. ' * 12}</p><script>location.href='m.htm'</script>", None),
        ("", None),
    ],
)
def test_a_page_that_only_leads_on(html: str, to: str | None) -> None:
    assert discover.forward(page(html)) == (HOME + to if to else None)


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        ("https://news.example.edu/", "news_example_edu"),
        ("https://www.shu.edu.cn/zyxw.htm", "shu_edu_cn"),
        ("http://127.0.0.1:8000/", "site_127_0_0_1_8000"),
        ("https://163.example.org/", "site_163_example_org"),
        ("https://News.Example-State.edu:8443/", "news_example_state_edu"),
    ],
)
def test_ids(url: str, id_: str) -> None:
    assert origin.site_id(url) == id_


@pytest.mark.parametrize(
    ("url", "zone", "country"),
    [
        ("https://www.shu.edu.cn/", "Asia/Shanghai", "CN"),
        ("https://www.ox.ac.uk/", "Europe/London", "GB"),
        ("https://news.mit.edu/", None, "US"),
        ("https://www.tum.de/", "Europe/Berlin", "DE"),
        ("https://www.usp.br/", None, "BR"),
        ("https://example.org/", None, ""),
        ("http://127.0.0.1/", None, ""),
    ],
)
def test_what_an_address_says_of_its_country(url: str, zone: str | None, country: str) -> None:
    assert (countries.timezone(url), countries.country(url)) == (zone, country)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("示例大学", "示例大学"),
        ("首页-示例大学新闻网", "示例大学新闻网"),
        ("News | Example State University", "Example State University"),
        ("The Daily Example – Home", "The Daily Example"),
        ("通知公告", "通知公告"),
    ],
)
def test_names(title: str, name: str) -> None:
    assert (
        origin.site_name(Page(HOME, f"<html><head><title>{title}</title></head><body></body></html>".encode())) == name
    )


@pytest.mark.parametrize("software", ["K2Web Wizard", "WordPress", "My Site", "SmartCampus CMS", "网站名称"])
def test_the_software_is_not_the_name_of_the_college(software: str) -> None:
    head = f'<meta property="og:site_name" content="{software}"><title>{software} | Colegio del Lago</title>'
    assert origin.site_name(Page(HOME, f"<html><head>{head}</head></html>".encode())) == "Colegio del Lago"


def test_a_section_is_not_the_name_of_the_college() -> None:
    made = Page("https://jw.example.edu.cn/ksgl/list.htm", "<html><title>考试管理</title></html>".encode())
    assert origin.site_name(made) == "jw.example.edu.cn"


def test_a_page_of_the_newest_leads_to_all() -> None:
    body = (
        '<a href="/all">View all news</a><a href="/2">更多新闻 &gt;&gt;</a><a href="/3">All students</a><a'
        ' href="https://other.org/">All news</a><a href="/">All news</a>'
    )
    assert [one.url.removeprefix(HOME) for one in discover.archives(page(body))] == ["all", "2"]


def test_a_section_asked_for_need_not_be_news() -> None:
    body = (
        '<a href="/rczp.htm">人才招聘</a><a'
        ' href="/info/1001/2.htm">人才招聘工作推进会在行政楼召开校领导出席会议并讲话</a><a'
        ' href="https://hr.other.cn/">人才招聘</a><a href="/zp/rczp/more.htm">招聘</a>'
    )
    assert [one.url.removeprefix(HOME) for one in discover.named(page(body), "人才招聘")] == ["rczp.htm"]
    assert [one.url.removeprefix(HOME) for one in discover.named(page(body), "RCZP")] == [
        "zp/rczp/more.htm",
        "rczp.htm",
    ]
