"""Documents that have been captured, at the stories which link them: whose text a story takes for its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.article import Article, Attachment
from archive.capture import Capture
from archive.store.db import open_writer
from archive.store.rows import Rows

STORY = "https://news.example.edu/1"
FIRST, SECOND = "https://news.example.edu/a.pdf", "https://news.example.edu/b.pdf"


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return Rows(open_writer(tmp_path / "news.db"))


def save(rows: Rows, body: str, *documents: str) -> None:
    held = tuple(Attachment(url=url, filename=url.rpartition("/")[2]) for url in documents)
    article = Article(url=STORY, site="s", title="Title", body=body, body_html="", attachments=held)
    rows.articles.save(article, digest=body, reader="1", capture=None, seen="2026-11-01T08:00:00Z")


def attach(rows: Rows, url: str, text: str | None, day: int = 2) -> None:
    capture = rows.captures.add(
        Capture(
            url=url, site="s", kind="attachment", fetched_at=f"2026-11-{day:02}T08:00:00Z", status=200,
            mime="application/pdf", record_type="response", record_id=f"<urn:uuid:{url}{day}>", warc="x.warc.gz",
            offset=100 * day + len(url) * (url == SECOND), length=10, payload_digest=None,
        )
    )  # fmt: skip
    rows.articles.attached(url, capture=capture, mime="application/pdf", size=9, text=text)


def body(rows: Rows) -> tuple[str, int]:
    found: tuple[str, int] = rows.db.execute("select body, word_count from articles").fetchone()
    return found


def texts(rows: Rows) -> list[str | None]:
    return [text for (text,) in rows.db.execute("select text from attachments order by url").fetchall()]


def test_a_story_that_is_one_document_has_its_text(rows: Rows) -> None:
    save(rows, "", FIRST)
    attach(rows, FIRST, "one two\nthree")
    assert body(rows) == ("one two\n\nthree", 3)


def test_a_story_with_words_of_its_own_keeps_them(rows: Rows) -> None:
    save(rows, "of its own", FIRST)
    attach(rows, FIRST, "of the document")
    assert (body(rows)[0], texts(rows)) == ("of its own", ["of the document"])


def test_of_two_documents_neither_is_the_story(rows: Rows) -> None:
    save(rows, "", FIRST, SECOND)
    attach(rows, FIRST, "the first")
    attach(rows, SECOND, "the second")
    assert (body(rows), texts(rows)) == (("", 0), ["the first", "the second"])


def test_a_document_without_text_makes_no_body(rows: Rows) -> None:
    save(rows, "", FIRST)
    attach(rows, FIRST, None)
    assert (body(rows), texts(rows)) == (("", 0), [None])


def test_a_story_saved_after_its_document_has_the_text_as_well(rows: Rows) -> None:
    save(rows, "", FIRST)
    attach(rows, FIRST, "the text")
    save(rows, "", FIRST)
    assert body(rows) == ("the text", 2)


def test_an_earlier_capture_that_comes_later_changes_nothing(rows: Rows) -> None:
    save(rows, "", FIRST)
    attach(rows, FIRST, "of day three", day=3)
    attach(rows, FIRST, "of day two", day=2)
    assert (body(rows)[0], texts(rows)) == ("of day three", ["of day three"])


def test_a_later_capture_without_text_keeps_the_text_of_before(rows: Rows) -> None:
    save(rows, "", FIRST)
    attach(rows, FIRST, "the text", day=2)
    attach(rows, FIRST, None, day=3)
    assert (body(rows)[0], texts(rows)) == ("the text", ["the text"])
