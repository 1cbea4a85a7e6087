"""A query over several archives lists what one archive of all their articles would, in its order."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest

from archive.search import across, search, term_weights
from archive.search.query_sql import compiled
from archive.search.search import SORTS, Sort
from tests.archive.search.conftest import Shelf

WORDS = "the of school library 图书馆 招生 science award science students campus quantum 量子 poetry".split()
QUERIES = [
    "library",
    "quantum library",
    "图书馆 招生",
    "poetry OR quantum",
    "title:science",
    "scien* library",
    "science -poetry",
    '"school library"',
    "招生 lang:zh",
    "students NOT (poetry OR quantum)",
]


def stories(number: int = 240) -> list[dict[str, Any]]:
    choice = random.Random(3)
    found = []
    for n in range(number):
        weights = [6, 5, 4, 3, 3, 2, 2, 1, 1, 2, 2, 1, 1, 0.5]
        body = " ".join(choice.choices(WORDS, weights, k=choice.randint(8, 90)))
        title = " ".join(choice.choices(WORDS, weights, k=5))
        day = f"20{choice.randint(10, 25)}-{choice.randint(1, 12):02}-{choice.randint(1, 28):02}"
        found.append(
            {"url": f"https://x.edu/{n:04}", "title": title, "body": body, "published": None if n % 17 == 0 else day}
            | {"language": "zh" if n % 3 else "en", "site": f"site_{n % 7}"}
            | {"confidence": n * 37 % 100 / 100}
        )
    return found


@pytest.fixture(scope="module")
def shelves() -> tuple[Shelf, dict[str, Shelf]]:
    """One archive of all, and four of unlike size and content."""
    one, parts = Shelf(), {name: Shelf() for name in ("s0", "s1", "s2", "empty")}
    for story in stories():
        one.put(**story)
        skewed = "s0" if "quantum" in story["body"] else "s1" if int(story["url"][-1]) < 8 else "s2"
        parts[skewed].put(**story)
    return one, parts


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("sort", SORTS)
def test_as_one_archive_would(shelves: tuple[Shelf, dict[str, Shelf]], query: str, sort: Sort) -> None:
    one, parts = shelves
    dbs = {name: shelf.db for name, shelf in parts.items()}
    expected = search.search(one.db, query, limit=400, sort=sort)
    found = across.search(dbs, query, limit=400, sort=sort)
    assert found.results.total == expected.total > 0
    if sort == "doubtful":
        sure = dict(one.db.execute("select url, confidence from articles").fetchall())
        assert max(sure[hit.url] for hit in expected.hits) < 0.8
        assert [hit.url for hit in found.results.hits] == [hit.url for hit in expected.hits]
        return
    scores = _scores(one, query)
    day = {hit.url: hit.published or "" for hit in expected.hits}
    urls = [hit.url for hit in found.results.hits]
    assert sorted(urls) == sorted(day)
    if sort == "relevance":  # equal scores may stand either way
        assert all(scores[a] <= scores[b] + 1e-9 for a, b in pairwise(urls))
    elif sort != "recent":
        assert [day[url] for url in urls] == [hit.published or "" for hit in expected.hits]
    else:
        assert urls == [hit.url for hit in expected.hits]
    assert all(
        hit.url in {row[0] for row in dbs[name].execute("select url from articles").fetchall()}
        for hit, name in zip(found.results.hits, found.names, strict=True)
    )


def _scores(one: Shelf, query: str) -> dict[str, float]:
    match = compiled(one.db, query).condition.match
    rank = f"bm25(articles_fts, {', '.join(map(str, search.WEIGHTS))})"
    return dict(
        one.db.execute(
            f"select a.url, {rank} from articles_fts f join articles a on a.id = f.rowid where articles_fts match ?",
            [match],
        ).fetchall()
    )


def test_pages_follow_each_other(shelves: tuple[Shelf, dict[str, Shelf]]) -> None:
    dbs = {name: shelf.db for name, shelf in shelves[1].items()}
    whole = [hit.url for hit in across.search(dbs, "science library", limit=60).results.hits]
    paged = [
        hit.url for at in range(0, 60, 20) for hit in across.search(dbs, "science library", offset=at).results.hits
    ]
    assert whole == paged


def test_sums_are_those_of_all(shelves: tuple[Shelf, dict[str, Shelf]]) -> None:
    one, parts = shelves
    dbs = {name: shelf.db for name, shelf in parts.items()}
    assert across.spread(dbs, "science") == search.overview(one.db, "science")
    assert across.count(dbs, "") == 240
    assert across.search(dbs, "scienec").results.suggestion == "science"


def test_sizes_are_those_that_fts5_keeps(shelves: tuple[Shelf, dict[str, Shelf]]) -> None:
    one, parts = shelves
    assert sum((term_weights.size(part.db) for part in parts.values()), term_weights.Size(0, 0)) == term_weights.size(
        one.db
    )
    assert term_weights.size(one.db).rows == 240


def test_phrases_are_told_apart() -> None:
    told = term_weights.phrases('(("a b") AND ({title} : ("c" * OR "d ""e"""))) NOT (("x") OR {body} : ("y"))')
    assert told == ['"a b"', '{title} : ("c" *)', '{title} : ("d ""e""")']
