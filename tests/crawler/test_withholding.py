"""What is withheld is shown nowhere, comes back when it may, and what is removed is in no byte any more."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.proof.verify import verify
from archive.shadows import CONDITIONS, INDEX, OPEN
from archive.store.db import open_reader, open_writer
from archive.store.withheld import Order
from crawler.cli import main
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.whole import only_in_one

ROOT = Path(__file__).parent.parent.parent


def say(folder: Path, *words: str, expect: int | None = 0) -> Result:
    done = CliRunner().invoke(main, ["-C", str(folder), *words])
    assert expect is None or done.exit_code == expect, done.output
    return done


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[College, Box]]:
    """Two crawls of two sites, with an edit, a move and a death between them."""
    with College(["sudy", "wordpress"], scale=0.2) as college:
        box = Box(tmp_path_factory.mktemp("withheld") / "archive", college.sites_toml())
        box.crawl()
        stories = [row.url for row in college.articles("sudy") if row.kind == "article" and row.body]
        college.edit(stories[0])
        college.move(stories[1])
        college.delete(stories[2])
        box.make_due()
        box.crawl()
        yield college, box


@pytest.fixture
def box(made: tuple[College, Box], tmp_path: Path) -> Box:
    """A copy of it, to withhold from."""
    copy = Box(tmp_path / "archive", made[0].sites_toml())
    shutil.rmtree(copy.folder)
    shutil.copytree(made[1].folder, copy.folder)
    return copy


def edited(college: College) -> str:
    """A story with two versions."""
    return next(row.url for row in college.articles("sudy") if row.kind == "article" and row.body)


def rebuilt(box: Box) -> list[str]:
    """What a rebuild makes otherwise, but addresses elsewhere, which `make_due` has refused once more."""
    say(box.folder, "rebuild", "--processes", "0", expect=None)
    new = box.folder / "news.db.rebuilding"
    found = only_in_one(box.folder / "news.db", new)
    new.unlink()
    return [line for line in found if "mp.weixin.qq.com" not in line]


def test_every_table_is_decided() -> None:
    db = open_writer(Path(":memory:"))
    tables = {name for name in db.table_names() if not name.startswith(("sqlite_", "_sqlite", "articles_fts_"))}
    assert tables == {*CONDITIONS, *OPEN, *INDEX}, "say in archive.shadows which rows of a table are shown"


def test_unlisted_is_in_no_list_and_comes_back(made: tuple[College, Box], box: Box) -> None:
    url = edited(made[0])
    [row] = box.rows("select title, body from articles where url = ?", url)
    before = int(say(box.folder, "search", "--count", "").stdout)
    say(box.folder, "withhold", url, "--reason", "an embargo of the rector", "--until", "2199-01-01")
    assert int(say(box.folder, "search", "--count", "").stdout) == before - 1
    assert row["title"] in say(box.folder, "show", url).stdout, "its own address answers"
    assert "an embargo of the rector" in say(box.folder, "withheld").stdout
    assert rebuilt(box) == []
    with sqlite3.connect(box.folder / "news.db") as db:
        db.execute("update withheld set until = '2020-01-01T00:00:00Z'")  # the day has come
    assert int(say(box.folder, "search", "--count", "").stdout) == before
    assert say(box.folder, "withheld").stdout == ""


def test_blocked_says_why_and_is_released(made: tuple[College, Box], box: Box) -> None:
    url = edited(made[0])
    [row] = box.rows("select title from articles where url = ?", url)
    say(box.folder, "withhold", url, "--depth", "blocked", "--reason", "order of a court")
    for words in (("show", url), ("cite", url), ("diff", url)):
        done = say(box.folder, *words, expect=1)
        assert "order of a court" in done.output and row["title"] not in done.output
    assert rebuilt(box) == []
    say(box.folder, "release", url, "--reason", "the court has changed its mind")
    assert row["title"] in say(box.folder, "show", url).stdout
    assert rebuilt(box) == []
    assert "is not withheld" in say(box.folder, "release", url, "--reason", "x", expect=1).output


def test_a_site_and_a_capture(made: tuple[College, Box], box: Box) -> None:
    url = edited(made[0])
    say(box.folder, "withhold", "wordpress", "--depth", "blocked", "--reason", "the college asks")
    db = open_reader(box.folder / "news.db")
    assert db.execute("select count(*) from articles where site = 'wordpress'").fetchone() == (0,)
    assert db.execute("select count(*) from captures where site = 'wordpress'").fetchone() == (0,)
    db.close()
    assert rebuilt(box) == []
    made[0].forget()
    box.make_due()
    box.crawl()
    assert {seen.site for seen in made[0].requests()} == {"sudy"}, "nobody asks for what nobody may see"
    [record, *_] = box.column(
        "select c.record_id from version_rows v join captures c on c.id = v.capture join articles a on a.id ="
        " v.article where a.url = ? order by v.n",
        url,
    )
    say(box.folder, "withhold", record, "--depth", "blocked", "--reason", "a name in it")
    assert len(json.loads(say(box.folder, "show", url, "--json").stdout)["versions"]) == 1


@pytest.mark.parametrize("what", ["story", "site"])
def test_removed_is_in_no_byte(made: tuple[College, Box], box: Box, what: str) -> None:
    url = edited(made[0])
    say(box.folder, "seal")
    words = box.column("select v.body from versions v join articles a on a.id = v.article where a.url = ?", url)
    passages = {max(text.split("\n\n"), key=len)[:30].encode() for text in words}
    records = box.rows("select warc, offset, length, record_id, url from captures order by warc, offset")
    files = {path: path.read_bytes() for path in (box.folder / "warc").rglob("*.warc.gz")}
    say(
        box.folder, "withhold", url if what == "story" else "sudy", "--depth", "removed", "--reason", "privacy", "--yes"
    )
    left = box.rows("select warc, offset, length, record_id, url from captures order by warc, offset")
    assert len(records) - len(left) > 0 and all(row in records for row in left)
    assert url not in {row["url"] for row in left}
    for path, old in files.items():
        new = path.read_bytes()
        assert len(new) == len(old)
        for row in left:
            if path.as_posix().endswith(row["warc"]):
                place = slice(row["offset"], row["offset"] + row["length"])
                assert new[place] == old[place]
    kept = (box.folder / "news.db").read_bytes()
    assert not [passage for passage in passages if passage in kept]
    assert verify(box.folder).findings == []
    assert rebuilt(box) == []
    made[0].forget()
    box.make_due()
    box.crawl()
    assert url not in {seen.url for seen in made[0].requests()}
    assert rebuilt(box) == []
    assert verify(box.folder).findings == []


def test_an_order_is_read_as_it_was_written() -> None:
    order = Order(
        asked="a", kind="url", names=("a", "b"), depth="blocked", reason="r", by="me", since="2026-01-01T00:00:00Z"
    )
    assert Order.of(order.payload()) == order
    for wrong in (b"[]", b"{}", b"x", b'{"asked": "a"}', order.payload().replace(b"blocked", b"hidden")):
        with pytest.raises(ValueError):
            Order.of(wrong)


_KILLED = """
import os, signal, sys
from pathlib import Path
from archive.store.rows import Rows
from archive.warc import fixity, removal
from crawler.cli import main
from crawler.history import withholding

