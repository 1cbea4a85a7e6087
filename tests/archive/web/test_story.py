"""The body of an article once more made safe."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.web import story


def shown(html: str, text: str = "") -> str:
    return str(story.body(html, text, image=lambda url: f"/replay/1im_/{url}", link=lambda url: url))


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ("<script>x</script><p>b</p>", "<p>b</p>"),
        ('<a href="javascript:x">c</a>', '<a rel="noopener noreferrer nofollow">c</a>'),
        ('<img src="https://a.b/c.png" onerror="x">', '<img src="/replay/1im_/https://a.b/c.png" alt="">'),
        ('<img src="https://a.b/c.png" alt="d > e">', '<img src="/replay/1im_/https://a.b/c.png" alt="d &gt; e">'),
        ('<img src="data:image/png;base64,AA"><img>', ""),
        ('<p style="background:url(http://evil/)" class="x">f</p>', "<p>f</p>"),
        ("<td width=1>g</td>", "g"),
        ('<img src="https://a.b/c.png" width="100%" alt="">', '<img src="/replay/1im_/https://a.b/c.png" alt="">'),
    ],
)
def test_only_reading_matter_is_left(html: str, clean: str) -> None:
    assert shown(html) == clean


def test_plain_text_becomes_paragraphs() -> None:
    assert shown("", "one <b>\n\ntwo") == "<p>one &lt;b&gt;</p><p>two</p>"


def test_marks_escape_what_they_mark() -> None:
    assert story.marked([("<a>", False), ("招生", True)]) == "&lt;a&gt;<mark>招生</mark>"


@given(
    st.lists(
        st.sampled_from(
            [
                "<img ",
                'src="',
                "http://a/",
                "alt=",
                '"',
                ">",
                "<a ",
                "href=",
                "javascript:",
                "onload=",
                "<svg",
                "<style>",
                "</style>",
                "<math>",
                "x",
                "'",
                "&#x6a;",
                "<!--",
                "-->",
                "<noscript>",
                "<table>",
            ]
        ),
        max_size=25,
    )
)
def test_no_tag_soup_gets_an_act_through(parts: list[str]) -> None:
    found: list[tuple[str, dict[str, str | None]]] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: found.append((tag, dict(attrs)))  # type: ignore[method-assign]
    reader.feed(shown("".join(parts)))
    for tag, attributes in found:
        assert tag in ("a", "img", "p", "table", "tbody", "tr", "td")
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert not any((value or "").strip().lower().startswith("javascript:") for value in attributes.values())
