"""Addresses of an older archive get the keys of today: each once, and nothing that was known is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.store.db import open_writer
from archive.store.respelling import respell, spelled

HOST = "https://news.example.edu"
PLAIN = f"{HOST}/plain.htm"
OLD, NOW = f"{HOST}/a b.htm?utm_source=x", f"{HOST}/a%20b.htm"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_writer(tmp_path / "news.db")


def known(db: Database, url: str, **more: object) -> None:
    row = {"url": url, "site": "s", "kind": "article", "state": "done", "first_seen": "2026-01-01T00:00:00Z"} | more
    db["frontier"].insert(row | {"due": row.get("due"), "attempts": 3}, foreign_keys=[])


def part(of: str, page: str) -> str:
    return json.dumps({"part_of": of, "page": page}, separators=(",", ":"))


def test_a_page_a_document_and_what_is_no_address() -> None:
    assert spelled(OLD, "article") == NOW == spelled(NOW, "article")
    assert spelled(f"{HOST}/a b.pdf?utm_source=x", "attachment") == f"{HOST}/a%20b.pdf?utm_source=x"
    assert spelled("no address", "article") == "no address"


def test_addresses_and_what_refers_to_them(db: Database) -> None:
    db.execute("pragma foreign_keys = off")
    known(db, OLD)
    known(db, f"{HOST}/2 .htm", state="moved", reason=OLD)
    known(db, f"{HOST}/3.htm", state="moved", reason=PLAIN)
    known(db, f"{HOST}/page 2.htm", hint=part(OLD, f"{HOST}/page 2.htm"))
    known(db, f"{HOST}/page3.htm", hint=part(PLAIN, f"{HOST}/page3.htm"))
    respell(db)
    rows = db.execute("select url, state, reason, json(hint) from frontier").fetchall()
    assert {row[0]: row[1:] for row in rows} == {
        NOW: ("done", None, None),
        f"{HOST}/2%20.htm": ("moved", NOW, None),
        f"{HOST}/3.htm": ("moved", PLAIN, None),
        f"{HOST}/page%202.htm": ("done", None, part(NOW, f"{HOST}/page%202.htm")),
        f"{HOST}/page3.htm": ("done", None, part(PLAIN, f"{HOST}/page3.htm")),
    }


def test_only_what_was_refused_for_its_spelling_is_due_again(db: Database) -> None:
    db.execute("pragma foreign_keys = off")
    known(db, f"{HOST}/招生 1.pdf", kind="attachment", state="refused", reason="guard")
    known(db, f"{HOST}/招生 2.pdf", kind="attachment", state="refused", reason="robots")
    known(db, f"{HOST}/plain.pdf", kind="attachment", state="refused", reason="guard")
    respell(db)
    states = {
        url.rpartition("/")[2]: (state, attempts)
        for url, state, attempts in db.execute("select url, state, attempts from frontier")
    }
    assert states == {
        "%E6%8B%9B%E7%94%9F%201.pdf": ("pending", 0),
        "%E6%8B%9B%E7%94%9F%202.pdf": ("refused", 3),
        "plain.pdf": ("refused", 3),
    }


def test_of_two_that_are_one_now_the_first_keeps_the_key(db: Database) -> None:
    db.execute("pragma foreign_keys = off")
    known(db, NOW, state="gone")
    known(db, OLD)
    respell(db)
    assert db.execute("select url, state from frontier order by id").fetchall() == [(NOW, "gone"), (OLD, "done")]
