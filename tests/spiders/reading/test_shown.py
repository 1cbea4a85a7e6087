"""Pages whose story is no running text: documents, posters, films, frames."""

from __future__ import annotations

import pytest

from archive.article import Article
from spiders.facts import Block
from spiders.page import Page
from spiders.read import UNKNOWN, read_page
from spiders.site import ListingSeed, Site

SITE = Site(id="t", name="T", listings=(ListingSeed(url="http://x.edu.cn/list.htm"),), family="generic")
TITLE = "关于公布本年度名单的公示"
MENU = "".join(f'<li><a href="/c{n}.htm">栏目{n}</a></li>' for n in range(8))
IMPRINT = "<p>版权所有 示例学院 地址：示例市示例路1号 邮编：100000</p>"
WORDS = (
    "本次会议在学校第一报告厅召开，来自各个学院的教师代表与学生代表参加了活动，会议由校办公室主持，与会人员展开了讨论。"
)
PDF = "http://x.edu.cn/files/1.pdf"


def html(inner: str, ending: str = f"<div class=bottom>{IMPRINT}</div>") -> bytes:
    return (
        f"<html><head><title>{TITLE}-示例学院</title></head><body><div class=header><ul class=menu>{MENU}</ul>"
        f"<img src=/logo.png></div><div class=wrap><h1>{TITLE}</h1><p class=meta>发布时间：2024-03-05 浏览次数：12</p>"
        f"<div class=article id=content>{inner}</div><p>上一篇：<a href=/x>某通知</a></p></div>{ending}</body></html>"
    ).encode()


def read(content: bytes) -> tuple[Article, tuple[str, ...]]:
    found = read_page(Page("http://x.edu.cn/info/1.htm", content), SITE)
    assert not isinstance(found, Block), found
    return found


@pytest.mark.parametrize(
    "inner",
    [
        f"<iframe src='{PDF}'></iframe>",
        "<object data='/files/1.pdf' type='application/pdf'><p>浏览器不支持</p></object>",
        "<embed src='/files/1.pdf'>",
        "<p><a href='/files/1.pdf'>公示.pdf</a></p>",
        "<div><iframe src='/js/viewer.html?file=/files/1.pdf' width=100% height=800></iframe></div>",
        "<script>showVsbpdfIframe(\"/files/1.pdf\",'100%')</script>",
    ],
)
def test_a_page_that_is_one_document_has_it_for_an_attachment(inner: str) -> None:
    story, more = read(html(inner))
    assert [one.url for one in story.attachments] == [PDF]
    assert (story.body, story.title, story.published, more) == ("", TITLE, "2024-03-05", ())
    assert not story.problems()


def test_words_beside_a_document_stay() -> None:
    story, _ = read(html("<p>现将名单公示如下：</p><p><embed src='/files/1.pdf'></p>"))
    assert story.body == "现将名单公示如下：" and [one.url for one in story.attachments] == [PDF]
    story, _ = read(html(f"<p>{WORDS}</p><p>甲。{WORDS}</p><div><iframe src='/files/1.pdf'></iframe></div>"))
    assert story.body == f"{WORDS}\n\n甲。{WORDS}" and [one.url for one in story.attachments] == [PDF]


def test_a_poster_is_its_pictures_and_no_icon() -> None:
    story, _ = read(html("<p><img src='/poster.jpg'></p><img src=/dot.gif width=16><a href=/y><img src=/ad.jpg></a>"))
    assert [one.url for one in story.images] == ["http://x.edu.cn/poster.jpg"]
    assert story.body == "" and not story.problems()


def test_films_and_recordings_are_links() -> None:
    film = "<video poster=/1.jpg><source src=/1.mp4><source src=/1.webm></video><audio src=/1.mp3></audio>"
    urls = [f"http://x.edu.cn/1.{kind}" for kind in ("mp4", "webm", "mp3")]
    for inner in (film, f"<p>{WORDS}</p>{film}<p>{WORDS}</p><p>{WORDS}</p>"):
        story, _ = read(html(inner))
        assert [one.url for one in story.links] == urls and not story.problems()


@pytest.mark.parametrize("ending", ["", f"<div class=bottom>{IMPRINT}</div>", "<iframe src=/top.htm></iframe>"])
def test_a_frame_of_the_own_host_is_where_the_story_goes_on(ending: str) -> None:
    story, more = read(html("<iframe src='/body.htm' width=800 height=900></iframe>", ending))
    assert more == ("http://x.edu.cn/body.htm",)
    assert story.body == "" and [one.url for one in story.links] == ["http://x.edu.cn/body.htm"]
    story, more = read(html(f"<p>{WORDS}</p><p>{WORDS}</p><p>{WORDS}</p><iframe src=/map.htm></iframe>", ending))
    assert more == () and story.body.startswith(WORDS)


def test_a_frame_of_another_host_is_a_link_and_no_story() -> None:
    story, more = read(html("<iframe src='https://films.example.org/1' width=800 height=600></iframe>"))
    assert more == () and [one.url for one in story.links] == ["https://films.example.org/1"]


def test_of_a_frameset_the_main_frame_is_the_story() -> None:
    frames = "<frameset cols='20%,80%'><frame src=/menu.htm name=menu><frame src=/main.htm name=main></frameset>"
    story, more = read(f"<html><head><title>{TITLE}</title></head>{frames}</html>".encode())
    assert (story.title, more) == (TITLE, ("http://x.edu.cn/main.htm",))


def test_who_answers_for_the_site_is_no_story() -> None:
    story = read_page(Page("http://x.edu.cn/info/1.htm", html("")), UNKNOWN)
    assert isinstance(story, Block) or story[0].problems() == ["no body"]
