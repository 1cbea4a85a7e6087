"""Rows keep HTML packed against their text, whatever becomes of either: the two go together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.article import Article
from archive.packed_html import in_sql
from archive.store import schema
from archive.store.corrections import Correction, Corrections
from archive.store.db import open_writer
from archive.store.rows import Rows
from archive.store.undoing import as_it_stands, put_back
from tests.archive.search.conftest import EMPTY
from tests.archive.store.test_versions import captured
from tests.archive.test_packed_html import MARKED, TOLD

URL = "https://news.example.edu/1"
OTHER = TOLD.replace("招生", "毕业")


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return Rows(open_writer(tmp_path / "news.db"))


def save(rows: Rows, body: str, day: int, html: str = MARKED) -> int:
    article = Article(url=URL, site="s", title="Title", body=body, body_html=html)
    return rows.articles.save(article, digest=body, reader="1", capture=None, seen=f"2026-11-{day:02}T08:00:00Z").id


def shown(rows: Rows) -> list[tuple[str, str]]:
    return rows.db.execute(f"select body, {in_sql()} from versions order by n").fetchall()


def sizes(rows: Rows) -> list[tuple[str, int]]:
    sql = "select typeof(body_html), length(body_html) from {} where body_html is not null"
    return [row for table in ("articles", "version_rows") for row in rows.db.execute(sql.format(table)).fetchall()]


def test_versions_and_their_story_keep_it_packed(rows: Rows) -> None:
    save(rows, TOLD, 5)
    save(rows, OTHER, 9)
    save(rows, f"{TOLD}!", 2, html=f"{MARKED}<hr>")  # from before both
    assert shown(rows) == [(f"{TOLD}!", f"{MARKED}<hr>"), (TOLD, MARKED), (OTHER, MARKED)]
    assert [kind for kind, _ in sizes(rows)] == ["blob"] * 3
    assert all(size < len(MARKED.encode()) / 4 for _, size in sizes(rows))


def test_what_is_undone_is_as_it_was(rows: Rows) -> None:
    id_ = save(rows, TOLD, 1)
    before = as_it_stands(rows.db, id_)
    assert json.loads(before)["article"]["body_html"] == MARKED
    save(rows, OTHER, 2, html="<p>other</p>")
    put_back(rows.db, rows.articles, id_, before)
    assert shown(rows) == [(TOLD, MARKED)]
    assert [kind for kind, _ in sizes(rows)] == ["blob"]


@pytest.mark.parametrize("current", [True, False])
@pytest.mark.parametrize("said", [{"body": OTHER}, {"body_html": "<p>right</p>"}, {"body": "s", "body_html": MARKED}])
def test_a_correction_of_one_leaves_the_other(rows: Rows, said: dict[str, str], current: bool) -> None:
    save(rows, TOLD, 1)
    captured(rows, URL)
    rows.db.execute("update version_rows set capture = 1")
    if not current:
        save(rows, "newer", 9, html="<p>newer</p>")
    corrections = Corrections(rows.db, rows.articles)
    correction = Correction(url=URL, site="s", capture="1", said=said)
    corrections.put(correction, record_id="<urn:1>", warc="x", at="2026-11-02T00:00:00Z")
    assert corrections.apply("1")
    assert shown(rows)[0] == (said.get("body", TOLD), said.get("body_html", MARKED))


def test_an_archive_of_before_is_packed_with_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    db = Database(tmp_path / "news.db")
    schema.steps.apply(db, stop_before="m045_packed_html")
    stories = [(TOLD, MARKED), ("", "<img>"), ("短", "<p>短</p>"), (OTHER, MARKED), (TOLD, "")]
    for n, (body, html) in enumerate(stories, 1):
        db.table("articles").insert(EMPTY | {"id": n, "url": f"{URL}{n}", "body": body, "body_html": html})
        for k, own in ((2 * n - 1, {"title": "T", "body": f"{body}!", "body_html": f"{html}<hr>"}), (2 * n, {})):
            of = {"id": k, "article": n, "n": k, "content_digest": "", "extractor": "1", "seen_from": "", "seen_to": ""}
            db.table("version_rows").insert(of | own)
    # bytes that are no letters stand in the text of one: what does not decode is no reason to stop
    db.execute("update version_rows set body = body || cast(x'ff' as text) where id = 1")
    said = "select id, cast(body as blob), {} from versions order by id"
    before = db.execute(said.format("body_html")).fetchall()
    db.conn.commit()
    db.close()
    monkeypatch.setattr(schema, "_SAID", 2)
    rows = Rows(open_writer(tmp_path / "news.db"))
    assert rows.db.execute(said.format(in_sql())).fetchall() == before
    assert [kind for kind, _ in sizes(rows)].count("blob") == 2 + 2
    told = capsys.readouterr().err
    assert "HTML of articles: 4 of 5 packed" in told and "HTML of version_rows: 5 of 5 packed" in told
