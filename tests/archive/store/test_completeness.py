"""What a listing claims, what is here, and what failed by its address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.shadows import hide
from archive.store.completeness import completeness
from archive.store.db import open_writer
from crawler.cli import main
from tests.benchmarks import archive_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = archive_folder.make(tmp_path / "a", archive_folder.sudy("one", "http://127.0.0.1:9/one"))
    db = open_writer(folder / "news.db")
    db.execute("insert into sites (id, name) values ('one', 'One')")
    listing = (
        "insert into listings (url, site, state, total_claimed, complete, unfollowed) values (?, 'one', ?, ?, ?, ?)"
    )
    db.execute(listing, ["https://o.example/full", "ok", 2, 1, None])
    db.execute(listing, ["https://o.example/short", "ok", 5, 1, None])
    db.execute(listing, ["https://o.example/mute", "ok", None, 1, None])
    db.execute(listing, ["https://o.example/cut", "ok", None, 0, "a button that a script moves"])
    db.execute(listing, ["https://o.example/old", "retired", 9, 1, None])
    db.execute(
        "insert into articles (url, site, kind, title, subtitle, byline, authors, editors, photographers, source,"
        " section, body, body_html, word_count, first_seen, last_seen, confidence) values"
        " ('https://o.example/a', 'one', 'article', 'A', '', '', '[]', '[]', '[]', '', '', '', '', 0, '1', '1', 1)"
    )
    row = (
        "insert into frontier (url, site, kind, state, reason, listing, article, first_seen)"
        " values (?, 'one', ?, ?, ?, ?, ?, '')"
    )
    for n in range(2):
        db.execute(row, [f"https://o.example/f{n}", "article", "done", None, "https://o.example/full", 1])
    db.execute(row, ["https://o.example/a", "attachment", "done", None, "https://o.example/short", None])
    for state, reason in (("failed", "http_500"), ("gone", "http_404"), ("moved", "https://o.example/a")):
        db.execute(row, [f"https://o.example/{state}", "article", state, reason, "https://o.example/short", None])
    db.execute(row, ["https://o.example/m", "article", "done", None, "https://o.example/mute", 1])
    db.conn.commit()
    db.close()
    return folder


def test_each_listing_is_accounted_for(folder: Path) -> None:
    db = open_writer(folder / "news.db")
    found = {one.listing.rpartition("/")[2]: one for one in completeness(db)}
    assert {name: one.verdict for name, one in found.items() if one.state != "retired"} == {
        "full": "complete",
        "short": "short",
        "mute": "unknown",
        "cut": "short",
    }
    short = found["short"]
    assert short.sentence == "claims 5; 1 here; 2 named and not here; 2 unaccounted for"
    assert short.missing == [
        ("https://o.example/failed", "failed", "http_500"),
        ("https://o.example/gone", "gone", "http_404"),
    ]
    assert "a button that a script moves" in found["cut"].sentence
    assert [one.listing for one in completeness(db, ["one"])] == [one.listing for one in completeness(db)]
    assert completeness(db, ["two"]) == []
    db.close()


def test_what_is_withheld_is_no_gap(folder: Path) -> None:
    db = open_writer(folder / "news.db")
    db.execute(
        "insert into withheld (asked, name, kind, depth, reason, by, since) values (?, ?, 'url', 'unlisted', 'r', 'b',"
        " '2026-01-01T00:00:00Z')",
        ["https://o.example/f1"] * 2,
    )
    db.conn.commit()
    assert hide(db.conn, "listed")
    full = next(one for one in completeness(db) if one.listing.endswith("/full"))
    assert (full.sentence, full.verdict) == (
        "claims 2; 0 here; 2 withheld",
        "complete",
    )  # both are addresses of one story


def test_the_command_names_what_failed(folder: Path) -> None:
    done = CliRunner().invoke(main, ["-C", str(folder), "completeness", "--failed"])
    assert done.exit_code == 3 and "https://o.example/failed  failed: http_500" in done.output
    assert "o.example/old" not in done.output
    done = CliRunner().invoke(main, ["-C", str(folder), "completeness", "--json", "one"])
    assert {row["verdict"] for row in json.loads(done.output)} == {"complete", "short", "unknown"}
    done = CliRunner().invoke(main, ["-C", str(folder), "completeness", "nobody"])
    assert done.exit_code == 1 and "no site 'nobody'" in done.output
