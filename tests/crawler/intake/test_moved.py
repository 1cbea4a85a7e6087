"""A story that moves is one story: one row, one history, whatever comes first, the redirect or the page behind it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.article import Article
from archive.store.db import open_writer
from archive.store.joining import join_moved
from spiders.findings import Redirect, Story
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
@pytest.mark.parametrize("edited", [True, False])
def test_another_spelling_of_the_address_is_the_same_story(other: str, edited: bool, tmp_path: Path) -> None:
    text = WORDS + " It was a Tuesday." if edited else WORDS
    desk = Desk(tmp_path)
    desk.visit(f"{HOST}/n/1", story(WORDS, "n/1"), day=1)
    at_other = story(text, "n/1")
    desk.visit(other, replace(at_other, article=replace(at_other.article, url=other)), day=2)
    assert [row[0] for row in rows(desk)] == [f"{HOST}/n/1"]
    assert desk.one("select last_seen from articles") == ("2026-11-02T08:00:00Z",)
    desk.visit(f"{HOST}/n/1", Redirect(other), day=3)
    said = f"1 {WORDS}|2 {text}" if edited else f"1 {WORDS}"
    assert rows(desk) == [(other, "live", "2026-11-01T08:00:00Z", said)]


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


@pytest.mark.parametrize(
    ("changed", "rows_left"),
    [
        ({}, 1),
        ({"title": "Choir - sings"}, 1),
        ({"published": "2026-10-02T09:00:00Z"}, 1),
        ({"published": "2026-10-03T00:00:00Z"}, 2),
        ({"published": None}, 2),
        ({"title": "Choir sings again"}, 2),
        ({"body": WORDS + " A second concert, in the small hall, is planned for the spring of next year."}, 2),
    ],
    ids=str,
)
def test_a_story_whose_listing_is_retired_is_the_same_at_a_new_address(
    changed: dict[str, str | None], rows_left: int, tmp_path: Path
) -> None:
    desk = Desk(tmp_path)
    told = {"title": "Choir sings", "published": "2026-10-02T00:00:00Z"}
    one = story(WORDS, "old/1.htm")
    desk.listing("old/1.htm")
    desk.visit(OLD, replace(one, article=replace(one.article, **told)), day=1)  # type: ignore[arg-type]
    desk.rows.listings.retire(set())
    two = replace(one.article, url=NEW, **(told | changed))  # type: ignore[arg-type]
    desk.visit(NEW, replace(one, article=two, digest=two.body), day=2)
    assert len(rows(desk)) == rows_left
    assert desk.rows.frontier.moved_to(OLD) == (NEW if rows_left == 1 else None)


def test_a_story_is_left_alone_where_its_listing_is_crawled_or_two_are_alike(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    one = story(WORDS, "old/1.htm")
    told = replace(one.article, published="2026-10-02T00:00:00Z")
    desk.listing("old/1.htm", "old/2.htm")
    for path in ("old/1.htm", "old/2.htm"):
        desk.visit(f"{HOST}/{path}", replace(one, article=replace(told, url=f"{HOST}/{path}")), day=1)
    assert len(rows(desk)) == 2, "both are listed: two addresses that the college shows"
    desk.rows.listings.retire(set())
    desk.visit(NEW, replace(one, article=replace(told, url=NEW)), day=2)
    assert len(rows(desk)) == 3, "which of both it is nobody knows"


def named(body: str, url: str, title: str) -> Story:
    """A page that names that address as its own."""
    return Story(Article(url=url, site="s", title=title, body=body), digest=body)


def test_an_old_address_that_names_the_new_one_as_its_own_is_that_story(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.visit(OLD, named(WORDS, OLD, "Choir sings"), day=1)
    desk.visit(NEW, named(WORDS, NEW, "Choir sings"), day=2)
    assert len(rows(desk)) == 2, "two addresses that a college shows"
    desk.visit(OLD, named(WORDS, NEW, "Choir sings"), day=3)
    assert rows(desk) == [(NEW, "live", "2026-11-01T08:00:00Z", f"1 {WORDS}")]
    desk.visit(OLD, named(WORDS, NEW, "Choir sings"), day=4)
    desk.visit(NEW, named(WORDS + " Twice.", NEW, "Choir sings"), day=5)
    assert rows(desk) == [(NEW, "live", "2026-11-01T08:00:00Z", f"1 {WORDS}|2 {WORDS} Twice.")]


@pytest.mark.parametrize(("title", "left"), [("Choir sings for hours", 1), ("Offices are closed in May", 2)])
def test_a_new_address_that_names_the_old_one_is_that_story_if_its_headline_agrees(
    title: str, left: int, tmp_path: Path
) -> None:
    desk = Desk(tmp_path)
    desk.visit(OLD, named(WORDS, OLD, "Choir sings"), day=1)
    words = WORDS if left == 1 else "All offices are closed for a week, says the registrar."
    desk.visit(NEW, named(words, OLD, title), day=2)
    assert len(rows(desk)) == left


def test_one_address_on_all_pages_joins_none(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for n, title in enumerate(("Choir sings", "Offices are closed", "Robots race on Friday")):
        desk.visit(f"{HOST}/n/{n}", named(f"{title}: {WORDS[n * 9 :]}", f"{HOST}/n/{n}", title), day=1)
    for n, title in enumerate(("Choir sings", "Offices are closed", "Robots race on Friday")):
        desk.visit(f"{HOST}/n/{n}", named(f"{title}: {WORDS[n * 9 :]}", f"{HOST}/n/0", title), day=2)
    assert len(rows(desk)) == 3
