"""Dates as pages write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from spiders.facts import Item, RawArticle
from spiders.generic import dates, jalali, urldate
from spiders.generic.published import localised
from spiders.normalise import published
from spiders.page import Page
from spiders.read import extract
from spiders.site import Site

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SHANGHAI = dates.zone_named("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-12-21", "2023-12-21"),
        ("发布时间：2023-12-21 09:10", "2023-12-21T01:10:00Z"),
        ("2023年12月21日", "2023-12-21"),
        ("2023 年 1 月 2 日 星期二 8:05", "2023-01-02T00:05:00Z"),
        ("2023年12月21日9时10分", "2023-12-21T01:10:00Z"),
        ("2023年12月21日下午3:10", "2023-12-21T07:10:00Z"),
        ("二〇二三年十二月二十一日", "2023-12-21"),
        ("2023.12.21", "2023-12-21"),
        ("2023/1/2 23:59:59", "2023-01-02T15:59:59Z"),
        ("2024년 5월 3일", "2024-05-03"),
        ("2026-09-10T13:00:00+00:00", "2026-09-10T13:00:00Z"),
        ("2026-09-10T09:00:00-0400", "2026-09-10T13:00:00Z"),
        ("2026-09-10T13:00:00.123Z", "2026-09-10T13:00:00Z"),
        ("20260918153000", "2026-09-18T07:30:00Z"),
        ("December 21, 2023", "2023-12-21"),
        ("Thursday, Dec. 21st, 2023 at 9:10 p.m.", "2023-12-21T13:10:00Z"),
        ("21 December 2023", "2023-12-21"),
        ("21. März 2023", "2023-03-21"),
        ("le 1er août 2023", "2023-08-01"),
        ("3 de mayo de 2023", "2023-05-03"),
        ("21 декабря 2023", "2023-12-21"),
        ("25.12.2023", "2023-12-25"),
        ("12/25/2023", "2023-12-25"),
        ("17 2026-01", "2026-01-17"),  # <em>17</em><span>2026-01</span>
        ("06-20 2025", "2025-06-20"),
        ("12-21", "2025-12-21"),  # the last one that was not in the future
        ("03-09", "2026-03-09"),
        ("1月2日", "2026-01-02"),
        ("Dec 21", "2025-12-21"),
        ("3小时前", "2026-03-10"),
        ("2 days ago", "2026-03-08"),
        ("昨天 09:10", "2026-03-09T01:10:00Z"),
        ("2023年12月", "2023-12-01"),
    ],
)
def test_forms(text: str, expected: str) -> None:
    moment = dates.parse(text, NOW)
    assert moment is not None and moment.iso(SHANGHAI) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1.2.23",
        "Version 4.10.24",
        "12.10.24.7 10:30",
        "",
        "2023-13-01",
        "2023-02-30",
        "2023年2月30日",
        "32 December 2023",
        "电话 021-12345678",
        "第12/21页",
        "v1.2.3",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert dates.parse(text, None) is None


@pytest.mark.parametrize(("day_first", "expected"), [(True, "2023-04-03"), (False, "2023-03-04")])
def test_an_ambiguous_date_goes_by_the_land(day_first: bool, expected: str) -> None:
    moment = dates.parse("03/04/2023", None, day_first=day_first)
    assert moment is not None and moment.day.isoformat() == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://e.edu/2023/1213/c519a103094/page.htm", "2023-12-13"),
        ("https://e.edu/2023/12/13/story/", "2023-12-13"),
        ("https://e.edu/art/2023/1/2/art_1_2.html", "2023-01-02"),
        ("https://e.edu/xw/202312/t20231213_99.html", "2023-12-13"),
        ("https://e.edu/info/1036/19231.htm", None),
        ("https://e.edu/2023/1399/x.htm", None),
    ],
)
def test_the_date_an_address_carries(url: str, expected: str | None) -> None:
    named = urldate.find(url)
    assert (named.day.isoformat() if named else None) == expected


def of(
    raw: str | None,
    url: str = "https://e.edu/info/1.htm",
    row: str | None = None,
    fetched: datetime | None = NOW,
    html: bytes = b"<p>x</p>",
    zone: str = "Asia/Shanghai",
) -> str | None:
    site = Site(id="e", name="E", listings=(), timezone=zone)
    moment = published(
        RawArticle(published=raw), Page(url, html, fetched=fetched), site, Item(url=url, date=row) if row else None
    )
    return moment.iso(dates.zone_named(zone)) if moment else None


def test_the_order_of_belief() -> None:
    assert of("2026-03-01", "https://e.edu/2026/0302/c1a2/page.htm", "03-03") == "2026-03-01"
    assert of(None, "https://e.edu/2026/0302/c1a2/page.htm", "03-03") == "2026-03-02"
    assert of(None, row="03-03") == "2026-03-03"
    assert of(None) is None


def test_the_address_outlives_a_re_stamped_page() -> None:
    assert of("2026-02-28", "https://e.edu/2019/0302/c1a2/page.htm") == "2019-03-02"


@pytest.mark.parametrize(
    "url",
    [
        "https://e.ac.jp/news/2026/0212.html",
        "https://e.ac.jp/news/2026/0212/",
        "https://e.ac.jp/news/20260212.html",
        "https://e.ac.jp/2026/0212/index.php",
    ],
)
def test_a_running_number_in_a_years_folder_is_no_day(url: str) -> None:
    assert of("2026-01-14", url, "2026年1月14日") == "2026-01-14"
    assert of("2026-01-14", url) == "2026-01-14"
    assert of(None, url, "2026年1月14日") == "2026-01-14"
    assert of(None, url) == "2026-02-12"  # of all that is there the last to be believed


def test_numbers_that_run_on_name_no_day() -> None:
    def undated(*numbers: int) -> str | None:
        links = "".join(f"<a href=/news/2026/{n:04}.html>Story {n}</a>" for n in numbers)
        return of(None, "https://e.ac.jp/news/2026/0212.html", html=f"<body>{links}</body>".encode())

    assert undated(211, 1399) is None  # 1399 is no day
    assert undated(211, 213) is None
    assert undated(110, 305) == "2026-02-12"


def test_page_and_row_that_agree_are_believed_before_a_sure_address() -> None:
    assert of("2026-02-28", "https://e.edu/2019/0302/c1a2/page.htm", "02-28") == "2026-02-28"


def test_yesterday_is_reckoned_at_the_site() -> None:
    late = datetime(2026, 3, 9, 20, tzinfo=UTC)  # there it is the tenth
    assert of("昨天", fetched=late) == "2026-03-09"


def test_the_future_and_the_time_before_the_web_are_refused() -> None:
    assert of("2026-03-12") == "2026-03-12"  # the clocks of servers differ
    assert of("2026-03-13", row="03-01") == "2026-03-01"
    assert of("1949-10-01") is None
    assert of("2031-01-01", fetched=None) == "2031-01-01"  # without a now there is no future


def test_a_time_is_a_utc_instant_by_the_zone_of_the_site() -> None:
    assert of("2026-03-01 09:10", zone="America/New_York") == "2026-03-01T14:10:00Z"
    assert of("2026-03-01 09:10", zone="No/Such_Zone") == "2026-03-01T09:10:00Z"
    assert of("2026-03-01T09:10:00+01:00") == "2026-03-01T08:10:00Z"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Published: November 8, 2023 10:35 PM"], "2023-11-08T22:35:29-08:00"),
        (["November 8, 2023"], "2023-11-08T23:35:29-07:00"),
        (["November 9, 2023"], "2023-11-09T06:35:29Z"),
        (["Updated: November 8, 2023"], "2023-11-09T06:35:29Z"),
        (["11 words"], "2023-11-09T06:35:29Z"),
    ],
)
def test_the_page_clock_tells_the_zone_of_a_utc_instant(lines: list[str], expected: str) -> None:
    found = localised("2023-11-09T06:35:29Z", lines)
    assert found == expected
    before, after = (dates.parse(text, None) for text in ("2023-11-09T06:35:29Z", found))
    assert before and after and before.iso(SHANGHAI) == after.iso(SHANGHAI)  # the instant is the same


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("2020/7/11-12 招生咨询会", False),
        ("31. Dezember 2021 - 06. Januar 2022", False),
        ("2020-07-11 - 14:45", True),
        ("2020-07-11", True),
        ("共12页", False),
    ],
)
def test_the_days_of_an_event_date_no_story(line: str, stated: bool) -> None:
    assert bool(dates.span(line)) is stated


def test_a_year_of_two_digits_is_believed_before_a_time_of_day() -> None:
    moment = dates.parse("Do 25.04.24 | 14:07 Uhr")
    assert moment is not None and (moment.day.isoformat(), moment.hour, moment.minute) == ("2024-04-25", 14, 7)


STORY = (
    "<p>"
    + "The board of trustees voted on Tuesday to approve a renovation of the main library that will take two years. "
    * 4
    + "</p>"
)


def read(head: str, line: str, url: str = "https://news.example.de/story") -> str:
    content = (
        f"<html lang=de><head><title>Trustees approve renovation</title>{head}</head><body><h1>Trustees approve"
        f" renovation</h1>{line}{STORY}</body></html>"
    )
    return str(extract(content.encode(), url)["date"])


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        (
            "<meta name=date content=2022-01-26>",
            "<p>Bibliothek, 21.01.2022</p>",
            "2022-01-21",
        ),  # shown to readers: of publication
        (
            "<meta name=date content=2022-01-26>",
            "<p>aktualisiert 2022-01-27, veröffentlicht am 21.01.2022</p>",
            "2022-01-21",
        ),
        ("<meta name=date content=2022-01-26>", "<p>Bibliothek</p>", "2022-01-26"),
        ("<meta property=article:published_time content=2022-01-26>", "<p>Bibliothek, 21.01.2022</p>", "2022-01-26"),
    ],
)
def test_a_meta_date_that_says_not_of_what_yields_to_the_date_shown(head: str, line: str, expected: str) -> None:
    assert read(head, line) == expected


def test_broken_data_still_states_its_date() -> None:
    broken = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "description": "the "old"'
        ' library",\n"datePublished": "2022-01-26T10:00:00+01:00"\n}</script>'
    )
    assert read(broken, "<p>Bibliothek, 21.01.2022</p>") == "2022-01-26"
    assert read(broken.replace("NewsArticle", "Event"), "<p>Bibliothek, 21.01.2022</p>") == "2022-01-21"


@pytest.mark.parametrize(("shown", "expected"), [("June 30, 2026 - 4.34pm", "2026-06-30"), ("1h ago", "2026-07-01")])
def test_the_day_shown_is_the_publishers_before_that_of_the_address(shown: str, expected: str) -> None:
    stated = "2026-06-30T16:34:54.488Z"
    head = f'<meta property="article:published_time" content="{stated}">'
    assert (
        read(head, f'<time datetime="{stated}">{shown}</time>', "https://news.example.com/trustees-20260701-p60b.html")
        == expected
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("פורסם: 12 במרץ 2024, 14:30", "2024-03-12T14:30:00Z"),
        ("יום שלישי, 5 בנובמבר 2024", "2024-11-05"),
        ("১২ মার্চ ২০২৪", "2024-03-12"),
        ("প্রকাশ: ০৩ মে ২০২৪", "2024-05-03"),
        ("५ नवम्बर 2024", "2024-11-05"),
        ("३ मे २०२४", "2024-05-03"),
        ("12 جولائی 2024", "2024-07-12"),
        ("۱۲ مارس ۲۰۲۴", "2024-03-12"),
        ("12 மார்ச் 2024", "2024-03-12"),
        ("12 మే 2024", "2024-05-12"),
        ("12 Tháng Mười Hai, 2024", "2024-12-12"),
        ("Tháng Mười Một 5, 2024", "2024-11-05"),
        ("ngày 12 tháng 3 năm 2024", "2024-03-12"),
        ("2024. gada 12. marts", "2024-03-12"),
        ("12 de març de 2024", "2024-03-12"),
        ("12 მარტი 2024", "2024-03-12"),
        ("วันที่ 5 พฤศจิกายน พ.ศ. 2567", "2024-11-05"),
        ("۱۲ اسفند ۱۴۰۲", "2024-03-02"),
        ("دوشنبه ۵ آذر ۱۴۰۳ ساعت ۱۰:۲۵", "2024-11-25"),
        ("۱۴۰۳/۰۱/۱۵", "2024-04-03"),
        ("12 اسفند ماه 1402", "2024-03-02"),
        ("5 قوس 1403", "2024-11-25"),
    ],
)
def test_dates_of_languages_beyond_the_collections(text: str, day: str) -> None:
    moment = dates.parse(text)
    assert moment is not None
    assert moment.iso(UTC) == day


def test_a_year_of_the_solar_calendar_in_figures_needs_its_country() -> None:
    iranian = dates.parse("1403/12/30", country="IR")
    assert iranian is not None and iranian.iso(UTC) == "2025-03-20", "a leap year"
    assert dates.parse("1402/12/30", country="IR") is None
    assert dates.parse("1403/12/30") is None
    lunar = dates.parse("1445/03/12 - 2023/09/27", country="SA")
    assert lunar is not None and lunar.iso(UTC) == "2023-09-27"


def test_the_solar_calendar_begins_its_years_as_iran_did() -> None:
    """The days of Nowruz as they were kept, which the leap years in between have to give."""
    kept = {
        1370: 21,
        1375: 20,
        1379: 20,
        1383: 20,
        1387: 20,
        1391: 20,
        1395: 20,
        1396: 21,
        1399: 20,
        1400: 21,
        1404: 21,
    }
    for year, day in kept.items():
        assert jalali.gregorian(year, 1, 1) == date(year + 621, 3, day)
    days = [
        found
        for year in range(1360, 1430)
        for month in range(1, 13)
        for day in range(1, 32)
        if (found := jalali.gregorian(year, month, day))
    ]
    assert days == [days[0] + timedelta(n) for n in range(len(days))], "each day of ours is one of theirs, in order"
    assert jalali.gregorian(1403, 0, 1) is None and jalali.gregorian(1403, 13, 1) is None


@pytest.mark.parametrize(
    "language",
    "he bn hi mr gu ta te ur ka lv et ca sw fil fa el id ms ro hu fi sv da nb is pl cs sk uk ru bg tr lt it es fr pt de"
    " nl gl az sq mk hr vi".split(),
)
def test_each_month_as_the_unicode_consortium_writes_it(language: str) -> None:
    """Long forms of CLDR, which others have collected; a day of another month would be a wrong fact."""
    written = pytest.importorskip("babel.dates")
    country = "HR" if language == "hr" else ""
    unread = 0
    for form in ("long", "full", "medium"):
        for month in range(1, 13):
            day = date(2024, month, 13 + month)
            moment = dates.parse(written.format_date(day, form, language), country=country)
            unread += moment is None and form == "long"
            assert moment is None or moment.day == day
    assert unread <= 1  # May in Persian has two letters
