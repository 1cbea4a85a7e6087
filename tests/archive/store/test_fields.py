"""A field of `Article` is declared once: what is declared is kept and read back, exported, and searched as it says."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.article import FIELDS, Article, Kind, Precision, searched_as
from archive.exports.columns import BY_NAME
from archive.search.index import COLUMNS as INDEXED
from archive.search.index import ArticleIndex
from archive.store import schema
from archive.store.articles import Articles
from archive.web.words import WORDS

WORDS_OF = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
CHOICES = {"kind": get_args(Kind), "published_precision": (None, *get_args(Precision))}


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article with anything in each of its fields, those that will be declared too."""
    made: dict[str, Any] = {}
    for field in FIELDS.values():
        if field.name in CHOICES:
            made[field.name] = draw(st.sampled_from(CHOICES[field.name]))
        elif field.shape == "number":
            made[field.name] = draw(st.floats(0, 1))
        elif field.shape == "texts":
            made[field.name] = tuple(draw(st.lists(WORDS_OF, max_size=3)))
        elif field.record is not None:
            made[field.name] = tuple(draw(st.lists(st.builds(field.record), max_size=3)))
        else:
            made[field.name] = draw(WORDS_OF)
    return Article(**made)


def read_back(db: Database, id_: int) -> Article:
    """The article of a row, by nothing but what is declared."""
    row = next(db.query("select * from articles where id = ?", [id_]))
    made: dict[str, Any] = {}
    for field in FIELDS.values():
        if field.record is not None:
            names = [one.name for one in fields(field.record)]
            rows = db.query(f"select {', '.join(names)} from {field.name} where article = ? order by n", [id_])
            made[field.name] = tuple(
                field.record(**{name: bool(got[name]) if name == "embedded" else got[name] for name in names})
                for got in rows
            )
        else:
            made[field.name] = tuple(json.loads(row[field.name])) if field.shape == "texts" else row[field.name]
    return Article(**made)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Database:
    made = Database(tmp_path_factory.mktemp("fields") / "news.db")
    schema.steps.apply(made)
    return made


@settings(deadline=None, max_examples=60)
@given(first=articles(), second=articles())
def test_every_field_is_kept_and_read_back(db: Database, first: Article, second: Article) -> None:
    store = Articles(db, ArticleIndex(db))
    db.conn.execute("savepoint one")
    try:
        for digest, article in (("a", first), ("b", Article(**{**_values(second), "url": first.url}))):
            saved = store.save(article, digest=digest, reader="r", capture=None, seen="2026-01-01T00:00:00Z")
            assert read_back(db, saved.id) == article
    finally:
        db.conn.execute("rollback to one")
        db.conn.execute("release one")


def _values(article: Article) -> dict[str, Any]:
    return {field.name: getattr(article, field.name) for field in fields(article)}


def test_every_field_is_exported_under_its_name_with_its_text() -> None:
    assert list(FIELDS) == [field.name for field in fields(Article)] == list(BY_NAME)[: len(FIELDS)]
    assert {name: BY_NAME[name].text for name in FIELDS} == {name: field.text for name, field in FIELDS.items()}
    assert {name: BY_NAME[name].kind for name in FIELDS} == {name: field.shape for name, field in FIELDS.items()}


@pytest.mark.parametrize("column", [name for name in INDEXED if name not in ("attachments", "captions")])
def test_the_searched_text_is_made_of_the_fields_that_say_so(db: Database, column: str) -> None:
    """The view is a step of the schema, so it cannot follow by itself: who marks a field adds a step that makes it
    anew."""
    sql = next(db.query("select sql from sqlite_master where name = 'articles_text'"))["sql"]
    last = {name: part for part, name in re.findall(r"\n    (.+?) as (\w+)(?=,?\n)", sql)}
    assert set(re.findall(r"a\.(\w+)", last[column])) == set(searched_as(column))


def test_every_field_that_is_shown_has_a_name_in_each_language() -> None:
    assert {field.name for field in FIELDS.values() if field.use.shown} <= set(WORDS)
