"""Every door of an archive is walked through: a withheld story is behind none, by no word of it.

A new command, page, export format or table has to be entered here: what is not is a failure.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from archive.exports.exporting import formats
from archive.identity import identifier
from archive.replay.captures import stamp
from archive.store.db import open_reader
from archive.store.withheld import unlisted
from archive.watches.journal import Journal
from crawler.cli import Commands, main
from tests.archive.web.routes import filled
from tests.college import College
from tests.crawler.box import Box

pytest.importorskip("archive.web.server", reason="the web extra is not installed: pip install 'campuswarc[web]'")
pytest.importorskip("pyarrow", reason="the datasets extra is not installed: pip install 'campuswarc[datasets]'")

# commands that tell an operator of sites, runs and files, or write rows; none prints a story;
# `fix` reads headlines to count those that a listing shows, and says how many
SILENT = {
    "accept", "ack", "add", "check", "copy", "crawl", "demo", "dictionary", "fix", "heal", "ingest", "init",
    "look-again", "mcp", "merge", "migrate", "pause", "rebuild", "release", "rename", "report", "resume", "retire",
    "seal", "serve", "sites", "shards", "verify", "withhold",
}  # fmt: skip

NOBODY = "http://127.0.0.1:9/"  # nothing listens there


@dataclass(frozen=True)
class Story:
    """What must be nowhere."""

    url: str
    id: str
    number: int
    record: str
    time: str
    words: tuple[str, ...]

    def found_in(self, data: bytes) -> list[str]:
        return [word for word in self.words if word.encode() in data or word.encode("gbk", "replace") in data]


@pytest.fixture(scope="module", params=["unlisted", "blocked", "removed"])
def withheld(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Box, Story]]:
    with College(["sudy", "wordpress"], scale=0.2) as college:
        box = Box(tmp_path_factory.mktemp("doors") / "archive", college.sites_toml())
        box.crawl()
        watch = ["watch", "add", "all", "site:sudy", "--notify", NOBODY]  # what is packed waits
        assert CliRunner().invoke(main, ["-C", str(box.folder), *watch]).exit_code == 0
        stories = [row for row in college.articles("sudy") if row.kind == "article" and row.body]
        for row in stories[:2]:
            college.edit(row.url)
        told = college.sites["sudy"].find(stories[0].url)
        repost, quoting = map(college.sites["wordpress"].find, college.add("wordpress", 2))
        repost.paragraphs = told.paragraphs[1:]
        quoting.paragraphs.append(told.paragraphs[2])
        box.make_due()
        box.crawl()
    url = stories[0].url
    [row] = box.rows(
        "select a.id, a.title, a.body, c.record_id, c.fetched_at from articles a join versions v on v.id ="
        " a.current_version join captures c on c.id = v.capture where a.url = ?",
        url,
    )
    others = "\n".join(box.column("select title || body from articles where url != ?", url))
    others += "\n".join(box.column("select coalesce(hint, '') from frontier where url != ?", url))
    words = {row["title"]} | {text[:14] for text in row["body"].split("\n\n")}
    story = Story(
        url=url,
        id=identifier(url),
        number=row["id"],
        record=row["record_id"],
        time=stamp(row["fetched_at"]),
        words=tuple(word for word in words if len(word) > 5 and word not in others),
    )
    english = [row.url for row in college.articles("wordpress") if row.kind == "article"]
    with closing(sqlite3.connect(box.folder / "news.db")) as db, db:
        pairs = zip((url, stories[1].url), english, strict=False)
        db.executemany("""insert into twins values (?, ?, 1, '{"words": 1}')""", pairs)
    for copied in ("clusters", "quotations", "twins"):
        assert url in CliRunner().invoke(main, ["-C", str(box.folder), copied, "--json"]).output, copied
    assert len(story.words) > 1 and story.found_in((box.folder / "watches.db").read_bytes())
    done = CliRunner().invoke(
        main, ["-C", str(box.folder), "withhold", url, "--depth", request.param, "--reason", "REASON", "--yes"]
    )
    assert done.exit_code == 0, done.output
    assert not story.found_in((box.folder / "watches.db").read_bytes()), "at once, and not by the next run of watches"
    yield request.param, box, story


def test_no_command_tells(withheld: tuple[str, Box, Story], tmp_path: Path) -> None:
    depth, box, story = withheld
    asks = {
        "cdx": [[]],
        "changes": [[], ["--json"]],
        "cite": [[story.url], [story.id]],
        "diff": [[story.url], ["--list", story.url], ["--gone"]],
        "export": [],  # has a test of its own
        "clusters": [[], ["--json"], ["--csv"], [story.words[0]]],
        "completeness": [[]],
        "numbers": [["学"]],
        "ocr": [["--list"]],
        "pictures": [[], ["--json"], ["--csv"], [story.words[0]]],
        "entities": [[], ["--kind", "org", "--json"], [story.words[0]]],
        "twins": [[], ["--json"], ["--csv"], [story.words[0]]],
        "quotations": [[], ["--json"], ["--csv"], [story.words[0]]],
        "review": [["--list", "--below", "1"], ["--json", "--below", "1"], ["--below", "1"]],
        "search": [["", "--json"], [story.words[0]], ["--count", story.words[0]]],
        "show": [[story.url], ["--json", story.url]],
        "status": [["--json"], []],
        "storage": [[], ["--json"]],
        "watch": [["list"], ["show", "all"], ["show", "all", "--json"], ["show", "all", "--csv"], ["run"]],
        "withheld": [[], ["--json"]],
    }
    assert set(Commands().list_commands(None)) - SILENT == set(asks)  # type: ignore[arg-type]
    answers = {"cite", "diff", "show"} if depth == "unlisted" else set()  # by its own address
    for name, calls in asks.items():
        for words in calls:
            said = CliRunner().invoke(main, ["-C", str(box.folder), name, *words], input="s\n" * 2000)
            assert "Traceback" not in said.output and not isinstance(said.exception, (TypeError, sqlite3.Error)), said
            found = story.found_in(said.output.encode())
            assert bool(found) == (name in answers and "--gone" not in words), (name, words, said.output)
            if name in ("clusters", "quotations", "twins") or (name == "cdx" and depth != "unlisted"):
                assert story.url not in said.output


def test_no_digest_that_waits_tells(withheld: tuple[str, Box, Story]) -> None:
    """It was packed before; what else it tells is sent."""
    _, box, story = withheld
    CliRunner().invoke(main, ["-C", str(box.folder), "watch", "run"])
    with Journal(box.folder / "watches.db", read_only=True) as journal:
        waiting = [parcel.payload for parcel in journal.outbox()]
    assert len(waiting) == 1 and len(json.loads(waiting[0])["items"]) >= 1
    assert not story.found_in(waiting[0].encode()) and story.url not in waiting[0]


def test_what_no_reader_is_listed(withheld: tuple[str, Box, Story]) -> None:
    _, box, story = withheld
    other = box.column("select url from articles where url != ? limit 1", story.url)
    with closing(open_reader(box.folder / "news.db")) as db:
        assert unlisted(db, [story.url, *other]) == {story.url}
    with closing(open_reader(box.folder / "news.db", shown="all")) as db:
        assert unlisted(db, [story.url, *other]) == set()


def test_no_tool_of_an_assistant_tells(withheld: tuple[str, Box, Story]) -> None:
    from archive.protocols import tools

    depth, box, story = withheld
    with closing(open_reader(box.folder / "news.db")) as db:
        for query in ("", story.words[0], f"near:{story.id}"):
            assert story.id not in json.dumps(tools.search(db, query)), query
    shown = 0
    with closing(open_reader(box.folder / "news.db", shown="addressed")) as db:
        for ask in (
            lambda: tools.article(db, story.id),
            lambda: tools.article(db, story.url),
            lambda: tools.versions(db, story.id),
            lambda: tools.diff(db, story.id),
            lambda: tools.capture(db, box.folder / "warc", story.url),
            lambda: tools.capture(db, box.folder / "warc", story.record),
        ):
            try:
                ask()
                shown += 1
            except tools.CannotAnswer as problem:
                assert "REASON" in str(problem) or "no capture '<urn" in str(problem)  # whose address is not told
    assert shown == (6 if depth == "unlisted" else 0)  # by its own address


def test_no_export_tells(withheld: tuple[str, Box, Story], tmp_path: Path) -> None:
    _, box, story = withheld
    suffixes = {"warc": ".warc.gz", "wacz": ".wacz", "zim": ".zim"}
    for form in formats():
        for more in ([], ["--versions", "all"]):
            out = tmp_path / f"{form}{len(more)}{suffixes.get(form, '.out' if form not in ('bagit', 'site') else '')}"
            done = CliRunner().invoke(main, ["-C", str(box.folder), "export", form, str(out), *more])
            if more and done.exit_code:
                continue
            assert done.exit_code == 0, (form, done.output)
            for path in [out] if out.is_file() else sorted(out.rglob("*")):
                if path.is_file():
                    assert not story.found_in(_plain(path)), (form, path)
    for more in (["--captures", "--url", story.url], ["--url", story.url]):
        done = CliRunner().invoke(main, ["-C", str(box.folder), "export", "warc", str(tmp_path / "x.warc.gz"), *more])
        assert done.exit_code == 1, done.output
    done = CliRunner().invoke(main, ["-C", str(box.folder), "export", "bagit", "--whole", str(tmp_path / "whole")])
    assert done.exit_code == 1 and "withheld" in done.output


def test_the_card_of_a_dataset_says_how_many_it_leaves_out(withheld: tuple[str, Box, Story], tmp_path: Path) -> None:
    depth, box, _ = withheld
    done = CliRunner().invoke(main, ["-C", str(box.folder), "export", "jsonl", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    said = "1 takedowns have removed" if depth == "removed" else "1 stories of the archive are withheld"
    assert f"Not in it: {said}" in (tmp_path / "out" / "README.md").read_text()


def _plain(path: Path) -> bytes:
    """What a file holds, without its compression."""
    data = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as file:
            parts = [file.read(name) for name in file.namelist()]
        return b"\n".join(gzip.decompress(part) if part[:2] == b"\x1f\x8b" else part for part in parts)
    if path.suffix == ".zim":
        from libzim.reader import Archive

        file_ = Archive(path)
        entries = (file_._get_entry_by_id(n) for n in range(file_.all_entry_count))
        return b"\n".join(bytes(one.get_item().content) + one.title.encode() for one in entries)
    if data[:4] == b"PAR1":
        import pyarrow.parquet

        return repr(pyarrow.parquet.read_table(path).to_pylist()).encode()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


# what each part of a route's pattern is filled with; `{}` stands for what comes before the archived address
def _paths(story: Story) -> list[str]:
    from archive.web.plugin import OF_ADDRESSES, ROUTES

    query = urlencode({"q": story.words[0]})
    fill = {
        "id": story.id,
        "at": story.time,
        "number": str(story.number),
        "rest": "",
        "timestamp": story.time,
        "url": story.url,
        "form": "link",
        "mode": "mp_",
        "name": "nobody",
    }
    paths = []
    for pattern, show in [*ROUTES, *OF_ADDRESSES]:
        here = dict(fill)
        if pattern.startswith(r"/capture/"):
            here["id"] = story.record.strip("<>").removeprefix("urn:uuid:")
        if pattern.startswith(r"/site/"):
            here["id"] = "sudy"
        path = filled(pattern, here)
        assert re.match(pattern, path), f"{pattern}: say here how it is asked for"
        paths += [path] if show.__name__ in ("latest", "part") or "/replay/" in path else [path, f"{path}?{query}"]
    return [
        *paths,
        f"/cdx?{urlencode({'url': story.url})}",
        "/changes?q=",
        "/oai?verb=ListRecords&metadataPrefix=mods",
        "/search?q=",
        f"/search?q=near:{story.id}",
    ]


def test_no_page_tells(withheld: tuple[str, Box, Story]) -> None:
    from archive.web.plugin import ADDRESSED, OF_ADDRESSES, ROUTES
    from tests.archive.web.conftest import client_of

    depth, box, story = withheld
    client = client_of(box.folder, operator=True)
    told = 0
    for path in _paths(story):
        answer = client.once("GET", path)
        while answer.status_code in (301, 302, 307):
            answer = client.once("GET", answer.headers["location"].removeprefix("http://archive.test"))
        assert answer.status_code < 500, (path, answer.text)
        shown = story.found_in(answer.content)
        pattern = next(
            (show for pattern, show in [*ROUTES, *OF_ADDRESSES] if re.match(pattern, path.partition("?")[0])), None
        )
        if depth == "unlisted" and pattern in ADDRESSED:
            continue
        # the query that was typed is shown in its box
        assert [word for word in shown if urlencode({"q": word}) not in path] == [], (path, shown)
        assert not path.startswith(("/clusters", "/twins")) or story.url not in answer.text
        if answer.status_code == 451:
            told += 1
            assert "REASON" in answer.text
    assert (told >= 10) == (depth != "unlisted"), told
    assert story.id in client.get("/withheld").text and "REASON" in client.get("/withheld.json").text
    assert story.url not in client.get("/withheld").text


def test_no_table_tells(withheld: tuple[str, Box, Story]) -> None:
    from tests.archive.web.conftest import client_of

    _, box, story = withheld
    client = client_of(box.folder, sql=True)
    names = box.column("select name from sqlite_master where type in ('table', 'view')")
    for name in names:
        for form in ("", ".json"):
            answer = client.once("GET", f"/news/{name}{form}")
            assert not story.found_in(answer.content), name
    assert client.once("GET", "/news/articles.json").status_code == 200
    [(number,)] = [tuple(row.values()) for row in box.rows("select max(id) from articles where url != ?", story.url)]
    assert client.once("GET", f"/news/articles/{number}").status_code == 200
    assert client.once("GET", f"/news/articles/{story.number}").status_code == 404
    for sql in (
        "select * from articles",
        "select * from main.articles",
        "select * from versions",
        "select * from main.versions",
        "select title from main.articles_text",
        "select * from articles_segmented",
        "select * from main.articles_segmented",
        "select hint from main.frontier",
        "select * from articles_fts",
        "select term from articles_terms",
        "select name from main.withheld",
        "select * from main.version_rows",
        "with a as (select * from main.articles) select * from a",
        "with articles as (select * from main.articles) select * from articles",
        "with hidden_articles as (select * from 'main'.articles) select * from hidden_articles",
        'with frontier as (select * from "MAIN".[frontier]) select * from frontier',
        "select (select group_concat(title || body) from main.articles)",
    ):
        for form in ("", ".json", ".csv"):
            answer = client.once("GET", f"/news{form}?{urlencode({'sql': sql, '_size': 'max'})}")
            assert not story.found_in(answer.content), (sql, form)


def test_what_is_not_withheld_is_there(withheld: tuple[str, Box, Story], tmp_path: Path) -> None:
    """The walks above would find nothing in an archive that is empty."""
    _, box, story = withheld
    copy = Box(tmp_path / "archive", "")
    shutil.rmtree(copy.folder)
    shutil.copytree(box.folder, copy.folder)
    [title] = box.column("select title from articles where url != ? and kind = 'article' limit 1", story.url)
    said = CliRunner().invoke(main, ["-C", str(copy.folder), "search", "--json", ""])
    assert title in said.output or len(said.output) > 1000
