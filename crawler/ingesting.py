"""Rows from what other tools recorded: whose page it is, and what kind, is found out from the pages themselves."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from archive.capture import Capture, Kind
from archive.instants import parse
from archive.rows import Rows
from archive.warc import reader
from archive.warc.history import Source, Told, tell
from archive.warc.layout import GUESTS
from archive.warc.record import Record, capture_of
from crawler.guest_pages import asks, certain, is_page, owner, shape, was_asked_for
from crawler.intake import Intake
from crawler.readers import Readers
from crawler.recall import Recall
from spiders.findings import Reading, Stories
from spiders.site import Site
from spiders.urls import is_home

INGESTED = "urn:campuswarc:ingested"
_PAGES = {"text/html", "application/xhtml+xml", None, ""}
_LISTINGS = {"application/json", "application/rss+xml", "application/atom+xml", "application/xml", "text/xml"}
_BATCH = 100  # pages in memory at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for; a resource record in the archive's own WARC, so that a rebuild does it again at its place."""

    files: tuple[str, ...]
    sites: tuple[str, ...] = ()  # empty = all
    other: Literal["index", "skip"] = "index"

    def payload(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def of(cls, payload: bytes) -> Order:
        """The reverse; raises ValueError."""
        try:
            told = json.loads(payload)
            return cls(files=tuple(told["files"]), sites=tuple(told["sites"]), other=told["other"])
        except (KeyError, TypeError) as problem:
            raise ValueError(f"not an order to ingest: {problem}") from problem


@dataclass(frozen=True, slots=True)
class _Page:
    id: int
    url: str  # canonical
    capture: Capture
    site: Site


class Ingest:
    """Takes the records of some files in: the configured listings and what they lead to first, then the stories, then the rest."""

    def __init__(
        self, rows: Rows, folder: Path, intake: Intake, sites: Mapping[str, Site], readers: Readers, trouble: Callable[[str], object], *, retake: bool = False
    ) -> None:
        """`retake` takes captures again that have their row already: where the rows of a site are made anew."""
        self._retake = retake
        self._rows, self._folder, self._intake, self._sites, self._readers, self._trouble = rows, folder, intake, sites, readers, trouble
        self._recall = Recall(rows, folder, intake, trouble)
        self.counts = self._recall.counts
        self._forms: set[str] = set()  # ids of requests that were no GET, and of the responses they name
        self._alone: dict[str, list[str]] = {}  # responses without their request beside them, and the ids they name
        self._revisits: list[tuple[str, str | None, str | None]] = []  # record, and address and date of what it says it repeats

    async def apply(self, order: Order) -> None:
        """All of it, in the transaction that is open."""
        sites = {id_: site for id_, site in self._sites.items() if not order.sites or id_ in order.sites}
        pages = sorted(self._asked_for(list(self._enter(order, sites))), key=lambda page: (page.capture.fetched_at, page.id))
        self._resolve()
        if self._retake and pages:
            self._intake.addresses.present = max(page.id for page in pages)
        listings = await self._listings(pages, sites)
        rest = [page for page in pages if page.id not in listings]
        await self._take([page for page in rest if page.capture.mime in _PAGES], ("article",))
        await self._recall.take_named(sites, self._readers.read)
        await self._take(rest, ("attachment", "requisite"))
        await self._recall.take_named(sites, self._readers.read)

    def _enter(self, order: Order, sites: Mapping[str, Site]) -> Iterator[_Page]:
        """Enter captures; those of the sites are pages."""
        for warc in order.files:
            try:
                path = reader.find(self._folder, warc)
            except (FileNotFoundError, ValueError) as problem:
                self._trouble(str(problem))
                continue
            told = tell(
                Source(warc, path, ""), on_request=self._note, on_damage=lambda damage, warc=warc: self._trouble(  # type: ignore[misc]  # a default binds the loop's value
                    f"{warc}, offset {damage.offset}: {damage.length} bytes are no record: {damage.reason}"),
            )
            try:
                for one in told:
                    yield from self._enter_one(one, sites, order.other)
            except reader.DamagedRecord as problem:
                self._trouble(str(problem))

    def _note(self, request: Record) -> None:
        if not asks(request):
            self._forms |= {request.record_id, *request.all("WARC-Concurrent-To")}

    def _asked_for(self, pages: list[_Page]) -> Iterator[_Page]:
        """Without the answers to forms whose requests stand elsewhere in the files."""
        answers = {id_ for id_, named in self._alone.items() if not self._forms.isdisjoint((id_, *named))}
        for id_ in answers:
            row, capture = self._rows.captures.row_of(id_), self._rows.captures.by_record(id_)
            if row is not None and capture is not None and capture.warc.startswith(f"{GUESTS}/"):
                self._rows.captures.recast(row, "probe", "")
                self.counts["answers to forms"] += 1
        return (page for page in pages if page.capture.record_id not in answers)

    def _enter_one(self, told: Told, sites: Mapping[str, Site], other: str) -> Iterator[_Page]:
        record = told.record
        if not is_page(record):
            return
        capture = replace(capture_of(record, told.source.warc, told.offset, told.length), site="", kind="probe", run=None, via=None, tls=None)
        if not capture.record_id:  # the standard asks for one; made of what the record holds it is the same each time
            capture = replace(capture, record_id=f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{capture.url} {capture.fetched_at} {capture.payload_digest}')}>")
        try:
            parse(capture.fetched_at)
        except ValueError as problem:
            self._trouble(f"{capture.warc}, offset {capture.offset}: {problem}")
            return
        if record.type == "revisit":
            self._revisits.append((capture.record_id, record.field("WARC-Refers-To-Target-URI"), record.field("WARC-Refers-To-Date")))
        if told.request is None:
            self._alone[capture.record_id] = record.all("WARC-Concurrent-To")
        if was_asked_for(told):  # else it stays a probe, which nothing is read from
            kind: Kind = "robots" if capture.url.endswith("/robots.txt") else "article" if capture.mime in _PAGES else "requisite"
            capture = replace(capture, kind=kind)
        found = owner(told, sites)
        known = self._rows.captures.by_record(capture.record_id)
        if found is None and other == "skip":
            self.counts["skipped"] += 1
        elif known is not None and found is not None and not known.site:
            site, url = found
            id_ = self._rows.captures.row_of(capture.record_id)
            assert id_ is not None
            self._rows.captures.recast(id_, capture.kind, site.id)
            yield _Page(id_, url, replace(known, site=site.id, kind=capture.kind), site)
            self.counts["of sites configured since"] += 1
        elif known is not None and not (self._retake and found):
            self.counts["known already"] += 1
        elif found is None:
            self._rows.captures.add(capture)
            self.counts["indexed"] += 1
        else:
            site, url = found
            capture = replace(capture, site=site.id)
            id_ = self._rows.captures.enter(capture)
            if id_ is not None:
                yield _Page(id_, url, capture, site)
                self.counts["captures"] += 1

    def _resolve(self) -> None:
        """Find what revisits repeat that name it by address and date, by its payload, or not at all."""
        captures = self._rows.captures
        for record_id, url, at in self._revisits:
            id_, revisit = captures.row_of(record_id), captures.by_record(record_id)
            if id_ is None or revisit is None or (revisit.refers_to and captures.holds(revisit.refers_to)):
                continue
            found = captures.at(url or revisit.url, at or "")
            if found is None:
                found = captures.stood_at(revisit.url, revisit.fetched_at) if revisit.status == 304 else captures.with_payload(revisit.payload_digest or "")
            if found is not None:
                captures.refer(id_, found.record_id)
        self._revisits.clear()

    async def _listings(self, pages: Iterable[_Page], sites: Mapping[str, Site]) -> set[int]:
        """Read first pages of the configured listings and the older pages they lead to; row ids of their captures."""
        by_url: dict[str, list[_Page]] = defaultdict(list)
        for page in pages:
            if page.capture.mime in _PAGES or page.capture.mime in _LISTINGS:
                by_url[page.url].append(page)
        ahead = deque((seed.url, "listing") for site in sites.values() for seed in site.listings)
        taken: set[int] = set()
        while ahead:
            url, kind = ahead.popleft()
            for page in by_url.pop(url, ()):
                task = self._rows.frontier.get(url)
                reading = await self._read(page, task.kind if task and task.kind in ("listing", "older") else kind, {})
                taken.add(page.id)
                if isinstance(reading, Stories) and reading.older:
                    ahead.append((reading.older, "older"))
        return taken

    async def _take(self, pages: list[_Page], kinds: tuple[str, ...]) -> None:
        """Take pages which the frontier knows as one of these kinds; of those it does not know, what is a story beyond doubt."""
        shapes: dict[str, set[str]] = {}
        for n in range(0, len(pages), _BATCH):
            for page in pages[n : n + _BATCH]:
                task = self._rows.frontier.get(page.url)
                if task is not None and task.kind in kinds:
                    await self._read(page, task.kind, task.hint if task.kind == "article" else {})
                elif task is None and "article" in kinds and page.capture.status == 200 and not is_home(page.url):
                    if page.site.id not in shapes:
                        shapes[page.site.id] = self._shapes(page.site.id)
                    known = shapes[page.site.id]
                    if not known or shape(page.url) in known:
                        await self._read(page, "article", {}, only_stories=True)

    async def _read(self, page: _Page, kind: str, hint: dict[str, object], *, only_stories: bool = False) -> Reading | None:
        held = self._recall.held(page.id, page.url, page.capture, page.site, kind, hint)
        if held is None:
            return None
        reading = await self._readers.read(held.answer, page.site)
        if only_stories and not certain(reading):
            return None
        return reading if self._recall.take(held, reading) else None

    def _shapes(self, site: str) -> set[str]:
        """How the addresses of its known stories look."""
        rows = self._rows.db.conn.execute("select url from frontier where site = ? and kind = 'article' and article is not null limit 5000", [site])
        return {shape(url) for (url,) in rows}


def ingest(rows: Rows, folder: Path, intake: Intake, sites: Mapping[str, Site], order: Order, *, processes: int, trouble: Callable[[str], object]) -> Counter[str]:
    """Apply an order outside of a replay; what was counted."""

    async def run() -> Counter[str]:
        readers = Readers(sites, processes)
        try:
            work = Ingest(rows, folder, intake, sites, readers, trouble)
            await work.apply(order)
        finally:
            readers.close()
        return work.counts

    return asyncio.run(run())
