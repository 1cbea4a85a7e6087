"""Rows from what WARC files tell: records one after another as the crawl went, their pages read ahead in processes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.capture import Capture
from archive.sharing.merge import at_home
from archive.store.corrections import Correction
from archive.store.rows import Rows
from archive.store.withheld import Order as Withhold
from archive.store.withheld import Release
from archive.warc.arrival import Arrivals
from archive.warc.history import SITES, Recorded, Source, named, recorded
from archive.warc.unchanged import Stills
from crawler.history import correcting, withholding
from crawler.history.acceptance import Acceptance, accept
from crawler.history.admission import Admission
from crawler.history.ingest import Ingest, Order
from crawler.history.known_elsewhere import KnownElsewhere
from crawler.history.network_record import NetworkRecord, spare
from crawler.history.read_ahead import WHILE_COMMITTING, ReadAhead
from crawler.history.run_record import RunRecord, begin, seed_listing
from crawler.history.standing import stand
from crawler.history.steps import Joined, Step
from crawler.history.stored_answers import answer_of, kind_of, visit
from crawler.intake import Intake
from crawler.intake.site_rows import enrol
from crawler.workers.readers import Readers
from spiders import catalogue
from spiders.findings import Stories
from spiders.site import Site

_LOOK_EVERY = 20  # records seen: what can be read of them is, while others are seen
_COMMIT_EVERY = 200  # steps; a killed rebuild loses at most as many, and processes that read have work meanwhile


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come; with it, it can be taken up again."""

    warc: str = ""  # file of the last step
    end: int = 0  # where the next step of it may begin
    configuration: str = ""  # sites.toml in force
    seeded: tuple[str, ...] = ()  # listings that were due in the run so far
    begun: str = ""  # when that run began
    came: Mapping[str, str] = field(default_factory=dict)  # what files of other tools came with, as told so far


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


