"""What benchmarks measure over has the rows that a crawl makes: the same tables, as full, in the same proportions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.near.duplicates import NearDuplicates
from archive.search.index import ArticleIndex
from tests.benchmarks.corpus import make
from tests.college import College
from tests.crawler.box import Box

# what a crawl of two well sites has none of, and a large archive does
_MORE = {"failures", "links"}
_RATIO = 4.0  # rows per story, of a table that grows with them
# columns whose fill says what the servers were like: validators, encrypted or not, and how listings are paged
_SERVERS = {
    ("listings", "total_claimed"), ("listings", "reason"), ("frontier", "walk"), ("frontier", "reason"),
    ("captures", "refers_to"), ("captures", "via"), ("version_rows", "title"), ("version_rows", "body"),
    ("version_rows", "body_html"), ("articles", "near_duplicate_of"), ("near_signatures", "original"),
}  # fmt: skip
_STORIES, _SITES = 600, 6


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    """A crawl's database, and the corpus."""
    tmp = tmp_path_factory.mktemp("corpus")
    with College(["sudy", "wordpress"], scale=0.4) as college:
        box = Box(tmp / "crawled", college.sites_toml())
        box.crawl()
    made = make(tmp / "made.db", _STORIES, sites=_SITES)
    with closing(sqlite3.connect(box.folder / "news.db")) as crawled:
        yield crawled, made.conn
    made.conn.close()


def tables(db: sqlite3.Connection) -> dict[str, int]:
    """Rows of each table that holds some, left out the index's own, and how a crawl left its last file: the corpus has
    none."""
    names = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
    counts = {
        name: db.execute(f"select count(*) from {name}").fetchone()[0]
        for name in names
        if not name.startswith(("articles_", "sqlite_", "_sqlite", "search_", "untold"))
    }
    return {name: count for name, count in counts.items() if count}


def columns(db: sqlite3.Connection, table: str) -> dict[str, tuple[float, set[str]]]:
    """Of each column: the part of the rows that has a value, and of which types."""
    found = {}
    for _, name, *_ in db.execute(f"pragma table_info({table})").fetchall():
        (filled,) = db.execute(f"select avg({name} is not null) from {table}").fetchone()
        kinds = {row[0] for row in db.execute(f"select distinct typeof({name}) from {table} where {name} is not null")}
        found[name] = (filled, kinds)
    return found


def test_the_tables_that_a_crawl_fills_are_filled(pair: tuple[sqlite3.Connection, sqlite3.Connection]) -> None:
    crawled, made = map(tables, pair)
    assert set(crawled) <= set(made), set(crawled) - set(made)
    assert set(made) - set(crawled) <= _MORE


def test_as_many_rows_to_a_story_and_to_a_site(pair: tuple[sqlite3.Connection, sqlite3.Connection]) -> None:
    crawled, made = map(tables, pair)
    for table in set(crawled) & set(made) - {"near_method", "entered", "runs"}:
        by = "sites" if table in ("listings", "tallies") else "articles"
        ratio = (made[table] / made[by]) / (crawled[table] / crawled[by])
        if table != "sites":
            assert 1 / _RATIO < ratio < _RATIO, (table, ratio)


def test_the_same_columns_are_full_of_the_same_types(pair: tuple[sqlite3.Connection, sqlite3.Connection]) -> None:
    for table in tables(pair[0]):
        crawled, made = (columns(db, table) for db in pair)
        for name, (filled, kinds) in crawled.items():
            other, others = made[name]
            if kinds and others:
                assert kinds & others, (table, name, kinds, others)
            if (table, name) not in _SERVERS:
                assert abs(filled - other) < 0.4, (table, name, filled, other)


def test_kinds_and_states_are_those_of_a_crawl(pair: tuple[sqlite3.Connection, sqlite3.Connection]) -> None:
    for question, more in (
        ("select distinct kind from captures", set()),
        ("select distinct kind from frontier", set()),
        ("select distinct state from frontier", {"gone"}),
        ("select distinct state from listings", {"failed"}),
        ("select distinct state from sites", set()),
    ):
        crawled, made = ({row[0] for row in db.execute(question)} for db in pair)
        assert crawled <= made | {"moved"} and made <= crawled | more, (question, crawled, made)


def test_the_rows_agree_with_each_other(pair: tuple[sqlite3.Connection, sqlite3.Connection], tmp_path: Path) -> None:
    """Nothing refers to what is not there, the index holds the stories, and nothing waits to be compared."""
    db = make(tmp_path / "news.db", 120, sites=5)
    assert db.conn.execute("pragma foreign_key_check").fetchall() == []
    assert ArticleIndex(db).problem() is None
    db.conn.rollback()
    db.conn.execute("begin")
    assert NearDuplicates(db).update() == 0
    db.conn.execute("rollback")
    theirs = "select id from version_rows where article = a.id"
    assert db.execute(f"select 1 from articles a where current_version not in ({theirs})").fetchall() == []
