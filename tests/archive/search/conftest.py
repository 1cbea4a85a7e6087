"""An archive database with the columns search looks at, filled by `Shelf.put`."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlite_utils import Database

from archive import schema
from archive.index import ArticleIndex

EMPTY: dict[str, Any] = {
    "site": "example_college", "kind": "article", "title": "Title", "subtitle": "", "published": None, "published_precision": None,
    "updated": None, "byline": "", "authors": "[]", "editors": "[]", "photographers": "[]", "source": "", "section": "",
    "language": None, "body": "", "body_html": "", "lead_image": None, "word_count": 0, "state": "live",
    "first_seen": "2024-01-01T00:00:00Z", "last_seen": "2024-01-01T00:00:00Z", "confidence": 1.0,
}


class Shelf:
    """A database and a short way to put articles into it."""

    def __init__(self) -> None:
        self.db = Database(memory=True)
        schema.steps.apply(self.db)
        self.index = ArticleIndex(self.db)

    def put(self, *, files: Iterable[tuple[str, str | None]] = (), **values: Any) -> int:
        """Insert one article and its attachments (filename, text) and index it; its id."""
        row = EMPTY | {name: json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v for name, v in values.items()}
        with self.db.conn:
            id_ = self.db.execute("select coalesce(max(id), 0) + 1 from articles").fetchone()[0]
            self.db.table("articles").insert({"id": id_, "url": f"https://example.edu/{id_}"} | row)
            self.db.table("attachments").insert_all(
                {"article": id_, "n": n, "url": f"https://example.edu/{id_}/{n}", "filename": name, "embedded": 0, "text": text}
                for n, (name, text) in enumerate(files)
            )
            self.index.add([id_])
        return id_

    def match(self, expression: str) -> list[int]:
        """Ids which a raw FTS5 expression finds."""
        return [row[0] for row in self.db.execute("select rowid from articles_fts where articles_fts match ? order by rowid", [expression])]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def new_shelf() -> Callable[[], Shelf]:
    return Shelf
