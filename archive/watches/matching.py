"""Which events meet a watch's query, each as an item of a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archive.changes.changes import Asked, changes
from archive.changes.table import row
from archive.identity import identifier
from archive.search.search import condition
from archive.watches.journal import Event, Journal, change_id
from archive.watches.watch import Watch

if TYPE_CHECKING:
    from sqlite_utils import Database

MOST = 200  # items of one digest; more are told in several
_EXCERPT = 240  # characters of a new story
_BATCH, _FARTHEST = 400, 4000  # events that are looked at together, and for a feed in all


def matching(db: Database, watch: Watch, events: Sequence[Event]) -> list[dict[str, Any]]:
    """The events that meet the query, as items, in their order. Raises archive.search.query.QueryError."""
    found = _stories(db, watch, [one for one in events if one.id.startswith("new:")])
    others = {one.id for one in events} - {one.id for one in events if one.id.startswith("new:")}
    if others:
        told = changes(
            db,
            Asked(query=watch.query, since=min(one.at for one in events if one.id in others)[:10]),
            limit=len(others),
            most=len(others),
            only=lambda candidate: change_id(candidate) in others,
        )
        for event in told.events:
            id_ = f"{event.kind}:{identifier(event.url)}:{''.join(filter(str.isdigit, event.at))[:14]}"
            found[id_] = {"id": id_} | row(event)
    return [found[one.id] for one in events if one.id in found]


def _stories(db: Database, watch: Watch, events: Sequence[Event]) -> dict[str, dict[str, Any]]:
    if not events:
        return {}
    where, parameters = condition(db, watch.query)
    ids = {one.url: one.id for one in events}
    rows = db.execute(
        "select a.url, a.site, a.title, a.language, a.first_seen, a.published, substr(a.body, 1, ?) from articles a"
        f" where a.url in (select value from json_each(?)) and ({where})",
        [_EXCERPT, json.dumps([*ids]), *parameters],
    ).fetchall()
    return {
        ids[url]: {
            "id": ids[url],
            "kind": "new",
            "identifier": identifier(url),
            "url": url,
            "site": site,
            "title": title,
            "language": language,
            "at": at,
            "published": published,
            "excerpt": excerpt if len(excerpt) < _EXCERPT else f"{excerpt.rstrip()}…",
        }
        for url, site, title, language, at, published, excerpt in rows
    }


def parcels(watch: Watch, items: Sequence[dict[str, Any]], made: str) -> list[tuple[str, str]]:
    """Digests of these items, MOST in each: key and JSON. The key is made of what is told: the same, whenever it is."""
    found = []
    for at in range(0, len(items), MOST):
        some = items[at : at + MOST]
        key = hashlib.sha256("\n".join([watch.name, *(one["id"] for one in some)]).encode()).hexdigest()[:32]
        payload = {"key": key, "watch": watch.name, "query": watch.query, "made": made, "items": some}
        found.append((key, json.dumps(payload, ensure_ascii=False)))
    return found


def latest(db: Database, journal: Journal, watch: Watch, limit: int) -> list[dict[str, Any]]:
    """The latest items of a watch, the latest first, whether they were told or stood there when it began."""
    found: list[dict[str, Any]] = []
    place, looked = journal.end + 1, 0
    while len(found) < limit and looked < _FARTHEST and (events := journal.before(place, _BATCH)):
        found += matching(db, watch, events)
        place, looked = events[-1].n, looked + len(events)
    return found[:limit]
