"""Runs of blanks in patterns have an end, and match what they did."""

from __future__ import annotations

import re

import pytest

from spiders import blocks, paging
from spiders.blanks import compiled
from spiders.findings import Answer, Asset
from spiders.generic import bylines, dates, signatures, titles
from spiders.page import Page
from spiders.reading import read
from tests.crawler.workers.test_readers import SITE


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\s*,\s*", "a \n , b", " \n , "),
        (r"a\s+b", "a  b", "a  b"),
        (r"\\s*x", "\\ssx", "\\ssx"),
        (r"a[\s]*b", "a b", "a b"),
    ],
)
def test_blanks_with_an_end_match_what_blanks_do(pattern: str, text: str, found: str) -> None:
    for one in (re.compile(pattern), compiled(pattern)):
        match = one.search(text)
        assert match and match[0] == found


def test_patterns_that_look_at_whole_pages_have_no_blanks_without_end() -> None:
    used = [
        *(pattern for _, pattern in (*blocks._TITLES, *blocks._NOTICES)),
        *(pattern for _, pattern in dates._FORMS),
        *(blocks._PARTS, titles._PARTS, bylines._SPLIT, bylines._TRAIL, signatures._REPORTER, paging._PAGES),
    ]
    assert not [one.pattern for one in used if re.search(r"(?<!\\)\\s[*+]", one.pattern)]


def test_a_style_sheet_of_openings_names_nothing_and_its_addresses_are_still_found() -> None:
    def wants(css: str) -> object:
        return read(
            Answer(
                url="https://a.example/s.css",
                kind="requisite",
                status=200,
                headers=(("Content-Type", "text/css"),),
                body=css.encode(),
                fetched_at="2026-11-23T00:00:00Z",
                hint={},
            ),
            SITE,
        )

    found = wants("url( " * 60_000 + "} b { background: url( 'b.png' ) } @import \"c.css\";")
    assert isinstance(found, Asset)
    assert wants("b { background: url( 'b.png' ) } @import \"c.css\";") == Asset(
        ("https://a.example/b.png", "https://a.example/c.css")
    )


def test_a_base_longer_than_any_address_is_none() -> None:
    page = '<base href="https://b.example/{}"><a href="x">x</a>'
    assert Page("https://a.example/d/", page.format("e/").encode()).absolute("x") == "https://b.example/e/x"
    assert Page("https://a.example/d/", page.format("e/" * 5000).encode()).absolute("x") == "https://a.example/d/x"
