"""Versions of an article in order of time, whatever the order in which their recordings came."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_IN_TIME = "seen_from, seen_to, id"  # those of one instant as they came


@dataclass(frozen=True, slots=True)
class Span:
    """When a version was seen."""

    id: int
    seen_from: str
    seen_to: str
    digest: str


def spans(db: Database, article: int) -> list[Span]:
    """The versions of an article, the oldest first."""
    rows = db.conn.execute(
        f"select id, seen_from, seen_to, content_digest from version_rows where article = ? order by {_IN_TIME}",
        [article],
    )
    return [Span(*row) for row in rows]


def sighted(db: Database, article: int, digest: str, seen: str) -> bool:
    """Whether a version with that digest was what the story said at that time: seen then, or widened to it now.

    Where it was not, a version that was seen before and after that time is two from here on, and the time is free for
    another one.
    """
    known = spans(db, article)
    # 1. within a version that was seen before and after: the same words, and nothing is new; other words, and that
    #    version was two, for nobody can have looked at a time at which it said both
    around = [span for span in known if span.seen_from <= seen <= span.seen_to]
    if any(span.digest == digest for span in around):
        return True
    if around:
        part(db, around[-1], seen, seen)
        return False
    # 2. between two versions: what is seen now may be the end of the one before, or the beginning of the one after,
    #    which is widened; the one before first, since a page stays as it is until it is seen to have changed
    before = next((span for span in reversed(known) if span.seen_to < seen), None)
    after = next((span for span in known if span.seen_from > seen), None)
    if before is not None and before.digest == digest:
        db.conn.execute("update version_rows set seen_to = ? where id = ?", [seen, before.id])
    elif after is not None and after.digest == digest:
        db.conn.execute("update version_rows set seen_from = ? where id = ?", [seen, after.id])
    else:  # 3. neither: a version of its own, which the caller makes
        return False
    return True


def stood(db: Database, article: int, at: str) -> None:
    """The server said at that time that the story stands as it was: the version of that time was seen then."""
    db.conn.execute(
        "update version_rows set seen_to = max(seen_to, ?) where id = (select id from version_rows where article = ?"
        " and seen_from <= ? order by seen_from desc, seen_to desc, id desc limit 1)",
        [at, article, at],
    )


def part(db: Database, span: Span, begin: str, end: str) -> None:
    """Make two versions of one that was seen before `begin` and after `end`, since the story said something else in
    between.

    The later one keeps the row, so that the current version stays that. How long each was seen is what the captures of
    its address say; where these say nothing, it was seen at the time that is known.
    """
    if span.seen_to <= end:
        return  # seen until then, and not after it
    connection = db.conn
    # seen at seen_from and seen_to, and at what captures of the address in between say: a 304 is a sight as well, but
    # holds no bytes, so each half points to its first capture with status 200
    capture, read = connection.execute(
        "select c.id, c.fetched_at from version_rows v left join captures c on c.id = v.capture where v.id = ?",
        [span.id],
    ).fetchone()
    sights = connection.execute(
        "select fetched_at, id, status from captures where url = (select url from captures where id = ?)"
        " and fetched_at between ? and ? and status in (200, 304) order by fetched_at, id",
        [capture, span.seen_from, span.seen_to],
    ).fetchall()
    until = max((at for at, _, _ in sights if at < begin), default=span.seen_from)
    since = min((at for at, _, _ in sights if at > end), default=span.seen_to)
    first = next((id_ for at, id_, status in sights if at <= until and status == 200), capture)
    later = next((id_ for at, id_, status in sights if at >= since and status == 200), capture)
    cursor = connection.execute(
        "insert into version_rows (article, n, capture, content_digest, title, body, body_html, extractor, seen_from,"
        " seen_to) select article, (select min(0, min(n)) - 1 from version_rows where article = v.article), ?,"
        " content_digest, title, body, body_html, extractor, seen_from, ? from versions v where id = ?",
        [first if read and read > until else capture, until, span.id],
    )
    names = "n, url, capture, digest, extractor, seen, body, body_html, holds"
    connection.execute(
        f"insert into parts (version, {names}) select ?, {names} from parts where version = ?",
        [cursor.lastrowid, span.id],
    )
    connection.execute(
        "update version_rows set seen_from = ?, capture = ? where id = ?",
        [since, later if read and read < since else capture, span.id],
    )


def number(db: Database, article: int) -> None:
    """Count the versions of an article in order of time, 1 the oldest."""
    connection = db.conn
    connection.execute(  # out of the way of each other: numbers are unique
        "update version_rows set n = -1000000000 - id where article = ?", [article]
    )
    connection.executemany(
        "update version_rows set n = ? where id = ?", [(n, span.id) for n, span in enumerate(spans(db, article), 1)]
    )


def settle(db: Database, article: int) -> None:
    """Put the versions of an article, of whatever origin, in order of time; those whose times cross are taken apart."""
    known = spans(db, article)
    while two := next((pair for pair in pairwise(known) if _overlap(*pair)), None):
        one, other = two
        # where the other outlasts it, the end alone of what is parted comes after: what sorts just before that end
        part(db, one, other.seen_from, min(other.seen_to, one.seen_to[:-1]))
        known = spans(db, article)
    number(db, article)


def put_in_order(db: Database) -> None:
    """Number all versions of an older archive, which were numbered as they came, in order of time.

    Those whose times overlap are taken apart. What became of a number that has changed is kept in `former_versions`.
    """
    several = db.execute("select article from version_rows group by article having count(*) > 1").fetchall()
    for (article,) in several:
        known = spans(db, article)
        numbers = [row[0] for row in db.execute("select id from version_rows where article = ? order by n", [article])]
        if numbers == [span.id for span in known] and not any(_overlap(*pair) for pair in pairwise(known)):
            continue
        db.execute(
            "insert into former_versions (url, n, seen) select a.url, v.n, v.seen_to from version_rows v join articles"
            " a on a.id = v.article where v.article = ?",
            [article],
        )
        settle(db, article)


def _overlap(one: Span, other: Span) -> bool:
    return one.seen_to > other.seen_from
