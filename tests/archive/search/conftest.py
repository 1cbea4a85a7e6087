"""An archive database with the columns search looks at, filled by `Shelf.put`."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from sqlite_utils import Database

from archive.search.index import ArticleIndex
from archive.sqlite import connect
from archive.store import schema

EMPTY: dict[str, Any] = {
    "site": "example_college",
    "kind": "article",
    "title": "Title",
    "subtitle": "",
    "published": None,
    "published_precision": None,
    "updated": None,
    "byline": "",
    "authors": "[]",
    "editors": "[]",
    "photographers": "[]",
    "source": "",
    "section": "",
    "language": None,
    "body": "",
    "body_html": "",
    "lead_image": None,
    "word_count": 0,
    "state": "live",
    "first_seen": "2024-01-01T00:00:00Z",
    "last_seen": "2024-01-01T00:00:00Z",
    "confidence": 1.0,
}


@cache
def _empty() -> bytes:
    """A new archive's database, made once: filling the folding table takes a while."""
    db = Database(memory=True)
    schema.steps.apply(db)
    return db.conn.serialize()


class Shelf:
    """A database and a short way to put articles into it."""

    def __init__(self) -> None:
        self.db = Database(connect(":memory:"))
        self.db.conn.deserialize(_empty())
        self.index = ArticleIndex(self.db)

    def put(self, *, files: Iterable[tuple[str, str | None]] = (), captions: Iterable[str] = (), **values: Any) -> int:
        """Insert one article with its attachments (filename, text) and pictures and index it; its id."""
        row = EMPTY | {
            name: json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v for name, v in values.items()
        }
        with self.db.conn:
            id_ = self.db.execute("select coalesce(max(id), 0) + 1 from articles").fetchone()[0]
            self.db.table("articles").insert({"id": id_, "url": f"https://example.edu/{id_}"} | row)
            self.db.table("attachments").insert_all(
                {
                    "article": id_,
                    "n": n,
                    "url": f"https://example.edu/{id_}/{n}",
                    "filename": name,
                    "embedded": 0,
                    "text": text,
                }
                for n, (name, text) in enumerate(files)
            )
            self.db.table("images").insert_all(
                {"article": id_, "n": n, "url": f"https://example.edu/{id_}/{n}.jpg", "caption": caption}
                for n, caption in enumerate(captions)
            )
            self.index.add([id_])
        return id_

    @classmethod
    def filled(cls, bodies: Iterable[str]) -> "Shelf":
        """A shelf with one article for each body; ids count from 1."""
        shelf = cls()
        with shelf.db.conn:
            shelf.db.table("articles").insert_all(
                EMPTY | {"id": n, "url": f"https://example.edu/{n}", "title": "-", "body": body}
                for n, body in enumerate(bodies, 1)
            )
            shelf.index.add(row[0] for row in shelf.db.execute("select id from articles").fetchall())
        return shelf

    def match(self, expression: str) -> list[int]:
        """Ids which a raw FTS5 expression finds."""
        return [
            row[0]
            for row in self.db.execute(
                "select rowid from articles_fts where articles_fts match ? order by rowid", [expression]
            )
        ]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()
