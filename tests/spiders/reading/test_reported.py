"""Kinds of wrong facts that users report of page readers: other stories' data, comments, stamps, months."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.article import Article
from spiders.families import family
from spiders.generic import dates
from spiders.page import Page
from spiders.read import read_article
from spiders.site import ListingSeed, Site

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


HOLD = "data:image/gif;base64,R0lGODlhAQABAAAAACw="  # what stands where a loader has not been


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<img src='{HOLD}' data-of-any-loader='/a.jpg'>", ["a.jpg"]),
        (f"<img src='{HOLD}' zoomfile='/a.jpg?w=9'>", ["a.jpg?w=9"]),
        (f"<img src='{HOLD}' data-json='{{\"x\":\"/a.jpg\"}}' data-alt='of a.jpg'>", []),
        ("<img src='/a.jpg' data-thumb='/small.jpg'>", ["a.jpg"]),
        (f"<img src='{HOLD}'><noscript><img src='/a.jpg'></noscript>", ["a.jpg"]),
        ("<picture><source srcset='/a.webp 1x, /b.webp 2x'><source srcset='/c.jpg'><img alt=''></picture>", ["b.webp"]),
        ("<picture><source srcset='/a.webp'><img src='/a.jpg' alt=''></picture>", ["a.jpg"]),
        ("<img src='/p.gif' width=1 height=1><img class='emoji' src='/smile.png'><img src='/a.jpg'>", ["a.jpg"]),
    ],
)
def test_pictures(html: str, expected: list[str]) -> None:
    found = read(below=f"<div class=body>{STORY}<p>{html}</p>{STORY}</div>").images
    assert [one.url.rpartition("/")[2] for one in found] == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("<a href='#' onclick=\"window.open('/d/1.pdf','_blank')\">Plan.pdf</a>", "https://news.example.edu/d/1.pdf"),
        ("<a href=\"javascript:location.href='/d/1.pdf'\">Plan.pdf</a>", "https://news.example.edu/d/1.pdf"),
        ("<a href='javascript:;' data-href='/d/1.pdf'>Plan.pdf</a>", "https://news.example.edu/d/1.pdf"),
        ("<a href='/get/9' download='Plan.pdf'>Get it</a>", "https://news.example.edu/get/9"),
        ("<a href='https://v.example/?url=https%3A%2F%2Fa.example%2F1.pdf'>Plan.pdf</a>", "https://a.example/1.pdf"),
        ("<a href='/send?url=1.pdf'>Plan.pdf</a>", "https://news.example.edu/send?url=1.pdf"),
        ("<a href='#' onclick=\"track('/news/1.html')\">Plan</a>", None),
        ("<a href='/news/2.html' onclick=\"track('/d/1.pdf')\">Plan</a>", None),
    ],
)
def test_documents_that_a_link_opens(link: str, expected: str | None) -> None:
    found = read(below=f"<div class=body>{STORY * 2}<p>{link}</p></div>").attachments
    assert [(one.url, one.filename) for one in found] == ([(expected, "Plan.pdf")] if expected else [])


def test_utf_8_written_twice_is_read_once_more() -> None:
    said = "Les élèves ont fêté Noël – à l’école"
    twice = said.encode().decode("cp1252").encode()
    assert Page(URL, b"<p>" + twice + b"</p>").tree.text_content() == said
    for honest in (said, "他们说：“好”", "Ã© is how é looks"):
        assert Page(URL, honest.encode()).text == honest


def test_signs_of_windows_1252_within_utf_8() -> None:
    page = "<p>学生说 XyesY — it Zs</p>".encode().replace(b"X", b"\x93").replace(b"Y", b"\x94").replace(b"Z", b"\x92")
    assert Page(URL, page).tree.text_content() == "学生说 “yes” — it ’s"
    cut = "<p>学生会议在学校召开</p>".encode().replace("会".encode(), "会".encode()[:2])
    assert "\ufffd" in Page(URL, cut + "<p>老师参加了会议</p>".encode() * 20).text


def test_a_listing_is_not_the_address_of_a_story() -> None:
    site = Site(id="mill", name="Mill", listings=(ListingSeed(url="https://news.example.edu/all.html"),))
    page = f"<html><head><link rel=canonical href='/all.html'></head><body><h1>{TITLE}</h1>{STORY * 3}</body></html>"
    found = read_article(Page(URL, page.encode()), site)
    assert isinstance(found, Article) and found.url == URL


@pytest.mark.parametrize("said", ["周二, 05 三月 2025 10:00:00 +0800", "5 3月 2025 10:00:00 +0800", "1741140000"])
def test_days_of_feeds(said: str) -> None:
    """With a warning of the server's before the feed."""
    feed = (
        "<br />\n<b>Warning</b>: x in y on line 3<br />\n<rss version='2.0'><channel><title>N</title>"
        f"<item><title>Story</title><link>{URL}</link><pubDate>{said}</pubDate></item></channel></rss>"
    )
    page = Page("https://news.example.edu/rss", feed.encode())
    (item,) = family("feed").read_listing(page, {}).items
    found = dates.parse(item.date or "")
    assert found is not None and found.iso(UTC) == "2025-03-05T02:00:00Z"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ('{"name":"Zo&euml; O&#039;Neil"}', ("Zoë O'Neil",)),
        ('{"@type":"Role","author":{"@type":"Person","name":"Ann Reed"}}', ("Ann Reed",)),
        ('{"@type":"Person","givenName":"Ann","familyName":"Reed"}', ("Ann Reed",)),
        ('"undefined"', ()),
        ('"site_admin2"', ()),
    ],
)
def test_authors_in_data(author: str, expected: tuple[str, ...]) -> None:
    assert read(data(f'{{"@type":"NewsArticle","headline":"{TITLE}","author":{author}}}')).authors == expected


