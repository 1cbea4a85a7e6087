"""Feeds as strangers write them: one odd entry costs at most itself, and what belongs to others is not the entry's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.facts import Item
from spiders.families import feed, sitemap
from spiders.page import Page

SPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def items(entries: str, url: str = "https://n.example/rss.xml") -> tuple[Item, ...]:
    text = (
        '<?xml version="1.0"?><rss version="2.0"'
        f" {SPACES}><channel><title>N</title><link>https://n.example/</link>{entries}</channel></rss>"
    )
    return feed.read_listing(Page(url, text.encode("utf-8", "surrogatepass")), {}).items


def entry(n: int, title: str = "", more: str = "") -> str:
    return f"<item>{more}<title>{title or f'Story {n}'}</title><link>https://n.example/{n}.htm</link></item>"


def paths(found: tuple[Item, ...]) -> list[str]:
    return [one.url.rpartition("/")[2] for one in found]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Open day &#xD83C;&#xDF93; soon", "Open day 🎓 soon"),
        ("Open day &#55356;&#57235; soon", "Open day 🎓 soon"),
        ("Open &#xD83C; day", "Open \ufffd day"),
        ("Open &#xDF93;&#xD83C; day", "Open \ufffd\ufffd day"),
        ("Open &#x110000; day", "Open \ufffd day"),
        ("Open &#1; day", "Open day"),
        ("Open \x0b day", "Open day"),
        ("Open &#128512; day", "Open 😀 day"),
    ],
)
def test_references_to_no_character(written: str, read: str) -> None:
    found = items(entry(1) + entry(2, written) + entry(3))
    assert paths(found) == ["1.htm", "2.htm", "3.htm"]
    assert found[1].title == read


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "&#x",
                "D83C;",
                "&",
                "<",
                "</b>",
                "<br>",
                "]]>",
                "&nope;",
                "\x00",
                "\x1b",
                "&#99999999;",
                "<![CDATA[",
                "a",
                "</title>",
                "<media:x>",
            ]
        ),
        max_size=6,
    ).map("".join)
)
def test_one_odd_entry_never_loses_those_before_it(odd: str) -> None:
    assert paths(items(entry(1) + entry(2) + entry(3, odd)))[:2] == ["1.htm", "2.htm"]


@pytest.mark.parametrize(
    "odd", ["A <br> line", "An </b> end", "Half & half", "&nope; word", "&#xD83C;", "An <i>open word", "\x01"]
)
def test_one_odd_entry_never_loses_those_behind_it(odd: str) -> None:
    assert {"1.htm", "3.htm", "4.htm"} <= set(paths(items(entry(1) + entry(2, odd) + entry(3) + entry(4))))


@pytest.mark.parametrize(
    "other",
    [
        "<media:title>A caption</media:title>",
        "<media:content><media:title>A caption</media:title></media:content>",
        "<dc:title>A caption</dc:title>",
    ],
)
def test_the_title_is_the_entrys_own(other: str) -> None:
    assert items(entry(1, more=other))[0].title == "Story 1"


def test_the_link_is_the_entrys_own() -> None:
    found = items(
        "<item><atom:link"
        ' href="https://n.example/rss.xml?page=1"/><title>Story</title><link>https://n.example/1.htm</link></item>'
    )
    assert paths(found) == ["1.htm"]
    only = items('<item><atom:link href="https://n.example/2.htm"/><title>Story</title></item>')
    assert paths(only) == ["2.htm"]


@pytest.mark.parametrize(
    ("outer", "inner", "href", "expected"),
    [
        ("https://n.example/news/", "2024/", "1.htm", "https://n.example/news/2024/1.htm"),
        ("", "/b/", "1.htm", "https://n.example/b/1.htm"),
        ("c/", "", "1.htm", "https://n.example/feeds/c/1.htm"),
        ("", "", "1.htm", "https://n.example/feeds/1.htm"),
        ("http://[", "", "1.htm", "https://n.example/feeds/1.htm"),
    ],
)
def test_links_stand_on_the_base_of_feed_and_entry(outer: str, inner: str, href: str, expected: str) -> None:
    text = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{outer}"><title>t</title><entry'
        f' xml:base="{inner}"><title>Story</title><link href="{href}"/></entry></feed>'
    )
    assert [
        one.url for one in feed.read_listing(Page("https://n.example/feeds/atom.xml", text.encode()), {}).items
    ] == [expected]


def test_a_sitemap_gives_the_titles_of_its_news() -> None:
    text = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>https://n.example/1.htm</loc>'
        "<image:image><image:title>A"
        " caption</image:title></image:image><news:news><news:publication><news:name>N</news:name></news:publication>"
        "<news:publication_date>2024-03-05T10:00:00+08:00</news:publication_date><news:title>Story"
        " &#xD83C;&#xDF93;</news:title></news:news></url></urlset>"
    )
    found = sitemap.read_listing(Page("https://n.example/sitemap.xml", text.encode()), sitemap.SELECT).items
    assert [(one.title, one.date) for one in found] == [("Story 🎓", "2024-03-05T10:00:00+08:00")]


@pytest.mark.parametrize(
    ("children", "newest", "beside"),
    [
        (["news-2024", "news-2026", "news-2025", "pages"], "news-2026", ["news-2025", "news-2024"]),
        (["post-sitemap", "post-sitemap2", "post-sitemap3", "page-sitemap"], "post-sitemap3", []),  # a chain of numbers
        (["news-sitemap2", "news-sitemap", "stories-1", "tag-stories"], "news-sitemap2", ["stories-1"]),
        (["a-1", "a-2", "b"], "a-2", []),  # not named: which of them hold stories is not known
    ],
)
def test_an_index_names_the_children_that_its_newest_does_not_lead_to(
    children: list[str], newest: str, beside: list[str]
) -> None:
    inner = "".join(f"<sitemap><loc>https://n.example/{name}.xml</loc></sitemap>" for name in children)
    text = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'
    found = sitemap.read_listing(Page("https://n.example/all.xml", text.encode()), sitemap.SELECT)
    assert found.older == f"https://n.example/{newest}.xml"
    assert list(found.beside) == [f"https://n.example/{name}.xml" for name in beside]
