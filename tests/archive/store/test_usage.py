"""What takes room in an archive, and what it will be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.instants import iso
from archive.store.db import open_reader, open_writer
from archive.store.usage import usage
from crawler.cli import main

AT = datetime(2026, 11, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def archive(folder: Path, days: int) -> Path:
    """A site of that many days: a first crawl of 1,000 captures, then two a day of 5 kB; and one of another site."""
    db = open_writer(folder / "news.db")
    begun = AT - days * DAY
    db.conn.execute("insert into sites (id, first_seen, state) values ('one', ?, 'active')", [iso(begun)])
    db.conn.execute("insert into sites (id, first_seen, state) values ('two', ?, 'active')", [iso(begun)])
    rows = [("one", "article", begun, 9_000)] * 1000
    rows += [("one", kind, AT - n * DAY, 5_000) for n in range(days - 3) for kind in ("article", "listing")]
    rows.append(("two", "article", begun, 1_000))
    for n, (site, kind, at, size) in enumerate(rows):
        db.conn.execute(
            "insert into captures (url, site, kind, status, fetched_at, record_type, record_id, warc, offset, length)"
            " values ('u', ?, ?, 200, ?, 'response', ?, 'w', ?, ?)",
            [site, kind, iso(at), str(n), n, size],
        )
    db.conn.commit()
    db.close()
    (folder / "warc" / "2026").mkdir(parents=True)
    (folder / "warc" / "2026" / "a.warc.gz").write_bytes(bytes(1_000_000))
    (folder / "news.db.2026.old").write_bytes(bytes(4_000))
    return folder


def test_the_first_crawl_of_a_site_says_nothing_of_the_years_to_come(tmp_path: Path) -> None:
    folder = archive(tmp_path, 62)
    found = usage(open_reader(folder / "news.db"), folder, AT)
    assert (found.warc_files, found.warc_bytes, found.other_bytes) == (1, 1_000_000, 4_000)
    assert found.days == 60 and found.year_captures is not None and found.year_bytes is not None
    assert found.year_captures == pytest.approx(2 * 365, rel=0.03)
    rows = found.year_captures * found.database_bytes / found.tables["captures"]
    assert found.year_bytes - 1_000_000 - found.database_bytes == pytest.approx(
        found.year_captures * 5_000 + rows, 0.01
    )
    assert list(found.sites) == ["one", "two"] and found.sites["two"] == (1, 1_000)
    assert list(found.months) == sorted(found.months) and sum(n for n, _ in found.months.values()) == 1001 + 2 * 59
    assert found.kinds["listing"] == (59, 59 * 5_000)


def test_of_a_young_archive_it_says_that_it_does_not_know(tmp_path: Path) -> None:
    folder = archive(tmp_path, 9)
    result = CliRunner().invoke(main, ["-C", str(folder), "storage"])
    assert result.exit_code == 0, result.output


def test_the_command_says_it_in_words_and_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = archive(tmp_path, 62)
    monkeypatch.setattr("crawler.commands.storage.now", lambda: AT)
    words = CliRunner().invoke(main, ["-C", str(folder), "storage"]).output
    assert "in a year" in words and "as in the last 60 days" in words and "\nsite " in words
    told = json.loads(CliRunner().invoke(main, ["-C", str(folder), "storage", "--json"]).output)
    assert told["sites"]["one"][0] == 1000 + 2 * 59 and told["free_bytes"] > 0
    monkeypatch.setattr("crawler.commands.storage.now", lambda: AT - 50 * DAY)
    assert "not known yet" in CliRunner().invoke(main, ["-C", str(folder), "storage"]).output
