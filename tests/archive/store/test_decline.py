"""What is worse in a listing than it was is said as long as it is so, and measured against what it was when well."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.store.db import open_writer
from archive.store.decline import Look, decline
from archive.store.rows import Rows

LIST = "https://news.example.edu/list.htm"
WELL = Look(rows=20, dated=100, cut=0, alone=False)
WORSE = {
    "pages_lost": replace(WELL, alone=True),
    "dates_lost": replace(WELL, dated=20),
    "titles_cut": replace(WELL, cut=80),
}


@pytest.mark.parametrize(
    ("pages", "dated", "cut", "now", "said"),
    [
        (20, 100, 0, WELL, None),
        (3, 100, 0, WORSE["pages_lost"], "pages_lost"),
        (2, 100, 0, WORSE["pages_lost"], None),
        (3, 80, 0, replace(WELL, dated=20), "dates_lost"),
        (3, 79, 0, replace(WELL, dated=20), None),
        (3, 80, 0, replace(WELL, dated=21), None),
        (3, None, 0, replace(WELL, dated=0), None),
        (3, 0, 20, replace(WELL, dated=0, cut=80), "titles_cut"),
        (3, 0, 21, replace(WELL, dated=0, cut=80), None),
        (3, 0, 20, replace(WELL, dated=0, cut=79), None),
        (3, 0, None, replace(WELL, dated=0, cut=100), None),
        (3, 100, 0, replace(WELL, rows=4, dated=0), "dates_lost"),
        (3, 100, 0, replace(WELL, rows=3, dated=0), None),
        (3, 100, 0, replace(WELL, rows=3, alone=True), "pages_lost"),
    ],
)
def test_a_decline_has_a_name(pages: int, dated: int | None, cut: int | None, now: Look, said: str | None) -> None:
    found = decline(pages, dated, cut, now)
    assert (found and found.partition(": ")[0]) == said


@pytest.mark.parametrize("name", WORSE)
def test_it_is_said_until_it_is_over_and_the_worse_is_no_measure(name: str, tmp_path: Path) -> None:
    rows = Rows(open_writer(tmp_path / "news.db"))
    rows.sites.put({"id": "s"}, "2026-01-01T00:00:00Z")
    rows.listings.put(url=LIST, site="s", section="", interval=0)

    def doubt() -> str | None:
        found: str | None = rows.db.execute("select doubt from listings").fetchone()[0]
        return found and found.partition(": ")[0]

    rows.listings.reached(LIST, 20)
    rows.listings.looks(LIST, WELL)
    assert doubt() is None
    for _ in range(3):
        rows.listings.looks(LIST, WORSE[name])
        assert doubt() == name
    rows.listings.looks(LIST, replace(WELL, rows=0, dated=0, cut=100))
    assert doubt() is None, "a page without rows is another trouble, and no measure"
    rows.listings.looks(LIST, WORSE[name])
    assert doubt() == name
    rows.listings.looks(LIST, WELL)
    assert doubt() is None
