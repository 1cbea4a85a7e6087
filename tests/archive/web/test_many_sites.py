"""Pages and sums of many sites: what SQLite does for them is counted in steps of its machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.store.db import open_writer
from archive.store.health import health
from tests.archive.web.conftest import Client

PLAIN = {
    "id": 0,
    "url": "",
    "site": "",
    "kind": "article",
    "title": "T",
    "subtitle": "",
    "published": "2024-05-01",
    "byline": "",
    "authors": "[]",
    "editors": "[]",
    "photographers": "[]",
    "source": "",
    "section": "",
    "language": "zh",
    "body": "B",
    "body_html": "",
    "word_count": 1,
    "state": "live",
    "first_seen": "2024-05-01T00:00:00Z",
    "last_seen": "2024-06-01T00:00:00Z",
    "confidence": 1.0,
}


def archive(folder: Path, sites: int, stories: int = 3) -> Path:
    """That many sites, each with a listing and some stories; each tenth has lost one, each twentieth listing has
    failed."""
    folder.mkdir()
    db = open_writer(folder / "news.db")
    with db.atomic():
        db["sites"].insert_all(
            {
                "id": f"s{n}",
                "name": f"News {n}",
                "college": f"第{n}大学",
                "state": "retired" if n % 50 == 49 else "active",
            }
            for n in range(sites)
        )
        db["listings"].insert_all(
            {
                "url": f"https://n{n}.example/",
                "site": f"s{n}",
                "state": "ok" if n % 20 else "failed",
                "reason": None if n % 20 else "http_500",
                "last_ok": "2024-06-01T00:00:00Z",
            }
            for n in range(sites)
        )
        rows = (
            PLAIN
            | {
                "id": n + 1,
                "url": f"https://n{n % sites}.example/{n}",
                "site": f"s{n % sites}",
                "state": "gone" if n < sites / 10 else "live",
            }
            for n in range(sites * stories)
        )
        db.conn.executemany(
            f"insert into articles ({', '.join(PLAIN)}) values ({', '.join('?' * len(PLAIN))})",
            (list(row.values()) for row in rows),
        )
    db.close()
    return folder


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, str], float]:
    """Thousands of steps of SQLite's machine that a page of an archive of so many sites takes."""
    pytest.importorskip("datasette")
    from archive.web import served_archive
    from archive.web.server import application

    made: dict[int, Path] = {}

    def ask(sites: int, path: str) -> float:
        if sites not in made:
            made[sites] = archive(tmp_path_factory.mktemp("many") / "a", sites)
        folder, taken = made[sites], count()
        real = served_archive.ServedArchive.open

        def opened(held: served_archive.ServedArchive, *shown: Any) -> Database:
            db = real(held, *shown)
            db.conn.set_progress_handler(lambda: next(taken) and None, 1000)
            return db

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(served_archive.ServedArchive, "open", opened)
            patch.setattr("archive.web.plugin.sqlite_timelimit", _unlimited)  # it has a handler of its own
            assert Client(application(folder / "news.db", folder / "warc", operator=True)).get(path).status_code == 200
        return next(taken)

    return ask


class _unlimited:
    def __init__(self, *_: object) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sites",
        "/sites?state=trouble",
        "/sites?q=News+1",
        "/gone",
        "/gone?site=s1",
        "/site/s1",
        "/runs",
        "/operator",
    ],
)
def test_a_page_of_four_times_the_sites_takes_no_more_than_four_times_the_steps(
    steps: Callable[[int, str], float], path: str
) -> None:
    assert steps(2000, path) <= 4.5 * max(steps(500, path), 3)


@pytest.mark.parametrize(("path", "most"), [("/gone", 60), ("/gone?site=s1", 20), ("/site/s1", 20), ("/runs", 20)])
def test_pages_of_a_part_cost_as_much_as_the_part(steps: Callable[[int, str], float], path: str, most: int) -> None:
    assert steps(2000, path) <= most


def test_sites_are_paged_filtered_and_summed(tmp_path: Path) -> None:
    from tests.archive.web.conftest import client_of

    client = client_of(archive(tmp_path / "a", 250))
    first = client.get("/sites").text
    assert "250 sites, 750 articles" in first and first.count("<tr>") == 101 and "1 / 3" in first
    assert client.get("/sites?page=3").text.count("<tr>") == 51
    found = client.get("/sites?q=news+17").text
    assert found.count("<tr>") == 1 + 11, "17 and 170 to 179"
    assert client.get("/sites?q=第20大学").text.count("<tr>") == 2
    assert client.get("/sites?state=trouble").text.count("<tr>") == 1 + 13
    assert client.get("/sites?state=retired").text.count("<tr>") == 1 + 5
    assert "No site is called so." in client.get("/sites?q=nobody").text
    gone = client.get("/gone?site=s7").text
    assert "https" in gone or "/article/" in gone
    assert client.get("/gone").text.count('aria-current="true"') == 0 and client.get("/gone").text.count("?site=") <= 31


def test_health_of_many_sites_is_summed_in_a_handful_of_statements(tmp_path: Path) -> None:
    folder = archive(tmp_path / "a", 300)
    db = Database(folder / "news.db")
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    rows = health(db, {}, datetime(2024, 6, 2, tzinfo=UTC))
    assert (
        len(rows) == 294
        and sum(row.articles for row in rows) == 294 * 3
        and sum(row.gone for row in rows) == 30
        and sum(bool(row.problems) for row in rows) == 15
    )
    few: list[str] = []
    db = Database(archive(tmp_path / "b", 30) / "news.db")
    db.conn.set_trace_callback(few.append)
    health(db, {}, datetime(2024, 6, 2, tzinfo=UTC))
    assert len(asked) == len(few), asked
