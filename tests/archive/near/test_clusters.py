"""Who copied whom: clusters of near-duplicates, which came first where that is known; passages in other stories."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from sqlite_utils import Database

from archive.article import Article
from archive.identity import identifier
from archive.near.clusters import clusters, places
from archive.near.quotations import quotations
from archive.search.search import count
from archive.store.db import open_writer
from archive.store.rows import Rows
from crawler.cli import main
from tests.archive.web.conftest import client_of

WORDS = [f"{a}{b}{c}" for a in "bdfglmnprst" for b in "aeiou" for c in "bdlmnrstk"]


def text(seed: int, n: int) -> str:
    chance = Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(n))


PASSAGE = text(99, 75)
STORIES = [  # address, published, body, captured
    ("https://a.example/1", "2024-01-10T08:00:00Z", text(1, 200), "2024-02-01"),
    ("https://b.example/1", "2024-01-10T10:30:00Z", text(1, 200), "2024-01-20"),
    ("https://c.example/1", "2024-01-12", text(1, 200), "2024-02-03"),
    ("https://a.example/2", "2024-03-01", text(2, 200), "2024-03-02"),
    ("https://b.example/2", "2024-03-01T03:00:00Z", text(2, 200), "2024-03-02"),
    ("https://a.example/3", "2024-04-01T00:00:00Z", f"{text(3, 120)} {PASSAGE} {text(4, 90)}", "2024-05-01"),
    (
        "https://b.example/3",
        "2024-04-02T00:00:00Z",
        f"{text(5, 300)}\n\n{PASSAGE.title()}, {text(6, 90)}",
        "2024-04-01",
    ),
    ("https://c.example/3", "2024-04-03T00:00:00Z", f"{text(7, 300)} {text(99, 55)} {text(8, 90)}", "2024-04-01"),
]


def build(folder: Path, order: list[int]) -> Path:
    folder.mkdir()
    (folder / "warc").mkdir()
    rows = Rows(open_writer(folder / "news.db"))
    for n in order:
        url, published, body, seen = STORIES[n]
        rows.articles.save(
            Article(url=url, site=url[8], title=f"Story {n}", body=body, published=published, language="en"),
            digest=str(n),
            reader="1",
            capture=None,
            seen=f"{seen}T00:00:00Z",
        )
    rows.near.update()
    rows.close()
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("numpy", reason="the extra duplicates is not installed")
    return build(tmp_path_factory.mktemp("clusters") / "a", list(range(len(STORIES))))


@pytest.fixture
def db(folder: Path) -> Database:
    return Database(folder / "news.db")


def test_the_first_is_by_publication_and_not_by_capture(db: Database) -> None:
    three, two = clusters(db)
    assert three.id == identifier("https://b.example/1"), "named after the one captured first"
    assert three.first == "https://a.example/1"
    assert [(one.url, one.hours) for one in three.members] == [
        ("https://a.example/1", 0.0),
        ("https://b.example/1", 2.5),
        ("https://c.example/1", None),
    ]
    assert (two.first, len(two.members)) == (None, 2), "a day and an hour of that day: which came first is not told"


def test_they_are_the_same_in_whatever_order_stories_came(db: Database, tmp_path: Path) -> None:
    other = Database(build(tmp_path / "b", list(reversed(range(len(STORIES))))) / "news.db")

    def told(of: Database) -> list[object]:
        return [(one.id, one.first, [(m.url, m.hours) for m in one.members]) for one in clusters(of)]

    assert told(other) == told(db)


def test_they_are_columns_filters_and_a_page(folder: Path, db: Database, tmp_path: Path) -> None:
    id_ = identifier("https://b.example/1")
    assert count(db, f"cluster:{id_}") == 3 and count(db, "has:copies") == 2 and count(db, "has:duplicate") == 3
    out = tmp_path / "out.csv"
    fields = "url,cluster,cluster_size,first_in_cluster,hours_after_first"
    done = CliRunner().invoke(main, ["-C", str(folder), "export", "csv", str(out), "--fields", fields])
    assert done.exit_code == 0, done.output
    rows = {row["url"]: row for row in csv.DictReader(io.StringIO(out.read_text()))}
    assert rows["https://b.example/1"] == {
        "url": "https://b.example/1",
        "cluster": id_,
        "cluster_size": "3",
        "first_in_cluster": "https://a.example/1",
        "hours_after_first": "2.5",
    }
    assert rows["https://a.example/3"]["cluster"] == "" and len(places(db)) == 5
    client = client_of(folder)
    page = client.get("/clusters?lang=zh").text
    assert "晚 2.5 小时" in page and "首发" in page and "不足以判断" in page
    assert client.get("/clusters?q=site:nowhere&lang=en").text.count("<section>") == 0
    assert client.get("/clusters?q=year:soon").status_code == 400
    assert "has%3Acopies" in client.get("/search?q=site:b").text


def test_passages_of_more_than_sixty_words_are_found_in_other_stories(folder: Path, db: Database) -> None:
    ids = [row[0] for row in db.execute("select id from articles order by id").fetchall()]
    known = places(db)
    found = quotations(db, ids, same=lambda a, b: a in known and b in known and known[a].cluster == known[b].cluster)
    url = dict(db.execute("select id, url from articles").fetchall())
    [one] = found.found
    assert (url[one.earlier], url[one.later], one.words) == ("https://a.example/3", "https://b.example/3", 75)
    assert one.text == PASSAGE.title()
    done = CliRunner().invoke(main, ["-C", str(folder), "quotations"])
    assert done.exit_code == 0 and "75 words" in done.output
    done = CliRunner().invoke(main, ["-C", str(folder), "quotations", "site:c"])
    assert done.exit_code == 1 and "no passage" in done.output


@pytest.mark.parametrize("n", range(6))
def test_no_passage_is_missed_wherever_it_stands(n: int, tmp_path: Path) -> None:
    db = Database(memory=True)
    db.execute("create table articles (id integer primary key, url text, body text, published text, first_seen text)")
    passage = text(50 + n, 61)
    bodies = [f"{text(n, 7 * n)} {passage} {text(n + 20, 13)}", f"{text(n + 30, 11 * n + 1)} {passage}"]
    for id_, body in enumerate(bodies, 1):
        db.execute("insert into articles values (?, ?, ?, '2024', '2024')", [id_, f"https://x.example/{id_}", body])
    assert [one.words >= 61 for one in quotations(db, [1, 2]).found] == [True]


def test_clusters_are_listed(folder: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["-C", str(folder), "clusters"])
    assert done.exit_code == 0 and "+2.5 h" in done.output and "not told" in done.output
    done = CliRunner().invoke(main, ["-C", str(folder), "clusters", "--csv", "site:c"])
    assert done.stdout.count("\n") == 4
    done = CliRunner().invoke(main, ["-C", str(folder), "clusters", "nosuchword"])
    assert done.exit_code == 1 and "no cluster" in done.output
