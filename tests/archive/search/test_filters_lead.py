"""Whether the words or the filters are asked first changes no answer: the same articles, in order, as often."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.search import search as searching
from archive.search.search import FACETS, SORTS, count, ids, overview, search
from tests.benchmarks.corpus import make

QUERIES = (
    "招生 site:college_3",
    "招生 site:college_3*",
    "招生 college:第3大学",
    "招生 after:2015 before:2017",
    "招生 site:college_3 after:2010",
    "research lang:en",
    "(招生 OR research) site:college_1 year:2012",
    "招生 -学院 site:college_2",
    "招生 -site:college_2",
    "招生 site:nowhere",
    "-招生 site:college_2",
    "招生 site:college_1 OR research site:college_2",
    "招生 has:date site:college_1",
    "site:college_1",
    "招生",
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return make(Path(tmp_path_factory.mktemp("corpus")) / "news.db", 900)


def answers(db: Database, query: str) -> list[Any]:
    spread = overview(db, query, top=100)
    return [
        count(db, query),
        *([list(ids(db, query, sort=sort, limit=50, offset=skip)) for sort in SORTS for skip in (0, 7)]),
        [hit.id for hit in search(db, query).hits],
        spread.total,
        {name: sorted(spread.facets[name]) for name in FACETS},
        spread.months,
    ]


@pytest.mark.parametrize("query", QUERIES)
def test_whoever_leads_the_answer_is_the_same(db: Database, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_MANY", 10**9)
    words_lead = answers(db, query)
    monkeypatch.setattr(searching, "_MANY", 1)
    assert answers(db, query) == words_lead


def test_the_rows_of_a_frequent_word_are_not_read_for_a_site(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_MANY", 10)
    asked = searching.compiled(db, "招生 site:college_3")
    source, where, parameters = searching._source(db, asked, rows=False)
    plan = [
        row[3]
        for row in db.execute(f"explain query plan select count(*) from {source} where {where}", parameters).fetchall()
    ]
    assert any("articles_site" in step or "articles_facets" in step for step in plan)
    assert not any("INTEGER PRIMARY KEY" in step for step in plan), plan
