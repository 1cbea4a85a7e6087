"""The twins that were found, kept in news.db until they are looked for anew."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from archive.sqlite import as_json

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.twins.finding import Twins

_SIDE = "{0}.url, {0}.title, {0}.site, {0}.published"
_PAIRS = f"""
select t.confidence, t.evidence, {_SIDE.format("z")}, {_SIDE.format("e")}, z.id, e.id
from twins t cross join articles z on z.url = t.chinese cross join articles e on e.url = t.english
"""
_NEWEST = f"{_PAIRS} order by z.published desc nulls last, z.url"
_OF_ONE = f"{_PAIRS} where t.chinese = ? union all {_PAIRS} where t.english = ? limit 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two stories."""

    url: str
    title: str
    site: str
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A Chinese story and the English one that tells the same."""

    chinese: Side
    english: Side
    confidence: Annotated[float, "0 to 1"]
    evidence: Annotated[dict[str, Any], "What speaks for it: the fields of archive.twins.evidence.Evidence"]


def keep(db: Database, twins: Iterable[Twins], at: str) -> None:
    """These are the twins now, and no others: all stories were compared `at` that time."""
    db.conn.execute("delete from twins")
    db.conn.executemany(
        "insert into twins (chinese, english, confidence, evidence) values (?, ?, ?, ?)",
        [(one.chinese, one.english, one.confidence, as_json(one.evidence.as_json())) for one in twins],
    )
    db.conn.execute(
        "insert or replace into looked select 'twins', max(id), ? from articles having max(id) is not null", [at]
    )


def pairs(db: Database, among: Collection[int] | None = None) -> list[Pair]:
    """All of them, or those with a story `among`; the newest Chinese story first."""
    if not _kept(db):
        return []
    return [pair for ids, pair in _read(db.execute(_NEWEST).fetchall()) if among is None or not ids.isdisjoint(among)]


def of(db: Database, url: str) -> Pair | None:
    """The pair that the story at this address belongs to."""
    if not _kept(db):
        return None
    return next((pair for _, pair in _read(db.execute(_OF_ONE, [url, url]).fetchall())), None)


def _kept(db: Database) -> bool:
    """Whether there is a table of them: a database of before has none."""
    return "twins" in db.table_names()


def _read(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[set[int], Pair]]:
    for confidence, evidence, *both, one, other in rows:
        chinese, english = (
            Side(url=url, title=title, site=site, published=published)
            for url, title, site, published in (both[:4], both[4:])
        )
        yield (
            {one, other},
            Pair(chinese=chinese, english=english, confidence=confidence, evidence=json.loads(evidence)),
        )
