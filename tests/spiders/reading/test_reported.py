"""Kinds of wrong facts that users report of page readers: other stories' data, comments, stamps, months."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.article import Article
from spiders.generic import dates
from spiders.page import Page
from spiders.read import read_article
from spiders.site import Site

TITLE = "A bridge over the mill stream"
STORY = (
    "<p>" + "The builders set the last stone of the bridge today, and the school walked over it at noon. " * 5 + "</p>"
)
URL = "https://news.example.edu/2/bridge.html"
SITE = Site(id="mill", name="Mill", listings=(), family="generic", timezone="Asia/Shanghai")


def read(head: str = "", below: str = "", after: str = "") -> Article:
    page = (
        f"<html lang=en><head><title>{TITLE} - Mill College</title>{head}</head><body><h1>{TITLE}</h1>{below}"
        f"<div class=body>{STORY * 3}</div>{after}</body></html>"
    )
    found = read_article(Page(URL, page.encode(), fetched=datetime(2025, 6, 20, 4, tzinfo=UTC)), SITE)
    assert isinstance(found, Article)
    return found


def data(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


OTHER = '{"@type":"NewsArticle","headline":"Old tale","datePublished":"2019-02-02","author":"Olga Old","image":"x.jpg"}'


@pytest.mark.parametrize(
    "own",
    [
        f'"headline":"{TITLE}"',  # by the headline
        f'"headline":"Bridge opens","url":"{URL}"',  # by the address
        '"headline":"Bridge opens","mainEntityOfPage":{"@id":"http://www.news.example.edu/2/bridge.html#story"}',
    ],
)
def test_of_several_stories_the_page_s_own_is_read(own: str) -> None:
    """Whichever comes first or says more of itself."""
    story = f'{{"@type":"NewsArticle",{own},"datePublished":"2025-03-05","author":{{"@id":"#ann"}}}}'
    person = '{"@type":"Person","@id":"#ann","name":"Ann Reed"}'
    found = read(data(f'{{"@graph":[{OTHER},{story},{person}]}}'))
    assert (found.published, found.authors) == ("2025-03-05", ("Ann Reed",))


def test_comments_in_data_are_passed_over_and_strings_are_kept() -> None:
    found = read(
        data(
            '{"@type":"NewsArticle", /* of the\ntheme */ "headline":"Bridge", // once\n"url":"https://a.example/*b*/",\n'
            '"datePublished":"2025-03-05","author":[{"name":"Ann Reed",},"Jon Hill",],}'
        )
    )
    assert (found.published, found.authors) == ("2025-03-05", ("Ann Reed", "Jon Hill"))


@pytest.mark.parametrize("stamp", ["1741132800", "1741132800000", '"1741132800"'])
def test_seconds_since_1970_are_an_instant(stamp: str) -> None:
    assert read(data(f'{{"@type":"NewsArticle","headline":"Bridge","datePublished":{stamp}}}')).published == (
        "2025-03-05T00:00:00Z"
    )
    assert not dates.stamp("20250305101500") and not dates.stamp("2025030510") and not dates.stamp("17411328001")


def test_the_day_of_a_comment_is_not_the_story_s() -> None:
    said = "<div class='comments'><p>Nice.</p><time datetime='2025-04-04'>4 April 2025</time></div>"
    assert read(after=said).published is None
    open_to_all = "<div class='post comments-open'><time datetime='2025-03-05'>5 March 2025</time></div>"
    assert read(below=open_to_all).published == "2025-03-05"
    assert read(below="<p><time datetime='2025-03-05'>5 March</time></p>", after=said).published == "2025-03-05"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Posted 3 hours ago", "2025-06-20"),
        ("发布于 3天前", "2025-06-17"),
        ("发布时间：昨天 10:20", "2025-06-19T02:20:00Z"),
        ("Last updated 3 hours ago", None),
        ("The mill burned 3 days ago", None),
    ],
)
def test_ago_is_believed_behind_a_label(line: str, expected: str | None) -> None:
    assert read(below=f"<p>{line}</p>").published == expected


def test_ago_behind_a_label_yields_to_the_day_itself() -> None:
    assert read(below="<p>Posted 3 hours ago</p><time datetime='2025-06-19T22:00Z'></time>").published == (
        "2025-06-19T22:00:00Z"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("17 жніўня 2025", "17 sierpień 2025", "17. srpen 2025", "17 август 2025", "17 серпень 2025"),
        *("17 Αύγουστος 2025", "2025 rugpjūtis 17", "17. elokuu 2025", "17. avgusta 2025", "17. kolovoza 2025."),
        *("17 Lúnasa 2025", "2025 жылғы 17 тамыз", "2025 ж. 17 тамыз", "17-avgust, 2025", "17 ta’ Awwissu 2025"),
        *("2025ko abuztuaren 17a", "17 أوت 2025", "17 غشت 2025", "17 សីហា 2025", "17 ಆಗಸ್ಟ್ 2025", "2025 ഓഗസ്റ്റ് 17"),
        *("17 ਅਗਸਤ 2025", "17 օգոստոս 2025", "ኦገስት 17, 2025", "17 ສິງຫາ 2025", "2025 оны 8-р сарын 17"),
    ],
)
def test_august_in_many_languages(text: str) -> None:
    found = dates.parse(text)
    assert found is not None and found.day.isoformat() == "2025-08-17"


def test_months_of_two_words() -> None:
    said = ("17 كانون الثاني 2025", "17 تشرين الأول 2025", "17 Meán Fómhair 2025", "17 Deireadh Fómhair 2025")
    assert [found.day.month for text in said if (found := dates.parse(text))] == [1, 10, 9, 10]
