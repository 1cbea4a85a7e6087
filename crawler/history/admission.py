"""A record is seen: what it means, by which configuration, and whether its capture is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from archive.store.captures import READ
from archive.store.rows import Rows
from archive.warc import reader
from archive.warc.captured import capture_of
from archive.warc.history import SITES, Recorded
from crawler.history.run_record import RunRecord
from crawler.history.steps import Step, meaning_of
from crawler.history.stored_answers import address
from crawler.workers.readers import Readers
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError


class Admission:
    """Makes a step of each record, in their order. Which configuration is in force is known here first: a page is read
    ahead by that of its own time, not by that of the rows' time."""

    def __init__(
        self,
        rows: Rows,
        folder: Path,
        sites: Mapping[str, Site],
        readers: Readers,
        *,
        processes: int,
        chosen: Callable[[Site], bool] | None,
        twice: bool,
        trouble: Callable[[str], object],
        counts: Counter[str],
    ) -> None:
        self._rows, self._folder, self._sites, self._readers = rows, folder, sites, readers
        self._processes, self._chosen, self._twice = processes, chosen, twice
        self._trouble, self._counts = trouble, counts
        self._runs: set[int] = set()
        self._place: tuple[str, int] | None = None  # of the configuration last seen
        self._number = 0

    @property
    def readers(self) -> Readers:
        """Those of the configuration in force."""
        return self._readers

    def admit(self, told: Recorded) -> Step:
        """The step of that record; its capture has a row."""
        self._number += 1
        step = Step(self._number, told, self._sites, self._readers, bytes=len(told.record.block))
        if told.record.type != "resource":
            self._enter(step)
        elif told.record.url == SITES:
            self._reconfigure(step, told.record.block, (told.source.warc, told.offset))
        else:
            try:
                step.meaning = meaning_of(told.record)
            except ValueError as problem:
                self._trouble(f"{step.place}: {problem}")
            if isinstance(step.meaning, RunRecord):
                self._configure(step, step.meaning)
        return step

    def _configure(self, step: Step, beginning: RunRecord) -> None:
        """A run that began with the configuration of an earlier one: another may have come in between, by a merge."""
        place = beginning.warc, beginning.offset
        if not beginning.at or place == self._place or self._twice:
            return
        try:
            self._reconfigure(step, reader.read(self._folder, *place).block, place)
        except (reader.DamagedRecord, OSError) as problem:
            self._trouble(f"{place[0]}, offset {place[1]}: the configuration of run {beginning.run}: {problem}")

    def _reconfigure(self, step: Step, block: bytes, place: tuple[str, int]) -> None:
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

    def _enter(self, step: Step) -> None:
        told, captures = step.told, self._rows.captures
        capture = capture_of(told.record, told.source.warc, told.offset, told.length)
        if capture.run is not None and capture.run not in self._runs:
            self._runs.add(capture.run)
            self._rows.runs.remember(capture.run, capture.fetched_at)
        known = self._twice and captures.holds(capture.record_id)
        id_ = captures.enter(capture)
        if (id_ is None and self._twice) or (
            known and id_ is not None and self._chosen is None and not captures.awaits(id_)
        ):
            self._counts["known already"] += 1
            return
        if id_ is None:
            self._trouble(f"{step.place}: {capture.record_id} is the id of an earlier record too")
            return
        self._counts["captures"] += 1
        site = self._sites.get(capture.site)
        if site is None or capture.kind not in READ or (self._chosen is not None and not self._chosen(site)):
            return
        if self._twice:
            captures.hold([id_])  # a merge that is killed has its captures, but not yet what they say
        step.capture, step.id, step.site, step.url = capture, id_, site, address(capture, told.request)
