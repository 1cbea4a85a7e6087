"""Versions of an article, their differences, and articles that are gone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.difference import pieces
from archive.history import NoSuchVersion, change, gone, versions
from tests.archive.search.conftest import Shelf

TEXT = st.text(st.sampled_from("招生学院 ab1。\n_😀é"), max_size=80)


@given(TEXT, TEXT)
def test_pieces_make_both_texts_again(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(text for kind, text in found if kind != "added") == old
    assert "".join(text for kind, text in found if kind != "deleted") == new
    assert old != new or all(kind == "same" for kind, _ in found)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("招收20人", "招收25人", [("same", "招收"), ("deleted", "20"), ("added", "25"), ("same", "人")]),
        ("学院", "学校院", [("same", "学"), ("added", "校"), ("same", "院")]),
        ("the old hall", "the new hall", [("same", "the "), ("deleted", "old"), ("added", "new"), ("same", " hall")]),
        ("one\n\ntwo", "one\n\nthree", [("same", "one\n\n"), ("deleted", "two"), ("added", "three")]),
    ],
)
def test_words_and_characters(old: str, new: str, found: list[Any]) -> None:
    assert pieces(old, new) == found


def test_texts_too_long_to_match_are_replaced_whole() -> None:
    assert pieces("a b " * 5000, "c d " * 5000) == [("deleted", "a b " * 5000), ("added", "c d " * 5000)]


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.put(
        title="招生简章",
        body="招收25人",
        state="gone",
        first_seen="2024-01-01T00:00:00Z",
        last_seen="2024-01-31T12:00:00Z",
    )
    shelf.put(title="Stays", body="x", site="other")
    stories = [
        ("招生简章", "招收20人", '<p>招收20人<a href="https://example.edu/a.pdf">a</a></p>', "2024-01-01T00:00:00Z"),
        ("招生简章", "招收20人", '<p>招收20人<a href="https://example.edu/b.pdf">a</a></p>', "2024-01-10T00:00:00Z"),
        ("招生简章（修订）", "招收25人", "<p>招收25人</p>", "2024-01-20T00:00:00Z"),
    ]
    shelf.db.table("version_rows").insert_all(
        {
            "article": 1,
            "n": n,
            "content_digest": str(n),
            "title": title,
            "body": body,
            "body_html": markup,
            "extractor": "1",
            "seen_from": at,
            "seen_to": at,
        }
        for n, (title, body, markup, at) in enumerate(stories, 1)
    )
    for status, at in ((200, "2024-01-31T12:00:00Z"), (404, "2024-02-02T00:00:00Z"), (404, "2024-02-03T00:00:00Z")):
        shelf.db.table("captures").insert(
            {
                "url": "https://example.edu/1",
                "site": "example_college",
                "kind": "article",
                "fetched_at": at,
                "status": status,
                "mime": None,
                "record_type": "response",
                "record_id": at,
                "warc": "a",
                "offset": status + int(at[9]),
                "length": 1,
            }
        )
    return shelf


def test_the_last_change_by_default(shelf: Shelf) -> None:
    found = change(shelf.db, "https://example.edu/1")
    assert (found.old.n, found.new.n, found.new.seen_from) == (2, 3, "2024-01-20T00:00:00Z")
    assert found.changed == ("title", "body", "links")
    assert ("deleted", "20") in found.body
    assert found.links == [("deleted", "https://example.edu/b.pdf")]


def test_any_two_versions(shelf: Shelf) -> None:
    found = change(shelf.db, "https://example.edu/1", 1, 2)
    assert found.changed == ("links",)
    assert found.links == [("deleted", "https://example.edu/a.pdf"), ("added", "https://example.edu/b.pdf")]
    assert [version.n for version in versions(shelf.db, "https://example.edu/1")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("url", "old", "said"),
    [("https://example.edu/1", 9, "it has 1, 2, 3"), ("https://example.edu/2", None, "no article")],
)
def test_what_there_is_not_is_said(shelf: Shelf, url: str, old: int | None, said: str) -> None:
    with pytest.raises(NoSuchVersion, match=said):
        change(shelf.db, url, old)


def test_gone_articles_say_how_long_they_were_there(shelf: Shelf) -> None:
    (found,) = gone(shelf.db)
    assert (found.days, found.found_gone, found.site) == (30, "2024-02-02T00:00:00Z", "example_college")
    assert list(gone(shelf.db, "other")) == []


def test_the_command(shelf: Shelf, tmp_path: Any) -> None:
    from click.testing import CliRunner

    from crawler.cli import main

    shelf.db.execute("vacuum into ?", [str(tmp_path / "news.db")])

    def run(*arguments: str) -> str:
        return CliRunner().invoke(main, ["-C", str(tmp_path), "diff", *arguments]).output

    assert "招收[-20-]{+25+}人" in run("https://example.edu/1")
    assert "link added: https://example.edu/b.pdf" in run("https://example.edu/1", "--from", "1", "--to", "2")
    assert run("https://example.edu/1", "--list").count("\n") == 3
    assert "seen for 30 days" in run("--gone")
    assert "no article" in run("https://example.edu/77")
    assert '"changed": ["title", "body", "links"]' in run("https://example.edu/1", "--json")