def test_names_of_comments_and_of_other_stories_are_no_authors() -> None:
    assert (
        read(after="<div class=comments><div><span class=author>Troll King</span><p>Bad.</p></div></div>").authors == ()
    )
    assert read(after="<div class=related><ul><li>Tale <b class=byline>By Ann Other</b></li></ul></div>").authors == ()
    assert read(after="<div class=end><span class=author>Ann Reed</span></div>").authors == ("Ann Reed",)
    assert read(below="<p>By Ann Reed &lt;ann@news.example.edu&gt;</p>").authors == ("Ann Reed",)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("A bridge<br>over the river", "A bridge over the river"),
        ("A bridge<br/> over the river <a class=anchor href='#a'>¶</a>", "A bridge over the river"),
        ("新桥<br>今日落成", "新桥今日落成"),
    ],
)
def test_lines_of_a_heading(heading: str, expected: str) -> None:
    page = f"<html><head><title>x</title></head><body><h1>{heading}</h1>{STORY * 3}</body></html>"
    found = read_article(Page(URL, page.encode()), SITE)
    assert isinstance(found, Article) and found.title == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2025-03-05T00:00:00", "2025-03-05"),
        ("2025-03-05 00:00", "2025-03-05"),
        ("2025-03-05T00:00:00+08:00", "2025-03-04T16:00:00Z"),
        ("2025-03-05T00:00:01", "2025-03-04T16:00:01Z"),
        ("2025-03-05 24:00", "2025-03-05T16:00:00Z"),
    ],
)
def test_a_midnight_without_a_zone_is_no_time(said: str, expected: str) -> None:
    assert read(f'<meta property="article:published_time" content="{said}">').published == expected


def test_an_instant_that_is_shown_to_who_points_at_it() -> None:
    assert read(below="<time title='2025-03-05T10:00:00+08:00'>Wednesday</time>").published == "2025-03-05T02:00:00Z"


def test_american_days_with_two_digits_of_the_year() -> None:
    assert dates.parse("Posted 3/5/25", day_first=False) == dates.parse("2025-03-05")
    assert dates.parse("3/5/25") is None and dates.parse("3/5/25", day_first=False, country="JP") is None


def test_titles_of_news_sitemaps_that_were_escaped_twice() -> None:
    page = Page(
        "https://news.example.edu/news.xml",
        b"<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>/2/tea.html</loc><news:news>"
        b"<news:title>Tea &amp;amp; talk</news:title></news:news></url></urlset>",
    )
    assert [item.title for item in family("sitemap").read_listing(page, {"only": "", "child": ""}).items] == [
        "Tea & talk"
    ]
