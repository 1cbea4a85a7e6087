"""Public identifiers are made of addresses alone; one that two addresses share, or that moved, is told."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import identity
from archive.article import Article
from archive.identity import apart, identifier
from archive.store import identifiers, schema
from archive.store.db import open_writer
from archive.store.joining import rename
from archive.store.rows import Rows

URLS = [f"https://news.example.edu/{n}" for n in range(3)]


def test_an_identifier_is_the_digest_that_any_tool_computes() -> None:
    # printf %s https://news.example.edu/ | sha256sum | xxd -r -p | base32 | cut -c1-16 | tr A-Z a-z
    assert identifier("https://news.example.edu/") == "b3rycqlxmkmni2uz"
    assert identifier(URLS[0], 24).startswith(identifier(URLS[0]))


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return Rows(open_writer(tmp_path / "news.db"))


def save(rows: Rows, url: str) -> int:
    article = Article(url=url, site="s", title="T", body="words", body_html="<p>words</p>")
    return rows.articles.save(article, digest="d", reader="1", capture=None, seen="2026-01-01T00:00:00Z").id


def test_an_identifier_leads_to_its_article_until_that_is_no_more(rows: Rows) -> None:
    ids = {url: save(rows, url) for url in URLS}
    for url, id_ in ids.items():
        assert identifiers.addresses(rows.db, identifier(url)) == [url]
        assert identifiers.addresses(rows.db, identifier(url, 12)) == [url]
        assert identifiers.stands(rows.db, url) == (id_, url)
    assert identifiers.addresses(rows.db, "a" * 16) == []
    rows.db.execute("update articles set current_version = null")
    rows.db.execute("delete from version_rows where article = 1")
    rows.db.execute("delete from articles where id = 1")
    assert identifiers.addresses(rows.db, identifier(URLS[0])) == [URLS[0]]
    assert identifiers.stands(rows.db, URLS[0]) is None


def test_a_story_that_moved_has_both_identifiers(rows: Rows) -> None:
    id_ = save(rows, URLS[0])
    rename(rows.db, id_, URLS[1])
    there = {"url": URLS[0], "site": "s", "kind": "article", "state": "moved", "reason": URLS[1], "first_seen": "2026"}
    rows.db.table("frontier").insert(there)
    for url in URLS[:2]:
        assert [identifiers.stands(rows.db, one) for one in identifiers.addresses(rows.db, identifier(url))] == [
            (id_, URLS[1])
        ]


@pytest.mark.parametrize("order", list(permutations(URLS)))
def test_two_that_share_an_identifier_are_told_apart_the_same_in_any_order(
    rows: Rows, order: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = identity.b32encode
    monkeypatch.setattr(identity, "b32encode", lambda digest: b"A" * 18 + real(digest))
    for url in order:
        save(rows, url)
    assert identifiers.addresses(rows.db, "a" * 16) == URLS
    longer = apart(URLS)
    assert sorted(longer) == URLS
    assert [identifiers.addresses(rows.db, longer[url]) for url in URLS] == [[url] for url in URLS]
    assert apart(list(reversed(URLS))) == longer


def test_numbers_of_an_older_archive_are_kept_as_they_were_and_carried_over(tmp_path: Path) -> None:
    db = Database(tmp_path / "old.db")
    schema.steps.apply(db, stop_before="m020b_public_identifiers")
    names = ("subtitle", "byline", "authors", "editors", "photographers", "source", "section", "body", "body_html")
    for n, url in enumerate(URLS, 7):
        row = dict.fromkeys(names, "") | {"id": n, "url": url, "site": "s", "kind": "article", "title": "T"}
        db.table("articles").insert(row | {"first_seen": "1", "last_seen": "2", "word_count": 1, "confidence": 1})
    assert identifiers.former(db, 8) == URLS[1]  # shown as it is while nobody has brought it up to date
    assert identifiers.addresses(db, identifier(URLS[2])) == [URLS[2]]
    fresh = open_writer(tmp_path / "fresh.db")
    identifiers.carry_over(fresh, tmp_path / "old.db")  # rebuilt at once, without a migration before
    assert identifiers.former(fresh, 8) == URLS[1]
    fresh.conn.commit()
    schema.steps.apply(db)
    db.execute("delete from articles")
    for held in (db, fresh):
        assert [identifiers.former(held, n) for n in (7, 8, 9, 10)] == [*URLS, None]
    again = open_writer(tmp_path / "again.db")
    identifiers.carry_over(again, tmp_path / "fresh.db")
    assert identifiers.former(again, 9) == URLS[2]
    (tmp_path / "damaged.db").write_bytes(b"no database")
    identifiers.carry_over(again, tmp_path / "damaged.db")
    identifiers.carry_over(again, tmp_path / "none.db")
