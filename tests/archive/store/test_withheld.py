"""Orders to withhold and releases, as their records hold them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.identity import LENGTH, identifier
from archive.store.db import open_writer
from archive.store.identifiers import note
from archive.store.withheld import DEPTHS, Depth, Order, Release, Withholding, everything, over, over_identifier

MADE: dict[str, Any] = {
    "asked": "https://news.example.edu/1", "kind": "url", "names": ("https://news.example.edu/1",), "depth": "blocked",
    "reason": "asked for by 张三", "by": "editor", "since": "2026-11-01T08:00:00Z", "sites": ("s",),
}  # fmt: skip


@pytest.mark.parametrize("depth", DEPTHS)
def test_an_order_is_read_from_its_record(depth: Depth) -> None:
    order = Order(**MADE | {"depth": depth})
    assert Order.of(order.payload()) == order


@pytest.mark.parametrize(
    "spoilt", [{"depth": "hidden"}, {"kind": "page"}, {"depth": "hidden", "kind": "page"}, {"more": 1}, {"names": 3}]
)
def test_another_record_is_no_order(spoilt: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not an order"):
        Order.of(json.dumps(MADE | spoilt).encode())


@pytest.mark.parametrize("payload", [b"[]", b"3", b"{}", b"not json"])
def test_what_is_no_record_of_ours_is_refused(payload: bytes) -> None:
    for kind in (Order, Release):
        with pytest.raises(ValueError):
            kind.of(payload)


def test_a_release_is_read_from_its_record() -> None:
    release = Release(asked="s", reason="over", by="editor", at="2026-11-02T08:00:00Z", names=("a", "b"))
    assert Release.of(release.payload()) == release


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """Two addresses, of which the first is withheld."""
    db = open_writer(tmp_path / "news.db")
    for url in (*MADE["names"], OTHER):
        note(db, url)
    Withholding(db).put(Order(**MADE))
    return db


OTHER = "https://news.example.edu/2"


@pytest.mark.parametrize("length", [LENGTH, LENGTH + 4])
def test_an_identifier_is_answered_as_its_address(db: Database, length: int) -> None:
    (url,) = MADE["names"]
    found = over_identifier(db, identifier(url, length))
    assert found is not None and found == over(db, url=url) and MADE["reason"] in found.sentence
    assert over_identifier(db, identifier(OTHER, length)) is None is over(db, url=OTHER)
    assert over_identifier(db, identifier("https://news.example.edu/never", length)) is None


def test_what_was_never_read_is_answered_too(db: Database) -> None:
    """Its address stands in no table but that of orders."""
    unread = "https://news.example.edu/unread"
    Withholding(db).put(Order(**MADE | {"asked": unread, "names": (unread,)}))
    assert over_identifier(db, identifier(unread)) == over(db, url=unread) is not None


def test_an_archive_of_before_withholds_nothing(tmp_path: Path) -> None:
    assert over_identifier(Database(memory=True), identifier(OTHER)) is None


def test_what_is_removed_stays_so_and_is_named_by_nothing(db: Database) -> None:
    withholding = Withholding(db)
    (url,) = MADE["names"]
    assert withholding.removed([url, OTHER]) == set() and not withholding.is_removed(url)
    withholding.put(Order(**MADE | {"depth": "removed", "reason": "court", "by": "b", "since": "2026-11-02T00:00:00Z"}))
    assert withholding.removed([url, OTHER]) == {url} and withholding.removed([]) == set() == withholding.removed(
        [OTHER]
    )
    assert withholding.is_removed(url) and not withholding.is_removed(OTHER)
    assert withholding.removals() == {("url", url): ("2026-11-02T00:00:00Z", "court", "b")}
    withholding.put(Order(**MADE | {"depth": "unlisted"}))
    assert withholding.release(url) == 0 and withholding.removed([url]) == {url}


def test_a_release_lets_go_of_what_was_named_and_of_nothing_else(db: Database) -> None:
    withholding = Withholding(db)
    withholding.put(Order(**MADE | {"asked": "site", "kind": "site", "names": ("site",), "depth": "unlisted"}))
    assert withholding.asked() == {MADE["asked"], "site"}
    assert withholding.names("url") == set(MADE["names"]) and withholding.names("site") == {"site"}
    assert withholding.names("site", ("blocked", "removed")) == set() == withholding.names("record")
    assert (withholding.release("site"), withholding.release("site")) == (1, 0)
    assert withholding.asked() == {MADE["asked"]}


@pytest.mark.parametrize("ours", DEPTHS)
@pytest.mark.parametrize("theirs", DEPTHS)
@pytest.mark.parametrize("of_another", [True, False])
def test_an_order_of_another_archive_weakens_none_of_ours(
    ours: Depth, theirs: Depth, of_another: bool, tmp_path: Path
) -> None:
    db = open_writer(tmp_path / "news.db")
    withholding = Withholding(db)
    withholding.put(Order(**MADE | {"depth": ours}))
    withholding.put(Order(**MADE | {"depth": theirs}), of_another=of_another)
    ((depth,),) = db.execute("select depth from withheld").fetchall()
    rank = ("unlisted", "blocked", "removed").index
    assert depth == (max(ours, theirs, key=rank) if of_another else ours if ours == "removed" else theirs)


@pytest.mark.parametrize(("until", "held"), [("2020-01-01T00:00:00Z", False), ("9999-01-01T00:00:00Z", True)])
def test_an_embargo_ends_with_its_day(until: str, held: bool, tmp_path: Path) -> None:
    db = open_writer(tmp_path / "news.db")
    (url,) = MADE["names"]
    Withholding(db).put(Order(**MADE | {"until": until}))
    assert (over(db, url=url) is not None, url in Withholding(db).names("url")) == (held, held)
    assert len(everything(db)) == held and len(everything(db, ended=True)) == 1
