"""Versions are in order of time: what is kept of some looks at a story is the same in whatever order they came."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, permutations, product
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import history
from archive.article import Article
from archive.store import schema
from archive.store.db import open_writer
from archive.store.rows import Rows

URL = "https://news.example.edu/1"
Look = tuple[int, str]  # the day, and what the story said


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    return Rows(open_writer(tmp_path_factory.mktemp("order") / "news.db"))


def at(day: int) -> str:
    return f"2026-11-{day:02}T08:00:00Z"


def capture(rows: Rows, day: int, words: str, status: int = 200) -> int:
    """A capture of the story's address, as the writer would note it."""
    place = len(list(rows.db.execute("select 1 from captures")))
    row = {
        "url": URL,
        "site": "s",
        "kind": "article",
        "fetched_at": at(day),
        "status": status,
        "warc": "w",
        "length": 1,
    }
    more = {"record_type": "response", "record_id": f"{words} {place}", "offset": place}
    return int(rows.db.table("captures").insert(row | more).last_pk or 0)


def look(rows: Rows, day: int, words: str) -> None:
    if words == "not modified":
        capture(rows, day, words, 304)
        rows.articles.seen(1, at(day))
        return
    article = Article(url=URL, site="s", title=f"Title {words}", body=words, body_html=f"<p>{words}</p>")
    taken = capture(rows, day, words)
    rows.articles.save(article, digest=words, reader="1", capture=taken, seen=at(day))


def told(rows: Rows, looks: Sequence[Look]) -> list[tuple[object, ...]]:
    """The versions after these looks, in the order given, with the words of the article's row behind them."""
    rows.db.execute("savepoint story")
    for day, words in looks:
        look(rows, day, words)
    found = rows.db.execute("select n, title, body, body_html, seen_from, seen_to from versions order by n").fetchall()
    read = "select v.content_digest = c.record_id or c.record_id like v.content_digest || ' %' from version_rows v"
    assert all(row[0] for row in rows.db.execute(f"{read} join captures c on c.id = v.capture")), "another's record"
    found += rows.db.execute(
        "select v.n, a.title, a.body, a.body_html, a.first_seen, a.last_seen from articles a"
        " join version_rows v on v.id = a.current_version"
    ).fetchall()
    rows.db.execute("rollback to story")
    rows.articles._unindexed.clear()
    return found


def expected(looks: Sequence[Look]) -> list[tuple[object, ...]]:
    """A version for each run of looks that found the same."""
    runs = [(words, [day for day, _ in run]) for words, run in groupby(sorted(looks), key=lambda one: one[1])]
    rows: list[tuple[object, ...]] = [
        (n, f"Title {words}", words, f"<p>{words}</p>", at(days[0]), at(days[-1]))
        for n, (words, days) in enumerate(runs, 1)
    ]
    last = rows[-1]
    return [*rows, (*last[:4], at(min(looks)[0]), at(max(looks)[0]))]


@pytest.mark.parametrize("words", [*product("ab", repeat=4), "abcab", "aabba", "abbba"], ids="".join)
def test_any_order_of_arrival_gives_the_same_versions(opened: Rows, words: Sequence[str]) -> None:
    looks = list(enumerate(words, 1))
    for order in permutations(looks):
        assert told(opened, order) == expected(looks), order


def test_a_page_that_stands_as_it_was_is_that_of_its_time(opened: Rows) -> None:
    shown = told(opened, [(1, "old"), (5, "new"), (3, "not modified")])
    assert [(row[2], row[4], row[5]) for row in shown[:2]] == [("old", at(1), at(3)), ("new", at(5), at(5))]


def test_what_was_gone_before_it_was_seen_again_is_not_gone(opened: Rows) -> None:
    opened.db.execute("savepoint story")
    look(opened, 5, "here")
    assert not opened.articles.lost(1, "gone", at(2))
    assert opened.articles.lost(1, "gone", at(6))
    opened.articles.seen(1, at(3))
    assert opened.db.execute("select state, last_seen from articles").fetchone() == ("gone", at(5))
    opened.db.execute("rollback to story")
    opened.articles._unindexed.clear()


def test_what_the_college_removed_is_not_shown_as_added(opened: Rows) -> None:
    opened.db.execute("savepoint story")
    look(opened, 9, "fees are due")
    look(opened, 2, "fees are due and tuition is free")
    change = history.change(opened.db, URL)
    assert "".join(text for kind, text in change.body if kind == "deleted").strip() == "and tuition is free"
    assert not [text for kind, text in change.body if kind == "added"]
    opened.db.execute("rollback to story")
    opened.articles._unindexed.clear()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # numbered as they came: the second is older
        ([("new", 9, 9), ("old", 2, 2)], [("old", 2, 2), ("new", 9, 9)]),
        # seen before and after another one, for one version
        ([("a", 1, 9), ("b", 4, 5)], [("a", 1, 1), ("b", 4, 5), ("a", 9, 9)]),
        # and where their times cross
        ([("b", 3, 9), ("a", 1, 5)], [("a", 1, 1), ("b", 3, 3), ("a", 5, 5), ("b", 9, 9)]),
        ([("a", 1, 3), ("b", 4, 5)], [("a", 1, 3), ("b", 4, 5)]),
    ],
)
def test_versions_of_an_older_archive_are_put_in_order(
    tmp_path: Path, before: list[tuple[str, int, int]], after: list[tuple[str, int, int]]
) -> None:
    db = Database(tmp_path / "news.db")
    schema.steps.apply(db, stop_before="m020_versions_in_order_of_time")
    names = ("subtitle", "byline", "authors", "editors", "photographers", "source", "section", "body_html")
    last = max(before, key=lambda version: version[2])
    article = dict.fromkeys(names, "") | {"id": 1, "url": URL, "site": "s", "kind": "article", "title": "T"}
    seen = {"first_seen": at(1), "last_seen": at(9), "word_count": 1, "confidence": 1}
    db.table("articles").insert(article | seen | {"body": last[0]})
    for n, (words, begin, end) in enumerate(before, 1):
        row = {"id": n, "article": 1, "n": n, "content_digest": words, "extractor": "1"}
        own = dict.fromkeys(("title", "body", "body_html"), None if (words, begin, end) == last else words)
        db.table("version_rows").insert(row | own | {"seen_from": at(begin), "seen_to": at(end)})
    current = before.index(last) + 1
    db.execute("update articles set current_version = ?", [current])
    schema.steps.apply(db)
    shown = db.execute("select n, body, seen_from, seen_to from versions order by n").fetchall()
    assert shown == [(n, words, at(begin), at(end)) for n, (words, begin, end) in enumerate(after, 1)]
    assert db.execute("select n from version_rows v join articles a on a.current_version = v.id").fetchone() == (
        len(after),
    )
    changed = [row[0] for row in db.execute("select n from former_versions")]
    assert changed == (
        [] if [row[0] for row in before] == [row[0] for row in after] else list(range(1, len(before) + 1))
    )
