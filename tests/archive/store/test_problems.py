"""What is wrong with listings, and the command that is likely to help."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.store.db import open_writer
from archive.store.problems import incomplete_listings, unread_listings

URL, AT = "https://news.example.edu/list.htm", "2026-11-30T08:00:00Z"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = open_writer(tmp_path / "news.db")
    db.execute("insert into sites (id, state, first_seen) values ('one', 'active', ?)", [AT])
    return db


def listing(db: Database, **more: object) -> None:
    db["listings"].insert({"url": URL, "site": "one", "state": "ok", "last_tried": AT, **more}, replace=True, pk="url")


@pytest.mark.parametrize(
    ("state", "reason", "verb"),
    [
        *(("failed", reason, "fix") for reason in ("http_404", "http_410", "redirect_off_site", "redirect_to_home")),
        ("failed", "redirect_nowhere", "fix"),
        ("empty", "no_items", "fix"),
        *(("failed", reason, "crawl") for reason in ("http_500", "http_503", "http_429", "timeout", "host_closed")),
        *(("failed", reason, "check") for reason in ("dns", "tls", "http_403", "robots")),
        ("blocked", "blocked:captcha", "check"),
    ],
)
def test_what_went_elsewhere_is_found_again_and_what_passes_asked_again(
    db: Database, state: str, reason: str, verb: str
) -> None:
    listing(db, state=state, reason=reason)
    ((problem,),) = unread_listings(db).values()
    assert (problem.state, problem.reason, problem.action) == (state, reason, f"campuswarc {verb} one")
    assert problem.counts and URL in problem.line


@pytest.mark.parametrize("state", ["ok", "retired"])
def test_what_is_read_well_or_no_more_is_no_problem(db: Database, state: str) -> None:
    listing(db, state=state)
    assert unread_listings(db) == {} and incomplete_listings(db) == {}


@pytest.mark.parametrize(
    ("column", "reason", "verb"),
    [
        ("unfollowed", "unfollowed", "check one"),
        ("doubt", "worse", f"accept {URL}"),
        ("gap", "gap", f"accept {URL}"),
        ("loops", "pager_round", "check one"),
    ],
)
def test_what_is_missing_is_told_by_its_kind_as_long_as_the_listing_is_crawled(
    db: Database, column: str, reason: str, verb: str
) -> None:
    listing(db)
    db.execute(f"update listings set {column} = ?", [1 if column == "loops" else "said"])
    ((problem,),) = incomplete_listings(db).values()
    assert (problem.reason, problem.action, problem.since) == (reason, f"campuswarc {verb}", AT)
    assert f"campuswarc accept {URL}, if that is" in problem.line
    db.execute("update listings set state = 'retired'")
    assert incomplete_listings(db) == {}


def test_what_is_missing_is_so_since_it_was_first_missed(db: Database) -> None:
    def missed(day: int, **more: object) -> str | None:
        db.execute("update listings set last_tried = ?", [f"2026-11-{day:02}T08:00:00Z"])
        for name, value in more.items():
            db.execute(f"update listings set {name} = ?", [value])
        return next((one.since for found in incomplete_listings(db).values() for one in found), None)

    listing(db)
    assert missed(1) is None
    assert missed(2, unfollowed="more") == "2026-11-02T08:00:00Z"
    assert missed(3, unfollowed="more still") == "2026-11-02T08:00:00Z"
    assert missed(4, gap="page 2", unfollowed=None) == "2026-11-02T08:00:00Z", "never whole in between"
    assert missed(5, gap=None) is None
    assert missed(6, loops=1) == "2026-11-06T08:00:00Z"
