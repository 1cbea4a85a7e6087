"""Entries are appended; what an operator wrote stays to the byte."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.adding import entries
from spiders import catalogue
from spiders.site import ListingSeed, Site
from spiders.tables import ConfigError

SITE = Site(
    id="example",
    name='The "Example" Daily \\ 日报',
    college="示例大学",
    family="wordpress",
    homepage="https://news.example.edu/",
    country="US",
    language="en",
    timezone="America/Chicago",
    hosts=("cdn.example.org",),
    select={"body": 'div[class="story"] > p'},
    listings=(
        ListingSeed(url="https://news.example.edu/category/news/", section="News"),
        ListingSeed(url="https://news.example.edu/feed/", unfollowed='the story "older" is not in it'),
    ),
)


def test_an_entry_reads_back_as_the_site(tmp_path: Path) -> None:
    path = tmp_path / "sites.toml"
    entries.append(path, SITE, "added by hand\nof a test")
    back = catalogue.load(path)["example"]
    assert (back.name, back.college, back.family, back.timezone, back.listings, back.select) == (
        SITE.name,
        SITE.college,
        SITE.family,
        SITE.timezone,
        SITE.listings,
        SITE.select,
    )
    assert set(back.hosts) == {"cdn.example.org", "news.example.edu"}
    assert path.read_text().startswith("# added by hand\n# of a test\n[example]\n")


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"# nothing yet\n",
        b'# mine\n[a]\nname = "A"   # why\nlistings = ["https://a.edu/"]\n',
        b'[a]\nname = "A"\nlistings = ["https://a.edu/"]',
        b'[a]\r\nname = "A"\r\nlistings = ["https://a.edu/"]\r\n',
    ],
)
def test_what_stood_there_stays(before: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sites.toml"
    path.write_bytes(before)
    entries.append(path, SITE)
    after = path.read_bytes()
    assert after.startswith(before) and (b"\r\n" in after) == (b"\r\n" in before)
    assert list(catalogue.load(path)) == [*(["a"] if b"[a]" in before else []), "example"]


@pytest.mark.parametrize(
    "before",
    [b'[example]\nname = "A"\nlistings = ["https://a.edu/"]\n', b"[broken\n", b"# \xff\n", b'[a]\nname = "A"\n'],
)
def test_a_file_that_cannot_take_it_is_left_alone(before: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sites.toml"
    path.write_bytes(before)
    with pytest.raises(ConfigError):
        entries.append(path, SITE)
    assert path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["sites.toml"]


def test_mode_and_link_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "sites.toml"
    real.write_text("# real\n")
    real.chmod(0o640)
    link.symlink_to(real)
    entries.append(link, SITE)
    assert link.is_symlink() and real.stat().st_mode & 0o777 == 0o640
    assert "example" in catalogue.load(real)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_name_survives(name: str) -> None:
    site = Site(id="x", name=name, listings=(ListingSeed(url="https://a.edu/", section=name),))
    back = catalogue.parse(entries.entry(site, name), "test")["x"]
    assert (back.name, back.listings[0].section) == (name, name)
