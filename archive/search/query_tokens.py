"""A small index in memory with the archive's tokenizer: what it makes of words, and which words of a text a query hits.

FTS5 itself is asked, so stems, accents, phrases and prefixes here are exactly those of the search.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence

from archive.patterns import deferred
from archive.search.index import COLUMNS, TOKENIZE
from archive.search.segment import SEPARATOR, Segmenter

Parts = list[tuple[str, bool]]
_OPEN, _CLOSE = "\x02", "\x03"
_MARKS = deferred(f"([{_OPEN}{_CLOSE}])")
_UNMARK = {ord(mark): " " for mark in (_OPEN, _CLOSE, SEPARATOR)}  # none of them is part of a word


class QueryTokens:
    """Made for one query, used in one thread."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.execute(f"create virtual table words using fts5(text, content='', tokenize='{TOKENIZE}')")
        self._db.execute("create virtual table tokens using fts5vocab(words, 'instance')")
        self._db.execute(f"create virtual table texts using fts5({', '.join(COLUMNS)}, tokenize='{TOKENIZE}')")

    def tokens(self, texts: Sequence[str]) -> list[list[str]]:
        """The terms of each text, in order, as the index holds them; an empty list for one without letter or digit."""
        self._db.execute("insert into words(words) values ('delete-all')")
        self._db.executemany(
            "insert into words(rowid, text) values (?, ?)", enumerate(map(self._segmenter.segment, texts), 1)
        )
        found: list[list[str]] = [[] for _ in texts]
        for term, row in self._db.execute("select term, doc from tokens order by doc, offset"):
            found[row - 1].append(term)
        return found

    def marked(self, rows: Sequence[Mapping[str, str]], expression: str) -> Iterator[dict[str, Parts]]:
        """Each row's columns as they were written, parted into what `expression` hits and what it does not."""
        shown = ", ".join(f"highlight(texts, {n}, '{_OPEN}', '{_CLOSE}')" for n in range(len(COLUMNS)))
        for row in rows:
            segmented = [self._segmenter.segment(row[column].translate(_UNMARK)) for column in COLUMNS]
            self._db.execute("delete from texts")
            self._db.execute(
                f"insert into texts(rowid, {', '.join(COLUMNS)}) values (1, {', '.join('?' * len(COLUMNS))})", segmented
            )
            found = (
                self._db.execute(f"select {shown} from texts where texts match ?", [expression]).fetchone()
                if expression
                else None
            )
            yield {
                column: _parts(row[column], marked, self._segmenter.width) if found else [(row[column], False)]
                for column, marked in zip(COLUMNS, found or COLUMNS, strict=True)
            }


def _parts(text: str, marked: str, width: Callable[[str], int]) -> Parts:
    """`text` cut where `marked`, its folded and segmented twin, has marks; `width` says how many of its characters one
    of `text` became.

    A character that became several tokens belongs to the part in which it begins, one that became nothing to that
    before it.
    """
    parts: Parts = []
    place, left, hit = 0, 0, False  # `left`: of the twin, still to be passed
    for piece in _MARKS.split(marked.replace(SEPARATOR, "")):
        if piece in (_OPEN, _CLOSE):
            hit = piece == _OPEN
            continue
        left += len(piece)
        start = place
        while place < len(text) and (left > 0 or (place > start and not width(text[place].translate(_UNMARK)))):
            left -= width(text[place].translate(_UNMARK))
            place += 1
        if place > start:
            parts.append((text[start:place], hit))
    return parts + [(text[place:], False)] * (place < len(text))
