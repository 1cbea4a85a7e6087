"""Rows of another archive are taken over where reading its pages again would give the same; else it is said why not."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.sharing.merge import Joined, join
from archive.store.db import open_reader, open_writer
from archive.store.frontier import Found
from archive.store.rows import Rows
from crawler.history.taking_over import Elsewhere
from tests.benchmarks import corpus
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.history.test_merge import merge
from tests.crawler.whole import everything

AT = "2024-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with College(["sudy"], scale=0.1) as college:
        box = Box(tmp_path_factory.mktemp("crawled") / "there", college.sites_toml())
        box.crawl()
        yield box


@pytest.fixture
def there(crawled: Box, tmp_path: Path) -> Path:
    return Path(shutil.copytree(crawled.folder, tmp_path / "there"))


def taken(there: Path, here: Path, *, known: str = "") -> tuple[str | None, Rows]:
    """What becomes of it in an archive that knows at most one address."""
    (here / "warc").mkdir(parents=True)
    rows = Rows(open_writer(here / "news.db"))
    if known:
        rows.frontier.add([Found(url=known, site="another", kind="article")], AT)
    return Elsewhere(rows, here / "warc", there, join(here, there)).take(), rows


def test_the_rows_are_those_of_reading_again(there: Path, tmp_path: Path) -> None:
    """But for what each archive has of its own: its runs, and how often the looks of a run found something."""
    sites = (there / "sites.toml").read_text()
    boxes = {name: Box(tmp_path / name, sites) for name in ("taken", "read")}
    assert "rows taken over" in merge(boxes["taken"], there)
    change(there, "update version_rows set extractor = '0' where id = 1")
    assert "read again" in merge(boxes["read"], there)
    one, other = (everything(box.folder / "news.db") for box in boxes.values())
    for table in one:
        mine, theirs = (
            {tuple(pair for pair in row if (table, pair[0]) != ("sites", "first_seen")) for row in found[table]}
            for found in (one, other)
        )
        assert mine == theirs, table
    signatures = (
        "select a.url, t.signature from near_signatures s join near_texts t on t.id = s.text join articles a on"
    )
    found = [sorted(map(repr, box.rows(f"{signatures} a.id = s.article"))) for box in boxes.values()]
    assert found[0] == found[1]
    words = "select count(*) from articles_fts where articles_fts match '\"学\"'"
    assert boxes["taken"].column(words) == boxes["read"].column(words) != [0]


def change(there: Path, sql: str) -> None:
    with sqlite3.connect(there / "news.db") as db:
        db.execute(sql)
    db.close()


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        (
            "update version_rows set extractor = '1' where id = (select max(id) from version_rows)",
            "version of the reader",
        ),
        ("update runs set ended = null", "has not ended"),
        ("insert into unread values (1)", "held back there"),
        ("insert into believed values ('sudy', 'gone', '2024')", "held back there"),
        ("delete from captures where kind = 'robots'", "does not know"),
        ("update captures set offset = offset + 1 where id = 2", "does not know"),
        ("update captures set warc = 'lost.warc.gz' where id = 3", "does not know"),
    ],
)
def test_where_its_rows_may_be_others_the_pages_are_read_again(
    there: Path, tmp_path: Path, sql: str, reason: str
) -> None:
    change(there, sql)
    told, rows = taken(there, tmp_path / "here")
    assert told is not None and reason in told
    assert [rows.db.execute(f"select count(*) from {table}").fetchone()[0] for table in ("captures", "articles")] == [
        0,
        0,
    ]


def test_what_is_known_here_is_joined_page_by_page(there: Path, tmp_path: Path) -> None:
    with sqlite3.connect(there / "news.db") as db:
        (url,) = db.execute("select url from frontier where kind = 'article' limit 1").fetchone()
    db.close()
    told, _ = taken(there, tmp_path / "here", known=url)
    assert told == f"{url} is known here"


def test_a_second_time_nothing_is_taken(there: Path, tmp_path: Path) -> None:
    told, rows = taken(there, tmp_path / "here")
    assert told is None
    before = rows.db.conn.total_changes
    again = Elsewhere(rows, tmp_path / "here/warc", there, join(tmp_path / "here", there)).take()
    assert again == "sudy has been crawled here too"
    assert rows.db.conn.total_changes == before


@pytest.mark.parametrize("where", [0.3, 0.6, 0.9])
def test_a_damaged_database_or_file_leaves_nothing_half_taken(there: Path, tmp_path: Path, where: float) -> None:
    for number, path in enumerate((there / "news.db", next((there / "warc").rglob("*.warc.gz")))):
        kept = path.read_bytes()
        data, at = bytearray(kept), int(len(kept) * where)
        data[at : at + 4096] = bytes(len(data[at : at + 4096]))
        path.write_bytes(data)
        told, rows = taken(there, tmp_path / f"here{number}")
        found = [rows.db.execute(f"select count(*) from {name}").fetchone()[0] for name in ("captures", "articles")]
        assert (told is None) == all(found), (told, found)
        assert told or number == 0, "damage of a file is never passed over"
        path.write_bytes(kept)


def test_what_a_story_costs_does_not_grow_with_their_number(tmp_path: Path) -> None:
    """SQLite's own steps, counted: a row that waits for another one has it look through whole tables."""
    steps = []
    for stories in (60, 240):
        there, here = tmp_path / f"there{stories}", tmp_path / f"here{stories}"
        there.mkdir()
        here.mkdir()
        corpus.make(there / "news.db", stories, sites=5).conn.close()
        rows, other, counted = Rows(open_writer(here / "news.db")), open_reader(there / "news.db"), [0]
        joined = Joined(("merged/a/b.warc.gz",), (), 1, ())
        rows.db.conn.set_progress_handler(lambda counted=counted: counted.__setitem__(0, counted[0] + 1), 100)
        Elsewhere(rows, here, there, joined)._copy(other.conn)
        rows.db.conn.set_progress_handler(None, 0)
        assert rows.db.execute("select count(*) from articles where current_version > 0").fetchone() == (stories,)
        steps.append(counted[0] / stories)
        rows.close()
        other.close()
    assert steps[1] < steps[0] * 1.3, steps
