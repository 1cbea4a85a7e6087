"""The full-text index over articles: what it holds, and keeping it true while rows change."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from archive.search.segment import Segmenter, foldings, segment_sql

if TYPE_CHECKING:
    from sqlite_utils import Database

COLUMNS = ("title", "body", "byline", "source", "attachments", "captions")
# marks make words too: as SQL has it, between quotes
TOKENIZE = "porter unicode61 remove_diacritics 2 categories ''L* N* Co Mn Mc''"
_BATCH = 500
_SAID = 5000  # articles between two lines of progress

# the searched text of each article, as it stands; `articles_segmented` is the same once folded and segmented
_TEXT = """
create view articles_text as select a.id,
    a.title || case when a.subtitle = '' then '' else char(10) || a.subtitle end as title,
    a.body as body,
    a.byline || char(10) || a.authors || char(10) || a.editors || char(10) || a.photographers as byline,
    a.source as source,
    coalesce((select group_concat(filename || coalesce(char(10) || text, ''), char(10))
              from (select filename, text from attachments where article = a.id order by n)), '') as attachments,
    coalesce((select group_concat(caption, char(10))
              from (select caption from images where article = a.id and caption != '' order by n)), '') as captions
from articles a
"""
_PLACES = ", ".join("?" * len(COLUMNS))
_ADD = f"insert into articles_fts(rowid, {', '.join(COLUMNS)}) values (?, {_PLACES})"
_FORGET = f"insert into articles_fts(articles_fts, rowid, {', '.join(COLUMNS)}) values ('delete', ?, {_PLACES})"


def create(db: Database) -> None:
    """Make the index and fill it from the rows there are: a step of the schema."""
    db.execute("create table search_folds (character text primary key, folded text not null) without rowid")
    db.conn.executemany("insert into search_folds values (?, ?)", sorted(foldings().items()))
    _segmenters[db] = Segmenter(foldings())
    db.execute(_TEXT)
    _make(db)
    ArticleIndex(db).add(row[0] for row in db.execute("select id from articles order by id").fetchall())


def _make(db: Database) -> None:
    segmented = ", ".join(f"{segment_sql(column)} as {column}" for column in COLUMNS)
    db.execute(f"create view articles_segmented as select id, {segmented} from articles_text")
    db.execute(
        f"create virtual table articles_fts using fts5({', '.join(COLUMNS)}, content='articles_segmented',"
        f" content_rowid='id', tokenize='{TOKENIZE}')"
    )
    db.execute("create virtual table articles_terms using fts5vocab(articles_fts, 'row')")


def renew(db: Database) -> None:
    """Make the index anew with the columns, the folding and the tokenizer of this version, where it has others: a step
    of the schema.

    Says on stderr how far it is, since a large archive takes minutes.
    """
    (made,) = db.execute("select sql from sqlite_master where name = 'articles_fts'").fetchone()
    as_now = TOKENIZE in made and f"({', '.join(COLUMNS)}, " in made
    if as_now and segmenter(db).table == foldings():
        return
    db.execute("drop table articles_terms")
    db.execute("drop table articles_fts")
    db.execute("delete from search_folds")
    db.conn.executemany("insert into search_folds values (?, ?)", sorted(foldings().items()))
    db.execute("drop view articles_segmented")
    db.execute("drop view articles_text")
    db.execute(_TEXT)
    _segmenters.pop(db, None)
    _make(db)
    for name, value in (
        ("hashsize", 8388608),
        ("automerge", 16),
        ("crisismerge", 24),
    ):  # as m009 and m011 have set them
        db.execute("insert into articles_fts(articles_fts, rank) values (?, ?)", [name, value])
    ids = [row[0] for row in db.execute("select id from articles order by id").fetchall()]
    index = ArticleIndex(db)
    for begin in range(0, len(ids), _SAID):
        index.add(ids[begin : begin + _SAID])
        if len(ids) > _SAID:
            print(f"search index: {min(begin + _SAID, len(ids))} of {len(ids)} articles", file=sys.stderr, flush=True)


_segmenters: WeakKeyDictionary[Database, Segmenter] = WeakKeyDictionary()


def segmenter(db: Database) -> Segmenter:
    """The folding and segmentation which this archive's index was made with: read once, since only a migration changes
    it."""
    if db not in _segmenters:
        _segmenters[db] = Segmenter(dict(db.execute("select character, folded from search_folds").fetchall()))
    return _segmenters[db]


class ArticleIndex:
    """`articles_fts`, an external-content index: it stores no text, so an entry leaves it by the very text it came
    with.

    Around any change of an article, its attachments or pictures, in one transaction: `forget`, change, `add`.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self._tokens = segmenter(db).tokens

    def forget(self, ids: Iterable[int]) -> None:
        """Take these articles out, before their rows change; one that is not in the index is passed over."""
        self._write(_FORGET, ids, indexed=True)

    def add(self, ids: Iterable[int]) -> None:
        """Put these articles in, as their rows now are; one that is in the index is passed over."""
        self._write(_ADD, ids, indexed=False)

    def rebuild(self) -> None:
        """Make the whole index anew; several times as fast as FTS5's own 'rebuild', which segments in SQL."""
        self.db.execute("insert into articles_fts(articles_fts) values ('delete-all')")
        self.add(row[0] for row in self.db.execute("select id from articles order by id").fetchall())

    def problem(self, *, compare: bool = True) -> str | None:
        """What is wrong with the index, None when it is sound; `compare` also holds it against every row (slow)."""
        try:
            # past archive.guarded: that the index is damaged is an answer here, and ends nothing
            sqlite3.Cursor(self.db.conn).execute(
                "insert into articles_fts(articles_fts, rank) values ('integrity-check', ?)", [int(compare)]
            )
        except sqlite3.DatabaseError as found:
            return str(found)
        strays = self.db.execute(
            "select (select count(*) from articles), (select count(*) from articles_fts_docsize)"
        ).fetchone()
        return None if strays[0] == strays[1] else f"{strays[0]} articles, but {strays[1]} in the index"

    def _write(self, statement: str, ids: Iterable[int], *, indexed: bool) -> None:
        remaining = iter(sorted(set(ids)))
        while batch := list(islice(remaining, _BATCH)):
            among = ", ".join("?" * len(batch))
            rows = self.db.execute(
                f"select id, {', '.join(COLUMNS)} from articles_text where id in ({among})"
                f" and id {'in' if indexed else 'not in'} (select id from articles_fts_docsize where id in ({among}))",
                batch + batch,
            ).fetchall()
            self.db.conn.executemany(statement, ((id_, *map(self._tokens, texts)) for id_, *texts in rows))
