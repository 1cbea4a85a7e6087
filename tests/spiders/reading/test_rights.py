"""Statements of rights on pages, in the heads of answers and in files of hosts."""

from __future__ import annotations

import pytest

from spiders.generic.rights import MOST, of_ai_txt, of_page, of_robots, of_tdmrep
from spiders.page import Page

URL = "https://news.example.edu/a/1.htm"


def said(html: str = "<p>Words</p>", *headers: tuple[str, str]) -> list[str]:
    return list(of_page(Page(URL, f"<html><head></head><body>{html}</body></html>".encode(), headers=headers)))


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("X-Robots-Tag", "noindex, NoArchive", ["index=no x-robots-tag", "archive=no x-robots-tag"]),
        ("x-robots-tag", "somebot: noarchive", ["archive=no x-robots-tag:somebot"]),
        ("X-Robots-Tag", "unavailable_after: 25 Jun 2030 15:00:00 PST", []),
        ("X-Robots-Tag", "max-snippet: 20, noai", ["ai-train=no x-robots-tag", "ai-input=no x-robots-tag"]),
        ("TDM-Reservation", "1", ["tdm=no tdm-header"]),
        ("tdm-reservation", "0", ["tdm=yes tdm-header"]),
        ("tdm-reservation", "perhaps", []),
        ("Content-Usage", "train-ai=n", ["ai-train=no content-usage"]),
        ("Content-Signal", "search=yes, ai-train=no", ["search=yes content-signal", "ai-train=no content-signal"]),
        ("Link", '</license>; rel="license"', ["license=https://news.example.edu/license link-header"]),
        (
            "Link",
            '</rsl.xml>; rel="license"; type="application/rsl+xml"',
            ["rsl=https://news.example.edu/rsl.xml link-header"],
        ),
        ("Link", '</style.css>; rel="preload"', []),
    ],
)
def test_the_head_of_an_answer(name: str, value: str, wanted: list[str]) -> None:
    assert said("<p>Words</p>", (name, value)) == wanted


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ('<meta name="robots" content="index,follow">', []),
        ('<meta name="ROBOTS" content="NOARCHIVE">', ["archive=no meta-robots"]),
        ('<meta name="googlebot" content="nosnippet">', ["snippet=no meta-robots:googlebot"]),
        ('<meta name="robots" content="none">', ["index=no meta-robots"]),
        (
            '<meta name="tdm-policy" content="https://e.example/p"><meta name="tdm-reservation" content="1">',
            ["tdm=no tdm-meta", "tdm-policy=https://e.example/p tdm-meta"],
        ),
        (
            '<a rel="nofollow license" href="/terms of use">terms</a>',
            ["license=https://news.example.edu/terms%20of%20use rel-license"],
        ),
        (
            '<a href="https://creativecommons.org/licenses/by/4.0/deed.zh">署名</a>',
            ["license=https://creativecommons.org/licenses/by/4.0/deed.zh cc-link"],
        ),
        ("<p>He said the licensee's rel=license to creativecommons.org/ was noarchive.</p>", []),
        (
            '<script type="application/rsl+xml"><rsl><content url="/"><license><permits type="usage">search</permits>'
            '<prohibits type="usage">ai-all</prohibits></license></content></rsl></script>',
            ["search=yes rsl", "ai-train=no rsl", "ai-input=no rsl"],
        ),
    ],
)
def test_the_page(html: str, wanted: list[str]) -> None:
    assert said(html) == wanted


def test_statements_are_bounded_and_each_stands_once() -> None:
    many = "".join(f'<a rel="license" href="/{n % (2 * MOST)}">x</a>' for n in range(5 * MOST))
    found = said(many)
    assert len(found) == MOST == len(set(found))


def test_a_robots_txt_says_to_whom_and_of_which_paths() -> None:
    text = """User-agent: *
Content-Signal: search=yes, ai-train=no   # as offered
Content-Usage: /private/ train-ai=n
Disallow: /admin/
License: https://news.example.edu/license.xml

User-agent: SomeBot
Content-Signal: ai-input=no
Content-Signal: nonsense, ai-train=perhaps
"""
    assert list(of_robots(text)) == [
        "search=yes robots.txt",
        "ai-train=no robots.txt",
        "ai-train=no robots.txt:/private/",
        "rsl=https://news.example.edu/license.xml robots.txt",
        "ai-input=no robots.txt:somebot",
    ]


def test_an_ai_txt() -> None:
    assert list(of_ai_txt("User-Agent: *\nDisallow: /\nDisallow: *.jpg\nAllow: /open/\n")) == [
        "ai-train=no ai.txt",
        "image-ai-train=no ai.txt",
        "ai-train=yes ai.txt:/open/",
    ]


@pytest.mark.parametrize(
    "text", ["", "<html>not found</html>", "{}", "[1]", '[{"tdm-reservation": "x"}]', "[" * 99_999]
)
def test_what_is_no_tdmrep_says_nothing(text: str) -> None:
    assert of_tdmrep(text) == ()


def test_a_tdmrep_says_of_which_paths() -> None:
    told = '[{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://e.example/p"},'
    told += ' {"location": "/open/*", "tdm-reservation": 0}]'
    assert list(of_tdmrep(told)) == [
        "tdm=no tdmrep.json",
        "tdm-policy=https://e.example/p tdmrep.json",
        "tdm=yes tdmrep.json:/open/*",
    ]
