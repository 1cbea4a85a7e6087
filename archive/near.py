"""Near-duplicates: reposts of one story on several sites, found by MinHash (Broder 1997), never removed."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from operator import eq
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from sqlite_utils import Database


PERMUTATIONS = 128
BANDS = 32  # of 4 values each
SHARED = 2  # bands a pair must share to be compared: .93 of pairs at .6 do, .998 at .7, .19 at .4, so that templated notices cost little
SIMILAR = 0.6  # estimated Jaccard similarity of shingles; reposts measured at .9 and above, a tenth of words edited at .65
SHORTEST = 120  # characters of body below which stories resemble each other without being copies
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_SHINGLE = 4  # words, or CJK characters

_BATCH = 50  # stories: even where each resembles hundreds, a batch takes a second at most
_DIGEST = "v.content_digest || ' ' || length(a.body)"
_STALE = (
    "from articles a join versions v on v.id = a.current_version left join near_signatures n on n.article = a.id"
    f" where (n.digest is null or n.digest != {_DIGEST})"
)

Signature: TypeAlias = "array[int]"  # array is not subscriptable before Python 3.12


class NearDuplicates:
    """`articles.near_duplicate_of`, kept true while articles come and change.

    A story points to the earliest story it resembles, by first capture and then by address. That depends on nothing but
    the texts as they stand, so an archive that is rebuilt has the same pointers.
    """

    def __init__(self, db: Database) -> None:
        self.db = db

    def update(self, enough: Callable[[], bool] = lambda: False) -> int:
        """Look at every story that is new or has changed since the last call; how many there were.

        Works in batches, so that memory does not grow with the archive, and ends between two of them when `enough`
        says so: the rest is found again by the next call. Does nothing where the extra `duplicates` is not installed.
        """
        try:
            import rensa  # noqa: F401
        except ImportError:
            return 0
        stale = [row[0] for row in self.db.conn.execute(f"select a.id {_STALE} order by a.id")]
        done = 0
        while done < len(stale) and not enough():
            batch = stale[done : done + _BATCH]
            self._look_at(batch)
            done += len(batch)
        return done

    def _look_at(self, ids: list[int]) -> None:
        affected: set[int] = set()
        marks = ", ".join("?" * len(ids))
        for id_, body, digest in self.db.conn.execute(f"select a.id, a.body, {_DIGEST} {_STALE} and a.id in ({marks})", ids).fetchall():
            affected |= self._pointing_to(id_)
            self._sign(id_, body, digest)
            affected.add(id_)
        for id_ in list(affected):
            affected |= {later for later, _ in self._candidates(id_, "later")}  # earlier ones never point to it
        for id_ in sorted(affected):
            self._point(id_)

    def _sign(self, id_: int, body: str, digest: str) -> None:
        signature = sign(body)
        connection = self.db.conn
        connection.execute("delete from near_bands where article = ?", [id_])
        connection.execute(
            "insert into near_signatures (article, digest, signature) values (?, ?, ?) on conflict (article)"
            " do update set digest = excluded.digest, signature = excluded.signature",
            [id_, digest, signature.tobytes() if signature else None],
        )
        if signature:
            connection.executemany(
                "insert or ignore into near_bands (band, value, article) values (?, ?, ?)",
                ((band, value, id_) for band, value in enumerate(_bands(signature))),
            )

    def _point(self, id_: int) -> None:
        own = self._signature(id_)
        original = None
        if own:
            earlier = self._candidates(id_, "earlier")
            original = next((other for other, theirs in earlier if resemblance(own, array("I", theirs)) >= SIMILAR), None)
        self.db.conn.execute("update articles set near_duplicate_of = ? where id = ?", [original, id_])

    def _candidates(self, id_: int, which: Literal["earlier", "later"]) -> list[tuple[int, bytes]]:
        """Stories that share enough bands with this one and were first seen before, or after, it, earliest first; with their signatures."""
        return self.db.conn.execute(
            "select n.article, n.signature from articles me"
            " join (select o.article, count(*) as shared from near_bands b join near_bands o on o.band = b.band and o.value = b.value"
            f"  where b.article = :id and o.article != :id group by o.article having shared >= {SHARED}) found"
            " join articles other on other.id = found.article join near_signatures n on n.article = other.id"
            f" where me.id = :id and (other.first_seen, other.url) {'<' if which == 'earlier' else '>'} (me.first_seen, me.url)"
            " order by other.first_seen, other.url",
            {"id": id_},
        ).fetchall()

    def _pointing_to(self, id_: int) -> set[int]:
        return {row[0] for row in self.db.conn.execute("select id from articles where near_duplicate_of = ?", [id_])}

    def _signature(self, id_: int) -> Signature | None:
        row = self.db.conn.execute("select signature from near_signatures where article = ?", [id_]).fetchone()
        return array("I", row[0]) if row and row[0] else None


def sign(text: str) -> Signature | None:
    """MinHash signature of a text; None where it is too short to tell."""
    from rensa import RMinHash

    if len(text) < SHORTEST:
        return None
    tokens = [token.lower() for token in _TOKEN.findall(text)]
    shingles = [" ".join(tokens[at : at + _SHINGLE]) for at in range(max(1, len(tokens) - _SHINGLE + 1))]
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=1)
    minhash.update(shingles)
    return array("I", minhash.digest())


def resemblance(one: Signature, two: Signature) -> float:
    """Estimated Jaccard similarity of the texts two signatures were made of, 0 to 1."""
    equal: int = sum(map(eq, one, two))
    return equal / PERMUTATIONS


def _bands(signature: Signature) -> list[int]:
    """One number a band; SQLite's integers are signed and have 64 bits."""
    rows = PERMUTATIONS // BANDS
    return [hash(tuple(signature[at : at + rows])) for at in range(0, PERMUTATIONS, rows)]
