"""Rows from what WARC files tell: records one after another as the crawl went, their pages read ahead in processes."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from archive.capture import Capture
from archive.sharing.merge import at_home
from archive.store.captures import READ
from archive.store.frontier import Kind
from archive.store.rows import Rows
from archive.store.withheld import Order as Withhold
from archive.store.withheld import Release
from archive.warc import reader, unchanged
from archive.warc.arrival import Arrivals
from archive.warc.captured import capture_of
from archive.warc.history import INGESTED, RUN, SITES, UNCHANGED, Recorded, Source, named, recorded
from archive.warc.unchanged import Still
from crawler.history import withholding
from crawler.history.acceptance import ACCEPTED, Acceptance, accept
from crawler.history.ingest import Ingest, Order
from crawler.history.known_elsewhere import KnownElsewhere
from crawler.history.run_record import RunRecord, seed_listing
from crawler.history.stored_answers import NoStoredAnswer, address, answer_of, kind_of, payload, visit
from crawler.history.withholding import OF_WITHHOLDING
from crawler.intake import Intake, Visit, hint_of
from crawler.intake.site_rows import enrol
from crawler.workers.readers import Readers
from spiders import catalogue
from spiders.findings import Answer, Reading, Stories, Unchanged
from spiders.site import Site
from spiders.tables import ConfigError

JOINED = "urn:campuswarc:merged"

# steps read ahead of the one whose turn it is. Listings are read as soon as they are seen, articles later: by then
# the listing that names them has been read, and with it what it says of them. More are read while a commit is written
_AHEAD, _ARTICLES_AHEAD, _WHILE_COMMITTING = 1000, 300, 700
_MOST_BYTES = 64 << 20  # held ahead, whatever the number of steps
_LOOK_EVERY = 20  # records seen: what can be read of them is, while others are seen
_COMMIT_EVERY = 200  # steps; a killed rebuild loses at most as many, and processes that read have work meanwhile


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay has come; with it, it can be taken up again."""

    warc: str = ""  # file of the last step
    end: int = 0  # where the next step of it may begin
    configuration: str = ""  # sites.toml in force
    seeded: tuple[str, ...] = ()  # listings that were due in the run so far
    begun: str = ""  # when that run began


def joined_files(payload: bytes) -> tuple[str, ...]:
    """Files of a record that says what was merged; raises ValueError for any other."""
    told = json.loads(payload)
    if not isinstance(told, dict) or not isinstance(told.get("files"), list):
        raise ValueError("not a record of a merge")
    return tuple(map(str, told["files"]))


def records_of(tale: Iterable[Source], on_trouble: Callable[[str], object]) -> Iterator[Recorded]:
    """Every record of these files that means something, in order."""
    for source in tale:
        yield from recorded(
            source,
            # a default binds the loop's value
            on_damage=lambda damage, warc=source.warc: on_trouble(  # type: ignore[misc]
                f"{warc}, offset {damage.offset}: {damage.length} bytes are no record: {damage.reason}"
            ),
        )


@dataclass(slots=True, eq=False)
class _Step:
    number: int
    told: Recorded
    sites: Mapping[str, Site]
    readers: Readers
    configuration: str | None = None  # a sites.toml that comes into force
    beginning: RunRecord | None = None  # of a run
    order: Order | None = None  # files of other tools that are taken in
    joined: tuple[str, ...] = ()  # files of another archive that are taken in
    accepted: Acceptance | None = None  # what a person believed
    withholding: Withhold | Release | None = None  # what a person withheld, or released
    unchanged: Sequence[Still] = ()  # addresses that said so
    capture: Capture | None = None
    id: int = 0
    url: str = ""  # as the frontier knows it
    site: Site | None = None  # None where the capture means nothing for the rows
    asked: Answer | None = None
    reading: asyncio.Future[Reading] | None = None
    bytes: int = 0


