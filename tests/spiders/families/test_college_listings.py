"""Every listing of the sample college walked to its end by its family: each story once, under its title, and nothing
else."""

from __future__ import annotations

import tomllib
from urllib.request import Request, urlopen

import pytest

from spiders.facts import Item
from spiders.families import family
from spiders.page import Page
from spiders.urls import split_form
from tests.college import College
from tests.college.families import FAMILIES

MOST = 30  # pages of a listing


def walk(name: str, url: str | None) -> list[Item]:
    """Items of all pages, from the first on."""
    reader, found = family(name), list[Item]()
    for _ in range(MOST):
        if url is None:
            return found
        address, form = split_form(url)
        with urlopen(Request(address, data=form)) as answer:
            listing = reader.read_listing(
                Page(url, answer.read(), headers=tuple(answer.headers.items())), reader.SELECT
            )
        assert listing.items
        found += listing.items
        url = listing.older
    raise AssertionError(f"more than {MOST} pages")


@pytest.mark.parametrize("site", [name for name in FAMILIES if name != "traps"])
def test_a_listing_is_walked_whole(site: str) -> None:
    with College([site]) as college:
        entry = tomllib.loads(college.sites_toml())[site]
        found = [
            item
            for listing in entry["listings"]
            for item in walk(entry["family"], listing if isinstance(listing, str) else listing["url"])
        ]
        wanted = {row.url: (row.title, row.kind) for row in college.articles(site)}
        assert {item.url: (item.title, item.kind) for item in found} == wanted
        assert len(found) == len(wanted)
