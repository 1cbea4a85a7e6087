"""What a person says of a reading: in the rows and the WARC, after a rebuild, a merge, an edit, a removal."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.capture import Exchange
from archive.identity import identifier
from archive.photos.likeness import NAME
from archive.proof.verify import verify
from crawler.cli import main
from crawler.commands import ocr
from spiders import scanned
from tests.archive.web.conftest import client_of
from tests.benchmarks import archive_folder
from tests.benchmarks.reviewed import scores
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.diary import TOML, Diary, page
from tests.crawler.diary import College as Campus
from tests.crawler.whole import only_in_one
from tests.spiders.test_scanned import sheet, told


def say(folder: Path, *words: str, expect: int | None = 0, keys: str = "") -> Result:
    done = CliRunner().invoke(main, ["-C", str(folder), *words], input=keys)
    assert expect is None or done.exit_code == expect, done.output
    return done


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[College, Path]]:
    with College(["sudy"], scale=0.2) as college:
        box = Box(tmp_path_factory.mktemp("reviewed") / "archive", college.sites_toml())
        box.crawl()
        yield college, box.folder


@pytest.fixture
def box(made: tuple[College, Path], tmp_path: Path) -> Box:
    copy = Box(tmp_path / "archive", made[0].sites_toml())
    shutil.rmtree(copy.folder)
    shutil.copytree(made[1], copy.folder)
    return copy


def stories(box: Box) -> list[str]:
    return box.column(
        "select a.url from articles a where kind = 'article' and body != '' and not exists (select 1 from parts p"
        " where p.version = a.current_version) order by url"
    )


def rebuilt(box: Box, *more: str) -> list[str]:
    say(box.folder, "rebuild", "--processes", "0", *more, expect=None)
    new = box.folder / "news.db.rebuilding"
    found = only_in_one(box.folder / "news.db", new)
    new.unlink()
    return [line for line in found if "mp.weixin.qq.com" not in line]


def row(box: Box, url: str) -> dict[str, object]:
    [found] = box.rows("select title, published, byline, authors, body, confidence from articles where url = ?", url)
    return found


def correct(box: Box, url: str, *more: str, expect: int = 0) -> Result:
    return say(box.folder, "review", f"url:{url}", *more, expect=expect)


def test_what_is_said_stands_and_a_rebuild_and_another_reader_obey_it(box: Box, tmp_path: Path) -> None:
    url, other, *_ = stories(box)
    correct(box, url, "--title", "更正后的标题", "--date", "2023-05-06", "--byline", "文/张三 李四")
    correct(box, url, "--region", "p")
    correct(box, other, "--accept")
    now = row(box, url)
    assert (now["title"], now["published"], now["confidence"]) == ("更正后的标题", "2023-05-06", 1.0)
    assert json.loads(str(now["authors"])) == ["张三", "李四"]
    assert "更正后的标题" in say(box.folder, "search", "title:更正后的标题").output
    assert rebuilt(box) == []
    say(box.folder, "rebuild", "--only", "sudy", "--yes", "--processes", "0")
    assert row(box, url) == now
    with_old = box.folder / "news.db"
    with sqlite3.connect(with_old) as db:
        db.execute("update version_rows set extractor = 'older'")
    db.close()
    say(box.folder, "rebuild", "--reader-changed", "--yes", "--processes", "0")
    assert row(box, url) == now
    say(box.folder, "review", "--labelled", str(tmp_path / "labelled.jsonl"))
    labels = {one["url"]: one for one in map(json.loads, (tmp_path / "labelled.jsonl").read_text().splitlines())}
    assert labels[url]["right"]["title"] == "更正后的标题" != labels[url]["read"]["title"]
    assert {"title", "published", "byline", "authors"} <= set(labels[url]["wrong"]) and labels[other]["wrong"] == []
    assert verify(box.folder).findings == []


def test_it_stands_until_the_page_says_something_else(made: tuple[College, Path], box: Box) -> None:
    url = next(one.url for one in made[0].articles("sudy") if one.url in stories(box))
    correct(box, url, "--title", "更正后的标题")
    box.make_due()
    box.crawl()
    assert row(box, url)["title"] == "更正后的标题", "the page says what it said"
    made[0].edit(url)
    box.make_due()
    box.crawl()
    titles = box.column(
        "select v.title from versions v join articles a on a.id = v.article where a.url = ? order by v.n", url
    )
    assert titles[0] == "更正后的标题" and len(titles) == 2 and titles[1] != titles[0]
    assert rebuilt(box) == []


def test_a_merge_brings_it_along(made: tuple[College, Path], box: Box, tmp_path: Path) -> None:
    url = stories(box)[0]
    theirs = Box(tmp_path / "theirs", made[0].sites_toml())
    shutil.rmtree(theirs.folder)
    shutil.copytree(made[1], theirs.folder)
    correct(theirs, url, "--title", "他们的标题")
    say(box.folder, "merge", str(theirs.folder))
    assert row(box, url)["title"] == "他们的标题"
    assert rebuilt(box) == []


def test_what_is_removed_takes_what_was_said_of_it_along(box: Box) -> None:
    url = stories(box)[0]
    correct(box, url, "--title", "Zeugnis eines Namens")
    say(box.folder, "withhold", url, "--depth", "blocked", "--reason", "x")
    assert "Zeugnis" not in say(box.folder, "review", "--list", "--below", "1", expect=None).output
    assert "nobody has judged" in say(box.folder, "review", "--labelled", "out.jsonl", expect=1).output
    say(box.folder, "release", url, "--reason", "x")
    (box.folder / NAME).touch()
    say(box.folder, "withhold", url, "--depth", "removed", "--reason", "privacy", "--yes")
    assert not (box.folder / NAME).exists(), "it may know the address and the hash of a picture"
    assert box.rows("select 1 from corrections") == []
    assert [record for record in box.records() if b"Zeugnis" in record.payload] == []
    assert b"Zeugnis" not in (box.folder / "news.db").read_bytes()
    assert verify(box.folder).findings == []
    assert rebuilt(box) == []


def test_keys_accept_correct_and_skip(box: Box) -> None:
    first, second, *_ = stories(box)
    urls = say(box.folder, "review", "--list", "--below", "1.01").output
    assert first in urls
    done = say(box.folder, "review", f"url:{first}", "--below", "1.01", keys="d\nsoon\nt\nEin Titel\na\n")
    assert "'soon' is no date" in done.output and "1 readings judged" in done.output
    assert row(box, first)["title"] == "Ein Titel"
    assert (
        "0 readings judged, 1 left" in say(box.folder, "review", f"url:{second}", "--below", "1.01", keys="q\n").output
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--date", "31.12.2023"], "is no date"),
        (["--date", "2023-13-01"], "is no date"),
        (["--title", " "], "has words"),
        (["--region", "div["], "not a CSS selector"),
        (["--region", "#there-is-no-such"], "nothing of that kind"),
    ],
)
def test_what_cannot_be_meant_is_named_and_nothing_written(box: Box, more: list[str], said: str) -> None:
    url = stories(box)[0]
    before = row(box, url)
    assert said in correct(box, url, *more, expect=1).output
    assert row(box, url) == before and box.rows("select 1 from corrections") == []


def test_more_stories_than_one_are_not_judged_at_once(box: Box) -> None:
    assert "name one" in say(box.folder, "review", "--accept", expect=1).output
    assert "no story is less sure" in say(box.folder, "review", "--list", "--below", "0", expect=1).output


def test_the_reader_is_scored_by_what_persons_said(box: Box) -> None:
    first, second, third, *_ = stories(box)
    correct(box, first, "--title", "Ein ganz anderer Titel")
    correct(box, second, "--accept")
    with sqlite3.connect(box.folder / "news.db") as db:  # as an older reader had read it
        [(title,)] = db.execute("select title from articles where url = ?", [third]).fetchall()
        db.execute("update articles set title = 'worse' where url = ?", [third])
    db.close()
    correct(box, third, "--title", str(title))
    found, lost = scores(box.folder)
    assert (found["title"].of, found["title"].then, found["title"].now, lost) == (3, 1, 2, [])
    assert found["body"].now == 3


class Pictured(Diary):
    """A college whose first story is a picture of a notice."""

    def _exchange(self, url: str, kind: str) -> Exchange:
        made = super()._exchange(url, kind)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"
        return replace(made, status=200, body=sheet(), response_head=head) if url.endswith(".png") else made


def test_what_ocr_reads_is_marked_and_obeyed_until_the_page_has_other_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    college = Campus(3)
    url, *_ = college.stories
    college.stories[url] = 200, page(college.titles[url], more='<p><img src="/notice.png" width="720"></p>')
    diary = Pictured(archive_folder.make(tmp_path / "archive", TOML), college)
    diary.day(0)
    notice = "因校区主供水管道检修，定于本周六晚暂停供水"
    monkeypatch.setattr(scanned, "_reader", told((notice, 0.91)))
    for module in (scanned, ocr):
        monkeypatch.setattr(module, "engine", lambda: "a program 1")
    folder = diary.home.folder
    assert url in say(folder, "ocr", "--list").output
    assert f"0.91\t{college.titles[url]}" in say(folder, "ocr").output
    say(folder, "ocr", expect=1)  # there is none left
    assert diary.rows("select body, confidence from articles where url = ?", url) == [(notice, 0.91)]
    for query in ("has:ocr", "暂停供水"):
        assert url in say(folder, "search", query).output
    assert "nobody has judged" in say(folder, "review", "--labelled", "out.jsonl", expect=1).output
    assert "confidence 0.91" in client_of(folder).get(f"/article/{identifier(url)}").text
    out = tmp_path / "out.jsonl"
    say(folder, "export", "jsonl", str(out), "--query", "has:ocr", "--fields", "url,ocr_confidence")
    assert json.loads(next(out.rglob("*.jsonl") if out.is_dir() else iter([out])).read_text()) == {
        "url": url,
        "ocr_confidence": 0.91,
    }
    say(folder, "review", f"url:{url}", "--title", "What a person says")
    assert diary.unlike_rebuilt() == []
    college.stories[url] = 200, page(college.titles[url], *["The page has words of its own by now."] * 4)
    diary.day(1)
    assert "nothing" in say(folder, "search", "has:ocr", expect=None).output
    assert diary.unlike_rebuilt() == [] and verify(folder).findings == []
