"""A listing that stopped beside one that goes on is a remark; one without a rhythm, or whose page changes, is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.instants import iso
from archive.store.db import open_writer
from archive.store.health import health

AT = datetime(2026, 8, 20, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Any:
    db = open_writer(tmp_path / "news.db")
    db.execute("insert into sites (id, state, config) values ('s', 'active', '{}')")
    columns = "subtitle byline authors editors photographers source section body body_html".split()
    db.conn.executemany(
        f"insert into articles (url, site, kind, title, published, first_seen, last_seen, word_count, confidence,"
        f" {', '.join(columns)}) values (?, 's', 'article', 'T', ?, '', '', 1, 1.0{', ?' * len(columns)})",
        [[f"https://s.example/{ago}", iso(AT - timedelta(days=ago)), *[""] * len(columns)] for ago in range(60)],
    )
    yield db
    db.close()


def listing(db: Any, name: str, news: list[int], changed: int) -> None:
    """With news as many days before AT; its page last changed so many days before."""
    url = f"https://s.example/{name}/"
    db.execute(
        "insert into listings (url, site, state, last_ok, last_new) values (?, 's', 'ok', ?, ?)",
        [url, iso(AT), iso(AT - timedelta(days=min(news)))],
    )
    db.conn.executemany(
        "insert into news_days (listing, day, looks, stories) values (?, ?, 1, 1)",
        [[url, (AT - timedelta(days=ago)).date().isoformat()] for ago in news],
    )
    for n, (ago, kind) in enumerate([(max(news), "response"), (changed, "response"), (0, "revisit")]):
        db.execute(
            "insert into captures (url, site, kind, fetched_at, status, record_type, record_id, warc, offset, length)"
            " values (?, 's', 'listing', ?, 200, ?, ?, ?, ?, 1)",
            [url, iso(AT - timedelta(days=ago)), kind, f"<{name}{n}>", name, n],
        )


def remarks(db: Any, days: int | None = None) -> list[tuple[str, str]]:
    [row] = health(db, {"s": days}, AT)
    assert not row.problems or days
    return [(one.state, one.url) for one in row.found if one.state != "silent"]


WEEKLY = list(range(40, 140, 7))


def test_an_old_list_beside_the_new_one_is_a_remark(db: Any) -> None:
    listing(db, "new", list(range(60)), 0)
    listing(db, "old", list(range(30, 60)), 30)
    assert remarks(db) == [("stalled", "https://s.example/old/")]
    assert remarks(db, 0) == [], "of this site no silence is told"


@pytest.mark.parametrize(
    ("news", "changed"),
    [
        (list(range(30, 60)), 0),  # the page goes on: its stories were found in another list first
        (WEEKLY, 40),  # so long it may be
        (list(range(30, 39)), 30),  # no rhythm is known
        (list(range(5, 60)), 5),
    ],
)
def test_what_may_go_on_or_has_no_rhythm_is_none(db: Any, news: list[int], changed: int) -> None:
    listing(db, "new", list(range(60)), 0)
    listing(db, "old", news, changed)
    assert remarks(db) == []


def test_where_all_of_a_site_is_silent_that_alone_is_told(db: Any) -> None:
    listing(db, "new", list(range(25, 60)), 25)
    listing(db, "old", list(range(30, 60)), 30)
    assert remarks(db, 20) == [] and len(health(db, {"s": 20}, AT)[0].problems) == 1
