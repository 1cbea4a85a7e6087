"""Pages rewritten to stay in the archive."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring, fromstring

from archive.address import join
from archive.pictures import SOURCES
from archive.replay.html import Rewritten, rewrite
from spiders.generic.media import picture
from spiders.page import Page


def page(html: str, base: str = "https://a.edu/n/1.htm") -> Rewritten:
    return rewrite(
        html, base, page_for=lambda url: f"/p/{url}", part_for=lambda url, mode: f"/{mode}/{url}", frame="frame"
    )


def body(html: str) -> str:
    return page(f"<body>{html}</body>").text.partition("<body>")[2].rpartition("</body>")[0]


@pytest.mark.parametrize(
    ("html", "rewritten"),
    [
        ('<a href="2.htm#x">b</a>', '<a href="/p/https://a.edu/n/2.htm" target="_top">b</a>'),
        ('<a href="#x" target="_blank">b</a>', '<a href="#x">b</a>'),
        ('<a href="java\tscript:x()">b</a>', "<a>b</a>"),
        ('<a href="data:text/html,x">b</a>', "<a>b</a>"),
        ('<a href="http://[">b</a>', "<a>b</a>"),
        ('<img src="/i.png" onerror="x()" alt="c">', '<img src="/im_/https://a.edu/i.png" alt="c">'),
        ('<img src="data:image/gif;base64,AA" data-src="/lazy.png">', '<img src="/im_/https://a.edu/lazy.png">'),
        (
            '<img srcset="/a.png, /b.png 2x,/c,d.png 3x">',
            '<img srcset="/im_/https://a.edu/a.png, /im_/https://a.edu/b.png 2x, /im_/https://a.edu/c,d.png 3x">',
        ),
        ("a<script>x</script>b", "ab"),
        ('<p style="background:url(x.png)">d</p>', "<p style='background:url(\"/im_/https://a.edu/n/x.png\")'>d</p>"),
        (
            '<table background="t.gif"><tr><td>e</td></tr></table>',
            '<table background="/im_/https://a.edu/n/t.gif"><tr><td>e</td></tr></table>',
        ),
        (
            '<form action="/send" method="post"><input formaction="/x" name="q"></form>',
            '<form method="post"><input name="q"></form>',
        ),
        (
            '<iframe src="/f.htm"></iframe>g',
            '<p><a href="/p/https://a.edu/f.htm" target="_top">[frame: https://a.edu/f.htm]</a></p>g',
        ),
        ('<embed src="/m.swf"><p>after</p>', "<p>after</p>"),
        ("<!--[if IE]><script>x</script><![endif]--><p>h</p>", "<p>h</p>"),
        ('<div onclick="x" accesskey="s" id="k">i</div>', '<div id="k">i</div>'),
        (
            '<img src="/a&#1;\x0b.png" {x}="1" }="2" style="a:url(b\\1 )">',
            '<img src="/im_/https://a.edu/a.png" {x}="1" }="2" style=\'a:url("/im_/https://a.edu/n/b")\'>',
        ),
        ("<style>a\nb{}\x0c</style>", "<style>a\nb{}</style>"),
    ],
)
def test_rewriting(html: str, rewritten: str) -> None:
    assert body(html).strip() == rewritten


def test_head_keeps_what_dresses_the_page() -> None:
    shown = page(
        '<!DOCTYPE html><html><head><base href="/deep/"><meta http-equiv="refresh" content="0;url=/x"><meta'
        ' charset="gbk"><meta name="viewport" content="a"><link rel="stylesheet" href="s.css"><link rel="preload"'
        ' href="p"><link rel="icon" href="i"><title> T\n t </title><style>@import'
        ' "q.css";</style></head><body></body></html>'
    )
    assert shown.title == "T t"
    assert shown.parts == ["https://a.edu/deep/s.css", "https://a.edu/deep/q.css"]
    assert shown.text.startswith("<!DOCTYPE html>")
    for kept in (
        '<meta charset="utf-8">',
        '<meta name="viewport" content="a">',
        '<link rel="stylesheet" href="/cs_/https://a.edu/deep/s.css">',
        '@import "/cs_/https://a.edu/deep/q.css";',
    ):
        assert kept in shown.text
    for gone in ("refresh", "gbk", "preload", "icon", "<base"):
        assert gone not in shown.text


LAZY = [
    '<img src="/spacer.gif" {}="/true.png">',
    '<img src="data:image/gif;base64,AA==" {}="/true.png">',
    '<img {}="/true.png">',
    '<img src="/i/loading.svg" srcset="data:image/gif;base64,AA== 1w" {}="/true.png">',
]


@pytest.mark.parametrize("html", LAZY)
@pytest.mark.parametrize("name", [name for name in SOURCES if name != "src"])
def test_what_the_reader_takes_for_the_picture_is_shown(html: str, name: str) -> None:
    given = html.format(name)
    taken = picture(Page("https://a.edu/n/1.htm", given.encode()), fragment_fromstring(given))
    assert taken == "https://a.edu/true.png"
    assert body(given) == f'<img src="/im_/{taken}">'


@pytest.mark.parametrize(
    ("html", "rewritten"),
    [
        (
            '<img src="/blank.gif" data-srcset="/a.png 300w, /b.png 900w" sizes="auto">',
            '<img src="/im_/https://a.edu/b.png" sizes="auto" srcset="/im_/https://a.edu/a.png 300w,'
            ' /im_/https://a.edu/b.png 900w">',
        ),
        (
            '<picture><source data-srcset="/w.webp"><img src="/blank.gif" data-src="/p.png"></picture>',
            '<picture><source srcset="/im_/https://a.edu/w.webp"><img src="/im_/https://a.edu/p.png"></source></picture>',
        ),
        (
            '<img src="/x.gif" data-src="/p.png"><noscript><img src="/p.png"></noscript>',
            '<img src="/im_/https://a.edu/p.png">',
        ),
        (
            '<img src="/x.gif" class="lazy"><noscript><img src="/p.png"></noscript>',
            '<img src="/im_/https://a.edu/x.gif" class="lazy"><noscript><img src="/im_/https://a.edu/p.png"></noscript>',
        ),
        (
            '<img src="/p.png"><noscript><p>Words.</p><img src="/p.png"></noscript>',
            '<img src="/im_/https://a.edu/p.png"><noscript><p>Words.</p><img src="/im_/https://a.edu/p.png"></noscript>',
        ),
        ('<img src="/spacer.gif">', '<img src="/im_/https://a.edu/spacer.gif">'),
        (
            '<svg><use href="/sprite.svg#icon"></use></svg>',
            '<svg><use href="/im_/https://a.edu/sprite.svg#icon"></use></svg>',
        ),
        ('<svg><use href="#icon"></use></svg>', '<svg><use href="#icon"></use></svg>'),
        (
            '<p>x</p><object data="/x.pdf" type="application/pdf"><p>No plug-in.</p></object>y',
            '<p>x</p><p><a href="/p/https://a.edu/x.pdf" target="_top">[https://a.edu/x.pdf]</a></p>'
            "<p>No plug-in.</p>y",
        ),
        (
            '<object data="/x.pdf"><embed src="/x.pdf"></object>',
            '<p><a href="/p/https://a.edu/x.pdf" target="_top">[https://a.edu/x.pdf]</a></p>',
        ),
        ('<object data="javascript:x()">a</object>', "a"),
        ('<object type="application/x-shockwave-flash" data="/m"><p>b</p></object>', "<p>b</p>"),
        (
            '<iframe src="about:blank" data-src="/f.htm"></iframe>',
            '<p><a href="/p/https://a.edu/f.htm" target="_top">[frame: https://a.edu/f.htm]</a></p>',
        ),
    ],
)
def test_what_scripts_and_plug_ins_would_have_shown(html: str, rewritten: str) -> None:
    assert body(html).strip() == rewritten


def test_of_several_sizes_those_are_named_that_are_held() -> None:
    def shown(html: str, *held: str) -> str:
        found = rewrite(
            html, "https://a.edu/", page_for=str, part_for=lambda url, _: url, frame="f", held=held.__contains__
        )
        return found.text.partition("<body>")[2].rpartition("</body>")[0]

    small, large, other = (f"https://a.edu/{name}.png" for name in ("s", "l", "o"))
    sizes = '<img src="o.png" srcset="s.png 300w, l.png 900w">'
    assert shown(sizes, other) == f'<img src="{other}">'
    assert shown(sizes, other, large) == f'<img src="{other}" srcset="{large} 900w">'
    assert f'srcset="{small} 300w"' in shown(sizes, small)
    lazy = '<img src="blank.gif" data-original="l.png" data-src="s.png">'
    assert shown(lazy, small) == f'<img src="{small}">'
    assert shown(lazy) == f'<img src="{large}">'
    source = '<picture><source srcset="l.png"><img src="s.png"></picture>'
    assert shown(source, small) == f'<picture><source><img src="{small}"></source></picture>'


@pytest.mark.parametrize(
    "html",
    [
        '<meta http-equiv="refresh" content="0;url=/to.htm">x',
        "<head><META HTTP-EQUIV='Refresh' CONTENT='30; URL=../to.htm'></head><body>x",
        '<base href="/deep/"><meta http-equiv=refresh content="2, &quot;/to.htm#top&quot;">x',
    ],
)
def test_a_page_that_leads_on_by_itself_has_a_link_to_where(html: str) -> None:
    shown = page(html).text
    assert '<body><p><a href="/p/https://a.edu/to.htm" target="_top">→ https://a.edu/to.htm</a></p>' in shown
    assert "refresh" not in shown.lower()


def test_a_header_leads_on_too_and_nothing_leads_to_itself() -> None:
    found = rewrite("x", "https://a.edu/", page_for=str, part_for=lambda url, _: url, frame="f", refresh="1; url=/to")
    assert 'href="https://a.edu/to"' in found.text
    for html in (
        '<meta http-equiv="refresh" content="60">x',
        '<meta http-equiv="refresh" content="5;url=1.htm">x',
        '<meta http-equiv="refresh" content="0;url=javascript:x()">x',
        '<noscript><meta http-equiv="refresh" content="0;url=/to.htm"></noscript>x',
    ):
        assert "<a " not in page(html).text


@pytest.mark.parametrize(
    ("link", "applied"),
    [
        ("""media="print" onload="this.media='all'" rel="stylesheet" """, 'media="all"'),
        ("""media="print" onload="this.onload=null;this.media = 'screen'" rel="stylesheet" """, 'media="screen"'),
        ("""as="style" rel="preload" onload="this.onload=null;this.rel='stylesheet'" """, 'rel="stylesheet"'),
        ("""media="print" rel="stylesheet" """, 'media="print"'),
    ],
)
def test_style_sheets_that_a_script_would_apply_are_applied(link: str, applied: str) -> None:
    found = page(f'<head><link href="s.css" {link}></head>')
    assert found.parts == ["https://a.edu/n/s.css"]
    assert applied in found.text
    assert 'rel="stylesheet"' in found.text
    assert "onload" not in found.text


def test_links_are_asked_for_as_the_crawl_asks() -> None:
    """A browser writes the query of a link in the page's encoding (WHATWG URL, 4.4), and so does the crawl."""
    for href in ("list.htm?k=招生", "\\\\b.edu\\x", " /a b/招.htm ", "HTTP://A.edu:80/x"):
        shown = rewrite(
            f'<a href="{href}">x</a>',
            "https://a.edu/n/",
            page_for=str,
            part_for=lambda url, _: url,
            frame="f",
            encoding="gb18030",
        )
        [asked] = [element.get("href") for element in fromstring(shown.text).iter("a")]
        assert asked == join("https://a.edu/n/", href, "gb18030"), href
    assert "k=%D5%D0%C9%FA" in (join("https://a.edu/n/", "list.htm?k=招生", "gb18030") or "")


