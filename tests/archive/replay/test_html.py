"""Pages rewritten to stay in the archive."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.replay.html import Rewritten, rewrite


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
        (
            '<img src="data:image/gif;base64,AA" data-src="/lazy.png">',
            '<img src="/im_/https://a.edu/lazy.png" data-src="/im_/https://a.edu/lazy.png">',
        ),
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
