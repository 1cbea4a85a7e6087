"""A story that moves is one story: one row, one history, whatever comes first, the redirect or the page behind it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.store.db import open_writer
from archive.store.joining import join_moved
from spiders.findings import Redirect
from tests.crawler.desk import HOST, Desk, story
from tests.crawler.diary import LIST, Answer, College, Diary

OLD = f"{HOST}/old/1.htm"
NEW = f"{HOST}/new/1.htm"
WORDS = "The choir sang in the great hall for three hours and nobody left before the end of the evening."


def rows(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows.db.conn.execute(
        "select url, state, first_seen, (select group_concat(v.n || ' ' || v.body, '|') from"
        " (select * from versions order by n) v where v.article = a.id) from articles a order by url"
    ).fetchall()


@pytest.mark.parametrize("page_first", [True, False])
@pytest.mark.parametrize("edited", [True, False])
def test_a_redirect_joins_both_rows(page_first: bool, edited: bool, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.visit(OLD, story(WORDS, "old/1.htm"), day=1)
    text = WORDS + " It was a Tuesday." if edited else WORDS
    steps = [lambda: desk.visit(OLD, Redirect(NEW), day=2), lambda: desk.visit(NEW, story(text, "new/1.htm"), day=2)]
    for step in reversed(steps) if page_first else steps:
        step()
    said = f"1 {WORDS}|2 {text}" if edited else f"1 {WORDS}"
    assert rows(desk) == [(NEW, "live", "2026-11-01T08:00:00Z", said)]
    assert desk.one("select count(*) from articles_fts where articles_fts match 'choir'") in ((0,), (1,))
    desk.rows.articles.flush_index()
    assert desk.one("select count(*) from articles_fts where articles_fts match 'choir'") == (1,)
    desk.visit(NEW, story("Wholly other: the choir rests.", "new/1.htm"), day=3)
    assert desk.one("select max(n) from versions") == ((3,) if edited else (2,))


def test_a_page_that_is_another_story_is_not_joined(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.visit(OLD, story(WORDS, "old/1.htm"), day=1)
    desk.rows.db.conn.execute("update articles set title = 'Choir evening in the great hall'")
    desk.visit(OLD, Redirect(NEW), day=2)
    desk.visit(
        NEW, story("All offices are closed for the week of the spring break, says the registrar.", "new/1.htm"), day=2
    )
    assert [row[:2] for row in rows(desk)] == [(NEW, "live"), (OLD, "moved")]


@pytest.mark.parametrize(
    "other", [HOST.replace("https:", "http:") + "/n/1", HOST.replace("//", "//www.") + "/n/1", f"{HOST}/n/1/"]
)
def test_another_spelling_of_the_address_is_the_same_story(other: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.visit(f"{HOST}/n/1", story(WORDS, "n/1"), day=1)
    at_other = story(WORDS, "n/1")
    desk.visit(other, replace(at_other, article=replace(at_other.article, url=other)), day=2)
    assert [row[0] for row in rows(desk)] == [f"{HOST}/n/1"]
    desk.visit(f"{HOST}/n/1", Redirect(other), day=3)
    assert rows(desk) == [(other, "live", "2026-11-01T08:00:00Z", f"1 {WORDS}")]


def test_stories_that_an_older_version_kept_twice_are_joined(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.visit(NEW, story(WORDS, "new/1.htm"), day=2)
    desk.visit(OLD, story(WORDS, "old/1.htm"), day=3)
    desk.rows.db.conn.execute(
        "update articles set state = 'moved', first_seen = '2026-11-01T08:00:00Z' where url = ?", [OLD]
    )
    desk.rows.db.conn.execute("update frontier set state = 'moved', reason = ? where url = ?", [NEW, OLD])
    desk.rows.close()
    db = open_writer(tmp_path / "news.db")
    assert join_moved(db) == 1
    assert db.execute("select url, state, first_seen from articles").fetchall() == [
        (NEW, "live", "2026-11-01T08:00:00Z")
    ]
    assert db.execute("pragma foreign_key_check").fetchall() == []


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("base", ["https://news.hill.example", "https://www.hill.example"])
def test_a_college_that_moves_keeps_its_stories(base: str, seed: int, tmp_path: Path) -> None:
    """To https, or to another host of its own: every old address redirects, the listing names the new ones."""
    college = College()
    diary = Diary(tmp_path / "a", college, seed)
    diary.day(0)
    before = diary.texts()

    def instead(url: str) -> Answer:
        if url.startswith(college_host):
            return 301, base + url.removeprefix(college_host)
        here = url.replace(base, college_host)
        status, body = (200, listing) if here == LIST else college.stories[here]
        return status, body.replace(college_host, base)

    college_host = LIST.removesuffix("/news/")
    listing = college.answer(LIST)[1]
    college.instead = instead
    diary.day(1)
    college.add()
    listing = "".join((listing.split("<ul>")[0], "<ul>", College.answer(_plain(college), LIST)[1].split("<ul>")[1]))
    diary.day(2)
    found = diary.texts()
    moved = {url.replace(college_host, base): told for url, told in before.items()}
    assert moved.items() <= found.items()
    assert len(found) == 9
    assert diary.rows("select count(*) from articles") == [(9,)]
    assert diary.problems() == []
    assert diary.unlike_rebuilt() == []


def _plain(college: College) -> College:
    """The same college, before it moved."""
    other = College(0)
    other.titles, other.stories = college.titles, college.stories
    return other
