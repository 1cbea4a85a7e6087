"""BM25 as FTS5 reckons it, taken apart, so that the matches of several indexes can be weighed by one measure.

FTS5 weighs a phrase by how few rows of its own index hold it, and a row by the mean length of its own index: a match of
one index says nothing beside a match of another. How often a row holds the phrase, and how long it is, can be had back
from the rank that FTS5 gives (fts5_aux.c, fts5Bm25Function); so the row is weighed again with the sums of all indexes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.patterns import deferred

if TYPE_CHECKING:
    from sqlite_utils import Database

_K1, _B, _LEAST = 1.2, 0.75, 1e-6  # as in FTS5
_PIECES = deferred(r'\{(\w+)\} : \(|"(?:[^"]|"")*"(?: \*)?|\(|\)|NOT \(')


@dataclass(frozen=True, slots=True)
class Size:
    """How much an index holds."""

    rows: int
    tokens: int

    def __add__(self, other: Size) -> Size:
        return Size(self.rows + other.rows, self.tokens + other.tokens)

    @property
    def mean(self) -> float:
        """Tokens a row."""
        return self.tokens / self.rows if self.rows else 0.0

    def weight(self, holding: int) -> float:
        """Of a phrase that so many of its rows hold."""
        weight = math.log((self.rows - holding + 0.5) / (holding + 0.5))
        return weight if weight > 0 else _LEAST


def size(db: Database) -> Size:
    """Of the index of an archive, as FTS5 keeps it."""
    row = db.execute("select block from articles_fts_data where id = 1").fetchone()
    rows, *columns = varints(row[0]) if row and row[0] else [0]
    return Size(rows, sum(columns))


def phrases(match: str) -> list[str]:
    """The phrases that an FTS5 expression of archive.search.query_sql wants, each an expression of its own, with its
    column; those behind NOT are in no row that it finds."""
    found: list[str] = []
    open_: list[str | None] = []  # for each bracket the column it is about; "" within a NOT
    for piece in _PIECES.finditer(match):
        text = piece[0]
        around = open_[-1] if open_ else None
        if text == ")":
            open_.pop()
        elif text == "NOT (":
            open_.append("")
        elif text.endswith("("):
            open_.append(around if around == "" else piece[1] or around)
        elif around != "":
            found.append(f"{{{around}}} : ({text})" if around else text)
    return found


def holding(db: Database, phrase: str) -> int:
    """How many rows hold it."""
    return int(db.execute("select count(*) from articles_fts where articles_fts match ?", [phrase]).fetchone()[0])


def scores(
    db: Database, ids: Collection[int], phrase: str, rank: str, *, own: tuple[Size, int], all_: tuple[Size, int]
) -> dict[int, float]:
    """What a phrase adds to the score of each of the rows; `rank` is how FTS5 is asked for its own.

    `own` and `all_` say how large this index and all of them together are, and how many of their rows hold the phrase.
    """
    here, everywhere = own[0].weight(own[1]), all_[0].weight(all_[1])
    found = {}
    for id_, ranked, lengths in db.execute(  # the plus: the index is read once, and not looked into for each row
        f"select f.rowid, {rank}, d.sz from articles_fts f join articles_fts_docsize d on d.id = f.rowid"
        " where articles_fts match ? and +f.rowid in (select value from json_each(?))",
        [phrase, json.dumps(list(ids))],
    ):
        length, share = sum(varints(lengths)), -ranked / here
        often = share * _spread(length, own[0]) / (_K1 + 1 - share)
        found[id_] = everywhere * often * (_K1 + 1) / (often + _spread(length, all_[0]))
    return found


def _spread(length: int, of: Size) -> float:
    return _K1 * (1 - _B + _B * length / of.mean)


def varints(packed: bytes) -> list[int]:
    """Numbers as SQLite packs them: seven bits a byte, the high bit where more follow."""
    found, value = [], 0
    for byte in packed:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            found.append(value)
            value = 0
    return found
