"""Pagers of an entry: addresses made by number, and told from others."""

import pytest

from spiders import catalogue, numbered
from spiders.site import Site
from spiders.tables import ConfigError

SEED = "https://x.example.edu/news"


def site(pager: str) -> Site:
    listing = {"url": SEED, "pager": pager}
    return catalogue.site("x", {"name": "X", "listings": [listing]}, "[x]")


@pytest.mark.parametrize(
    ("pager", "pages"),
    [
        ("https://x.example.edu/news?page={2}", ["?page=2", "?page=3", "?page=4"]),
        ("https://x.example.edu/news?page={1}&cat=4", ["?page=1&cat=4", "?page=2&cat=4"]),
        ("https://x.example.edu/news?offset={10+10}", ["?offset=10", "?offset=20", "?offset=30"]),
        ("https://x.example.edu/news/{2025-1}/", ["/2025/", "/2024/", "/2023/"]),
        ("https://x.example.edu/news?q=%E6%96%B0&page={2}", ["?q=%E6%96%B0&page=2", "?q=%E6%96%B0&page=3"]),
    ],
)
def test_one_page_follows_another(pager: str, pages: list[str]) -> None:
    one, url = site(pager), SEED
    for expected in pages:
        following = numbered.following(one, url)
        assert following == SEED + expected
        url = following
    assert numbered.beyond(one, url) and not numbered.beyond(one, SEED + pages[0])


@pytest.mark.parametrize(
    "url", [SEED + "?page=x", SEED + "?page=", SEED + "/a?page=3", SEED + "?page=3&a=1", SEED + "?page=1"]
)
def test_other_addresses_are_none_of_its_pages(url: str) -> None:
    one = site("https://x.example.edu/news?page={2}")
    assert numbered.following(one, url) is None
    assert not numbered.beyond(one, url)


def test_years_end() -> None:
    assert numbered.following(site("https://x.example.edu/news/{1-1}"), SEED + "/0") is None


@pytest.mark.parametrize(
    "pager",
    ["https://x.example.edu/news?page=2", "https://x.example.edu/{2}/{3}", "news?page={2}", "https://{2}.example.edu/"],
)
def test_what_is_no_pager_is_refused(pager: str) -> None:
    with pytest.raises(ConfigError, match="pager"):
        site(pager)
