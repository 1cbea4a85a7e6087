"""Changes of stories, the latest first, with the words that came and went and what they weigh."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

from archive.changes.candidates import KINDS, Candidate, Kind, candidates
from archive.changes.weight import menus_of, weight
from archive.difference import Piece, pieces
from archive.packed_html import in_sql
from archive.patterns import deferred
from archive.search.edited_words import counter
from archive.search.query import AllOf, Filter, Node, QueryError, edits, parse
from archive.search.search import condition

if TYPE_CHECKING:
    from sqlite_utils import Database

_AROUND, _MOST_TEXT, _MOST_PIECES = 24, 300, 24  # characters around a change, of one passage; passages
_VERSION = f"select title, body, {in_sql()}, seen_from from versions where article = ? and n = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which changes are wanted."""

    query: Annotated[str, "Of the stories, as in search; its added: and removed: are of the change"] = ""
    site: str | None = None
    since: Annotated[str | None, "A day, month or year"] = None
    until: str | None = None
    kinds: Annotated[tuple[Kind, ...], "One or several of KINDS"] = KINDS
    min_weight: Annotated[float | None, "None: all but edits that weigh nothing"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change of one story."""

    kind: Kind
    url: str
    site: str
    title: str
    language: str | None
    at: Annotated[str, "Time of the capture that showed it first"]
    since: Annotated[str, "Time at which the story was last seen otherwise"]
    weight: Annotated[float, "Share of the words, 0 to 1: see archive.changes.weight"]
    added: Annotated[list[str], "Passages that came"]
    removed: Annotated[list[str], "Passages that went"]
    excerpt: Annotated[list[Piece], "Both, with the words around them"]
    former: Annotated[str, "Address before, of a story that moved"]
    versions: Annotated[tuple[int, int] | None, "Numbers of the two versions of an edit"]
    version_times: Annotated[tuple[str, str] | None, "The times from which they were seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of changes."""

    events: list[Event]
    more: Annotated[bool, "Whether there are further ones"]
    unread: Annotated[int, "Older changes that were not looked at, since `most` had been"]


def changes(
    db: Database,
    asked: Asked,
    *,
    limit: int = 50,
    offset: int = 0,
    most: int = 2000,
    only: Callable[[Candidate], bool] = lambda one: True,
) -> Found:
    """Changes that were asked for, from the `offset`th; the texts of `most` are compared, of those that are `only`.
    Raises QueryError."""
    tree = parse(asked.query)
    wanted = [_holds(db, one) for one in _of_the_change(tree)]
    where, parameters = condition(db, asked.query)
    if asked.site:
        where, parameters = f"({where}) and a.site = ?", [*parameters, asked.site]
    since, until = _day(asked.since), _day(asked.until)
    queue = heapq.merge(
        *(candidates(db, kind, (where, parameters), since, until) for kind in asked.kinds),
        key=lambda one: one.at,
        reverse=True,
    )
    events: list[Event] = []
    wanted_ones = filter(only, queue)
    for looked, candidate in enumerate(wanted_ones):
        if looked == most:
            return Found(events=events[offset:], more=False, unread=1 + sum(1 for _ in wanted_ones))
        event = _event(db, candidate, wanted)
        if event is None or not _weighs(event, asked.min_weight):
            continue
        if len(events) == offset + limit:
            return Found(events=events[offset:], more=True, unread=0)
        events.append(event)
    return Found(events=events[offset:], more=False, unread=0)


_Test = Callable[[str, str], bool]  # of the text before and after


def _of_the_change(tree: Node) -> list[Filter]:
    """added: and removed: that every change must meet; in brackets or after NOT they are of the story."""
    parts = tree.parts if isinstance(tree, AllOf) else (tree,)
    return [part for part in parts if isinstance(part, Filter) and edits(part)]


def _holds(db: Database, one: Filter) -> _Test:
    times = counter(db, one.value)
    if one.name == "added":
        return lambda old, new: times(new) > times(old)
    return lambda old, new: times(new) < times(old)


def _weighs(event: Event, least: float | None) -> bool:
    return (event.weight > 0 or event.kind != "edited") if least is None else event.weight >= least


def _event(db: Database, one: Candidate, wanted: list[_Test]) -> Event | None:
    """The change in full; None where its words are not the wanted ones."""
    title: list[Piece] = []
    body: list[Piece] = []
    menus: set[str] = set()
    versions = times = None
    if one.kind == "edited":
        old, new = (db.execute(_VERSION, [one.article, n]).fetchone() for n in (one.n - 1, one.n))
        if any(not test(f"{old[0]}\n{old[1]}", f"{new[0]}\n{new[1]}") for test in wanted):
            return None
        title, body = pieces(old[0], new[0]), pieces(old[1], new[1])
        menus = menus_of(old[2]) | menus_of(new[2])
        versions, times = (one.n - 1, one.n), (old[3], new[3])
    elif one.kind == "deleted":
        text = db.execute("select body from articles where id = ?", [one.article]).fetchone()[0]
        if any(not test(f"{one.title}\n{text}", "") for test in wanted):
            return None
        body = [("deleted", text)]
    elif wanted:  # a story that is back, or elsewhere, says what it said
        return None
    elif one.kind == "back":
        body = [("added", db.execute("select body from articles where id = ?", [one.article]).fetchone()[0])]
    return Event(
        kind=one.kind,
        url=one.url,
        site=one.site,
        title=one.title,
        language=one.language,
        at=one.at,
        since=one.since,
        weight=weight(title, body, menus) if one.kind == "edited" else float(one.kind != "moved"),
        added=_passages("added", title, body),
        removed=_passages("deleted", title, body),
        excerpt=list(_excerpt(title)) + list(_excerpt(body)),
        former=one.former if one.former != one.url else "",
        versions=versions,
        version_times=times,
    )


def _passages(kind: str, *texts: list[Piece]) -> list[str]:
    found = [" ".join(text.split()) for parts in texts for of, text in parts if of == kind]
    return [_cut(text) for text in found if text][:_MOST_PIECES]


def _excerpt(parts: list[Piece]) -> Iterator[Piece]:
    """What changed, with some words around it; the rest is left out."""
    if all(kind == "same" for kind, _ in parts):
        return
    parts = parts[: 2 * _MOST_PIECES]
    for place, (kind, text) in enumerate(parts):
        if kind != "same":
            yield kind, _cut(text)
        elif len(text) > 2 * _AROUND or place in (0, len(parts) - 1):
            before = text[:_AROUND] if place else ""
            after = text[-_AROUND:] if place < len(parts) - 1 else ""
            cut = len(text) > len(before) + len(after)
            yield "same", f"{before}{'…' * cut}{after}" if cut else text
        else:
            yield "same", text
    yield "same", "\n\n"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + "…"


_DAY = deferred(r"\d{4}(-\d\d(-\d\d)?)?$")


def _day(text: str | None) -> str | None:
    if not text:
        return None
    try:
        if not _DAY.match(text):
            raise ValueError
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        raise QueryError(f"a day such as 2024-03-01, a month or a year is wanted, not {text[:40]!r}") from None
    return text
