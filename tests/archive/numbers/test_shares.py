"""Shares of a topic: what each is a share of, what is in none, and what is said of a question that has no answer."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlite_utils import Database

from archive.article import Article
from archive.numbers.drawing import svg
from archive.numbers.shares import Asked, NoNumbers, shares
from archive.numbers.table import document, write
from archive.search.query import QueryError
from archive.store.db import open_writer
from archive.store.rows import Rows
from tests.archive.web.conftest import client_of

A, B = "甲大学", "Second College"
STORIES = [  # site, day, whether it is of the topic
    *[("a", "2024-01-10", n < 1) for n in range(4)],
    *[("a", "2024-03-10T01:00:00Z", n < 3) for n in range(6)],
    *[("b", "2024-03-10", n < 25) for n in range(50)],
    ("a", None, True),
    ("b", "2024", False),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("numbers")
    (folder / "warc").mkdir()
    rows = Rows(open_writer(folder / "news.db"))
    for id_, college in (("a", A), ("b", B)):
        rows.db.execute("insert into sites (id, name, college) values (?, ?, ?)", [id_, f"News of {id_}", college])
    for n, (site, day, topic) in enumerate(STORIES):
        rows.articles.save(
            Article(
                url=f"https://{site}.example/{n}",
                site=site,
                title=f"Story {n}",
                body="招生 简章" if topic else "天气",
                published=day,
            ),
            digest=str(n),
            reader="1",
            capture=None,
            seen="2024-06-01T00:00:00Z",
        )
    rows.close()
    return folder


@pytest.fixture
def db(folder: Path) -> Database:
    return Database(folder / "news.db")


def test_months_without_a_story_are_bars_too_and_no_share_is_made_of_nothing(db: Database) -> None:
    found = shares(db, Asked(query="招生"))
    assert [(one.period, one.n, one.of) for one in found.bars] == [
        ("2024-01", 1, 4),
        ("2024-02", 0, 0),
        ("2024-03", 28, 56),
    ]
    assert found.bars[1].share is None and found.bars[1].text == "no story"
    assert [one.few for one in found.bars] == [True, True, False]
    assert found.bars[2].text == "50.0 % (28 of 56)"
    assert (found.whole.n, found.whole.of, found.undated) == (30, 62, (1, 2))


def test_colleges_are_compared_by_part_of_their_name(db: Database) -> None:
    found = shares(db, Asked(query="招生", by="year", colleges=("甲", "second")))
    assert [(one.period, one.college, one.n, one.of) for one in found.bars] == [("2024", A, 4, 10), ("2024", B, 25, 51)]
    ranked = shares(db, Asked(query="招生", by="college"))
    assert [(one.college, one.n, one.of) for one in ranked.bars] == [(B, 25, 51), (A, 5, 11)]


def test_a_share_may_be_among_some_stories_and_a_span(db: Database) -> None:
    found = shares(db, Asked(query="招生", among="site:a", since="2024-03", until="2024-03"))
    assert [(one.period, one.n, one.of) for one in found.bars] == [("2024-03", 3, 6)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(query=" "), "share of what"),
        (Asked(query="招生", colleges=("Nowhere",)), "no college here is called 'Nowhere'"),
        (Asked(query="招生", among="天气 site:c"), "no story"),
        (Asked(query="招生", colleges=tuple("abcdefghi")), "8 colleges"),
    ],
)
def test_what_gives_no_numbers_is_said(db: Database, asked: Asked, said: str) -> None:
    with pytest.raises(NoNumbers, match=said):
        shares(db, asked)


def test_a_day_that_is_none_is_a_query_that_is_none(db: Database) -> None:
    with pytest.raises(QueryError):
        shares(db, Asked(query="招生", since="yesterday"))


def test_each_bar_of_the_drawing_says_its_count(db: Database) -> None:
    found = shares(db, Asked(query="招生", by="year", colleges=("甲", "second")))
    drawn = ElementTree.fromstring(svg(found, title="<招生> & more", note="note\x0b\ufffe"))
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert f"2024 · {A}" in texts and "40.0 % (4 of 10)" in texts and "<招生> & more" in texts


def test_the_table_and_the_document_say_the_same(db: Database) -> None:
    found, out = shares(db, Asked(query="招生")), io.StringIO()
    write(out, found)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [(row["period"], int(row["n"]), int(row["of"])) for row in rows] == [
        (bar["period"], bar["n"], bar["of"]) for bar in document(found)["bars"]
    ]


def test_the_web_shows_them_in_two_languages(folder: Path) -> None:
    client = client_of(folder)
    page = client.get("/numbers?q=招生&by=college&lang=zh").text
    assert "51 篇中的" not in page and "numbers.svg?q=" in page and A in page
    assert "（51 篇中的 25 篇）" in client.get("/numbers.svg?q=招生&by=college&lang=zh").text
    assert client.get("/numbers.json?q=招生&by=year&college=甲&college=second").json()["bars"][1]["of"] == 51
    assert client.get("/numbers.csv?q=招生").text.startswith("\ufeffperiod,college,n,of,share,few\n")
    assert client.get("/numbers").status_code == 200
    for bad in ("/numbers?q=招生&college=Nowhere", "/numbers.svg", "/numbers.csv?q=after:x"):
        assert client.get(bad).status_code == 400, bad
