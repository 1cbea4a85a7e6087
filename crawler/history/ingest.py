"""Rows from what other tools recorded: whose page it is, and what kind, is found out from the pages themselves."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

from archive.capture import Capture, Kind
from archive.store.originals import Originals
from archive.store.rows import Rows
from archive.warc import reader
from archive.warc.captured import capture_of, made_id
from archive.warc.history import Recorded, Source, recorded
from archive.warc.layout import GUESTS
from archive.warc.record import Record
from archive.warc.stated import wrong
from crawler.history.foreign_pages import asks, certain, owner, passed_over, shape, was_asked_for
from crawler.history.known_elsewhere import KnownElsewhere
from crawler.intake import Intake
from crawler.workers.readers import Readers
from spiders.findings import Reading, Stories
from spiders.site import Site
from spiders.urls import canonical, is_home

_PAGES = {"text/html", "application/xhtml+xml", None, ""}
_LISTINGS = {"application/json", "application/rss+xml", "application/atom+xml", "application/xml", "text/xml"}
_OF_HOSTS = ("/robots.txt", "/ai.txt", "/.well-known/tdmrep.json")
_BATCH = 100  # pages in memory at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for; a resource record in the archive's own WARC, so that a rebuild does it again at its place."""

    files: tuple[str, ...]
    sites: tuple[str, ...] = ()  # empty = all
    other: Literal["index", "skip"] = "index"
    # of the files as they came, by which their rot is told from the faults they came with
    sha256: Mapping[str, str] = field(default_factory=dict)

    def payload(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def of(cls, payload: bytes) -> Order:
        """The reverse; raises ValueError."""
        try:
            told = json.loads(payload)
            return cls(
                files=tuple(told["files"]),
                sites=tuple(told["sites"]),
                other=told["other"],
                sha256=dict(told.get("sha256", {})),
            )
        except (KeyError, TypeError) as problem:
            raise ValueError(f"not an order to ingest: {problem}") from problem


@dataclass(frozen=True, slots=True)
class _Page:
    id: int
    url: str  # canonical
    capture: Capture
    site: Site


class Ingest:
    """Takes the records of some files in: the configured listings and what they lead to first, then the stories, then
    the rest."""

    def __init__(
        self,
        rows: Rows,
        folder: Path,
        intake: Intake,
        sites: Mapping[str, Site],
        readers: Readers,
        trouble: Callable[[str], object],
        *,
        retake: bool = False,
        damaged: Callable[[str, str], object] | None = None,
    ) -> None:
        """`retake` takes captures again that have their row already: where the rows of a site are made anew. `damaged`
        is told the file and in words what of it is no record; a trouble like others where nobody asks."""
        self._retake = retake
        self._damaged = damaged or (lambda warc, text: trouble(text))
        self._rows, self._folder, self._intake, self._sites, self._readers, self._trouble = (
            rows,
            folder,
            intake,
            sites,
            readers,
            trouble,
        )
        self._recall = KnownElsewhere(rows, folder, intake, trouble)
        self.counts = self._recall.counts
        self._forms: set[str] = set()  # ids of requests that were no GET, and of the responses they name
        self._alone: dict[str, list[str]] = {}  # responses without their request beside them, and the ids they name
        self._revisits: list[int] = []  # row ids of those that these files hold

    async def apply(self, order: Order) -> None:
        """All of it, in the transaction that is open."""
        sites = {id_: site for id_, site in self._sites.items() if not order.sites or id_ in order.sites}
        waiting = self._rows.captures.waiting()
        entered = list(self._enter(order, sites))
        pages = sorted(
            self._asked_for([*self._with_originals(entered), *self._come_true(waiting, sites)]),
            key=lambda page: (page.capture.fetched_at, page.id),
        )
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
            told = recorded(
                Source(warc, path, ""),
                on_request=self._note,
                on_other=lambda record: self._pass(passed_over(record) or "of no use"),
                # a default binds the loop's value
                on_damage=lambda damage, warc=warc: self._damaged(  # type: ignore[misc]
                    warc, f"{warc}, offset {damage.offset}: {damage.length} bytes are no record: {damage.reason}"
                ),
            )
            try:
                for one in told:
                    yield from self._enter_one(one, sites, order.other)
            except reader.DamagedRecord as problem:
                self._damaged(warc, str(problem))

    def _pass(self, why: str) -> None:
        self.counts[f"records passed over: {why}"] += 1

    def _known(self, capture: Capture, record: Record) -> tuple[Capture | None, Capture]:
        """The row of that very record, if it has one; and the capture with an id that no other page has: some tools use
        one twice."""
        there = self._rows.captures.by_record(capture.record_id)
        if there is None or _is_same(there, capture, record):
            return there, capture
        capture = replace(capture, record_id=made_id(record))
        return self._rows.captures.by_record(capture.record_id), capture

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

    def _enter_one(self, told: Recorded, sites: Mapping[str, Site], other: str) -> Iterator[_Page]:
        record = told.record
        if (why := passed_over(record)) is not None:
            self._pass(why)
            return
        capture = capture_of(record, told.source.warc, told.offset, told.length)
        if not capture.fetched_at:
            self._pass("without a date")
            return
        if told.request is None:
            self._alone[capture.record_id] = record.all("WARC-Concurrent-To")
        if was_asked_for(told):  # else it stays a probe, which nothing is read from
            kind: Kind = (
                "robots" if capture.url.endswith(_OF_HOSTS) else "article" if capture.mime in _PAGES else "requisite"
            )
            capture = replace(capture, kind=kind)
        found = owner(told, sites)
        known, capture = self._known(capture, record)
        if found is None and other == "skip":
            self.counts["skipped"] += 1
            return
        if known is None and wrong(record):
            self.counts["records that fail their own digest"] += 1
        if known is not None and found is not None and not known.site:
            site, url = found
            id_ = self._rows.captures.row_of(capture.record_id)
            assert id_ is not None
            self._rows.captures.recast(id_, capture.kind, site.id)
            yield _Page(id_, url, replace(known, site=site.id, kind=capture.kind), site)
            self.counts["of sites configured since"] += 1
        elif known is not None and not (self._retake and found):
            self.counts["known already"] += 1
        elif found is None:
            self._entered(self._rows.captures.add(capture), capture)
            self.counts["indexed"] += 1
        else:
            site, url = found
            capture = replace(capture, site=site.id)
            id_ = self._rows.captures.enter(capture)
            if id_ is not None:
                self._entered(id_, capture)
                yield _Page(id_, url, capture, site)
                self.counts["captures"] += 1

    def _entered(self, id_: int, capture: Capture) -> None:
        if capture.record_type == "revisit":
            self._revisits.append(id_)

    def _with_originals(self, entered: list[_Page]) -> Iterator[_Page]:
        """Pages, without the revisits whose original is not here: they wait for a file that has it."""
        originals = Originals(self._rows.captures, self._folder)
        waits = {id_ for id_ in self._revisits if not originals.resolve(id_)}
        self._revisits.clear()
        if waits:
            self.counts["revisits that wait for what they repeat"] += len(waits)
        return (
            replace(page, capture=self._rows.captures.get(page.id) or page.capture)
            for page in entered
            if page.id not in waits or page.capture.status == 304
        )

    def _come_true(self, waiting: list[int], sites: Mapping[str, Site]) -> Iterator[_Page]:
        """Revisits of files ingested earlier, whose originals have come now."""
        originals = Originals(self._rows.captures, self._folder)
        for id_ in waiting:
            if originals.resolve(id_) and (capture := self._rows.captures.get(id_)) is not None:
                self.counts["revisits of earlier files resolved"] += 1
                if capture.site in sites and capture.kind not in ("probe", "robots"):
                    yield _Page(id_, canonical(capture.url), capture, sites[capture.site])

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
        """Take pages which the frontier knows as one of these kinds; of those it does not know, what is a story beyond
        doubt."""
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

    async def _read(
        self, page: _Page, kind: str, hint: dict[str, object], *, only_stories: bool = False
    ) -> Reading | None:
        held = self._recall.held(page.id, page.url, page.capture, page.site, kind, hint)
        if held is None:
            return None
        reading = await self._readers.read(held.answer, page.site)
        if only_stories and not certain(reading):
            return None
        return reading if self._recall.take(held, reading) else None

    def _shapes(self, site: str) -> set[str]:
        """How the addresses of its known stories look."""
        rows = self._rows.db.conn.execute(
            "select url from frontier where site = ? and kind = 'article' and article is not null limit 5000", [site]
        )
        return {shape(url) for (url,) in rows}


def _is_same(there: Capture, capture: Capture, record: Record) -> bool:
    """Whether a row and a capture of one id are of one record, and not of two pages."""
    digests = (capture.payload_digest, record.field("WARC-Payload-Digest"))
    alike = (
        there.url == capture.url
        and there.fetched_at == capture.fetched_at
        and (capture.record_type == "revisit" or there.payload_digest in digests)
    )
    return alike or (there.warc, there.offset) == (capture.warc, capture.offset)


def ingest(
    rows: Rows,
    folder: Path,
    intake: Intake,
    sites: Mapping[str, Site],
    order: Order,
    *,
    processes: int,
    trouble: Callable[[str], object],
) -> Counter[str]:
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
