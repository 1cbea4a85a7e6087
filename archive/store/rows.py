"""The tables of one database as collections, inside one open transaction."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from archive.near.duplicates import NearDuplicates
from archive.search.index import ArticleIndex
from archive.store.articles import Articles
from archive.store.captures import Captures
from archive.store.corrections import Corrections
from archive.store.frontier import Frontier
from archive.store.listings import Listings, Sites
from archive.store.rhythms import Rhythms
from archive.store.runs import Failures, Runs
from archive.store.suspects import Suspects
from archive.store.untold import Untold
from archive.store.withheld import Withholding

if TYPE_CHECKING:
    from sqlite_utils import Database


class Rows:
    """What a writer of rows works with: a live crawl through `archive.store.store.Archive`, a rebuild on its own."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.captures, self.articles = Captures(db), Articles(db, ArticleIndex(db))
        self.frontier, self.listings, self.rhythms = Frontier(db), Listings(db), Rhythms(db)
        self.sites, self.runs, self.failures = Sites(db), Runs(db), Failures(db)
        self.corrections = Corrections(db, self.articles)
        self.near, self.untold = NearDuplicates(db), Untold(db)
        self.suspects, self.withholding = Suspects(db), Withholding(db)
        self.run: int | None = None
        self.writing = Lock()  # held by a thread that commits, so that nobody closes the database meanwhile
        # else each visit's savepoint writes 40 times to a temporary file
        self.db.conn.execute("pragma temp_store = memory")
        self.db.conn.execute("begin")

    def commit(self) -> None:
        """Write the search index of what changed, commit, and open the next transaction."""
        self.articles.flush_index()
        self.captures.note_unread()
        self.db.conn.execute("commit")
        self.db.conn.execute("begin")

    def close(self) -> None:
        """Commit and close the database."""
        with self.writing:
            self.articles.flush_index()
            self.captures.note_unread()
            self.db.conn.execute("commit")
            self.db.close()
