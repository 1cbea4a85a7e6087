"""The operator's page: shown to an operator alone, in both languages, in sums of what is newest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.instants import iso
from archive.store import lately as module
from archive.store.db import open_writer
from archive.store.lately import lately
from tests.archive.web.conftest import Client, client_of

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_it_is_nobodys_page_where_the_server_was_not_started_for_an_operator(sample: Any, client: Client) -> None:
    closed = client.get("/operator")
    assert closed.status_code == 404 and "serve --operator" in closed.text and 'href="/operator"' not in closed.text
    shown = client_of(sample.folder, operator=True).get("/operator")
    assert shown.status_code == 200 and 'href="/operator" aria-current="page"' in shown.text
    chinese = client_of(sample.folder, operator=True).get("/operator?lang=zh").text
    assert "需要人工处理" in chinese and "What needs" not in chinese


def test_causes_are_told_once_with_the_command_that_helps(tmp_path: Path) -> None:
    db = open_writer(tmp_path / "news.db")
    for n in range(30):
        db.execute("insert into sites (id, state, first_seen) values (?, 'active', '2026-01-01')", [f"s{n:02}"])
        state, reason = ("failed", "http_404") if n < 20 else ("ok", None)
        db.execute(
            "insert into listings (url, site, state, reason, last_tried) values (?, ?, ?, ?, '2026-11-30')",
            [f"https://s{n:02}.example/", f"s{n:02}", state, reason],
        )
    db.close()
    text = client_of(tmp_path, operator=True).get("/operator").text
    assert "20 / 30" in text and text.count("<h3>") == 1 and "failed: http_404" in text
    assert "campuswarc fix s00" in text and "campuswarc fix s07" in text and "s08" not in text and "and 12 more" in text


@pytest.fixture
def db(tmp_path: Path) -> Any:
    db = open_writer(tmp_path / "news.db")
    yield db
    db.close()


def _capture(db: Any, n: int, site: str, at: datetime, run: int, length: int) -> None:
    db.execute(
        "insert into captures (url, site, kind, fetched_at, status, record_type, record_id, warc, offset, length, run)"
        " values (?, ?, 'article', ?, 200, 'response', ?, 'a.warc.gz', ?, ?, ?)",
        [f"https://{site}.example/{n}", site, iso(at), f"<urn:x:{n}>", n, length, run],
    )


def test_growth_is_told_of_the_newest_captures_without_the_first_days_of_a_site(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CAPTURES", 40)
    begun = NOW - timedelta(days=20)
    for site, first in (("old", begun - timedelta(days=300)), ("new", NOW - timedelta(days=1))):
        db.execute("insert into sites (id, state, first_seen) values (?, 'active', ?)", [site, iso(first)])
    for run in range(1, 5):
        at = iso(begun + timedelta(days=5 * run))
        db.execute("insert into runs (id, begun, ended) values (?, ?, ?)", [run, at, at if run < 4 else None])
    for n in range(10):
        _capture(db, n, "old", begun - timedelta(days=100), 1, 1_000_000)
    for n in range(10, 50):
        _capture(db, n, "new" if n >= 30 else "old", begun + timedelta(hours=12 * (n - 10)), 1 + n // 13, 1000 + n)
    found = lately(db, NOW)
    assert (found.captures, found.since) == (40, iso(begun)) and round(found.days) == 20
    assert [(one.site, one.captures) for one in found.sites] == [("new", 20), ("old", 20)]
    assert found.a_year == round(sum(1000 + n for n in range(10, 30)) / 20 * 365), (
        "what a new site brings first is no rate"
    )
    assert [one.run for one in found.runs] == [4, 3, 2, 1]
    assert found.runs[0].minutes is None and found.runs[1].bytes == sum(1000 + n for n in range(26, 39))
    assert found.runs[-1].bytes is None, "some of its captures were not looked at"
    assert found.runs[-1].captures == 13


def test_two_weeks_are_needed_and_an_empty_archive_has_nothing(db: Any) -> None:
    assert lately(db, NOW).captures == 0 and lately(db, NOW).a_year is None
    db.execute("insert into runs (id, begun) values (1, '2026-11-27T00:00:00Z')")
    db.execute("insert into sites (id, first_seen) values ('s', '2026-01-01T00:00:00Z')")
    _capture(db, 1, "s", NOW - timedelta(days=3), 1, 300)
    assert lately(db, NOW).a_year is None
    assert lately(db, NOW + timedelta(days=12)).a_year == 300 * 365 // 15
