"""Sites that are entered again as they are cost no row; what a run in between has changed is put right all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from archive.store.db import open_writer
from archive.store.frontier import Found
from archive.store.rows import Rows
from crawler.intake.site_rows import enrol, row_of
from spiders import catalogue
from tests.benchmarks.corpus import sites_toml

AT, LATER = "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"
TEXT = sites_toml(5)
LISTING = "https://news3.example.edu/list.htm"


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    rows = Rows(open_writer(tmp_path / "news.db"))
    enrol(rows, SITES, AT)
    yield rows
    rows.close()


SITES = catalogue.parse(TEXT, "sites.toml")


def whole(rows: Rows) -> list[object]:
    return [rows.db.execute(f"select * from {table} order by 1").fetchall() for table in ("sites", "listings")]


@pytest.mark.parametrize("sites", [SITES, catalogue.parse(TEXT, "sites.toml")], ids=["same", "parsed anew"])
def test_nothing_is_written_where_nothing_has_changed(rows: Rows, sites: dict[str, object]) -> None:
    before, changes = whole(rows), rows.db.conn.total_changes
    enrol(rows, sites, LATER)  # type: ignore[arg-type]
    assert (whole(rows), rows.db.conn.total_changes) == (before, changes)


def test_the_same_text_is_not_entered_again_but_listings_are_taken_over(rows: Rows) -> None:
    enrol(rows, dict(SITES), AT, text=TEXT.encode())
    rows.db.conn.execute("update sites set name = 'not asked' where id = 'college_1'")
    rows.frontier.add([Found(url=LISTING, site="college_1", kind="listing", listing=LISTING)], AT)
    enrol(rows, dict(SITES), LATER, text=TEXT.encode())
    said = "select s.name, f.site from sites s, frontier f where s.id = 'college_1'"
    assert rows.db.execute(said).fetchone() == ("not asked", "college_3")
    enrol(rows, dict(SITES), LATER, text=TEXT.replace("\n", "\r\n").encode())
    assert rows.db.execute(said).fetchone() == ("News 1", "college_3"), "another text, which says the same"


def test_a_row_holds_all_that_a_site_may_say() -> None:
    (site,) = catalogue.parse(
        '[a]\nname = "A"\nlistings = ["https://a.edu/", { url = "https://a.edu/b", section = "B" }]\n'
        'tags = ["x"]\nselect = { item = "li" }\n',
        "sites.toml",
    ).values()
    assert row_of(site)["config"] == json.dumps(asdict(site), ensure_ascii=False, sort_keys=True)


def test_what_has_changed_is_written(rows: Rows) -> None:
    enrol(rows, catalogue.parse(TEXT.replace("News 2", "Nachrichten"), "sites.toml"), LATER)
    assert rows.db.execute("select name, first_seen from sites where id = 'college_2'").fetchone() == (
        "Nachrichten",
        AT,
    )


def test_sites_that_were_away_are_back_as_they_were(rows: Rows) -> None:
    before = whole(rows)
    enrol(rows, catalogue.parse(sites_toml(2), "sites.toml"), LATER)
    retired = "select count(*) from listings where state = 'retired'"
    assert rows.db.execute(retired).fetchone()[0] == 6
    enrol(rows, SITES, LATER)
    assert whole(rows) == before


def test_sites_entered_beside_are_told_apart_again(rows: Rows) -> None:
    """As a merge does with another archive's configuration."""
    before = whole(rows)
    enrol(rows, catalogue.parse(TEXT.replace("News 1", "Other"), "sites.toml"), LATER, alone=False)
    enrol(rows, SITES, LATER)
    assert whole(rows) == before


def test_a_listing_that_another_site_has_found_meanwhile_comes_home(rows: Rows) -> None:
    rows.frontier.add([Found(url=LISTING, site="college_1", kind="listing", listing=LISTING)], AT)
    enrol(rows, SITES, LATER)
    assert rows.db.execute("select site from frontier where url = ?", [LISTING]).fetchone() == ("college_3",)
