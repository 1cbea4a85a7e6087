"""What a person means by the address or identifier that they give."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.identity import identifier
from archive.store.db import open_writer
from archive.store.identifiers import note
from archive.store.meant import Unclear, meant

SLASHED, BARE = "https://www.example.edu/news/quantum/", "http://news.example.edu/1.htm"
LISTED, CAPTURED = "https://example.edu/list", "https://example.edu/doc.pdf?v=1"


def frontier(folder: Path, *urls: str) -> Database:
    """An archive that knows these addresses."""
    db = open_writer(folder / "news.db")
    with db.atomic():
        db["frontier"].insert_all(
            {"url": url, "site": "s", "kind": "article", "state": "done", "priority": 0, "first_seen": ""}
            for url in urls
        )
    return db


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Database:
    db = frontier(tmp_path_factory.mktemp("meant"), SLASHED, BARE, LISTED, CAPTURED)
    note(db, SLASHED)
    note(db, BARE)
    return db


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        (SLASHED, SLASHED),
        ("https://www.example.edu/news/quantum", SLASHED),
        ("http://www.example.edu/news/quantum/#more", SLASHED),
        ("https://example.edu/news/quantum", SLASHED),
        ("www.example.edu/news/quantum/?utm_source=x", SLASHED),
        ("  HTTPS://WWW.Example.edu/news/quantum/ ", SLASHED),
        ("https://news.example.edu/1.htm", BARE),
        ("https://www.news.example.edu/1.htm", BARE),
        ("http://www.example.edu/list/", LISTED),
        ("http://example.edu/doc.pdf?v=1", CAPTURED),
        (identifier(BARE), BARE),
        (identifier(BARE)[:12].upper(), BARE),
        (f"http://archive.example.org/article/{identifier(BARE)}", BARE),
        (f"http://archive.example.org/news/article/{identifier(BARE)}/20240101000000?lang=zh", BARE),
        (f"http://archive.example.org/replay/20240101000000/{SLASHED}", SLASHED),
        (f"http://archive.example.org/replay/20240101000000id_/{SLASHED}", SLASHED),
        ("https://nowhere.example.edu/x", "https://nowhere.example.edu/x"),  # nothing is known: as it is asked for
        ("https://www.example.edu/news/quantum/2", "https://www.example.edu/news/quantum/2"),
        ("nowhere.example.edu", "https://nowhere.example.edu/"),
    ],
)
def test_an_address_means_the_page_that_the_archive_knows(db: Database, asked: str, known: str) -> None:
    assert meant(db, asked) == known


@pytest.mark.parametrize("asked", ["", "news", "http://[", "ftp://example.edu/", "a" * 16, "two words", "\ud800"])
def test_what_names_nothing_is_said(db: Database, asked: str) -> None:
    with pytest.raises(Unclear):
        meant(db, asked)


def test_the_spelling_that_was_given_goes_before_all_others(tmp_path: Path) -> None:
    both = ["http://example.edu/a", "https://example.edu/a", "https://www.example.edu/a/"]
    db = frontier(tmp_path, *both)
    assert [meant(db, url) for url in both] == both