class RowBuilder:
    """Takes told records in their order. What a page says of the next ones is known before these are read, nearly
    always; where a guess was wrong the page is read again, so that the rows are those of the live crawl."""

    def __init__(
        self,
        rows: Rows,
        folder: Path,
        intake: Intake,
        sites: Mapping[str, Site],
        *,
        processes: int,
        only: Callable[[Site], bool] | None = None,
        since: Progress | None = None,
        twice: bool = False,
        readers: Readers | None = None,
        on_trouble: Callable[[str], object],
        on_remark: Callable[[str], object] = lambda text: None,
        committed: Callable[[Progress], object] = lambda progress: None,
    ) -> None:
        """`sites` are in force until the WARC files say otherwise; `twice` says that records which are known already
        are to be expected; `readers` of those sites have been launched already; `on_remark` is told of faults that
        files of other tools came with; `committed` is called inside each transaction, at its end."""
        self.rows, self._folder, self._intake, self._processes, self._only = rows, folder, intake, processes, only
        since = since or Progress()
        self._configuration, self._begun, self._seeded = since.configuration, since.begun, set(since.seeded)
        self._sites = catalogue.parse(self._configuration, SITES) if self._configuration else sites
        self._readers = readers if readers is not None and self._sites == sites else Readers(self._sites, processes)
        if readers is not None and readers is not self._readers:
            readers.close()
        self._trouble, self._remark, self._committed, self._twice = on_trouble, on_remark, committed, twice
        self._arrivals = Arrivals(folder)
        self._steps: deque[_Step] = deque()
        self._unasked: deque[_Step] = deque()
        self._unheard: dict[str, list[_Step]] = {}  # stories no listing read so far has named
        self._learnt: deque[tuple[_Step, asyncio.Future[Reading]]] = (
            deque()
        )  # listings that have been read, but not yet looked at
        self._hints: dict[str, dict[str, Any]] = {}  # of stories whose listing has been read, but not yet taken
        self._listing: dict[str, str] = {}  # page of a listing -> its first page
        self._runs: set[int] = set()
        self._place: tuple[str, int] | None = None  # of the configuration last seen
        self._bytes = self._number = 0
        self._withheld_before = rows.withholding.asked() if twice else set()
        self._recall = KnownElsewhere(rows, folder, intake, on_trouble)
        self.counts: Counter[str] = Counter()

    async def run(self, tale: Iterable[Recorded]) -> None:
        """Take all of it, commit, end the processes."""
        try:
            for told in tale:
                step = self._admit(told)
                if (
                    step.order is not None or step.joined
                ):  # what follows may refer to what it brings: nothing of that is read before
                    await self._take_all()
                if self._number % _LOOK_EVERY == 0:
                    self._ask_ahead(_ARTICLES_AHEAD)
                    await asyncio.sleep(0)
                while len(self._steps) > _AHEAD or self._bytes > _MOST_BYTES:
                    await self._next()
            await self._take_all()
            self.rows.commit()
        finally:
            self._readers.close()
            for step in self._steps:
                step.readers.close()

    async def _take_all(self) -> None:
        while self._steps:
            await self._next()

    # -- a record is seen

    def _admit(self, told: Recorded) -> _Step:
        self._number += 1
        step = _Step(self._number, told, self._sites, self._readers, bytes=len(told.record.block))
        if told.record.type == "resource":
            if told.record.url == SITES:
                self._reconfigure(step, told.record.block, (told.source.warc, told.offset))
            elif told.record.url == RUN:
                self._beginning(step)
            elif told.record.url == INGESTED:
                self._order(step)
            elif told.record.url == JOINED:
                self._joined(step)
            elif told.record.url == ACCEPTED:
                self._accepted(step)
            elif told.record.url == UNCHANGED:
                self._unchanged(step)
            elif told.record.url in OF_WITHHOLDING:
                self._withholding(step)
        else:
            self._enter(step)
        self._steps.append(step)
        self._bytes += step.bytes
        return step

    def _reconfigure(self, step: _Step, block: bytes, place: tuple[str, int]) -> None:
        text = block.decode("utf-8", "replace")
        self._place = place
        try:
            sites = catalogue.parse(text, f"{place[0]}, offset {place[1]}")
        except ConfigError as problem:
            self._trouble(f"a configuration this version cannot read: {problem}")
            return
        if sites != self._sites:
            self._sites, self._readers = sites, Readers(sites, self._processes)
        step.sites, step.readers, step.configuration = self._sites, self._readers, text

    def _beginning(self, step: _Step) -> None:
        try:
            step.beginning = RunRecord.of(step.told.record.block)
        except ValueError as problem:
            self._trouble(f"{step.told.source.warc}, offset {step.told.offset}: {problem}")
            return
        place = step.beginning.warc, step.beginning.offset
        if step.beginning.at and place != self._place and not self._twice:  # another came between the two runs
            try:
                self._reconfigure(step, reader.read(self._folder, *place).block, place)
            except (reader.DamagedRecord, OSError) as problem:
                self._trouble(
                    f"{place[0]}, offset {place[1]}: the configuration of run {step.beginning.run}: {problem}"
                )

    def _order(self, step: _Step) -> None:
        try:
            step.order = Order.of(step.told.record.block)
            self._arrivals.note(step.told.record)
        except ValueError as problem:
            self._trouble(f"{step.told.source.warc}, offset {step.told.offset}: {problem}")

    def _accepted(self, step: _Step) -> None:
        try:
            step.accepted = Acceptance.of(step.told.record.block)
        except ValueError as problem:
            self._trouble(f"{step.told.source.warc}, offset {step.told.offset}: {problem}")

    def _withholding(self, step: _Step) -> None:
        try:
            step.withholding = withholding.told(step.told.record.url, step.told.record.block)
        except ValueError as problem:
            self._trouble(f"{step.told.source.warc}, offset {step.told.offset}: {problem}")

    def _unchanged(self, step: _Step) -> None:
        try:
            step.unchanged = unchanged.told(step.told.record.block)
        except ValueError as problem:
            self._trouble(f"{step.told.source.warc}, offset {step.told.offset}: {problem}")

    def _joined(self, step: _Step) -> None:
        try:
            step.joined = joined_files(step.told.record.block)
        except ValueError as problem:
            self._trouble(f"{step.told.source.warc}, offset {step.told.offset}: {problem}")

    def _enter(self, step: _Step) -> None:
        told = step.told
        capture = capture_of(told.record, told.source.warc, told.offset, told.length)
        if capture.run is not None and capture.run not in self._runs:
            self._runs.add(capture.run)
            self.rows.runs.remember(capture.run, capture.fetched_at)
        known = self._twice and self.rows.captures.holds(capture.record_id)
        id_ = self.rows.captures.enter(capture)
        if (id_ is None and self._twice) or (
            known and id_ is not None and self._only is None and not self.rows.captures.awaits(id_)
        ):
            self.counts["known already"] += 1
            return
        if id_ is None:
            self._trouble(
                f"{told.source.warc}, offset {told.offset}: {capture.record_id} is the id of an earlier record too"
            )
            return
        self.counts["captures"] += 1
        site = self._sites.get(capture.site)
        if site is None or capture.kind not in READ or (self._only is not None and not self._only(site)):
            return
        if self._twice:
            self.rows.captures.hold([id_])  # a merge that is killed has its captures, but not yet what they say
        step.capture, step.id, step.site, step.url = capture, id_, site, address(capture, told.request)
        if capture.kind == "listing":
            self._ask(step)
        else:
            self._unasked.append(step)

    # -- its page is read ahead

    def _ask_ahead(self, ahead: int) -> None:
        """Have articles read up to as many steps ahead, but those of which nothing is known yet: they are when a
        listing has named them, or when their turn comes."""
        self._learn_what_came()
        while self._unasked and self._bytes <= _MOST_BYTES and self._unasked[0].number <= self._steps[0].number + ahead:
            step = self._unasked.popleft()
            assert step.capture is not None
            if (
                step.capture.kind == "article"
                and step.url not in self._hints
                and self.rows.frontier.get(step.url) is None
            ):
                self._unheard.setdefault(step.url, []).append(step)
            else:
                self._ask(step)

    def _ask(self, step: _Step) -> None:
        if step.reading is not None or step.capture is None or step.site is None:
            return
        task = self.rows.frontier.get(step.url)
        if step.capture.kind == "listing":
            kind, hint = "listing" if any(step.url == seed.url for seed in step.site.listings) else "older", {}
            self._listing[step.url] = (
                step.url
                if kind == "listing"
                else self._listing.get(step.capture.via or "", task.listing or "" if task else "")
            )
        else:
            kind = task.kind if task else step.capture.kind
            hint = (task.hint if task else self._hints.get(step.url, {})) if kind == "article" else {}
        try:
            body = payload(self.rows, self._folder, step.capture, step.told.record)
        except NoStoredAnswer as problem:
            self._trouble(str(problem))
            self.rows.captures.settled(step.id)
            step.site = None
            return
        if step.capture.record_type == "revisit":  # its record holds no page, but this process does now
            step.bytes += len(body)
            self._bytes += len(body)
        step.asked = answer_of(
            step.url,
            step.capture,
            step.told.record,
            body,
            kind,
            hint,
            repeated=self.rows.captures.repeats(step.id, step.capture),
        )
        step.reading = step.readers.read(step.asked, step.site)
        if step.capture.kind == "listing":
            step.reading.add_done_callback(lambda reading: self._learnt.append((step, reading)))

    def _learn_what_came(self) -> None:
        while self._learnt:
            self._learn(*self._learnt.popleft())

    def _learn(self, step: _Step, reading: asyncio.Future[Reading]) -> None:
        """Remember what a listing says of its stories until it is taken."""
        assert step.site is not None
        found = None if reading.cancelled() or reading.exception() else reading.result()
        if isinstance(found, Stories) and self._steps and step.number >= self._steps[0].number:
            section = next((seed.section for seed in step.site.listings if seed.url == self._listing.get(step.url)), "")
            named: list[_Step] = []
            for item in found.fetch:
                self._hints.setdefault(item.url, hint_of(item, section))
                named += self._unheard.pop(item.url, ())
            self._unasked.extendleft(
                sorted(named, key=lambda waiting: -waiting.number)
            )  # the first of them comes to stand first

    # -- its turn comes

    async def _next(self) -> None:
        self._ask_ahead(_ARTICLES_AHEAD)
        await asyncio.sleep(0)  # pages and readings pass between the processes while rows are made
        step = self._steps[0]
        if step.configuration is not None:
            self._configuration = step.configuration
            if step.beginning is None:
                self._enrol(step.sites, step.told.record.date)
        if step.beginning is not None:
            if step.beginning.at:
                self._enrol(step.sites, step.beginning.at)
            self._begin(step.beginning, step.sites)
        elif step.order is not None:
            self.rows.run = None
            sites = {id_: site for id_, site in step.sites.items() if self._only is None or self._only(site)}
            guests = Ingest(
                self.rows,
                self._folder,
                self._intake,
                sites,
                step.readers,
                self._trouble,
                retake=self._only is not None,
                damaged=self._damaged,
            )
            await guests.apply(step.order)
        elif step.joined:
            await self._join(step)
        elif step.accepted is not None:
            sites = {id_: site for id_, site in step.sites.items() if self._only is None or self._only(site)}
            accept(
                self.rows,
                self._folder,
                self._intake,
                sites,
                step.accepted,
                self._trouble if self._only is None else lambda text: None,
            )
        elif step.withholding is not None:
            self._withhold(step.withholding)
        elif step.unchanged:
            self._stand(step)
        elif step.capture is not None:
            self._ask(step)
            if step.reading is not None:
                await self._take(step, step.reading)
        self._steps.popleft()
        self._unheard.pop(step.url, None)
        self._bytes -= step.bytes
        if self._steps and self._steps[0].readers is not step.readers:
            step.readers.close()
        self.counts["steps"] += 1
        if self.counts["steps"] % _COMMIT_EVERY == 0 or not self._steps:
            self._committed(
                Progress(step.told.source.warc, step.told.end, self._configuration, tuple(self._seeded), self._begun)
            )
            if self._steps:
                self._ask_ahead(_WHILE_COMMITTING)
            await asyncio.to_thread(
                self._commit
            )  # half a second, in which pages and readings pass between the processes

    def _damaged(self, warc: str, text: str) -> None:
        """What verify says of a file is said here: a file that is as it came is damaged no more than it was."""
        (self._remark if self._arrivals.came_so(warc, "damaged") else self._trouble)(text)

    def _enrol(self, sites: Mapping[str, Site], at: str) -> None:
        # another archive's configuration says nothing of our own sites; those of both are told apart when ours is in
        # force again
        enrol(self.rows, sites, at, alone=not self._twice)
        self._begun = at
        self._seeded.clear()

    def _commit(self) -> None:
        with self.rows.writing:
            self.rows.commit()
            self.rows.near.update()

    def _begin(self, beginning: RunRecord, sites: Mapping[str, Site]) -> None:
        # runs are numbered anew where they come from elsewhere; what is known already is not taken again, and would
        # stay due
        if self._twice:
            return
        self.rows.runs.remember(beginning.run, self._begun)
        self.rows.runs.began(beginning.run, whole=beginning.whole, warc=beginning.warc, offset=beginning.offset)
        due = set(beginning.listings)
        for site in sites.values():
            for seed in site.listings if self._only is None or self._only(site) else ():
                if seed.url in due:
                    self._seeded.add(seed.url)
                    seed_listing(self.rows, seed.url, site.id, self._begun, whole=beginning.whole)

    def _withhold(self, said: Withhold | Release) -> None:
        """Of another archive what it withholds is taken over, but where ours withholds it too, ours decides alone."""
        if not self._twice:
            withholding.obey(self.rows, said)
        elif not isinstance(said, Release) or said.asked not in self._withheld_before:
            withholding.obey(self.rows, said, of_another=True)

    def _stand(self, step: _Step) -> None:
        """What had not changed at all: visits without a capture."""
        run = step.told.record.field("Campuswarc-Run")
        self.rows.run = int(run) if run and run.isdigit() and not self._twice else None
        for still in step.unchanged:
            site = step.sites.get(still.site)
            if site is None or (self._only is not None and not self._only(site)):
                continue
            if self._twice and (self.rows.frontier.settled_at(still.url) or "") >= still.at:
                continue
            kind = cast(Kind, still.kind)
            self._intake.take(Visit(url=still.url, site=site, kind=kind, at=still.at, reading=Unchanged()))

    async def _join(self, step: _Step) -> None:
        """The history of another archive, with its own configurations; after it ours is in force again."""
        other = RowBuilder(
            self.rows,
            self._folder,
            self._intake,
            step.sites,
            processes=self._processes,
            only=self._only,
            on_trouble=self._trouble,
            on_remark=self._remark,
            twice=True,
        )
        await other.run(
            records_of(named(self._folder, at_home(self._folder, step.joined), self._trouble), self._trouble)
        )
        enrol(self.rows, step.sites, step.told.record.date)

    async def _take(self, step: _Step, awaited: asyncio.Future[Reading]) -> None:
        assert step.capture is not None and step.site is not None and step.asked is not None
        self._seed(step.url, step.site, step.capture)
        task = self.rows.frontier.get(step.url)
        kind = task.kind if task else kind_of(self.rows, step.url, step.capture.kind)
        hint = task.hint if task and kind == "article" else {}
        reading = await awaited
        self._learn_what_came()  # of this very listing perhaps, while it is at hand
        if (kind, hint) != (step.asked.kind, step.asked.hint):
            self.counts["read again"] += 1
            step.asked = answer_of(
                step.url, step.capture, step.told.record, step.asked.body, kind, hint, repeated=step.asked.repeated
            )
            reading = await step.readers.read(step.asked, step.site)
        self.rows.run = step.capture.run
        if self._only is not None:
            self._intake.addresses.present = step.id
        self._intake.take(visit(step.site, step.id, step.capture, step.asked, reading))
        await self._recall.take_named(step.sites, step.readers.read)
        self.counts["pages"] += 1
        if isinstance(reading, Stories):
            for item in reading.fetch:
                self._hints.pop(item.url, None)

    def _seed(self, url: str, site: Site, capture: Capture) -> None:
        """The first page of a listing was made due when the run began that asked for it: for archives whose runs did
        not say which these were."""
        if capture.kind != "listing" or url in self._seeded or not any(url == seed.url for seed in site.listings):
            return
        self._seeded.add(url)
        seed_listing(
            self.rows, url, site.id, self._begun or capture.fetched_at, whole=self.rows.runs.whole(capture.run)
        )
