"""`campuswarc migrate`: an older database is brought up to date, a newer one left alone."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from sqlite_utils import Database

from archive.store import schema
from archive.store.db import open_writer
from archive.store.lock import WriterLock
from crawler.cli import main


def migrate(folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["-C", str(folder), "migrate"])
    return result.exit_code, result.output


def older(folder: Path) -> Path:
    """A database which has seen the first step alone."""
    db = Database(folder / "news.db")
    schema.steps.apply(db, stop_before=schema.steps.pending(db)[1].name)
    db.close()
    return folder / "news.db"


def test_older_database_is_brought_up_to_date_once(tmp_path: Path) -> None:
    path = older(tmp_path)
    code, said = migrate(tmp_path)
    assert (code, "m002_search" in said) == (0, True)
    db = Database(path)
    assert schema.steps.pending(db) == []
    assert db["articles_fts"].exists()
    assert "nothing to do" in migrate(tmp_path)[1]


def test_a_running_crawl_is_not_disturbed(tmp_path: Path) -> None:
    path = older(tmp_path)
    lock = WriterLock(tmp_path / "news.lock")
    lock.acquire()
    try:
        code, said = migrate(tmp_path)
    finally:
        lock.release()
    assert (code, "is being written by" in said) == (1, True)
    assert schema.steps.pending(Database(path)) != []


def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    code, said = migrate(tmp_path)
    assert (code, "no such database" in said) == (1, True)
    open_writer(tmp_path / "news.db").close()
    assert migrate(tmp_path)[0] == 0


def test_listings_of_an_older_archive_keep_how_they_fared_and_nothing_is_known_missing(tmp_path: Path) -> None:
    db = Database(tmp_path / "news.db")
    schema.steps.apply(db, stop_before="m019_unfollowed")
    db.execute("insert into sites (id, first_seen, state) values ('e', '2026-01-01T00:00:00Z', 'active')")
    db.execute(
        "insert into listings (url, site, section, interval, state, complete) values ('https://e.edu/', 'e', 'News', 0,"
        " 'ok', 1)"
    )
    db.conn.commit()
    db.close()
    assert migrate(tmp_path)[0] == 0
    row = (
        Database(tmp_path / "news.db")
        .execute("select state, complete, unfollowed, doubt, loops, pages, dated from listings")
        .fetchone()
    )
    assert row == ("ok", 1, None, None, 0, 0, None)


def test_listings_that_a_merge_had_made_new_again_are_well(tmp_path: Path) -> None:
    """m015: only those whose last reading was a good one."""
    db = Database(tmp_path / "news.db")
    schema.steps.apply(db, stop_before="m015_many_sites")
    for url, *fared in (
        ("well", "new", "2026-01-02", "2026-01-02", 0),
        ("failed", "new", "2026-01-03", "2026-01-02", 0),
        ("never", "new", None, None, 0),
        ("empty", "empty", "2026-01-02", "2026-01-02", 1),
    ):
        db.execute(
            "insert into listings (url, site, state, last_tried, last_ok, empty_streak) values (?, 'x', ?, ?, ?, ?)",
            [url, *fared],
        )
    db.conn.commit()
    schema.steps.apply(db)
    assert dict(db.execute("select url, state from listings").fetchall()) == {
        "well": "ok",
        "failed": "new",
        "never": "new",
        "empty": "empty",
    }


def test_days_with_news_of_an_older_archive_are_those_after_its_first_stories(tmp_path: Path) -> None:
    db = Database(tmp_path / "news.db")
    schema.steps.apply(db, stop_before="m022_news_days")
    with db.conn:
        for url, kind, first_seen in (
            ("https://e.edu/", "listing", "2026-03-01T08:00:00Z"),
            ("https://e.edu/1", "article", "2026-03-01T08:00:05Z"),
            ("https://e.edu/2", "article", "2026-03-04T08:00:00Z"),
            ("https://e.edu/3", "article", "2026-03-04T20:00:00Z"),
            ("https://e.edu/4.pdf", "attachment", "2026-03-05T08:00:00Z"),
        ):
            db.conn.execute(
                "insert into frontier (url, site, kind, listing, first_seen) values (?, 'e', ?, 'https://e.edu/', ?)",
                [url, kind, first_seen],
            )
    db.close()
    assert migrate(tmp_path)[0] == 0
    days = Database(tmp_path / "news.db").execute("select * from news_days").fetchall()
    assert days == [("https://e.edu/", "2026-03-04", 1, 2)]
