"""Who copied whom: near-duplicates as clusters, which story of each came out first, and how much later the others did.

Derived from the pointers of `near_duplicate_of` when it is asked for, so it is the same after a rebuild and a merge.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from archive.identity import identifier

if TYPE_CHECKING:
    from sqlite_utils import Database

# a local date without its zone: it begins somewhere on earth, and ends somewhere
_EARLIEST, _LATEST = timedelta(hours=14), timedelta(hours=36)
_FACTS = "a.id, a.url, a.site, a.title, a.language, a.published, a.first_seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A story of a cluster."""

    id: int
    url: str
    site: str
    title: str
    language: str | None
    published: str | None
    first_seen: str
    hours: Annotated[float | None, "Since the first one came out; None where the order or a time of day is not known"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Stories that are the same story."""

    id: Annotated[str, "Identifier of the one that was captured first, by address where that is a tie"]
    first: Annotated[str | None, "Address of the one that surely came out first; None where the pages do not tell"]
    members: Annotated[list[Member], "By time of publication as it is stated, undated last"]


@dataclass(frozen=True, slots=True)
class Place:
    """What a dataset says of a story in a cluster."""

    cluster: str
    cluster_size: int
    first_in_cluster: str | None
    hours_after_first: float | None


def clusters(db: Database, among: Collection[int] | None = None) -> list[Cluster]:
    """All clusters, or those with a story `among`; the greatest first."""
    pointers = dict(
        db.execute("select id, near_duplicate_of from articles where near_duplicate_of is not null").fetchall()
    )
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for id_ in pointers:
        groups[_root(id_, pointers)].append(id_)
    if among is not None:
        wanted = set(among)
        groups = defaultdict(list, {r: ids for r, ids in groups.items() if r in wanted or not wanted.isdisjoint(ids)})
    chosen = json.dumps([id_ for root, ids in groups.items() for id_ in (root, *ids)])
    rows = {
        row[0]: row
        for row in db.execute(
            f"select {_FACTS} from articles a where a.id in (select value from json_each(?))", [chosen]
        ).fetchall()
    }
    found = []
    for root, ids in groups.items():
        shown = [rows[id_] for id_ in dict.fromkeys((root, *ids)) if id_ in rows]  # the others are withheld
        if len(shown) > 1:
            found.append(_cluster(rows.get(root) or min(shown, key=lambda row: (row[6], row[1])), shown))
    return sorted(found, key=lambda one: (-len(one.members), one.id))


def places(db: Database) -> dict[int, Place]:
    """Of each story that is in a cluster, by its row."""
    return {
        member.id: Place(one.id, len(one.members), one.first, member.hours)
        for one in clusters(db)
        for member in one.members
    }


def _root(id_: int, pointers: dict[int, int]) -> int:
    """Where the pointers lead; those that a run has not yet set may lead round."""
    seen = {id_}
    while (following := pointers.get(id_)) is not None and following not in seen:
        seen.add(following)
        id_ = following
    return min(seen) if following is not None else id_


def _cluster(root: tuple[int, str], rows: list[tuple[int, str, str, str, str | None, str | None, str]]) -> Cluster:
    rows.sort(key=lambda row: (row[5] is None, row[5] or "", row[6], row[1]))
    first = _first([(row[1], row[5]) for row in rows])
    begun = next((_instant(row[5]) for row in rows if row[1] == first), None)
    members = []
    for id_, url, site, title, language, published, first_seen in rows:
        at = _instant(published)
        hours = round((at - begun).total_seconds() / 3600, 1) if at is not None and begun is not None else None
        members.append(
            Member(
                id=id_,
                url=url,
                site=site,
                title=title,
                language=language,
                published=published,
                first_seen=first_seen,
                hours=hours,
            )
        )
    return Cluster(id=identifier(root[1]), first=first, members=members)


def _first(stories: list[tuple[str, str | None]]) -> str | None:
    """The one that came out before all others whatever the zones of their dates; None where that cannot be told."""
    spans = [(url, _span(published)) for url, published in stories]
    if any(span is None for _, span in spans):
        return None
    known = sorted((span[1], span[0], url) for url, span in spans if span is not None)
    latest, _, url = known[0]
    return url if all(latest < begin for _, begin, other in known if other != url) else None


def _instant(published: str | None) -> datetime | None:
    if published is None or len(published) <= 10:
        return None
    try:
        found = datetime.fromisoformat(published)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _span(published: str | None) -> tuple[datetime, datetime] | None:
    """Between which instants it came out."""
    at = _instant(published)
    if at is not None:
        return at, at
    if published is None or len(published) != 10:
        return None
    try:
        day = datetime.fromisoformat(published).replace(tzinfo=UTC)
    except ValueError:
        return None
    return day - _EARLIEST, day + _LATEST
