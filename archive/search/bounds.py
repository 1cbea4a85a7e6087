"""What a search does where very many articles hold the words: it weighs some, counts to a bound, and says so.

Of a million stories seven hundred thousand say 学校. To weigh all of them takes seconds, and whoever asks reads twenty.
What is found is never less for it: `ids` without a limit, exports and `--count` go to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor, log10
from typing import TYPE_CHECKING

from archive.search.query_sql import Condition

if TYPE_CHECKING:
    from sqlite_utils import Database

WEIGHED = 20_000  # articles that hold the words up to which each of them is weighed
COUNTED = 100_000  # articles found beyond which they are "over" so many
LOOKED_AT = 50_000  # those of the words alone that are held against a filter which many articles pass
NARROW = 20_000  # articles that pass the filters up to which these lead
DENSE = 2500  # of these that pass it, below which all that is found is gone through: it is not much
DEEPEST = 1000  # articles that can be paged through where not all are weighed
# articles found beyond which facets are counted in windows of ids, spread evenly: together so many ids
SAMPLED, WINDOWS, WINDOW = 50_000, 60, 1000
SHOWING = 300  # articles found in these windows from which on they show how all spread

# filters that narrow indexes answer without an article's row
OF_INDEX = (
    "a.site",
    "substr(a.site",
    "a.published",
    "a.language",
    "a.section",
    "a.confidence",
    "a.near_duplicate_of is not null",
    "a.id in (select near_duplicate_of from",
)


def many(db: Database, condition: Condition) -> bool:
    """Whether more articles hold the words than are weighed."""
    return bool(condition.match and not condition.negated) and held(db, condition.match, WEIGHED + 1) > WEIGHED


def of_index(condition: Condition) -> bool:
    """Whether narrow indexes tell which articles pass the filters."""
    return bool(condition.where) and all(part.startswith(OF_INDEX) for part in condition.where)


def narrow(db: Database, condition: Condition) -> bool:
    """Whether few articles pass the filters, and an index tells which."""
    few = f"select count(*) from (select 1 from articles a where {passes(condition)} limit ?)"
    return of_index(condition) and db.execute(few, [*condition.parameters, NARROW + 1]).fetchone()[0] <= NARROW


def passes(condition: Condition) -> str:
    """The filters as one SQL condition."""
    return " and ".join(f"({part})" for part in condition.where) or "1"


def best(db: Database, condition: Condition, *, rank: str, order: str, limit: int, offset: int) -> list[int]:
    """A page in the order of `rank`: first what holds the words in its title too, then the rest; of each, those that
    were archived last are weighed, `WEIGHED` at most."""
    wanted = min(offset + limit, DEEPEST)
    titles = f"({condition.match}) AND {{title}} : ({condition.match})"
    found = _weighed(db, condition, titles, rank, order, wanted, ())
    if len(found) < wanted:
        found += _weighed(db, condition, condition.match, rank, order, wanted - len(found), found)
    return found[offset:]


def by_date(db: Database, condition: Condition, *, order: str, limit: int, offset: int) -> list[int]:
    """A page in the order of publication: along its index, held against what holds the words."""
    rows = db.execute(
        f"select a.id from articles a where {passes(condition)} and +a.id in (select rowid from articles_fts where"
        f" articles_fts match ?) order by {order} limit ? offset ?",
        [*condition.parameters, condition.match, max(0, min(limit, DEEPEST - offset)), offset],
    )
    return [row[0] for row in rows]


def counted(db: Database, condition: Condition) -> tuple[int, bool, bool]:
    """How many articles are found, of words that many hold; whether there are more than that; and whether so many of
    those looked at pass the filters that a part of them is enough to fill pages."""
    if not condition.where:
        total = held(db, condition.match, COUNTED + 1)
        return min(total, COUNTED), total > COUNTED, True
    (total,) = db.execute(
        "select count(*) from (select rowid as id from articles_fts where articles_fts match ? order by rowid desc"
        f" limit ?) f cross join articles a on a.id = f.id where {passes(condition)}",
        [condition.match, LOOKED_AT, *condition.parameters],
    ).fetchone()
    return int(total), held(db, condition.match, LOOKED_AT + 1) > LOOKED_AT, total >= DENSE


def counted_last(db: Database, condition: Condition) -> tuple[int, bool, bool]:
    """As `counted`, where no words are looked for and no index tells what passes: of the articles archived last."""
    newest = db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
    where, parameters = condition.sql()
    (total,) = db.execute(
        f"select count(*) from articles a where a.id > ? and {where}", [newest - LOOKED_AT, *parameters]
    ).fetchone()
    return int(total), newest > LOOKED_AT, newest > LOOKED_AT and total >= DENSE


def windows(db: Database) -> list[tuple[int, int]]:
    """Spans of ids, spread evenly over all, in which facets are counted; none where the archive is hardly larger."""
    newest = db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
    if newest <= WINDOWS * WINDOW * 2:
        return []
    return [(newest * n // WINDOWS + 1, newest * n // WINDOWS + WINDOW) for n in range(WINDOWS)]


def estimate(db: Database) -> Callable[[int], int]:
    """What is to be expected of all ids where so many were counted in the windows, to two digits."""
    newest = db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]

    def of_all(n: int) -> int:
        whole = n * newest / (WINDOWS * WINDOW)
        return int(round(whole, 1 - floor(log10(whole)))) if whole else 0

    return of_all


def held(db: Database, match: str, most: int) -> int:
    """How many articles hold the words, `most` at most."""
    some = "select count(*) from (select 1 from articles_fts where articles_fts match ? limit ?)"
    return int(db.execute(some, [match, most]).fetchone()[0])


def _weighed(
    db: Database, condition: Condition, match: str, rank: str, order: str, limit: int, without: Sequence[int]
) -> list[int]:
    """Ids in that order, of the `WEIGHED` that were archived last among those with the words."""
    candidates = (
        f"(select rowid, {rank} as rank from articles_fts where articles_fts match ? order by rowid desc limit ?) f"
    )
    joined = " cross join articles a on a.id = f.rowid" if condition.where or "a." in order else ""
    left_out = f" and f.rowid not in ({', '.join(map(str, without))})" if without else ""
    rows = db.execute(
        f"select f.rowid from {candidates}{joined} where {passes(condition)}{left_out} order by {order} limit ?",
        [match, WEIGHED, *condition.parameters, limit],
    ).fetchall()
    return [row[0] for row in rows]
