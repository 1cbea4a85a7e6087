"""docs/families.md names every family, and every family keeps to the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders.families import NAMES, family
from spiders.page import Page, selector

DOCS = (Path(__file__).parents[3] / "docs" / "families.md").read_text(encoding="utf-8")
NOT_CSS = {"sitemap", "chaoxing_portal"}  # their tables hold patterns and numbers of fields


@pytest.mark.parametrize("name", NAMES)
def test_a_family_is_documented(name: str) -> None:
    headings = [line for line in DOCS.splitlines() if line.startswith("### ")]
    assert any(name in line.replace(",", " ").split() for line in headings)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NOT_CSS])
def test_selectors_compile(name: str) -> None:
    for css in family(name).SELECT.values():
        selector(css)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"{",
        b"[1, {}]",
        b'{"data": 3}',
        b"<rss/>",
        b"<urlset",
        b"<a href='http://[::1'>x</a>",
        b"null",
    ],
    ids=repr,
)
def test_odd_pages_give_empty_facts(name: str, content: bytes) -> None:
    reader, page = family(name), Page("https://www.example.edu/news/", content)
    assert 0 <= reader.detect(page) <= 1
    assert reader.read_listing(page, reader.SELECT).items == ()
    assert reader.read_article(page, reader.SELECT).older == ()