def test_framesets_become_lists_of_links() -> None:
    shown = page('<html><frameset cols="2"><frame src="menu.htm"><frame src="main.htm"></frameset></html>').text
    assert shown.count("[frame: https://a.edu/n/") == 2
    assert "<frameset" not in shown


@pytest.mark.parametrize(
    "html",
    [
        "",
        "   ",
        "\0",
        '<?xml version="1.0" encoding="gbk"?><html><body>x</body></html>',
        "<",
        "plain words",
        "<!-- only -->",
        "<html></html>",
    ],
)
def test_odd_documents_are_taken(html: str) -> None:
    assert '<meta charset="utf-8">' in page(html).text


_PIECES = [
    "<script>",
    "</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=x>",
    "<style>",
    "</style>",
    "<math>",
    "<mtext>",
    "<table>",
    "<mglyph>",
    "<noscript>",
    "</noscript>",
    "<iframe srcdoc='<script>'>",
    "<base href=http://evil/>",
    "<meta http-equiv=refresh content=0>",
    "<a href=javascript:x>",
    "<object data=x>",
    "<form action=//evil>",
    "<template>",
    "'",
    '"',
    "<!--",
    "-->",
    "<link rel=import href=x>",
    "text",
    "<body onload=x>",
    "<embed src=x>",
    "<title>",
    "&#1;",
    "\x0b",
    "\ufffe",
    "<a {%=x }=y href='&#2;z'>",
    "<x:y z:href='q' xml:lang=&#3;>",
    "<img src='&#11;' style='&#1;:url(\\1 )'>",
    "<style>\x01",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=14))
def test_no_soup_leaves_an_act_or_an_address_outside(pieces: list[str]) -> None:
    found: list[tuple[str, dict[str, str | None]]] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: found.append((tag, dict(attrs)))  # type: ignore[method-assign]
    reader.feed(page("".join(pieces)).text)
    for tag, attributes in found:
        assert tag not in ("script", "iframe", "object", "embed", "base", "template")
        assert not any(name.startswith("on") for name in attributes)
        assert not set(attributes) & {"action", "formaction", "srcdoc", "ping", "http-equiv"}
        for name in ("src", "href"):
            assert (attributes.get(name) or "/").startswith(("/im_/", "/cs_/", "/p/", "#", "/")), attributes
