"""Nothing found is not nothing there, where nobody has looked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.article import Article
from archive.search.across import unlooked_in
from archive.search.query import QueryError
from archive.search.search import search
from archive.search.unlooked import Unlooked, unlooked
from archive.store import schema
from archive.store.db import open_writer
from archive.store.rows import Rows
from archive.twins.table import keep

AT = "2026-11-30T08:00:00Z"


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """Two stories, of a site with a tag, and nobody has looked for anything."""
    rows = Rows(open_writer(tmp_path / "news.db"))
    rows.sites.put({"id": "gazette", "config": json.dumps({"tags": ["Nursing"]})}, AT)
    for n in (1, 2):
        save(rows, n)
    return rows


def save(rows: Rows, n: int, language: str = "en") -> None:
    article = Article(url=f"https://x/{n}", site="gazette", title=f"Story {n}", body="words", language=language)
    rows.articles.save(article, digest=str(n), reader="3", capture=None, seen=AT)


def said(rows: Rows, query: str) -> list[tuple[str, int | None]]:
    return [(one.what, one.stories) for one in unlooked(rows.db, query)]


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("person:wang", "names"),
        ("人物:王", "names"),
        ("words (org:school OR place:ashland)", "names"),
        ("-person:wang words", "names"),
        ("has:twin", "twins"),
        ("has:ocr", "scans"),
        ("site:gazete", "site"),
        ("site:b*", "site"),
        ("tag:law", "tag"),
    ],
)
def test_what_nobody_has_looked_for_is_said(rows: Rows, query: str, what: str) -> None:
    assert said(rows, query) == [(what, None)]
    (one,) = search(rows.db, query).unlooked
    assert one.sentence and one.as_dict()["said"] == one.sentence
    assert bool(one.command) == (what not in ("site", "tag"))


@pytest.mark.parametrize("query", ["", "words", "site:gazette", "site:GAZ*", "tag:nursing", "has:body", "lang:fr"])
def test_what_needs_no_look_says_nothing(rows: Rows, query: str) -> None:
    assert said(rows, query) == []


def test_stories_that_came_since_are_counted(rows: Rows) -> None:
    keep(rows.db, [], AT)
    rows.db.execute("insert into entities_read values (2, '2', 'rules')")
    assert said(rows, "has:twin person:x") == []
    save(rows, 3)
    save(rows, 4, language="fr")  # is not read
    assert said(rows, "has:twin person:x") == [("names", 1), ("twins", 1)]
    keep(rows.db, [], AT)
    assert said(rows, "has:twin person:x") == [("names", 1)]


def test_stories_that_were_not_compared_are_counted(rows: Rows) -> None:
    assert said(rows, "has:copies") == [("copies", 2)]
    rows.db.execute("delete from near_queue")
    assert said(rows, "has:copies cluster:x") == []


def test_several_archives_say_it_together(rows: Rows, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Rows(open_writer(tmp_path / "other" / "news.db"))
    dbs = {"one": rows.db, "other": other.db}
    assert unlooked_in(dbs, "site:gazette") == []
    assert unlooked_in(dbs, "site:nobody person:x") == [Unlooked("names"), Unlooked("site", value="nobody")]
    rows.db.execute("insert into entities_read values (1, '1', 'rules')")
    assert unlooked_in(dbs, "person:x") == [Unlooked("names", 1)]


def test_a_query_that_cannot_be_meant_is_told_as_such(rows: Rows) -> None:
    with pytest.raises(QueryError):
        unlooked(rows.db, "after:2025-13")


@pytest.mark.parametrize("found", [True, False])
def test_of_an_older_archive_it_is_known_where_twins_were_found(rows: Rows, found: bool) -> None:
    db = rows.db
    save(rows, 3)
    if found:
        db.execute("insert into twins values ('https://x/1', 'https://x/2', 1.0, '{}')")
    db.execute("drop table looked")
    db.execute("delete from _sqlite_migrations where name = 'm046_looked'")
    assert said(rows, "has:twin") == [("twins", None)]
    schema.steps.apply(db)
    assert said(rows, "has:twin") == [("twins", 1 if found else None)]
