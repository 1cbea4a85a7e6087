"""How SQLite goes about every statement of the program: each command and each web page run over what a small crawl has
made.

There are no statistics in our databases, so the plan is the same for ten articles and for ten million.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.identity import identifier
from archive.sqlite import database_on
from archive.store import schema
from crawler.cli import main
from tests.archive.web.conftest import client_of
from tests.benchmarks.archive_folder import ROOT
from tests.college import College
from tests.crawler import explained
from tests.crawler.box import Box
from tests.crawler.explained import Explained, Step
from tests.crawler.history.test_rebuild import alter
from tests.patience import PATIENCE

GROWS = {
    "articles",
    "version_rows",
    "versions",
    "captures",
    "frontier",
    "attachments",
    "images",
    "links",
    "parts",
    "failures",
    "articles_text",
    "near_signatures",
    "near_texts",
    "near_bands",
    "articles_fts_docsize",
    "twins",
    "entities",
    "entity_names",
    "entities_read",
    "looked",
    "sites",
    "listings",
    "runs",
    "withheld",
}
FEW = {
    "sites",
    "listings",
    "runs",
    "withheld",
}  # as many as are configured, or days: read once they cost milliseconds, read once a row of another table hours
NO_DATABASE = {
    "init",
    "dictionary",
    "add",
    "check",
    "fix",  # asks sites over the network; its one statement is bounded, and tried in tests/crawler/adding/test_fix.py
    "seal",
    "sites",
    "ack",
    "pause",
    "resume",
    "retire",
    "rename",
    "copy",
    "demo",
    "serve",
    "shards",  # the same statements in many databases
}  # demo is serve and crawl, serve is `web`
WHOLE = {
    "storage",
    "verify",
    "rebuild",
    "export",
    "merge",
    "ingest",
    "cdx",
    "pictures",
    "ocr",
    "twins",
    "entities",
}  # their work is the archive, from end to end

MAY_FIND_NOTHING = {
    "review",
    "search",
    "changes",
    "completeness",
    "clusters",
    "quotations",
    "pictures",
    "ocr",
    "twins",
    "entities",
}  # and say so by their exit status

ONCE = {  # statements of the other commands that may read a table from end to end, each once, with the reason
    r"with recursive led \(url\) as \(select \? union select url from articles": (
        "every address of a story that a person withholds, looked for once"
    ),
    r"select i.url, i.caption, a.url, .* order by a.published desc nulls last, a.id desc, i.n limit": (
        "a wall without a word: newest first until the page is full"
    ),
    r"select min\(first_seen\) from articles": "a harvest asks once what an archive is",
    r"select a.id, a.url, a.site, substr\(v.seen_from, 1, 19\)": "in the order of addresses until a page is full",
    r"select a.url, a.title, v.seen_from, c.url as read_from from articles a": "the newest story, first from the end",
    r"select count\(\*\) from \w+$": "SQLite counts the leaves of an index",
    r"select c.url from captures c where c.kind = 'probe' and c.via in": "one takedown asks what a page had loaded",
    r"select count\(\*\) from articles a where 1$": "the same, for a search without a word",
    r"select count\(\*\) from articles a where a.state in \('gone', 'moved'\)": "the index of what is gone alone",
    r"select a.id, a.url, .* where a.state in \('gone', 'moved'\) order by a.last_seen desc limit": (
        "the index of what is gone, in its order until the page is full"
    ),
    r"select url, site, title, first_seen, last_seen, .* where state in \('gone', 'moved'\) and state = 'gone'": (
        "the index of what is gone alone"
    ),
    r"select a.id from articles a where .* order by a.published desc nulls last, a.id desc limit": (
        "filters without a word: newest first until the page is full"
    ),
    r"select count\(\*\) from articles a where \(a.id not in": "all that does not hold a word",
    r"select count\(\*\) from articles a where \(exists \(select 1 from versions": (
        "has:versions, which nothing is kept of"
    ),
    r"select count\(\*\) from attachments where capture is not null": "a partial index, of those alone",
    r"select id from articles order by id$": (
        "a crawl of an archive that has no search index yet: see archive.search.index"
    ),
    r"select \* from \(\s+select a.id, .* as former\s+from version_rows v join": (
        "the index of versions by article and number alone; of edited stories the rows"
    ),
    r"select \* from \(\s+select a.id, .* as former\s+from deaths d join": "of stories that were gone alone",
    r"select \* from \(\s+select a.id, .* as former\s+from articles a where a.state in \('gone', 'moved'\)": (
        "the index of what is gone alone"
    ),
    r"select v.article, v.n from version_rows v where v.id in": "added: and removed:, by the index of versions alone",
    r"select site, count\(\*\) from articles group by site": "the index by site alone, no row",
    r"select site, sum\(state = 'gone'\) from articles": "the index of what is gone alone",
    r"select site, count\(\*\) as n from articles where state in \('gone', 'moved'\)": (
        "the index of what is gone alone"
    ),
    r"select site, count\(\*\) from frontier where due is not null": "the index of what is due alone",
    r"select site, count\(\*\) from frontier where state = \?": "the index by state alone",
    r"select .*\(select id from articles where rights != '\[\]' and instr": (
        "rights: by the index of stories that say something, and by that of addresses for what their hosts say"
    ),
    r"select id, near_duplicate_of from articles where near_duplicate_of is not null": "the index of copies alone",
    r"select .*\(select near_duplicate_of from articles where near_duplicate_of is not null": "the same index",
    r"select .*\(select chinese from twins union all": "as many addresses as pairs were found",
    r"select t.confidence, t.evidence, z.url, .* order by z.published desc": "as many as were found, twins of stories",
    r"select a.url, a.first_seen from articles a$": "a watch holds all stories against its journal, where there is one",
    r"select a.site, coalesce\(substr\(a.published, 1, 7\)": "shares count all that is found, in the same index",
    r"select url, max\(fetched_at\) from captures where kind = 'robots'": "the index of files of hosts alone",
    r"select listing, .* from frontier f\s+where kind in \('article', 'attachment'\)": (
        "completeness of all sites is a report on the whole frontier"
    ),
    r"with found as materialized": "facets count all that is found, in the index made for them",
    r"select site, url, detail, max\(at\), min\(at\) from failures where kind = 'host_failed'": (
        "the index of hosts that failed alone"
    ),
    r"select distinct \w+ from \w+ where \w+ is not null": "a migration, once: see archive.store.respelling",
    r"select id, url, kind, state, reason, json_extract\(hint": "the same migration",
    r"select url from articles$": "a migration, once: see archive.store.identifiers.fill",
    r"insert or ignore into former_numbers": "the same migration",
    r"select article from version_rows group by article having": "a migration, once: see archive.store.chronology",
}
REPEATED = {  # scans that the plan shows inside of a loop, and the reason why they are none
    r"insert into articles ": (
        "SQLite looks for who waits for the new id only where a deferred foreign key is open: there is none"
    ),
    r"select 1 from captures, versions, articles limit 1": "one row",
}


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, dict[str, Explained]]]:
    """By command, and `web` for the pages: what was run."""
    tmp = tmp_path_factory.mktemp("plans")
    with College(["sudy", "wordpress"], scale=0.2) as college:
        box, shard = Box(tmp / "one", college.sites_toml()), Box(tmp / "two", college.sites_toml("sudy"))
        found: dict[str, dict[str, Explained]] = {}

        def run(*arguments: object, of: Box = box, expect: tuple[int, ...] = (0,)) -> None:
            """In a process of its own, as an operator does."""
            out = tmp / "heard.jsonl"
            command = [
                sys.executable,
                "-m",
                "tests.crawler.explained",
                str(out),
                "-C",
                str(of.folder),
                *map(str, arguments),
            ]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
            assert done.returncode in expect, done.stdout + done.stderr
            found.setdefault(str(arguments[0]), {}).update(explained.read(out))
            out.unlink()

        def ask(*arguments: object, expect: tuple[int, ...] = (0,)) -> None:
            """In this process, which is quicker."""
            with explained.listening() as said:
                said.clear()
                done = CliRunner().invoke(main, ["-C", str(box.folder), *map(str, arguments)])
                assert done.exit_code in expect, done.output
                found.setdefault(str(arguments[0]), {}).update(said)

        run("crawl")
        run("watch", "add", "zh", "学 OR added:学")
        story = college.edit(next(row.url for row in college.articles() if row.kind == "article" and row.body))
        college.delete(next(row.url for row in college.articles() if row.kind == "article" and row.url != story))
        college.add("sudy", 2)
        box.make_due()
        run("crawl", "--full")
        shard.crawl()
        run("merge", shard.folder)
        warc = next(path for path in shard.warcs() if path.suffix == ".gz")
        run("ingest", warc, of=Box(tmp / "three", college.sites_toml("sudy")))
        for arguments in (
            ["status", "--broken"],
            ["withhold", story, "--reason", "x", "--until", "2199-01-01"],
            ["withheld"],
            ["release", story, "--reason", "x"],
            ["report"],
            ["look-again", story],
            ["migrate"],
            ["show", story],
            ["diff", story],
            ["diff", "--gone"],
            ["changes"],
            ["changes", "学", "--site", "sudy", "--since", "2020", "--kind", "edited", "--kind", "back"],
            ["changes", "added:学", "--csv"],
            ["verify"],
            ["verify", "--quick"],
            ["verify", "--sample", "5"],
            ["cdx", tmp / "a.cdxj"],
            ["search", "学"],
            ["search", "学 site:sudy"],
            ["search", "the", "--facets"],
            ["search", "学", "--count"],
            ["search", "-学"],
            ["search", "nosuchwordatall"],
            ["search", "site:sudy after:2020 lang:zh"],
            ["search", "has:duplicate"],
            ["search", "--doubtful"],
            ["search", "学", "--doubtful", "--facets"],
            ["search", "学", "--doubtful", "--count"],
            ["search", "has:versions"],
            ["search", "rights:license"],
            ["search", "学", "--", "-rights:tdm=no"],
            ["numbers", "学"],
            ["numbers", "学", "--by", "college", "--among", "lang:zh"],
            ["numbers", "site:sudy", "--since", "2020"],
            ["completeness"],
            ["review", "--list"],
            ["review", "--labelled", "labelled.jsonl"],
            ["clusters"],
            ["clusters", "学"],
            ["quotations", "学"],
            ["pictures", "学"],
            ["ocr", "--list"],
            ["twins", "--find"],
            ["twins", "学"],
            ["search", "has:ocr"],
            ["search", "has:twin"],
            ["entities", "--find"],
            ["entities", "学", "--kind", "org"],
            ["search", "person:王", "place:学"],
            ["search", "cluster:aaaaaaaaaaaaaaaa"],
            ["search", "has:copies"],
            ["watch", "run"],
            ["watch", "show", "zh"],
            ["completeness", "sudy"],
            ["search", "added:学", "removed:the"],
            ["search", "学", "--sort", "newest"],
            ["search", "学", "--sort", "recent"],
        ):
            ask(*arguments, expect=(0, 1, 3) if arguments[0] in MAY_FIND_NOTHING else (0,))
        run("rebuild")
        run("rebuild", "--reader-changed")
        run("rebuild", "--only", "sudy")
        for n, (form, name) in enumerate(
            (
                ("jsonl", "a.jsonl"),
                ("csv", "b"),
                ("parquet", "c"),
                ("sqlite", "d.db"),
                ("atom", "e.xml"),
                ("ris", "e.ris"),
                ("warc", "f.warc.gz"),
                ("wacz", "g.wacz"),
                ("bagit", "h"),
                ("site", "l"),
            )
        ):
            ask(
                "export",
                form,
                tmp / name,
                *(["--versions", "all"] if n % 2 == 0 and form not in ("atom", "ris") else ["--site", "sudy"]),
            )
        ask("export", "sqlite", tmp / "i.db", "--versions", "all")
        ask("export", "jsonl", tmp / "j.jsonl", "--query", "学")
        ask("export", "jsonl", tmp / "k.jsonl", "--rights", "tdm")
        with explained.listening() as said:
            said.clear()
            _assist(box.folder, story)
            found["mcp"] = dict(said)
        with explained.listening() as said:
            said.clear()
            _look(box.folder, story)
            found["web"] = dict(said)
    yield found


def _assist(folder: Path, story: str) -> None:
    """Every tool that an assistant is given."""
    from archive.protocols import tools
    from archive.store.db import open_reader

    db = open_reader(folder / "news.db")
    tools.search(db, "学")
    tools.article(db, story)
    tools.versions(db, identifier(story))
    tools.diff(db, story)
    record = tools.capture(db, folder / "warc", story)["record_id"]
    tools.capture(db, folder / "warc", record)
    db.close()


def _look(folder: Path, story: str) -> None:
    """Every address there is; a page that nobody asks for fails here."""
    from archive.store.db import open_reader

    db = open_reader(folder / "news.db")
    id_ = db.execute("select id from articles where url = ?", [story]).fetchone()[0]
    record = db.execute("select record_id from captures where url = ?", [story]).fetchone()[0].strip("<>")
    db.close()
    alter(folder / "news.db", f"insert or ignore into former_numbers values ({id_}, '{story}')")
    client, asked = client_of(folder, operator=True), []
    from archive.web.plugin import OF_ADDRESSES, ROUTES  # not sooner: Datasette is to load it

    for path in (
        "/",
        "/sites",
        "/sites?q=a&state=well",
        "/site/sudy",
        "/runs",
        "/operator",
        "/withheld",
        "/withheld.json",
        "/healthz",
        "/sites.json",
        "/runs.json",
        "/metrics",
        "/openapi.json",
        "/oai?verb=Identify",
        "/oai?verb=ListSets",
        "/oai?verb=ListRecords&metadataPrefix=mods&from=2020-01-01&set=sudy",
        f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:{identifier(story)}",
        "/opensearch.xml",
        "/changes",
        "/changes?q=added:学&kind=edited",
        "/changes.json?site=sudy",
        "/changes.csv",
        "/changes.atom",
        "/gone",
        "/gone?site=sudy",
        "/review",
        "/review?q=学&below=1",
        "/clusters",
        "/clusters?q=学",
        "/twins",
        "/twins?q=学",
        "/entities",
        "/entities?q=学&kind=org",
        "/pictures",
        "/pictures?q=学",
        "/pictures/same?q=学",
        "/watch/zh",
        "/watch/zh.atom",
        "/watch/zh.json",
        "/numbers",
        "/numbers?q=学&by=year",
        "/numbers.svg?q=学",
        "/numbers.csv?q=学&by=college",
        "/numbers.json?q=学",
        "/search",
        "/search?q=学",
        "/search?q=学+site:sudy&sort=newest",
        "/search?q=学&page=2",
        "/search?q=site:sudy&sort=doubtful",
        "/search.json?q=学",
        "/search.csv?q=学",
        "/search.atom?q=学",
        f"/article/{id_}",
        f"/article/{identifier(story)}",
        f"/article/{identifier(story)}/20991231000000",
        f"/capture/{record}",
        f"/article/{identifier(story)}?version=1",
        f"/article/{identifier(story)}?from=1&to=2",
        f"/article/{identifier(story)}.json",
        f"/article/{identifier(story)}/versions.json",
        f"/article/{identifier(story)}/versions/20991231000000.json",
        f"/article/{identifier(story)}/captures.json",
        f"/cdx?url={story}",
        f"/replay/2026/{story}",
        f"/replay/2026id_/{story}",
        f"/replay/{story}",
        f"/timegate/{story}",
        f"/timemap/link/{story}",
    ):
        assert client.get(path).status_code < 400, path
        asked.append(path.partition("?")[0])
    assert client.once("GET", f"/thumbnail/2026/{story}").status_code == 404  # it is no picture
    asked.append(f"/thumbnail/2026/{story}")
    for pattern, _ in [*ROUTES, *OF_ADDRESSES]:
        assert any(re.match(pattern, path) for path in asked), f"no page asked for meets {pattern}"


def _scans(one: Explained) -> list[Step]:
    return [
        step
        for step in one.plan
        if step.detail.startswith("SCAN") and one.table(step.detail.split()[1].split(".")[-1]) in GROWS
    ]


def _reason(one: Explained, reasons: Mapping[str, str]) -> str | None:
    return next((reason for pattern, reason in reasons.items() if re.match(pattern, one.sql)), None)


def _text(command: str, one: Explained, step: Step) -> str:
    return f"{command}: {step.detail}: {one.sql[:500]}"


def test_every_command_was_run(heard: Mapping[str, dict[str, Explained]]) -> None:
    assert set(main.commands) - NO_DATABASE - set(heard) == set()
    assert [command for command, said in heard.items() if not said] == []


def test_no_view_and_no_index_is_made_anew(heard: Mapping[str, dict[str, Explained]]) -> None:
    """As `left join versions` was, once an article: what is materialised are our own `with ... as materialized`,
    once."""
    made = [
        _text(command, one, step)
        for command, said in heard.items()
        for one in said.values()
        for step in one.plan
        if "AUTOMATIC" in step.detail
        or (step.detail.startswith("MATERIALIZE") and (step.detail.split()[1] in GROWS or one.repeated(step)))
    ]
    assert not made, "\n".join(made)


def test_no_table_is_read_once_a_row_of_another(heard: Mapping[str, dict[str, Explained]]) -> None:
    repeated = [
        _text(command, one, step)
        for command, said in heard.items()
        for one in said.values()
        for step in _scans(one)
        if one.repeated(step) and not _reason(one, REPEATED)
    ]
    assert not repeated, "\n".join(repeated)


def test_what_is_asked_for_often_reads_no_table_from_end_to_end(heard: Mapping[str, dict[str, Explained]]) -> None:
    """A crawl, a page, a search."""
    read = [
        _text(command, one, step)
        for command, said in heard.items()
        if command not in WHOLE
        for one in said.values()
        for step in _scans(one)
        if one.table(step.detail.split()[1].split(".")[-1]) not in FEW
        and not _reason(one, ONCE)
        and not _reason(one, REPEATED)
    ]
    assert not read, "\n".join(read)


def test_what_is_said_to_read_an_index_alone_reads_no_row_of_others(heard: Mapping[str, dict[str, Explained]]) -> None:
    """An index of all stories, in whose order each row is looked up, is not one."""
    with closing(sqlite3.connect(":memory:")) as connection:
        schema.steps.apply(database_on(connection))
        some = connection.execute("select name from sqlite_master where type = 'index' and sql like '% where %'")
        of_some = {name for (name,) in some.fetchall()}
    rows = [
        _text(command, one, step)
        for command, said in heard.items()
        for one in said.values()
        for step in _scans(one)
        if "alone" in (_reason(one, ONCE) or "")
        and "COVERING" not in step.detail
        and not of_some & set(step.detail.split())
        and one.table(step.detail.split()[1].split(".")[-1]) not in FEW
    ]
    assert not rows, "\n".join(rows)


def test_every_reason_is_of_a_statement_there_is(heard: Mapping[str, dict[str, Explained]]) -> None:
    texts = [text for said in heard.values() for text in said]
    assert [pattern for pattern in (*ONCE, *REPEATED) if not any(re.match(pattern, text) for text in texts)] == []
