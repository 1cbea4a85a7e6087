"""Citations against the examples of each style's own guide."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import rispy
from pybtex.database import parse_string

from archive.citing.cited import Cited, cited
from archive.citing.references import ris
from archive.citing.styles import apa, bibtex, chicago, gbt, mla

ENGLISH = Cited(
    id="jnwjg73pbpq5tjug",
    title="Students build a solar boat",
    authors=("Jane Q. Doe", "Richard Roe"),
    site="Example State Today",
    publisher="Example State University",
    published="2023-12-13",
    accessed="2024-01-02",
    url="https://today.example.edu/boat/",
    language="en",
)
CHINESE = replace(
    ENGLISH,
    title="研究生招生简章",
    authors=("张三", "李四", "王五", "赵六"),
    site="示例大学新闻网",
    publisher="示例大学",
    url="https://news.example.edu.cn/1.htm",
    language="zh",
)


def test_apa() -> None:
    assert (
        apa(ENGLISH) == "Doe, J. Q., & Roe, R. (2023, December 13). Students build a solar boat. Example State Today."
        " https://today.example.edu/boat/"
    )
    assert (
        apa(replace(ENGLISH, authors=(), published=None))
        == "Example State University. (n.d.). Students build a solar boat. Example State Today."
        " https://today.example.edu/boat/"
    )
    assert apa(CHINESE).startswith("张三, 李四, 王五, & 赵六. (2023, December 13).")


def test_mla() -> None:
    assert (
        mla(ENGLISH)
        == "Doe, Jane Q., and Richard Roe. “Students build a solar boat.” Example State Today, 13 Dec. 2023,"
        " https://today.example.edu/boat/. Accessed 2 Jan. 2024."
    )
    assert mla(replace(ENGLISH, authors=("Jane Q. Doe", "B", "C"))).startswith("Doe, Jane Q., et al. “")
    assert mla(replace(ENGLISH, authors=(), title="Why?")).startswith("“Why?” Example")


def test_chicago() -> None:
    assert (
        chicago(ENGLISH)
        == "Doe, Jane Q., and Richard Roe. “Students build a solar boat.” Example State Today, December 13, 2023."
        " https://today.example.edu/boat/."
    )
    assert "Accessed January 2, 2024." in chicago(replace(ENGLISH, published=None))


def test_gbt_7714() -> None:
    assert (
        gbt(CHINESE)
        == "张三, 李四, 王五, 等. 研究生招生简章[EB/OL]. (2023-12-13)[2024-01-02]. https://news.example.edu.cn/1.htm."
    )
    assert gbt(ENGLISH).startswith("DOE J Q, ROE R. Students")
    assert gbt(replace(CHINESE, authors=(), published=None)).startswith(
        "示例大学. 研究生招生简章[EB/OL]. [2024-01-02]."
    )


def test_partial_dates() -> None:
    assert "(2023, December)" in apa(replace(ENGLISH, published="2023-12"))
    assert "(2023)" in apa(replace(ENGLISH, published="2023"))
    assert ", Dec. 2023, " in mla(replace(ENGLISH, published="2023-12"))


def test_bibtex_is_escaped() -> None:
    entry = bibtex(replace(ENGLISH, title=r"50% of {R&D} costs_$ \o/"))
    assert r"title = {{50\% of \textbraceleft{}R\&D\textbraceright{} costs\_\$ \textbackslash{}o/}}" in entry
    assert "author = {Jane Q. Doe and Richard Roe}" in entry
    assert "author = {{张三} and {李四}" in bibtex(CHINESE)


@pytest.mark.parametrize("title", ["} @misc{x, title={y}", "{", "}", "\\}", 'a" # "b', "@comment{", "100% = ∞ 招生"])
def test_what_others_read_of_a_hostile_title_is_one_entry(title: str) -> None:
    """As pybtex reads it, which counts braces as BibTeX and biber do."""
    text = bibtex(replace(ENGLISH, title=title, authors=("Office of Research and Others", "Jane Q. Doe")))
    entries = parse_string(text + "\n\n" + bibtex(ENGLISH).replace("campuswarc-", "other-"), "bibtex").entries
    entry, plain = entries.values()
    assert entry.fields["url"] == ENGLISH.url and set(entry.fields) == set(plain.fields)
    assert [str(name) for name in entry.persons["author"]] == ["{Office of Research and Others}", "Doe, Jane Q."]


@pytest.mark.parametrize("title", ["A\r\nER  - \r\nTY  - JOUR", "TI  - x\u2028ER  - ", "\x00\x0b\x85ER  -"])
def test_what_others_read_of_a_title_in_lines_is_one_record(title: str) -> None:
    row = {"url": ENGLISH.url, "title": title, "authors": ["Jane Doe"], "site_name": title, "source": "", "college": ""}
    row |= {"published": None, "published_precision": None, "last_seen": "2024-01-02T", "language": "en", "section": ""}
    (record,) = rispy.loads(ris(cited(row, None)))
    assert record["title"] == " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", title).split())
