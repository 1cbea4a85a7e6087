"""From the story as its page gives it to the record the archive keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml.html import fromstring

from archive.article import Article
from spiders.facts import Item, RawArticle
from spiders.generic.language import language
from spiders.normalise import content_digest, normalise
from spiders.page import Page
from spiders.site import Site

SITE = Site(id="example", name="Example", listings=(), timezone="Asia/Shanghai")
URL = "https://www.example.edu.cn/info/1001/2.htm"


def of(body: str, *, html: str = "<p>x</p>", url: str = URL, item: Item | None = None, **fields: object) -> Article:
    raw = RawArticle(title="标题", body=fromstring(f"<div>{body}</div>") if body else None)
    return normalise(
        replace(raw, **fields), Page(url, html.encode(), fetched=datetime(2026, 9, 30, tzinfo=UTC)), SITE, item
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>浏览次数：123</p>", "<p>点击数：[<span>45</span>]次</p>", "<p>上一篇：<a href=/1>学院举行典礼</a></p>",
        "<p>下一条：没有了</p>", "<div class=bdsharebuttonbox><a>分享到</a></div>",
        "<div class=imgview><a>返回</a><a>原图</a><div><span></span> / <span></span></div></div>",
        "<p>【打印】【关闭】</p>", "<script>alert(1)</script>", "<style>p{}</style>", "<p>Advertisement</p>",
        "<form><input value=x><button>Go</button></form>", "<!-- note -->",
    ],
)  # fmt: skip
def test_furniture_is_stripped(furniture: str) -> None:
    article = of(f"<p>第一段。</p>{furniture}<p>第二段。</p>")
    assert article.body == "第一段。\n\n第二段。"
    assert article.body_html == "<div><p>第一段。</p><p>第二段。</p></div>"


def test_a_form_around_the_story_is_no_furniture() -> None:
    words = "学院召开新学期教学工作会议，总结工作。" * 15
    assert of(f"<form><p>{words}</p></form>").body == words


def test_html_is_clean_and_its_links_absolute() -> None:
    article = of(
        "<p onclick=x()>看<a href='../a.htm' target=_blank>这里</a><a href='javascript:x()'>不</a><img src=/i.jpg"
        " onerror=x()><iframe src=//evil></iframe></p>"
    )
    assert (
        article.body_html == '<div><p>看<a href="https://www.example.edu.cn/info/a.htm">这里</a><a>不</a><img'
        ' src="https://www.example.edu.cn/i.jpg"></p></div>'
    )
    assert [(one.url, one.text) for one in article.links] == [("https://www.example.edu.cn/info/a.htm", "这里")]


@pytest.mark.parametrize(
    ("image", "url"),
    [
        ("<img src=/s.jpg original-src=/full.jpg>", "/full.jpg"),
        ("<img orisrc=/__local/a.jpg src=/thumb.gif>", "/__local/a.jpg"),
        ("<img src='data:image/gif;base64,R0' data-src=/lazy.jpg>", "/lazy.jpg"),
        ("<img srcset='/w1.jpg 400w, /w2.jpg 1200w'>", "/w2.jpg"),
        ("<img src=/_visitcount?siteId=1>", None),
        ("<img src=/_ueditor/dialogs/attachment/fileTypeImages/icon_doc.gif>", None),
        ("<img>", None),
    ],
)
def test_the_true_address_of_a_picture(image: str, url: str | None) -> None:
    article = of(f"<p>文字。</p>{image}")
    assert [one.url for one in article.images] == ([f"https://www.example.edu.cn{url}"] if url else [])
    assert article.lead_image == (f"https://www.example.edu.cn{url}" if url else None)


def test_captions_belong_to_pictures_not_to_the_text() -> None:
    article = of(
        "<p>文字。</p><figure><img src=/a.jpg alt=x><figcaption>合影</figcaption></figure><img src=/b.jpg"
        " alt='IMG_1.JPG'><img src=/a.jpg>"
    )
    assert [(one.url[-6:], one.caption) for one in article.images] == [("/a.jpg", "合影"), ("/b.jpg", "")]
    assert article.body == "文字。" and "合影" in article.body_html


@pytest.mark.parametrize(
    ("markup", "url", "filename", "embedded"),
    [
        ("<a href=/f/x.docx>获奖名单.docx</a>", "/f/x.docx", "获奖名单.docx", False),
        ("<a href=/f/x.docx>获奖名单</a>", "/f/x.docx", "获奖名单.docx", False),
        ("""<a href=/f/8b1c.pdf sudyfile-attr="{'title':'通知.pdf'}">点击</a>""", "/f/8b1c.pdf", "通知.pdf", False),
        (
            """<div class=wp_pdf_player pdfsrc=/f/n.pdf sudyfile-attr="{'title':'文件.pdf'}"></div>""",
            "/f/n.pdf",
            "文件.pdf",
            True,
        ),
        (
            """<script>showVsbpdfIframe("/__local/2/plan.pdf","100%","600");</script>""",
            "/__local/2/plan.pdf",
            "plan.pdf",
            True,
        ),
        (
            "附件【<a href='/system/_content/download.jsp?wbfileid=1'>要点.docx</a>】已下载<span>3</span>次",
            "/system/_content/download.jsp?wbfileid=1",
            "要点.docx",
            False,
        ),
        ("<a href='/virtual_attach_file.vsb?afc=1'>附件1</a>", "/virtual_attach_file.vsb?afc=1", "附件1", False),
        ("<iframe src='/pdfjs/viewer.html?file=/f/%E6%96%87.pdf'></iframe>", "/f/%E6%96%87.pdf", "文.pdf", True),
        ("<a href=/f/%E6%96%87.pdf><img src=/i.gif></a>", "/f/%E6%96%87.pdf", "文.pdf", False),
        ("<a href=/x.pdf>../../etc/passwd.pdf</a>", "/x.pdf", ".. .. etc passwd.pdf", False),
    ],
)
def test_attachments_of_every_make(markup: str, url: str, filename: str, embedded: bool) -> None:
    found = of(f"<p>文字。</p><p>{markup}</p>").attachments
    assert [(one.url, one.filename, one.embedded) for one in found] == [
        (f"https://www.example.edu.cn{url}", filename, embedded)
    ]


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://www.example.edu.cn/story/2", "https://www.example.edu.cn/story/2"),
        ("/story/2?utm_source=x", "https://www.example.edu.cn/story/2"),
        ("https://www.example.edu.cn/", URL),
        ("https://elsewhere.example.com/story/2", URL),
        ("javascript:void(0)", URL),
        (None, URL),
    ],
)
def test_the_canonical_address(canonical: str | None, expected: str) -> None:
    assert of("<p>文字。</p>", canonical=canonical).url == expected


def test_words_become_names() -> None:
    article = of(
        "<p>文字。</p>", byline=("作者：张三 李四 摄影：王五",), editors=("责任编辑：赵六",), source="来源：教务处"
    )
    assert (article.authors, article.photographers, article.editors, article.source) == (
        ("张三", "李四"),
        ("王五",),
        ("赵六",),
        "教务处",
    )
    assert of("<p>文字。</p>", byline=("Jane Roe",)).authors == ("Jane Roe",)


@pytest.mark.parametrize(
    ("text", "html", "language"),
    [
        ("学院召开新学期教学工作会议", "<html lang=en>", "zh"),
        ("本日、大学は新しい学期の会議を開きました", "<p>", "ja"),
        ("대학은 오늘 새 학기를 시작하는 회의를 열었다", "<p>", "ko"),
        (
            (
                "The board of trustees voted to approve a plan for the renovation of the library, and it is to begin in"
                " May."
            ),
            "<html lang=zh-CN>",
            "en",
        ),
        (
            "Der Senat hat gestern beschlossen, die Bibliothek der Hochschule zu erneuern und zu erweitern.",
            "<html lang=de>",
            "de",
        ),
        (
            "Der Senat hat gestern beschlossen, die Bibliothek der Hochschule zu erneuern und zu erweitern.",
            "<html>",
            "de",
        ),
    ],
)
def test_the_language_of_the_text(text: str, html: str, language: str) -> None:
    assert of(f"<p>{text}</p>", title="", html=f"{html}<body><p>x</p>").language == language


def test_the_listing_supplies_a_missing_title() -> None:
    assert of("<p>文字。</p>", title="", item=Item(url=URL, title="列表标题")).title == "列表标题"


def test_the_family_element_is_left_as_it_was() -> None:
    page = Page(URL, "<div class=b><p>文字。</p><script>x</script><a href=a.htm>a</a></div>".encode())
    body = page.first(".b")
    normalise(RawArticle(title="t", body=body), page, SITE)
    assert body is not None and body.find("script") is not None and body.find("a").get("href") == "a.htm"


def test_the_digest_sees_what_changed_and_nothing_else() -> None:
    digest = content_digest(of("<p>文字。</p><p>阅读：<span>12</span></p>"))
    assert digest == content_digest(of("<p>文字。</p><p>阅读：<span>13</span></p>"))
    assert digest == content_digest(
        replace(of("<p>文字。</p>"), body="文字。\n\n阅读次数：99", authors=("x",), confidence=0.5, links=())
    )
    assert content_digest(replace(of("<p>文字。</p>"), body="3小时前 文字。")) == content_digest(
        replace(of("<p>文字。</p>"), body="4小时前 文字。")
    )
    changed = [
        of("<p>文字！</p>"),
        of("<p>文字。</p><img src=/a.jpg>"),
        of("<p>文字。</p><a href=/a.pdf>甲.pdf</a>"),
        of("<p>文字。</p>", title="新标题"),
    ]
    assert len({digest, *(content_digest(one) for one in changed)}) == 5


@pytest.mark.parametrize(
    ("headline", "usual", "expected"),
    [
        ("Open day of the library", "zh", "en"),
        ("MBA", "zh", "zh"),
        ("图书馆开放日", "zh", "zh"),
        ("Tag der offenen Tür", "de", "de"),
        ("Новости университета сегодня", "ru", "ru"),
    ],
)
def test_a_headline_alone_is_of_no_language_whose_letters_it_lacks(headline: str, usual: str, expected: str) -> None:
    assert (
        language(f"{headline}\n", Page("https://x.example/", b"<html lang=zh>" if usual == "zh" else b""), usual)
        == expected
    )
