"""Watches at work: what is new is matched, packed, delivered; a watch goes forward when it is packed, and what is
packed stays until it is acknowledged.

A kill at any point loses nothing: before the pack is committed the next run packs the same events, after it the next
run delivers the same bytes under the same key. Delivery is at least once: where a kill falls between an acknowledgement
and its note, the same key comes twice, and `Idempotency-Key` tells a webhook that it has it already.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import closing
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from archive.instants import iso, now
from archive.search.query import QueryError
from archive.store.db import open_reader
from archive.store.lock import WriterLock
from archive.store.withheld import unlisted
from archive.watches.journal import Journal, Parcel, payload_of
from archive.watches.matching import matching, parcels
from archive.watches.watch import Watch, load
from crawler.archive_folder import ArchiveFolder
from crawler.reporting.delivery import send, within
from spiders.tables import ConfigError

if TYPE_CHECKING:
    from sqlite_utils import Database

_PATIENCE = 30.0  # seconds of silence
_MOST_LINES = 30  # items of a digest for people; how many more there are is said
Told = Callable[[str], object]


def look(db: Database, journal: Journal, watches: Iterable[Watch], told: Told) -> dict[str, int]:
    """Note what is new and pack what each watch is to tell of it; how many items, by watch. A watch that has not begun
    begins now; one whose query cannot be asked stays where it is."""
    journal.note(db)
    packed = {}
    for watch in watches:
        cursor = journal.cursor(watch.name)
        if cursor is None:
            journal.begin(watch.name)
            told(f"watch {watch.name} begins now: it tells what comes from here on")
            continue
        events = journal.after(cursor)
        if not events:
            continue
        try:
            items, at = matching(db, watch, events), iso(now())
        except QueryError as problem:
            told(f"watch {watch.name}: {problem}")
            continue
        journal.pack(watch.name, parcels(watch, items, at) if watch.notify else [], events[-1].n, at)
        packed[watch.name] = len(items)
    return packed


def withdraw(db: Database, journal: Journal) -> None:
    """Take out of what waits what has been withheld since it was packed: the rest is a digest under a key of its own,
    for those who have not got the whole."""
    for parcel in journal.outbox():
        payload: dict[str, Any] = payload_of(parcel.payload)
        items = payload["items"]
        hidden = unlisted(db, [one["url"] for one in items])
        if hidden:
            watch = Watch(name=parcel.watch, query=payload["query"])
            kept = [one for one in items if one["url"] not in hidden]
            journal.instead(parcel.key, parcels(watch, kept, payload["made"]))


def withdraw_now(home: ArchiveFolder) -> None:
    """`withdraw`, as soon as something is withheld; nothing of it stays in the file. Raises Locked where watches are
    told just now, and sqlite3.Error."""
    if not home.watch_journal.exists():
        return
    lock = WriterLock(home.watches.with_suffix(".lock"))
    lock.acquire()
    try:
        with Journal(home.watch_journal) as journal, closing(open_reader(home.database)) as db:
            withdraw(db, journal)
    finally:
        lock.release()


def deliver(journal: Journal, watches: dict[str, Watch], agent: str, told: Told) -> int:
    """Send what waits, each to the addresses that have not acknowledged it; how many digests could not be delivered,
    which the next run tries again."""
    wrong = 0
    for parcel in journal.outbox():
        watch = watches.get(parcel.watch)
        if watch is None:
            journal.forget(parcel.watch)
            continue
        problems = []
        for address in watch.notify:
            if journal.has_got(parcel.key, address):
                continue
            try:
                post(address, parcel, agent)
            except ConfigError as problem:
                problems.append(str(problem))
                continue
            journal.got(parcel.key, address)
        if problems:
            wrong += 1
            journal.failed(parcel.key, "; ".join(problems))
            told(f"watch {watch.name}: not delivered, and tried again by the next run: {'; '.join(problems)}")
        else:
            journal.done(parcel.key)
    return wrong


def post(address: str, parcel: Parcel, agent: str) -> None:
    """Deliver to one address: returns when it is acknowledged. Raises ConfigError."""
    if not address.startswith(("http://", "https://")):
        payload = payload_of(parcel.payload)
        send([address], title(payload), text(payload), of=f"watch {parcel.watch}")
        return
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": parcel.key, "User-Agent": agent}
    shown = "/".join(address.split("/")[:3])  # what follows may be a secret
    try:
        request = Request(address, data=parcel.payload.encode(), headers=headers, method="POST")
        status = within(lambda: _status(request))
    except HTTPError as problem:
        status = problem.code
        problem.close()
    except (URLError, OSError, ValueError, HTTPException) as problem:  # the last: what answers speaks no HTTP
        raise ConfigError(f"{shown}: {getattr(problem, 'reason', None) or problem}") from None
    if not 200 <= status < 300:
        raise ConfigError(f"{shown} answered {status}")


def _status(request: Request) -> int:
    """What it was answered; nothing of the answer's body is read."""
    with build_opener(_NoRedirect).open(request, timeout=_PATIENCE) as answer:
        return int(answer.status)


class _NoRedirect(HTTPRedirectHandler):
    """A redirected POST becomes a GET that acknowledges nothing."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def title(payload: dict[str, Any]) -> str:
    """In one line: how many of what."""
    kinds = [one["kind"] for one in payload["items"]]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    return f"campuswarc {payload['watch']}: {counted}"


def text(payload: dict[str, Any]) -> str:
    """The digest for people."""
    lines = [f"{payload['watch']}: {payload['query']}", ""]
    for one in payload["items"][:_MOST_LINES]:
        lines += [f"{one['kind']}  {one['at'][:10]}  {one['site']}  {one['title']}", f"  {one['url']}"]
        lines += [f"  - {words}" for words in one.get("removed", [])[:3]]
        lines += [f"  + {words}" for words in one.get("added", [])[:3] if one["kind"] == "edited"]
    if len(payload["items"]) > _MOST_LINES:
        lines.append(f"and {len(payload['items']) - _MOST_LINES} more")
    lines += ["", f"digest {payload['key']}"]
    return "\n".join(lines) + "\n"


def sample(watch: Watch) -> Parcel:
    """A digest that tells nothing, to see whether it arrives."""
    item = {"id": "test", "kind": "test", "at": iso(now()), "site": "", "title": "A test", "url": ""}
    payload = {"key": "test", "watch": watch.name, "query": watch.query, "made": iso(now()), "items": [item]}
    return Parcel("test", watch.name, json.dumps(payload, ensure_ascii=False), "")


def tell(home: ArchiveFolder, agent: str, told: Told) -> int:
    """All of it, for one archive: what was left to send, what is new, and that sent; how many digests could not be.

    Raises BadWatch, Locked where another process is at it, and sqlite3.Error.
    """
    watches = load(home.watches)
    lock = WriterLock(home.watches.with_suffix(".lock"))
    lock.acquire()
    try:
        with Journal(home.watch_journal) as journal, closing(open_reader(home.database)) as db:
            for name, n in look(db, journal, watches.values(), told).items():
                if n:
                    told(f"watch {name}: {n:,} new")
            withdraw(db, journal)
            return deliver(journal, watches, agent, told)
    finally:
        lock.release()
