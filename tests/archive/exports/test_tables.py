"""JSON Lines, CSV and Parquet: read by other programs, equal to the rows."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pandas
import pyarrow.parquet as pq
import pytest
import zstandard

from archive.exports.columns import COLUMNS, chosen
from archive.exports.csv import guarded, unguarded
from archive.exports.selection import Filters, Selection, Versions
from archive.store.db import open_reader
from tests.archive.exports.conftest import HARD, LARGE, Exporter, lines
from tests.archive.web.sample import ADMISSION, TODAY, Sample

FILES = ("articles.jsonl", "articles.csv", "articles.parquet")


@pytest.fixture
def rows(archive_folder: Path) -> list[dict[str, Any]]:
    """The rows as the database has them, without our formats."""
    db = open_reader(archive_folder / "news.db")
    db.conn.text_factory = lambda data: data.decode("utf-8", "replace")
    return [dict(row) for row in db.query("select * from articles order by published is null, published, url")]


def test_json_lines_are_the_rows(exporter: Exporter, tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    exporter("jsonl", tmp_path / "a.jsonl")
    found = lines(tmp_path / "a.jsonl")
    assert [row["url"] for row in found] == [row["url"] for row in rows]
    for ours, stored in zip(found, rows, strict=True):
        assert list(ours) == [column.name for column in chosen()]
        for name in (
            "title",
            "body",
            "subtitle",
            "published",
            "language",
            "word_count",
            "confidence",
            "source",
            "state",
        ):
            assert ours[name] == stored[name]
    hard = {row["url"].rsplit("/", 1)[1]: row for row in found if "/hard/" in row["url"]}
    assert {name: row["title"] for name, row in hard.items() if name != "large"} == HARD
    assert hard["formula"]["authors"] == [HARD["formula"], "formula"]
    assert hard["large"]["body"] == LARGE
    assert hard["large"]["authors"] == ["a lone \ufffd surrogate"]
    assert hard["large"]["source"] == "\ufffdA"
    assert hard["large"]["attachments"] == [
        {
            "url": f"{TODAY}/hard/huge.zip",
            "filename": "huge.zip",
            "embedded": True,
            "mime": "application/zip",
            "size": 2**62,
            "text": None,
        }
    ]
    admission = next(row for row in found if row["url"] == ADMISSION)
    assert (admission["version"], admission["published_at"], admission["published_date"]) == (
        3,
        "2023-12-13T01:12:00Z",
        "2023-12-13",
    )
    assert [document["filename"] for document in admission["attachments"]] == ["招生计划表.pdf", "报名表.doc"]
    assert [admission[name] for name in ("college", "country", "ror", "wikidata")] == ["示例大学", "CN", None, None]
    assert [found[-1][name] for name in ("college", "country", "ror", "wikidata")] == [
        "Example State University",
        "US",
        "https://ror.org/03vek6s52",
        "Q42",
    ]
    assert admission["warc"].endswith(".warc.gz") and admission["warc_record_id"].startswith("<urn:uuid:")


def test_parquet_is_typed_and_equal_to_json_lines(exporter: Exporter, tmp_path: Path) -> None:
    exporter("parquet", tmp_path / "a.parquet")
    exporter("jsonl", tmp_path / "a.jsonl")
    table = pq.read_table(tmp_path / "a.parquet")
    assert [
        str(table.schema.field(name).type)
        for name in ("authors", "published_at", "published_date", "warc_offset", "confidence")
    ] == ["list<element: string>", "timestamp[us, tz=UTC]", "date32[day]", "int64", "double"]
    assert table.schema.field("title").metadata[b"description"] == b"Headline: plain text on one line"
    instants = {column.name for column in COLUMNS if column.kind == "instant"}
    found = lines(tmp_path / "a.jsonl")
    for typed, row in zip(table.to_pylist(), found, strict=True):
        for name, value in row.items():
            if name in instants:
                value = datetime.fromisoformat(value).astimezone(UTC) if value and value != "yesterday" else None
            elif name == "published_date":
                value = date.fromisoformat(value) if value and value != "yesterday" else None
            assert typed[name] == value, name
    days = dict(zip(table["url"].to_pylist(), table["published_date"].to_pylist(), strict=True))
    assert [days[f"{TODAY}/hard/{name}"] for name in ("formula", "plus", "minus", "at", "tab", "blank")] == [
        None,
        date(2024, 1, 1),
        date(2024, 2, 1),
        date(2024, 2, 29),
        date(2024, 2, 29),
        None,
    ]
    frame = pandas.read_parquet(tmp_path / "a.parquet")
    assert frame["title"].tolist() == [row["title"] for row in found]
    assert frame["authors"].map(list).tolist() == [row["authors"] for row in found]


def test_csv_gives_the_rows_back_and_runs_nothing(exporter: Exporter, tmp_path: Path) -> None:
    exporter("csv", tmp_path / "a.csv", options=_options(bom=True))
    exporter("jsonl", tmp_path / "a.jsonl")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfurl,site,")
    found = lines(tmp_path / "a.jsonl")
    csv.field_size_limit(sys.maxsize)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.DictReader(file))
    assert [{name: unguarded(cell) for name, cell in row.items()} for row in cells] == [
        {name: _cell(value) for name, value in row.items()} for row in found
    ]
    assert not [
        cell
        for row in cells
        for cell in row.values()
        if cell.lstrip(" ﻿").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    ]
    frame = pandas.read_csv(tmp_path / "a.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert frame["title"].map(unguarded).tolist() == [_cell(row["title"]) for row in found]
    exporter("csv", tmp_path / "raw.csv", options=_options(guard=False), fields=("url", "title"))
    with (tmp_path / "raw.csv").open(encoding="utf-8", newline="") as file:
        assert [row["title"] for row in csv.DictReader(file)] == [_cell(row["title"]) for row in found]


def test_a_guarded_cell_is_always_given_back() -> None:
    for text in [*HARD.values(), "", "'", "''", "'a", " '=1", "\ufeff=1", "'\t", "= "]:
        text = text.replace("\0", "\ufffd")
        assert unguarded(guarded(text)) == text
    assert guarded(-3) == -3


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_compression_is_by_name_and_holds_the_same(kind: str, exporter: Exporter, tmp_path: Path) -> None:
    for suffix in ("", ".gz", ".zst"):
        exporter(kind, tmp_path / f"a.{kind}{suffix}")
    plain = (tmp_path / f"a.{kind}").read_bytes()
    assert gzip.decompress((tmp_path / f"a.{kind}.gz").read_bytes()) == plain
    with (tmp_path / f"a.{kind}.zst").open("rb") as file:
        assert zstandard.ZstdDecompressor().stream_reader(file).read() == plain


def test_partitions_by_site_and_year(exporter: Exporter, tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    exporter("parquet", tmp_path / "parts", options=_options(partition=True))
    table = pq.read_table(tmp_path / "parts" / "data").to_pylist()
    assert {(row["url"], row["site"]) for row in table} == {(row["url"], row["site"]) for row in rows}
    assert (tmp_path / "parts/data/site=example_news/year=2023/articles.parquet").is_file()
    assert (tmp_path / "parts/data/site=example_today/year=__HIVE_DEFAULT_PARTITION__/articles.parquet").is_file()
    only = pq.read_table(tmp_path / "parts" / "data", filters=[("site", "=", "old_college")])
    assert only["url"].to_pylist() == ["http://old.example.ac.cn/a/1.html"]


@pytest.mark.parametrize(
    ("filters", "where"),
    [
        ({"sites": ("old_college", "example_today")}, "site in ('old_college', 'example_today')"),
        ({"after": "2022", "before": "2023-06"}, "published >= '2022' and published < '2023-07'"),
        ({"languages": ("zh",)}, "language = 'zh'"),
        ({"states": ("gone",)}, "state = 'gone'"),
        ({"query": "招生 OR solar", "languages": ("en",)}, "language = 'en' and body like '%solar%'"),
        ({"query": 'solar OR ("', "sites": ("example_today",)}, "body like '%solar%'"),
    ],
)
def test_filters(filters: dict[str, Any], where: str, archive_folder: Path, exporter: Exporter, tmp_path: Path) -> None:
    exporter("jsonl", tmp_path / "a.jsonl", filters=Filters(**filters), fields=("url",))
    wanted = open_reader(archive_folder / "news.db").execute(f"select url from articles where {where}").fetchall()
    assert wanted and {row["url"] for row in lines(tmp_path / "a.jsonl")} == {url for (url,) in wanted}


def test_all_versions_and_forms_of_text(exporter: Exporter, tmp_path: Path) -> None:
    exporter("jsonl", tmp_path / "a.jsonl", versions="all", text=("html", "markdown"), filters=of_admission())
    found = lines(tmp_path / "a.jsonl")
    assert [row["version"] for row in found] == [1, 2, 3]
    assert "body" not in found[0] and "1200人" in found[0]["body_html"] and "1350人" in found[1]["body_html"]
    assert "![校门](https://news.example.edu.cn/images/gate.png)" in found[2]["body_markdown"]
    assert "[图书馆延长开放时间](https://news.example.edu.cn/info/1042/3002.htm)" in found[2]["body_markdown"]
    assert len({row["warc_record_id"] for row in found}) == 3


def test_hostile_nesting_falls_back_to_words() -> None:
    from archive.exports.markdown import markdown

    assert markdown("<div>" * 20_000 + "deep words" + "</div>" * 20_000) == "deep words"
    assert markdown("<p>a <b>b</b></p><ul><li>c</li></ul>") == "a **b**\n\n- c"


def test_two_exports_are_the_same_bytes(exporter: Exporter, tmp_path: Path) -> None:
    for form in ("jsonl", "csv", "parquet", "sqlite"):
        for name in ("one", "two"):
            exporter(form, tmp_path / name / form if (tmp_path / name).is_dir() else _made(tmp_path / name) / form)
    one, two = (sorted(p for p in (tmp_path / name).rglob("*") if p.is_file()) for name in ("one", "two"))
    assert len(one) == 24
    for a, b in zip(one, two, strict=True):
        assert a.read_bytes() == b.read_bytes(), a


def test_a_selection_is_one_moment(archive_folder: Path, tmp_path: Path) -> None:
    """A story that a crawl adds while an export runs is not half in it."""
    import shutil

    shutil.copytree(archive_folder, tmp_path / "copy")
    selection = Selection(open_reader(tmp_path / "copy" / "news.db"), Filters(sites=("old_college",)))
    rows = selection.rows(chosen(("title",)))
    writer = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute("update articles set title ='
                " 'new'\"); c.commit()"
            ),
            str(tmp_path / "copy" / "news.db"),
        ],
        check=False,
        capture_output=True,
    )
    assert writer.returncode == 0, writer.stderr
    assert list(rows) == [("旧闻：图书馆延长开放",)]


@pytest.mark.parametrize("reader", ["polars", "duckdb", "datasets"])
@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_other_readers_take_the_folder_as_it_is(
    reader: str, form: str, exporter: Exporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    module = pytest.importorskip(reader)
    out = tmp_path / "set"
    exporter(
        form, out, filters=Filters(sites=("example_news", "old_college"))
    )  # the 10 MB story is above what some readers take of a JSON line
    exporter("jsonl", tmp_path / "a.jsonl", filters=Filters(sites=("example_news", "old_college")))
    wanted = [(row["url"], row["title"]) for row in lines(tmp_path / "a.jsonl")]
    file = next((out / "data").iterdir())
    if reader == "polars":
        frame = {"jsonl": module.read_ndjson, "csv": module.read_csv, "parquet": module.read_parquet}[form](file)
        found = frame.select("url", "title").rows()
    elif reader == "duckdb":
        function = {"jsonl": "read_json", "csv": "read_csv", "parquet": "read_parquet"}[form]
        found = module.connect().execute(f"select url, title from {function}('{file}')").fetchall()
    else:
        loaded = module.load_dataset(str(out), split="train", cache_dir=str(tmp_path / "cache"))
        found = list(zip(loaded["url"], loaded["title"], strict=True))
    assert found == wanted


def _options(**more: Any) -> Any:
    from archive.exports.dataset import Options

    return Options(**more)


def of_admission() -> Filters:
    return Filters(query=f'url:"{ADMISSION}"')


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _cell(value: Any) -> str:
    """What a CSV cell of the value reads."""
    if value is None:
        return ""
    text = (
        value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\\u0000", "\ufffd")
    )
    return text.replace("\0", "\ufffd")


@pytest.mark.parametrize("versions", ["latest", "all"])
def test_a_row_costs_as_much_in_a_large_archive_as_in_a_small_one(tmp_path: Path, versions: Versions) -> None:
    """Steps of SQLite's machine for a row, whatever the clock says: a join that reads every version for each article
    shows here."""
    sample = Sample(tmp_path / "archive").build()
    (original,) = sample.db.execute("select id from articles where url = ?", [ADMISSION]).fetchone()
    names = [column for column in sample.db["articles"].columns_dict if column not in ("id", "url", "current_version")]

    def steps_a_row() -> float:
        db = open_reader(sample.database)
        selection = Selection(db, Filters(), versions=versions)
        total, steps = selection.count(), count()
        db.conn.set_progress_handler(lambda: next(steps) and None, 100)
        assert sum(1 for _ in selection.rows(COLUMNS)) == total
        db.close()
        return next(steps) / total

    def grow(copies: int) -> None:
        with sample.db.atomic():
            for n in range(copies):
                copied = (
                    f"insert into articles (url, {', '.join(names)}) select ?, {', '.join(names)} from articles where"
                    " id = ?"
                )
                made = sample.db.execute(copied, [f"{ADMISSION}?copy={copies}-{n}", original]).lastrowid
                version = sample.db.execute(
                    "insert into version_rows (article, n, capture, content_digest, extractor, seen_from, seen_to)"
                    " select ?, 1, capture, content_digest, extractor, seen_from, seen_to from version_rows where"
                    " article = ? and n = 1",
                    [made, original],
                ).lastrowid
                sample.db.execute("update articles set current_version = ? where id = ?", [version, made])

    grow(300)
    small = steps_a_row()
    grow(2700)
    assert steps_a_row() < small * 1.5
    sample.db.close()
