"""A story's present words are kept once, in its own row; `versions` shows those of every version, whatever became of
it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.article import Article, Attachment
from archive.store import schema
from archive.store.db import open_writer
from archive.store.rows import Rows

URL = "https://news.example.edu/1"
_EMPTY = dict.fromkeys(("subtitle", "byline", "authors", "editors", "photographers", "source", "section"), "")


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return Rows(open_writer(tmp_path / "news.db"))


def save(rows: Rows, words: str, day: int, **more: object) -> None:
    article = Article(url=URL, site="s", title=f"Title {words}", body=words, body_html=f"<p>{words}</p>", **more)  # type: ignore[arg-type]
    rows.articles.save(article, digest=words, reader="1", capture=None, seen=f"2026-11-{day:02}T08:00:00Z")


def shown(rows: Rows) -> list[tuple[int, str, str, str]]:
    return rows.db.execute("select n, title, body, body_html from versions order by n").fetchall()


def kept(rows: Rows) -> list[tuple[int, str | None]]:
    return rows.db.execute("select n, body from version_rows order by n").fetchall()


def version(n: int, words: str) -> tuple[int, str, str, str]:
    return n, f"Title {words}", words, f"<p>{words}</p>"


def test_words_move_into_the_row_of_their_version_when_the_story_says_others(rows: Rows) -> None:
    save(rows, "one", 1)
    assert (shown(rows), kept(rows)) == ([version(1, "one")], [(1, None)])
    save(rows, "two", 2)
    save(rows, "two", 3)
    save(rows, "one", 4)
    assert shown(rows) == [version(1, "one"), version(2, "two"), version(3, "one")]
    assert kept(rows) == [(1, "one"), (2, "two"), (3, None)]


def test_a_version_from_before_the_present_one_has_its_own_words(rows: Rows) -> None:
    save(rows, "new", 9)
    save(rows, "old", 2)
    assert shown(rows) == [version(1, "old"), version(2, "new")]
    assert kept(rows) == [(1, "old"), (2, None)]
    assert rows.db.execute("select body from articles").fetchone() == ("new",)


@pytest.mark.parametrize("of", [1, 2])
def test_what_is_read_again_changes_its_version_alone(rows: Rows, of: int) -> None:
    save(rows, "one", 1)
    save(rows, "two", 2)
    again = Article(url=URL, site="s", title="Title better", body="better", body_html="<p>better</p>")
    rows.articles.reread(of, again, digest="better", reader="2")
    assert shown(rows) == [version(n, "better" if n == of else words) for n, words in ((1, "one"), (2, "two"))]
    assert rows.db.execute("select body from articles").fetchone() == ("better" if of == 2 else "two",)


def captured(rows: Rows, url: str) -> None:
    capture = {
        "id": 1,
        "url": url,
        "site": "s",
        "kind": "attachment",
        "fetched_at": "2026",
        "status": 200,
        "record_type": "response",
        "record_id": "1",
    }
    rows.db.table("captures").insert(capture | {"warc": "w", "offset": 0, "length": 1})


def test_a_story_that_was_one_document_had_the_words_of_it(rows: Rows) -> None:
    document = Attachment(url="https://news.example.edu/1.pdf", filename="1.pdf")
    captured(rows, document.url)
    save(rows, "", 1, attachments=(document,))
    rows.articles.attached(document.url, capture=1, mime="application/pdf", size=9, text="its words")
    assert [body for _, _, body, _ in shown(rows)] == ["its words"]
    save(rows, "typed", 2)
    assert [body for _, _, body, _ in shown(rows)] == ["its words", "typed"]


def test_a_database_of_before_says_what_it_said_in_less(tmp_path: Path) -> None:
    db = Database(tmp_path / "news.db")
    schema.steps.apply(db, stop_before="m012_words_once")
    for n in (1, 2):
        article = {
            "id": n,
            "url": f"{URL}{n}",
            "site": "s",
            "kind": "article",
            "title": "T2",
            "body": "two",
            "body_html": "<p>2",
            "first_seen": "1",
            "last_seen": "2",
        }
        db.table("articles").insert(article | _EMPTY | {"word_count": 1, "confidence": 1})
        for k, words in enumerate(("one", "two"), 1):
            version = {
                "id": 2 * n + k,
                "article": n,
                "n": k,
                "content_digest": words,
                "title": f"T{k}",
                "body": words,
                "body_html": f"<p>{k}",
                "extractor": "1",
                "seen_from": str(k),
                "seen_to": str(k),
            }
            db.table("versions").insert(version)
        db.execute("update articles set current_version = ? where id = ?", [2 * n + 2, n])
    db.table("parts").insert({"version": 4, "n": 1, "url": URL, "body": "", "body_html": "", "holds": "{}"})
    db.execute("update articles set body = 'put right by hand' where id = 2")  # whose version says what was read
    before = db.execute("select * from versions order by id").fetchall()
    db.close()
    db = open_writer(tmp_path / "news.db")
    assert db.execute("select * from versions order by id").fetchall() == before
    assert db.execute("select id, body from version_rows order by id").fetchall() == [
        (3, "one"),
        (4, None),
        (5, "one"),
        (6, "two"),
    ]
    assert db.execute("pragma foreign_key_check").fetchall() == []
    for table, column in (("articles", "current_version"), ("parts", "version")):
        assert ("version_rows", column) in {
            (row[2], row[3]) for row in db.execute(f"pragma foreign_key_list({table})").fetchall()
        }


def test_the_server_names_a_document_that_the_page_names_in_words(rows: Rows) -> None:
    one, two = (Attachment(url=f"https://x.edu/{n}", filename=name) for n, name in enumerate(("附件", "ours.pdf")))
    captured(rows, one.url)
    save(rows, "one", 1, attachments=(one, two))
    for document in (one, two):
        rows.articles.attached(document.url, capture=1, mime=None, size=9, text=None, name="招生简章.pdf")
    names = "select filename from attachments order by n"
    assert [name for (name,) in rows.db.execute(names)] == ["招生简章.pdf", "ours.pdf"]
    rows.articles.flush_index()
    assert rows.db.execute("select count(*) from articles_fts where articles_fts match '招生简章'").fetchone()
    save(rows, "two", 2, attachments=(one, two))  # read again: the document is not fetched again
    assert [name for (name,) in rows.db.execute(names)] == ["招生简章.pdf", "ours.pdf"]


def test_a_further_page_joins_once_and_makes_a_version_only_when_its_words_change(rows: Rows) -> None:
    """Told by its digest alone: the same words again are the same page, on whatever day."""

    def further(words: str, day: int) -> str:
        article = Article(url=f"{URL}?page=2", site="s", title="Title", body=words, body_html=f"<p>{words}</p>")
        return rows.articles.goes_on(
            URL, article.url, article, digest=words, reader="1", capture=None, seen=f"2026-11-{day:02}T08:00:00Z"
        )

    first = Article(url=URL, site="s", title="Title", body="begins", body_html="<p>begins</p>")
    rows.articles.save(
        first, digest="begins", reader="1", capture=None, seen="2026-11-01T08:00:00Z", more=(f"{URL}?page=2",)
    )
    assert further("ends", 1) == "joined"
    assert [body for _, _, body, _ in shown(rows)] == ["begins\n\nends"]
    assert further("ends", 2) == "unchanged"
    assert [body for _, _, body, _ in shown(rows)] == ["begins\n\nends"]
    assert further("ends otherwise", 3) == "changed"
    assert [body for _, _, body, _ in shown(rows)] == ["begins\n\nends", "begins\n\nends otherwise"]
    assert further("ends otherwise", 4) == "unchanged"
    assert len(shown(rows)) == 2


def test_rights_that_are_stated_otherwise_make_no_version_but_stand(rows: Rows) -> None:
    for day, rights in ((1, ["noai"]), (2, ["noai"]), (3, []), (4, ["noarchive"])):
        save(rows, "one", day, rights=tuple(rights))
        assert rows.db.execute("select rights from articles").fetchone() == (json.dumps(rights),)
    assert kept(rows) == [(1, None)]