place, folder, url = sys.argv[1:]

def killed_before(owner, name):
    setattr(owner, name, lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL))

def killed_after(owner, name):
    real = getattr(owner, name)
    def act(*a, **k):
        real(*a, **k)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, act)

if place == "decided": killed_before(withholding, "_take_out")
elif place == "copied": killed_before(removal, "sync_folder")
elif place == "copying": killed_before(removal.shutil, "copystat")
elif place == "overwritten": killed_before(fixity, "note")
elif place == "sealed": killed_after(fixity, "note")
elif place == "rows": killed_after(withholding, "_drop")
elif place == "undecided": killed_after(withholding, "_forget")
main(["-C", folder, "withhold", url, "--depth", "removed", "--reason", "privacy", "--yes"])
"""


@pytest.mark.parametrize("place", ["undecided", "decided", "copying", "copied", "overwritten", "sealed", "rows"])
def test_a_removal_that_is_killed_is_finished_or_undone(made: tuple[College, Box], box: Box, place: str) -> None:
    url = edited(made[0])
    say(box.folder, "seal")
    before = box.rows("select record_id, url from captures where url != ?", url)
    others = box.rows("select url, title, body from articles where url != ? order by url", url)
    done = subprocess.run([sys.executable, "-c", _KILLED, place, str(box.folder), url], cwd=ROOT, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    say(box.folder, "look-again", "wordpress")
    say(box.folder, "withhold", "http://127.0.0.1/none", "--reason", "any command that writes")
    named = box.column("select name from withheld where depth = 'removed'")
    # the record of what was asked for is in the WARC file before anything is done: it is obeyed, as a rebuild obeys it
    assert url in named
    assert box.rows("select 1 from captures where url = ?", url) == []
    assert box.rows("select 1 from articles where url = ?", url) == []
    assert box.rows("select url, title, body from articles where url != ? order by url", url) == others
    kept = box.column("select record_id from captures")
    assert [row for row in before if row["record_id"] not in kept and row["url"] not in named] == []
    assert verify(box.folder).findings == []
    assert list((box.folder / "warc").rglob("*.removing")) == []
    assert [line for line in rebuilt(box) if "'site': 'wordpress'" not in line] == []  # which look-again has made due


def test_a_merge_brings_nothing_back(made: tuple[College, Box], box: Box, tmp_path: Path) -> None:
    url = edited(made[0])
    other = Box(tmp_path / "other", made[0].sites_toml())
    shutil.rmtree(other.folder)
    shutil.copytree(made[1].folder, other.folder)
    stories = box.column("select url from articles where site = 'wordpress' and kind = 'article' order by url")
    say(box.folder, "withhold", url, "--depth", "removed", "--reason", "privacy", "--yes")
    say(other.folder, "withhold", stories[0], "--depth", "blocked", "--reason", "theirs")
    say(box.folder, "withhold", stories[1], "--depth", "blocked", "--reason", "ours")
    say(other.folder, "withhold", stories[1], "--reason", "less deep")
    say(other.folder, "release", stories[1], "--reason", "not there any more")
    theirs = {path: path.read_bytes() for path in (other.folder / "warc").rglob("*.warc.gz")}
    say(box.folder, "merge", str(other.folder))
    assert box.rows("select 1 from captures where url = ?", url) == []
    assert box.rows("select 1 from articles where url = ?", url) == []
    assert {path: path.read_bytes() for path in theirs} == theirs, "the other archive's files are its own"
    for story, reason in ((stories[0], "theirs"), (stories[1], "ours")):
        assert reason in say(box.folder, "show", story, expect=1).output
    assert [finding for finding in verify(box.folder).findings if finding.kind not in ("duplicate", "orphan")] == []
    assert rebuilt(box) == []


def test_one_capture_is_removed(made: tuple[College, Box], box: Box) -> None:
    url = edited(made[0])
    [record, *_] = box.column(
        "select c.record_id from version_rows v join captures c on c.id = v.capture join articles a on a.id ="
        " v.article where a.url = ? order by v.n desc",
        url,
    )
    [newer, older] = box.column(
        "select v.body from versions v join articles a on a.id = v.article where a.url = ? order by v.n desc", url
    )
    say(box.folder, "withhold", record, "--depth", "removed", "--reason", "a name", "--yes")
    assert box.column("select body from articles where url = ?", url) == [older] != [newer]
    assert verify(box.folder).findings == []


@pytest.mark.parametrize("damage", ["flipped", "cut"])
def test_a_record_that_cannot_be_read_is_told_of_and_the_others_are_removed(
    made: tuple[College, Box], box: Box, damage: str
) -> None:
    """Its file may hold it still; no command waits for it."""
    url = edited(made[0])
    [*_, last] = box.rows("select warc, offset, length from captures where url = ? order by id", url)
    path = box.folder / "warc" / last["warc"]
    data = bytearray(path.read_bytes())
    if damage == "flipped":
        data[last["offset"] + last["length"] // 2] ^= 0x55
    else:
        del data[last["offset"] + last["length"] // 2 :]
    path.write_bytes(data)
    done = say(box.folder, "withhold", url, "--depth", "removed", "--reason", "privacy", "--yes", expect=5)
    assert "cannot be read there" in done.output and last["warc"] in done.output
    assert box.column("select offset from captures where url = ?", url) == [last["offset"]], "told of by each start"
    assert box.rows("select 1 from articles where url = ?", url) == []
    say(box.folder, "withhold", "http://127.0.0.1/none", "--reason", "any command that writes")
