"""Formulas and readings of ruby in a story: written out, once, and broken by nothing."""

from __future__ import annotations

import pytest

from spiders.page import Page
from spiders.read import UNKNOWN, read_article

LONG = "The faculty of physics met on Tuesday to hear of the results of the year, and many of the students came too."
MATH = "<math{}><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>{}</math>"
BOTH = MATH.replace("<math{}>", "<math><semantics><mrow>").replace("{}</math>", "</mrow>{}</semantics></math>")
NAMED = MATH.replace("<", "<m:").replace("<m:/", "</m:").replace("m:math{}", "m:math xmlns:m='x'").replace("{}", "")
WAITING = f'<span class=mwe-math style="display: none">{MATH.format(" alttext=E=mc^2", "")}</span><img src=/1.svg>'
TEX = '<annotation encoding="application/x-tex">E = mc^{2}</annotation>'


def article(inner: str, title: str = "Of energy and of mass"):  # type: ignore[no-untyped-def]
    html = f"<title>{title}</title><h1>{title}</h1><div class=content><p>{LONG}</p>{inner}<p>{LONG}</p></div>"
    return read_article(Page("https://news.example.edu/1", html.encode()), UNKNOWN)


@pytest.mark.parametrize(
    ("math", "words"),
    [
        (MATH.format("", ""), "E=mc^2"),
        (MATH.format(' alttext="E=mc^2"', ""), "E=mc^2"),
        (BOTH.format(TEX), "E = mc^{2}"),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>", "(a+b)/2"),
        ("<math><msqrt><mn>2</mn></msqrt></math>", "√(2)"),
        (NAMED, "E=mc^2"),
        ('<script type="math/tex; mode=display">E = mc^{2}</script>', "E = mc^{2}"),
        (WAITING, "E=mc^2"),
        (
            f"<span class=katex><span class=katex-mathml>{MATH.format('', TEX)}</span>"
            "<span class=katex-html aria-hidden=true><span>E</span><span>=mc2</span></span></span>",
            "E = mc^{2}",
        ),
    ],
)
def test_a_formula_is_written_out_once_in_text_and_html(math: str, words: str) -> None:
    read = article(f"<p>It is known that {math} holds, and of this more was said on that day than on any other.</p>")
    assert f"It is known that {words} holds" in read.body and f"{words}" in read.body_html
    assert read.body.count("=mc") <= 1
    table = article(f"<table><tr><th>law</th><th>year</th></tr><tr><td>{math}</td><td>1905</td></tr></table>")
    assert f"{words} | 1905" in table.body and words in table.body_html


def test_a_formula_without_end_is_no_harm() -> None:
    read = article("<p>so " + "<math><mrow>" * 3000 + "x</p>")
    assert LONG in read.body


@pytest.mark.parametrize(
    "ruby",
    [
        "<ruby>虐待<rt>ぎゃくたい</rt></ruby>",
        "<ruby>虐待<rp>(</rp><rt>ぎゃくたい</rt><rp>)</rp></ruby>",
        "<ruby><rb>虐待</rb><rt>ぎゃくたい</rt></ruby>",
        "<ruby>虐<rt><span>ぎゃく</span></rt>待<rt>たい</rt></ruby>",
    ],
)
def test_readings_break_no_word(ruby: str) -> None:
    read = article(f"<p>学生{ruby}防止の会議を開きました。{LONG}</p>", title=f"学生{ruby}防止の会議")
    assert "学生虐待防止の会議" in read.body and read.title == "学生虐待防止の会議"
    assert "ぎゃく" in read.body_html  # who reads the page sees them
    table = article(f"<table><tr><td>{ruby}防止</td><td>会議</td></tr></table>")
    assert "虐待防止 | 会議" in table.body


@pytest.mark.parametrize("title", ["Why vector<int> grows", "List<String> in Java, a talk", "a <b and c> d"])
def test_a_headline_keeps_what_is_no_markup(title: str) -> None:
    html = title.replace("&", "&amp;").replace("<", "&lt;")
    assert article("", title=html).title == title
    assert article("", title=f"<em>{html}</em>").title == title
