"""Stories edited, deleted, back again and moved."""

from __future__ import annotations

from typing import Any

import pytest

from archive.changes.changes import Asked, Event, changes
from archive.identity import identifier
from archive.search.query import QueryError, parse
from archive.search.search import ids
from tests.archive.search.conftest import Shelf


def story(shelf: Shelf, versions: list[tuple[str, str]], **more: Any) -> int:
    """Versions are (body, day); the last one is what the story says now."""
    values = {"title": "招生简章", "body": versions[-1][0], "last_seen": f"{versions[-1][1]}T00:00:00Z"}
    id_ = shelf.put(**values | more)
    for n, (body, day) in enumerate(versions, 1):
        at = f"{day}T00:00:00Z"
        shelf.db.table("version_rows").insert(
            {"article": id_, "n": n, "content_digest": body, "title": "招生简章", "body": body, "body_html": "",
             "extractor": "1", "seen_from": at, "seen_to": at}
        )  # fmt: skip
    return id_


def capture(shelf: Shelf, url: str, status: int, day: str, run: int = 1, kind: str = "article") -> None:
    n = shelf.db.execute("select count(*) from captures").fetchone()[0]
    shelf.db.table("runs").insert({"id": run, "begun": day}, ignore=True)
    shelf.db.table("captures").insert(
        {"url": url, "site": "example_college", "kind": kind, "fetched_at": f"{day}T00:00:00Z", "status": status,
         "record_type": "response", "record_id": f"<{n}>", "warc": "a", "offset": n, "length": 1, "run": run}
    )  # fmt: skip


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    story(shelf, [("今年招收20人，另行通知。", "2024-01-01"), ("今年招收20人，停招两年。", "2024-02-01")])
    story(shelf, [("Tuition free for all", "2024-01-01"), ("Tuition for all", "2024-03-01")], site="other")
    gone = "https://example.edu/3"
    story(shelf, [("A scandal in the lab", "2024-01-05")], state="gone")
    capture(shelf, gone, 404, "2024-03-05")
    away = story(shelf, [("Was away", "2024-01-01")], last_seen="2024-04-02T00:00:00Z")
    shelf.db.table("deaths").insert({"article": away, "at": "2024-04-01T00:00:00Z"})
    for status, day in ((200, "2024-01-01"), (404, "2024-04-01"), (404, "2024-04-01"), (200, "2024-04-02")):
        capture(shelf, "https://example.edu/4", status, day, run=2 if status == 404 else 3)
    capture(shelf, "https://example.edu/1", 200, "2024-04-01", run=2)
    story(shelf, [("Moved house", "2024-01-01")])
    shelf.db.table("frontier").insert_all(
        {"url": url, "site": "example_college", "kind": "article", "state": "moved", "first_seen": "2024-01-01",
         "reason": "https://example.edu/5", "done_at": "2024-05-01T00:00:00Z"}
        for url in ("https://example.edu/old/5", "https://example.edu/never-a-story")
    )  # fmt: skip
    old = "https://example.edu/old/5"
    shelf.db.table("identifiers").insert({"identifier": identifier(old), "url": old})
    story(shelf, [("浏览次数：12。Same", "2024-01-01"), ("浏览次数：99。Same", "2024-06-01")])
    return shelf


def found(shelf: Shelf, query: str = "", **more: Any) -> list[Event]:
    return changes(shelf.db, Asked(query=query, **more)).events


def kinds(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.kind, event.url[-1]) for event in events]


def test_all_kinds_the_latest_first(shelf: Shelf) -> None:
    events = found(shelf)
    assert kinds(events) == [("moved", "5"), ("back", "4"), ("deleted", "3"), ("edited", "2"), ("edited", "1")]
    moved, back, deleted, _, edited = events
    assert moved.former.endswith("/old/5") and moved.weight == 0
    assert (back.since, back.at) == ("2024-04-01T00:00:00Z", "2024-04-02T00:00:00Z")
    assert (deleted.since, deleted.at, deleted.removed) == (
        "2024-01-05T00:00:00Z",
        "2024-03-05T00:00:00Z",
        ["A scandal in the lab"],
    )
    assert edited.removed[0] == "另行通知" and "停" in "".join(edited.added) and 0 < edited.weight < 1
    assert edited.versions == (1, 2)


def test_an_edit_that_weighs_nothing_is_shown_only_when_asked_for(shelf: Shelf) -> None:
    assert ("edited", "6") not in kinds(found(shelf))
    assert ("edited", "6") in kinds(found(shelf, min_weight=0))
    assert kinds(found(shelf, min_weight=0.9)) == [("back", "4"), ("deleted", "3")]


def test_which_ones_are_wanted(shelf: Shelf) -> None:
    assert kinds(found(shelf, site="other")) == [("edited", "2")]
    assert kinds(found(shelf, since="2024-04", until="2024-04-02")) == [("back", "4")]
    assert kinds(found(shelf, kinds=("deleted",))) == [("deleted", "3")]
    assert kinds(found(shelf, "scandal")) == [("deleted", "3")]
    for wrong in ("yesterday", "2024-13", "2024-1", "2024-02-30"):
        with pytest.raises(QueryError):
            found(shelf, since=wrong)


def test_words_that_came_and_went(shelf: Shelf) -> None:
    assert kinds(found(shelf, "added:停招")) == kinds(found(shelf, "新增:停招")) == [("edited", "1")]
    assert kinds(found(shelf, "added:停招兩年")) == [("edited", "1")]  # in either spelling
    assert kinds(found(shelf, 'removed:"tuition FREE"')) == [("edited", "2")]
    assert kinds(found(shelf, "removed:scandal")) == [("deleted", "3")]
    assert found(shelf, "added:away") == []  # back as it was
    assert found(shelf, "added:招收") == found(shelf, "removed:tuit") == found(shelf, "added:停招 site:other") == []


def test_search_finds_stories_by_them(shelf: Shelf) -> None:
    assert list(ids(shelf.db, "added:停招")) == [1]
    assert set(ids(shelf.db, "removed:free OR removed:scandal")) == {2, 3}
    assert 1 not in set(ids(shelf.db, "-added:停招"))
    with pytest.raises(QueryError):
        parse("added:a added:b added:c removed:d")
    with pytest.raises(QueryError):
        parse("added:——")


def test_what_was_not_looked_at_is_said(shelf: Shelf) -> None:
    part = changes(shelf.db, Asked(kinds=("edited",)), most=2)
    assert (kinds(part.events), part.unread) == ([("edited", "2")], 1)
    page = changes(shelf.db, Asked(), limit=2, offset=1)
    assert (kinds(page.events), page.more, page.unread) == ([("back", "4"), ("deleted", "3")], True, 0)


def test_an_empty_archive() -> None:
    assert changes(Shelf().db, Asked()).events == []


def test_excerpts_are_short(shelf: Shelf) -> None:
    story(shelf, [("x " * 5000 + "end", "2024-01-01"), ("x " * 5000 + "y " * 9000, "2024-07-01")])
    event = found(shelf)[0]
    assert sum(len(text) for _, text in event.excerpt) < 2000 and len(event.added[0]) <= 301
