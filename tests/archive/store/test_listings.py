"""Listings as they are configured, fare and rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.store.db import open_writer
from archive.store.listings import Listings
from archive.store.rows import Rows

LIST, OTHER = "https://news.example.edu/list.htm", "https://news.example.edu/sport.htm"
AT = "2026-01-0{}T00:00:00Z"


@pytest.fixture
def listings(tmp_path: Path) -> Listings:
    rows = Rows(open_writer(tmp_path / "news.db"))
    rows.sites.put({"id": "s"}, AT.format(1))
    for url in (LIST, OTHER):
        rows.listings.put(url=url, site="s", section="News", interval=0)
    return rows.listings


def states(listings: Listings) -> dict[str, tuple[str, str | None]]:
    return {
        url: (state, reason) for url, state, reason in listings.db.execute("select url, state, reason from listings")
    }


def test_what_is_not_known_is_complete_in_no_way(listings: Listings) -> None:
    assert not listings.complete(LIST) and not listings.complete(LIST + "x")
    listings.finished(LIST)
    assert listings.complete(LIST) and not listings.complete(OTHER)


def test_what_is_configured_no_longer_rests_and_the_others_go_on(listings: Listings) -> None:
    listings.read(OTHER, at=AT.format(1), items=0, new=0, total=None)
    listings.retire({LIST})
    assert states(listings) == {LIST: ("new", None), OTHER: ("retired", None)}
    listings.retire({LIST})
    listings.put(url=OTHER, site="s", section="Sport", interval=60)
    assert states(listings)[OTHER] == ("empty", "no_items"), "it fares as it did"
    assert listings.section(OTHER) == "Sport" and listings.section(None) == "" == listings.section(LIST + "x")


def test_one_that_was_well_is_well_when_it_is_back(listings: Listings) -> None:
    listings.read(LIST, at=AT.format(2), items=3, new=3, total=30)
    listings.retire(set())
    assert set(states(listings).values()) == {("retired", None)}
    listings.put(url=LIST, site="s", section="News", interval=0)
    assert states(listings) == {LIST: ("ok", None), OTHER: ("retired", None)}
