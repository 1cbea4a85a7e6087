"""Any bytes give a record or a named state, in bounded work: nothing a page holds makes the reader raise or run
away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.article import Article
from spiders.facts import Block
from spiders.normalise import content_digest
from spiders.page import Page
from spiders.read import extract, read_article
from spiders.site import Site
from tests.hostile.measure import cost
from tests.hostile.pages import warm

SITE = Site(id="example", name="Example", listings=(), timezone="Asia/Shanghai")
URL = "https://www.example.edu.cn/info/1001/2.htm"
SENTENCE = "9月18日下午，学院在报告厅召开新学期教学工作会议，各系部负责人参加会议，会议由副院长主持。"
STORY = (
    "<html lang=zh><head><title>学院召开会议-示例学院</title><meta property='og:title'"
    " content='学院召开会议'><script"
    ' type=\'application/ld+json\'>{"@type":"NewsArticle","headline":"学院召开会议",'
    '"datePublished":"2026-09-18T15:30:00+08:00","author":{"name":"张三"}}</script></head><body>'
    "<h1>学院召开会议</h1><p>发布时间：2026-09-18"
    f" 15:30 作者：张三 来源：教务处</p><div class=content><p>{SENTENCE}</p><p>{SENTENCE}<img src=/a.jpg"
    " srcset='/b.jpg 2x'></p><table><tr><td>甲<td>乙</table><ul><li>一<li>二</ul><a"
    " href=/f.pdf>附件</a></div></body></html>"
).encode()


_MOST = 20.0  # seconds of CPU, however long a busy machine lets it wait: a hundred times what any of them takes


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """What a first page loads is no part of what the others take."""
    warm()


def read(content: bytes) -> Article | Block:
    found = read_article(Page(URL, content, fetched=datetime(2026, 9, 30, tzinfo=UTC)), SITE)
    if isinstance(found, Article):
        assert content_digest(found) and "<script" not in found.body_html.lower() and "\n" not in found.title
    return found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 5000,
        b"<",
        b"<html>",
        b"<html><head><title>x</title></head></html>",
        b"<p>no body here",
        b"<!DOCTYPE html><!-- <p>a</p> -->",
        b"<html><body>" + b"<div>" * 10_000 + SENTENCE.encode() * 5 + b"</div>" * 10_000,
        b"<b>" * 10_000 + SENTENCE.encode(),
        b"<table><tr><td>" * 3_000 + SENTENCE.encode() * 5,
        b"<title>" + b"t" * 1_000_000 + b"</title><h1>" + b"h" * 1_000_000 + b"</h1><p>" + SENTENCE.encode() * 3,
        b"<h1>" + "作者：".encode() * 50_000 + b"</h1><p>" + SENTENCE.encode() * 3,
        b"<p>" + b"2026-09-18 " * 50_000 + b"</p>",
        b"<p>" + b"1" * 300_000 + b"</p>",
        b"<p class='" + b"nav-" * 100_000 + b"'>" + SENTENCE.encode() * 5,
        b"<a href='" + b"x/" * 100_000 + b"'>" + SENTENCE.encode() * 5,
        b"<script type='application/ld+json'>" + b"[" * 100_000 + b"</script><p>" + SENTENCE.encode() * 3,
        b"<script type='application/ld+json'>" + b'{"@graph":' * 5_000 + b"</script><p>" + SENTENCE.encode() * 3,
        b"<img srcset='" + b"a 1x, " * 50_000 + b"'><p>" + SENTENCE.encode() * 3,
        b"<p>" + (SENTENCE.encode() + b"<br>") * 3_000,
        b"".join(b"<p>" + SENTENCE.encode() + b"</p>" for _ in range(5_000)),
        b"<p>\x00" + SENTENCE.encode() * 3 + b"\x00</p>\xff\xfe",
        b"%PDF-1.4 not html at all",
        b'{"json": true}',
    ],
    ids=range(24),
)
def test_pages_made_to_break_it(content: bytes) -> None:
    def work(given: bytes) -> object:
        assert set(extract(given, URL)) == {"text", "title", "date", "authors", "confidence"}
        return read(given)

    spent = cost(work, content)
    assert spent.outcome in ("Article", "Block")
    assert spent.seconds < _MOST and spent.bytes < 1 << 30


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    assert isinstance(read(content), (Article, Block))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """The story page with pieces cut, doubled, overwritten and moved."""
    content = bytearray(STORY)
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, max(0, len(content) - 1)))
        size = draw(st.integers(0, 60))
        act = draw(st.sampled_from(["cut", "double", "write", "open"]))
        if act == "cut":
            del content[start : start + size]
        elif act == "double":
            content[start:start] = content[start : start + size]
        elif act == "write":
            content[start : start + size] = draw(st.binary(max_size=size))
        else:
            content[start:start] = draw(
                st.sampled_from(
                    [
                        b"<div>",
                        b"</div>",
                        b"<table>",
                        b"<!--",
                        b"<script>",
                        b"'",
                        b'"',
                        b"<p hidden>",
                        b"&#0;",
                        b"&#xFFFFFF;",
                    ]
                )
            )
    return bytes(content)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_mutated_pages(content: bytes) -> None:
    found = read(content)
    assert isinstance(found, (Article, Block))
    assert found == read(content)  # the same bytes give the same facts


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_dates_and_bylines_take_any_text(text: str) -> None:
    from spiders.generic import bylines, dates

    moment = dates.parse(text, datetime(2026, 9, 30, tzinfo=UTC))
    assert moment is None or moment.day
    assert bylines.read(text) and isinstance(bylines.names(text), list)


@pytest.mark.parametrize(
    "character", ["\x01", "\x0c", "\x1f", "\x7f", "\ufffe", "\uffff", "&#1;", "&#8;", "&#xFFFE;", "&#xD800;"]
)
def test_characters_that_xml_cannot_hold(character: str) -> None:
    words = (
        f"<p>浏览次数：1</p>{character}<div"
        f" class=share>分享</div>{character}<p>{SENTENCE}{character}</p>{character}<script>x</script>{character}"
    )
    page = (
        f"<h1>{character}学院召开会议</h1><div class=intro>第二天，{SENTENCE}{character}</div><div"
        f" class=content>{character}{words * 3}</div>"
    )
    found = read(page.encode())
    assert isinstance(found, Article) and found.body.count("各系部") >= 3