class RowBuilder:
    """Takes told records in their order, and does what each means.

    `Admission` sees a record and knows what it is; `ReadAhead` holds it until its turn and has its page read meanwhile;
    here it becomes rows, by the same `Intake` as in a live crawl. Rows may only hang on the steps before a step, never
    on what was read ahead: where the guess with which a page was read was wrong it is read again.
    """

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
        """`sites` are in force until the WARC files say otherwise; `twice`: records that are known already are to be
        expected; `readers` of those sites have been launched already; `on_remark` is told of faults that files of other
        tools came with; `committed` is called inside each transaction, at its end."""
        self.rows, self._folder, self._intake, self._processes, self._only = rows, folder, intake, processes, only
        since = since or Progress()
        self._configuration, self._begun, self._seeded = since.configuration, since.begun, set(since.seeded)
        self._trouble, self._remark, self._committed, self._twice = on_trouble, on_remark, committed, twice
        self._arrivals = Arrivals(folder, since.came)
        self._withheld_before = rows.withholding.asked() if twice else set()
        self._recall = KnownElsewhere(rows, folder, intake, on_trouble)
        self.counts: Counter[str] = Counter()
        present = catalogue.parse(self._configuration, SITES) if self._configuration else sites
        if readers is not None and present != sites:
            readers.close()
            readers = None
        self._ahead = ReadAhead(rows, folder, on_trouble)
        self._admission = Admission(
            rows,
            folder,
            present,
            readers or Readers(present, processes),
            processes=processes,
            chosen=only,
            twice=twice,
            trouble=on_trouble,
            counts=self.counts,
        )

    async def run(self, tale: Iterable[Recorded]) -> None:
        """Take all of it, commit, end the processes."""
        try:
            for number, told in enumerate(tale, 1):
                step = self._admission.admit(told)
                self._ahead.put(step)
                if isinstance(step.meaning, Order | Joined):
                    await self._take_all()  # what follows may refer to what it brings: nothing of that is read before
                if number % _LOOK_EVERY == 0:
                    self._ahead.ask_ahead()
                    await asyncio.sleep(0)
                while self._ahead.full:
                    await self._next()
            await self._take_all()
            self.rows.commit()
        finally:
            self._admission.readers.close()
            self._ahead.close()

    async def _take_all(self) -> None:
        while self._ahead:
            await self._next()

    async def _next(self) -> None:
        self._ahead.ask_ahead()
        await asyncio.sleep(0)  # pages and readings pass between the processes while rows are made
        step = self._ahead.first
        if step.configuration is not None:
            self._configuration = step.configuration
        await self._do(step)
        self._ahead.pop()
        if self._ahead and self._ahead.first.readers is not step.readers:
            step.readers.close()
        self.counts["steps"] += 1
        if self.counts["steps"] % _COMMIT_EVERY == 0 or not self._ahead:
            self._committed(
                Progress(
                    step.told.source.warc,
                    step.told.end,
                    self._configuration,
                    tuple(self._seeded),
                    self._begun,
                    self._arrivals.came,
                )
            )
            if self._ahead:
                self._ahead.ask_ahead(WHILE_COMMITTING)
            # half a second, in which pages and readings pass between the processes
            await asyncio.to_thread(self._commit)

    async def _do(self, step: Step) -> None:
        match step.meaning:
            case RunRecord():
                self._begin(step.meaning, step.sites)
            case Order():
                await self._ingest(step.meaning, step)
            case Joined():
                await self._join(step.meaning, step)
            case Acceptance():
                trouble = self._trouble if self._only is None else lambda text: None
                accept(self.rows, self._folder, self._intake, self._chosen(step), step.meaning, trouble)
            case Correction():
                self._correct(step.meaning, step)
            case Withhold() | Release():
                self._withhold(step.meaning)
            case Stills():
                self._stand(step.meaning, step)
            case NetworkRecord():
                spare(self.rows, step.meaning, step.told.record.date, ours=not self._twice)
            case None if step.configuration is not None:
                self._enrol(step.sites, step.told.record.date)
            case None:
                await self._take(step)

    def _chosen(self, step: Step) -> Mapping[str, Site]:
        only = self._only
        return step.sites if only is None else {id_: site for id_, site in step.sites.items() if only(site)}

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
        if beginning.at:
            self._enrol(sites, beginning.at)
        # runs are numbered anew where they come from elsewhere; what is known already is not taken again, and would
        # stay due
        if not self._twice:
            chosen = (site for site in sites.values() if self._only is None or self._only(site))
            self._seeded |= begin(self.rows, beginning, chosen, self._begun)

    async def _ingest(self, order: Order, step: Step) -> None:
        self.rows.run = None
        self._arrivals.note(step.told.record)
        guests = Ingest(
            self.rows,
            self._folder,
            self._intake,
            self._chosen(step),
            step.readers,
            self._trouble,
            retake=self._only is not None,
            damaged=self._damaged,
        )
        await guests.apply(order)

    def _damaged(self, warc: str, text: str) -> None:
        """What verify says of a file is said here: a file that is as it came is damaged no more than it was."""
        (self._remark if self._arrivals.came_so(warc, "damaged") else self._trouble)(text)

    async def _join(self, joined: Joined, step: Step) -> None:
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
        files = named(self._folder, at_home(self._folder, joined.files), self._trouble)
        await other.run(records_of(files, self._trouble))
        enrol(self.rows, step.sites, step.told.record.date)

    def _correct(self, correction: Correction, step: Step) -> None:
        record, warc = step.told.record, step.told.source.warc
        found = correcting.obey(self.rows, correction, record_id=record.record_id, warc=warc, at=record.date)
        if not found and correction.site in self._chosen(step) and not self._twice:
            self._remark(f"{step.place}: what it corrects, {correction.url}, was not read of its capture")

    def _withhold(self, said: Withhold | Release) -> None:
        """Of another archive what it withholds is taken over, but where ours withholds it too, ours decides alone."""
        if not self._twice:
            withholding.obey(self.rows, said)
        elif not isinstance(said, Release) or said.asked not in self._withheld_before:
            withholding.obey(self.rows, said, of_another=True)

    def _stand(self, stills: Stills, step: Step) -> None:
        """What had not changed at all: visits without a capture."""
        run = step.told.record.field("Campuswarc-Run")
        self.rows.run = int(run) if run and run.isdigit() and not self._twice else None
        stand(self._intake, stills, self._chosen(step), since=self.rows.frontier.settled_at if self._twice else None)

    async def _take(self, step: Step) -> None:
        self._ahead.ask(step)
        if step.reading is None:
            return  # no page of a site, or one that cannot be had, which has been said
        assert step.capture is not None and step.site is not None and step.asked is not None
        self._seed(step.url, step.site, step.capture)
        task = self.rows.frontier.get(step.url)
        kind = task.kind if task else kind_of(self.rows, step.url, step.capture.kind)
        hint = task.hint if task and kind == "article" else {}
        reading = await step.reading
        self._ahead.learn_what_came()  # of this very listing perhaps, while it is at hand
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
            self._ahead.taken(reading)

    def _seed(self, url: str, site: Site, capture: Capture) -> None:
        """The first page of a listing was made due when the run began that asked for it: for archives whose runs did
        not say which these were."""
        if capture.kind != "listing" or url in self._seeded or not any(url == seed.url for seed in site.listings):
            return
        self._seeded.add(url)
        seed_listing(
            self.rows, url, site.id, self._begun or capture.fetched_at, whole=self.rows.runs.whole(capture.run)
        )
