"""Words that a later version of a story has and the one before it had not, or the other way round.

Versions that are no more are in no index: they are read, the newest `MOST` edits at most.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from archive.difference import CJK
from archive.patterns import deferred
from archive.search.index import segmenter

if TYPE_CHECKING:
    from sqlite_utils import Database

MOST = 2000
_EDITS = (
    "select v.article, v.n from version_rows v where v.id in (select id from version_rows where n > 1)"
    " order by v.seen_from desc limit ?"
)
_TEXT = "select title || char(10) || body from versions where article = ? and n = ?"
_LATIN = deferred(rf"[^\W{CJK}]")


def edited(db: Database, field: str, phrase: str) -> str:
    """Ids, as a JSON array, of the articles in which an edit has `added` or `removed` the phrase."""
    times = counter(db, phrase)
    found = {
        article
        for article, old, new in _texts(db)
        if (times(new) > times(old) if field == "added" else times(new) < times(old))
    }
    return json.dumps(sorted(found))


def counter(db: Database, phrase: str) -> Callable[[str], int]:
    """Counts how often a text has the phrase, in any spelling that search takes for the same; words are whole."""
    fold = segmenter(db).fold
    words = fold(phrase).casefold().split()
    pattern = r"\s+".join(map(re.escape, words))
    before = rf"(?<![^\W{CJK}])" if words and _LATIN.match(words[0]) else ""
    after = rf"(?![^\W{CJK}])" if words and _LATIN.match(words[-1][-1]) else ""
    wanted = re.compile(before + pattern + after)
    return lambda text: sum(1 for _ in wanted.finditer(fold(text).casefold()))


def _texts(db: Database) -> Iterator[tuple[int, str, str]]:
    for article, n in db.execute(_EDITS, [MOST]).fetchall():
        old, new = (db.execute(_TEXT, [article, at]).fetchone() for at in (n - 1, n))
        if old and new and old[0] is not None and new[0] is not None:
            yield article, old[0], new[0]
