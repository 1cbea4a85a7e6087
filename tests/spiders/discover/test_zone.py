"""The time zone of a college whose address does not tell: what its pages state agrees on one, or it is not known."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest

from archive.article import Article
from spiders import countries
from spiders.discover.zone import proposed
from spiders.page import Page
from spiders.read import read_article
from spiders.site import UNKNOWN_ZONE, Site

YEAR = [datetime(2025, month, 14, 9, 20) for month in range(1, 13)]
WINTER = [datetime(2025, month, 5, 8, 30) for month in (1, 2, 11, 12)]


def in_data(url: str, days: list[datetime], zone: str, lang: str = "en") -> list[Page]:
    """A page a story that says its time in JSON-LD, as Yoast writes it."""
    return [
        Page(
            f"{url}/news/{n}",
            f"<html lang={lang}><script type='application/ld+json'>".encode()
            + json.dumps(
                {"@type": "NewsArticle", "datePublished": day.replace(tzinfo=ZoneInfo(zone)).isoformat()}
            ).encode()
            + b"</script><p>x</p>",
        )
        for n, day in enumerate(days)
    ]


def in_meta(url: str, days: list[datetime], zone: str) -> list[Page]:
    metas = "".join(
        f"<meta property='article:published_time' content='{day.replace(tzinfo=ZoneInfo(zone)):%Y-%m-%dT%H:%M:%S%z}'>"
        for day in days
    )
    return [Page(f"{url}/one", f"<html lang=en-US>{metas}<p>x".encode())]


def in_feed(url: str, days: list[datetime], zone: str) -> list[Page]:
    items = "".join(
        f"<item><pubDate>{format_datetime(day.replace(tzinfo=ZoneInfo(zone)))}</pubDate></item>" for day in days
    )
    return [
        Page(
            f"{url}/feed",
            f"<rss><channel>{items}</channel></rss>".encode(),
            headers=(("Content-Type", "application/rss+xml"),),
        )
    ]


@pytest.mark.parametrize("zone", countries.zones("US"))
@pytest.mark.parametrize("made", [in_data, in_meta, in_feed])
def test_each_american_zone_is_told_by_a_year_of_stories(made, zone: str) -> None:  # type: ignore[no-untyped-def]
    found, said = proposed("https://www.example.edu/", made("https://news.example.edu", YEAR, zone))
    assert found == zone and zone in said


@pytest.mark.parametrize("land", ["CA", "AU", "MX", "ES", "ID", "RU", "BR"])
def test_so_are_those_of_other_lands_that_keep_several(land: str) -> None:
    top = {"CA": "ca", "AU": "edu.au"}.get(land, land.lower())
    for zone in countries.zones(land):
        url = f"https://www.example.{top}"
        assert proposed(url, in_data(url, YEAR, zone))[0] == zone


def test_what_does_not_agree_is_not_known_and_says_why() -> None:
    url = "https://www.example.edu"
    both = proposed(url, in_data(url, WINTER, "America/Denver"))
    assert both[0] == UNKNOWN_ZONE and "America/Denver or America/Phoenix" in both[1]
    mixed = proposed(url, [*in_data(url, YEAR, "America/Chicago"), *in_feed(url, YEAR, "America/New_York")])
    assert mixed[0] == UNKNOWN_ZONE and "-0500" in mixed[1]
    for few in ([], in_data(url, YEAR[:2], "America/Chicago"), in_data(url, YEAR, "UTC")):
        assert proposed(url, few)[0] == UNKNOWN_ZONE, "two are no agreement, and zero is what says nothing"
    abroad = in_data("https://www.elsewhere.org", YEAR, "America/Chicago")
    assert proposed(url, abroad)[0] == UNKNOWN_ZONE, "pages of others are no witness"
    assert (
        proposed("https://www.example.edu.kw", in_data("https://www.example.edu.kw", YEAR, "Asia/Kuwait"))[0]
        == UNKNOWN_ZONE
    )


def test_a_country_of_one_time_needs_no_witness() -> None:
    assert proposed("https://www.example.edu.cn/", []) == ("Asia/Shanghai", "")
    com = "https://www.example.com"
    assert proposed(com, in_data(com, YEAR, "Asia/Shanghai", "zh-CN"))[0] == "Asia/Shanghai"
    assert proposed(com, in_data(com, YEAR, "Asia/Shanghai", "zh"))[0] == UNKNOWN_ZONE, "there are six such lands"


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        ("March 4, 2026 at 11:30 p.m.", "2026-03-04"),
        ("March 4, 2026 at 11:30 p.m. EST", "2026-03-05T04:30:00Z"),
        ("2026-03-04 23:30", "2026-03-04"),
        ("March 4, 2026", "2026-03-04"),
    ],
)
def test_where_the_zone_is_not_known_a_time_of_day_that_names_none_is_left_out(stated: str, published: str) -> None:
    site = Site(id="x", name="x", listings=(), timezone=UNKNOWN_ZONE, country="US")
    text = "<p>The college opens a new reading room for its students, who asked for one for years.</p>" * 4
    page = f"<html><title>A new room</title><h1>A new room</h1><p>Posted on {stated}</p><div>{text}</div>"
    found = read_article(
        Page("https://www.example.edu/a", page.encode(), fetched=datetime(2026, 4, 1, tzinfo=UTC)), site
    )
    assert isinstance(found, Article)
    assert found.published == published
    assert found.published_precision == ("minute" if published.endswith("Z") else "day")
