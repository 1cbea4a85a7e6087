"""`campuswarc rebuild`: the WARC files alone give the database of the live crawl, row for row."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from archive.proof.compare import TableDifference, differences
from archive.search.index import ArticleIndex
from archive.store.db import open_writer
from tests.benchmarks.archive_folder import CAMPUSWARC, ROOT
from tests.college import College
from tests.crawler.adding.sites_for_add import chaoxing
from tests.crawler.box import Box
from tests.crawler.campus import campus
from tests.patience import PATIENCE

FAMILIES = ("sudy", "wordpress", "hanweb", "jeecms", "traps")
FRONTIER = (
    "select url, site, kind, state, hint, listing, looks, etag, last_modified, discovered_from from frontier where"
    " state != 'refused' order by url"
)


def rebuild(box: Box, *more: str, expect: int = 0) -> str:
    """Rebuild to the end; its words."""
    return box.run("rebuild", *more, expect=expect)


def unequal(old: Path, new: Path) -> list[TableDifference]:
    """Tables that differ."""
    return [difference for difference in differences(old, new) if not difference.same]


def columns(path: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as db:
        found = db.execute(sql).fetchall()
    db.close()
    return found


def alter(path: Path, *statements: str) -> None:
    """Change a database by hand, its search index too."""
    db = open_writer(path)
    for statement in statements:
        db.execute(statement)
    ArticleIndex(db).rebuild()
    db.conn.commit()
    db.close()


def copied(box: Box, folder: Path) -> Box:
    """The archive once more, to be ill-treated."""
    copy = Box(folder, (box.folder / "sites.toml").read_text())
    shutil.copytree(box.folder / "warc", folder / "warc")
    shutil.copy(box.folder / "news.db", folder / "news.db")
    return copy


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[College, Box]]:
    """Two crawls, between them edits, deletions, moves and news; a third on which nothing has changed."""
    with College(FAMILIES, scale=0.3) as college:
        box = Box(tmp_path_factory.mktemp("eventful"), college.sites_toml(), storage="record_unchanged = true")
        box.crawl()
        for site in FAMILIES:
            stories = [row.url for row in college.articles(site) if row.kind == "article" and row.body]
            college.edit(stories[0])
            college.delete(stories[1])
            college.move(stories[2])
            college.add(site, 3)
        college.settings("wordpress", validators="none")  # what has not changed comes whole, and is kept as a revisit
        box.make_due()
        box.crawl()
        box.make_due()
        box.crawl()
        yield college, box


def test_equal_after_crawls_with_changes(eventful: tuple[College, Box]) -> None:
    _, box = eventful
    kinds = dict(columns(box.folder / "news.db", "select record_type || status, count(*) from captures group by 1"))  # type: ignore[arg-type]
    assert {"response200", "response301", "response404", "revisit200", "revisit304"} <= set(kinds)
    words = rebuild(box)
    new = box.folder / "news.db.rebuilding"
    assert unequal(box.folder / "news.db", new) == []
    assert "equal to news.db, row for row" in words
    state = columns(box.folder / "news.db", FRONTIER)
    assert state
    assert [row for row in columns(new, FRONTIER) if row in state] == state
    new.unlink()


def test_without_a_database_it_is_made_and_the_next_crawl_goes_on(
    eventful: tuple[College, Box], tmp_path: Path
) -> None:
    college, box = eventful
    copy = Box(tmp_path / "archive", college.sites_toml())
    shutil.copytree(box.folder / "warc", copy.folder / "warc")
    rebuild(copy)
    assert unequal(box.folder / "news.db", copy.folder / "news.db") == []
    college.forget()
    copy.crawl()
    asked = [seen for seen in college.requests() if seen.target != "/robots.txt"]
    listings = {row.listing for row in college.articles()}
    assert len(asked) < 3 * len(listings), "listings are read again, articles are not"
    new = copy.column("select count(*) from articles")
    assert new == box.column("select count(*) from articles")


def test_the_old_database_is_kept(eventful: tuple[College, Box], tmp_path: Path) -> None:
    _, box = eventful
    copy = copied(box, tmp_path / "archive")
    folder = copy.folder
    with sqlite3.connect(folder / "news.db") as db:
        db.execute("update articles set title = 'wrong' where id = 1")
        db.execute("delete from attachments")
    db.close()
    words = rebuild(copy, "--yes")
    assert "1 changed (title 1)" in words
    assert "'wrong' -> " in words
    assert unequal(box.folder / "news.db", folder / "news.db") == []
    (old,) = folder.glob("news.db.*.old")
    assert columns(old, "select title from articles where id = 1") == [("wrong",)]
    assert not (folder / "news.db.rebuilding").exists()
    assert columns(folder / "news.db", "select name from sqlite_master where name = 'rebuilding'") == []


def test_equal_after_kills(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.2) as college:
        box = Box(tmp_path / "archive", college.sites_toml(), delay=0.02, storage="commit_seconds = 0.3\n")
        random = Random(7)
        hits = 0
        while hits < 3:
            most = 100_000 if hits == 0 else 5_000  # less is left then
            process, more = box.start("--quiet"), _recorded(box) + random.randrange(1_000, most)
            while process.poll() is None and _recorded(box) < more:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            hits += process.returncode == -signal.SIGKILL
            if process.returncode == 0:  # all is fetched: news, edits and a look at everything again
                college.add("sudy", 8)  # so many that the next one is killed before it has them all
                college.edit(next(row.url for row in college.articles("sudy") if row.kind == "article" and row.body))
                box.make_due()
        rebuild(box)  # with a file still open, and rows that wait for the next crawl
        box.crawl("--quiet")
        rebuild(box)
        assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []


def _recorded(box: Box) -> int:
    """Bytes of its WARC files."""
    found = 0
    for path in (box.folder / "warc").rglob("*.warc.gz*"):
        with suppress(FileNotFoundError):  # it is given its final name meanwhile
            found += path.stat().st_size
    return found


def test_a_killed_rebuild_is_taken_up_again(eventful: tuple[College, Box], tmp_path: Path) -> None:
    _, box = eventful
    copy = copied(box, tmp_path / "archive")
    new = copy.folder / "news.db.rebuilding"
    process = subprocess.Popen(
        [*CAMPUSWARC, "-C", str(copy.folder), "rebuild", "--processes", "1"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + PATIENCE
    while not (new.exists() and _progress(new)):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    words = rebuild(copy)
    assert "an earlier rebuild taken up again" in words
    assert unequal(copy.folder / "news.db", new) == []


def _progress(path: Path) -> bool:
    try:
        return bool(columns(path, "select 1 from rebuilding where key = 'progress'"))
    except sqlite3.OperationalError:  # the table is not there yet
        return False


def test_damage_is_located_and_the_rest_is_used(eventful: tuple[College, Box], tmp_path: Path) -> None:
    _, box = eventful
    copy = copied(box, tmp_path / "archive")
    victim = copy.rows(
        "select c.*, a.url as article from captures c join versions v on v.capture = c.id join articles a on a.id ="
        " v.article where c.kind = 'article' and c.run = 1 order by c.id limit 1"
    )[0]
    path = copy.folder / "warc" / victim["warc"]
    data = bytearray(path.read_bytes())
    data[victim["offset"] + 40 : victim["offset"] + 140] = bytes(100)
    path.write_bytes(data)
    words = rebuild(copy, expect=5)
    assert f"{victim['warc']}, offset {victim['offset']}: " in words
    new = copy.folder / "news.db.rebuilding"
    gone = {row[0] for row in columns(copy.folder / "news.db", "select record_id from captures")} - {
        row[0] for row in columns(new, "select record_id from captures")
    }
    assert gone == {victim["record_id"]}
    assert (
        len(columns(new, "select 1 from articles"))
        >= len(columns(copy.folder / "news.db", "select 1 from articles")) - 1
    )


def test_only_a_site_or_a_family(eventful: tuple[College, Box], tmp_path: Path) -> None:
    _, box = eventful
    copy = copied(box, tmp_path / "archive")
    with sqlite3.connect(copy.folder / "news.db") as db:
        db.execute("update articles set section = 'changed by hand'")
    db.close()
    rebuild(copy, "--only", "sudy", "--only", "hanweb_jcms", "--yes")
    assert "no site and no family 'wordpres'; did you mean" in rebuild(copy, "--only", "wordpres", expect=1)
    left = dict(
        columns(
            copy.folder / "news.db",
            "select site, count(*) from articles where section = 'changed by hand' group by site",
        )
    )  # type: ignore[arg-type]
    assert set(left) == {"wordpress", "jeecms", "traps"}
    with sqlite3.connect(copy.folder / "news.db") as db:
        db.execute("attach ? as sound", [str(box.folder / "news.db")])
        db.execute("update articles set section = (select s.section from sound.articles s where s.url = articles.url)")
    db.close()
    assert unequal(box.folder / "news.db", copy.folder / "news.db") == []


def test_what_an_older_reader_has_read_is_read_again(eventful: tuple[College, Box], tmp_path: Path) -> None:
    _, box = eventful
    copy = copied(box, tmp_path / "archive")
    with sqlite3.connect(copy.folder / "news.db") as db:
        db.execute(
            "update version_rows set extractor = '0', body = 'as read before' where article in (select id from articles"
            " where site = 'sudy')"
        )
        db.execute(
            "update version_rows set body = 'kept: the reader is the same' where article in (select id from articles"
            " where site = 'wordpress')"
        )
    db.close()
    rebuild(copy, "--reader-changed", "--yes")
    assert (
        columns(copy.folder / "news.db", "select 1 from versions where body = 'as read before' or extractor = '0'")
        == []
    )
    wrong = [row for row in unequal(box.folder / "news.db", copy.folder / "news.db") if row.table != "versions"]
    assert wrong == []
    assert len(columns(copy.folder / "news.db", "select 1 from versions where body like 'kept:%'")) == len(
        columns(
            box.folder / "news.db",
            "select 1 from versions v join articles a on a.id = v.article where a.site = 'wordpress'",
        )
    )


def test_documents_are_read_again_with_their_stories(eventful: tuple[College, Box], tmp_path: Path) -> None:
    _, box = eventful
    copy = copied(box, tmp_path / "archive")
    read = copy.column("select count(*) from attachments where text is not null")[0]
    made_of_one = copy.column(
        "select a.id from articles a join attachments t on t.article = a.id where a.body != '' group by a.id having"
        " count(*) = 1 and replace(a.body, char(10), '') = replace(max(t.text), char(10), '')"
    )
    assert read and made_of_one
    alter(
        copy.folder / "news.db",
        "update version_rows set extractor = '0', body = 'as read before'",
        "update articles set body = 'as read before'",
        "update attachments set text = 'as read before' where text is not null",
    )
    words = rebuild(copy, "--reader-changed", "--yes")
    assert "attachments: " in words and f"{read} changed (text {read})" in words
    assert columns(copy.folder / "news.db", "select 1 from attachments where text = 'as read before'") == []
    assert unequal(box.folder / "news.db", copy.folder / "news.db") == []
    copy.run("verify")
    assert "0 records, 0 pages read" in rebuild(copy, "--reader-changed")


def test_equal_where_a_listing_is_paged_by_post(tmp_path: Path) -> None:
    with campus("127.0.0.78", chaoxing()) as site:
        box = Box(
            tmp_path / "archive",
            f'[portal]\nname = "Portal"\nfamily = "chaoxing_portal"\nlistings = ["{site.url}/engine2/m/AB12"]\n',
        )
        box.crawl()
        (first,) = (path for path in site.pages if path.endswith("/0/1732458/0"))
        status, mime, body = site.pages[first]
        site.pages[first] = status, mime, body.replace(b"<p>", b"<p>An edit. ", 1)
        box.make_due()
        box.crawl()
    assert [path[-1] for path in site.asked if path.startswith("POST ")] == ["1", "2", "1"], (
        "the second page holds nothing new the second time"
    )
    assert box.column("select count(*) from articles") == [24]
    assert box.column("select count(*) from versions") == [25]
    rebuild(box)
    new = box.folder / "news.db.rebuilding"
    assert unequal(box.folder / "news.db", new) == []
    state = columns(box.folder / "news.db", FRONTIER)
    assert len([row for row in state if "more-datas" in str(row[0])]) == 2, "each form has an address of its own"
    assert [row for row in columns(new, FRONTIER) if row in state] == state
    with sqlite3.connect(box.folder / "news.db") as db:
        db.execute("update version_rows set extractor = '0', title = 'as read before'")
    db.close()
    new.unlink()
    rebuild(box, "--reader-changed", "--yes")
    assert box.column("select count(*) from versions where title = 'as read before'") == [0]
