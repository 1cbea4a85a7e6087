"""What a killed run recorded and did not acknowledge, made rows of before anything else happens."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archive.capture import Capture
from archive.store.corrections import Correction
from archive.store.store import Archive
from archive.store.withheld import Order as Withhold
from archive.store.withheld import Release
from archive.warc import reader
from archive.warc.history import SITES
from archive.warc.layout import GUESTS, MERGED
from archive.warc.scan import Damage
from archive.warc.unchanged import Stills
from crawler.history import correcting
from crawler.history.known_elsewhere import KnownElsewhere
from crawler.history.run_record import RunRecord, begin
from crawler.history.standing import stand
from crawler.history.steps import meaning_of
from crawler.history.stored_answers import NoStoredAnswer, visit_of
from crawler.history.withholding import carry_out, obey
from crawler.intake import Intake
from crawler.intake.site_rows import enrol
from crawler.workers.reader import read_safely
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError

logger = logging.getLogger(__name__)


def mend(
    archive: Archive,
    intake: Intake,
    recall: KnownElsewhere,
    sites: Mapping[str, Site],
    *,
    enough: Callable[[], bool] = lambda: False,
) -> None:
    """Take the captures that are still unread, as that run would have: nothing is fetched twice, and a rebuild gives
    the same rows.

    `sites` are those of now; they are used where the configuration of that run cannot be had. What is left when it is
    `enough` waits for the next start.
    """
    stills = _begin_as_it_did(archive)
    done = carry_out(archive, logger.warning)  # a removal that was cut off
    if done.elsewhere:
        logger.warning("stories of %s were read from removed records too: campuswarc rebuild", sorted(done.elsewhere))
    then = _configured(archive, archive.runs.last(), sites)
    for id_, capture in archive.unread:
        while stills and stills[0].precede(capture):
            _stand(archive, intake, stills.popleft(), then)
        if enough():
            break
        if capture.warc.startswith(f"{MERGED}/"):
            continue  # of a merge that was killed: repeating it reads them as they were configured there
        if capture.warc.startswith(f"{GUESTS}/"):
            intake.addresses.recorded.append(id_)
        else:
            archive.run = capture.run
            try:
                visit = visit_of(archive, archive.warc_folder, id_, capture, then)
            except NoStoredAnswer as problem:
                logger.warning("%s; the page is fetched again", problem)
                visit = None
            if visit is not None:
                intake.take(visit)
            archive.captures.settled(id_)
        while intake.addresses.recorded:
            held = recall.next_named(then)
            if held is not None:
                recall.take(held, read_safely(held.answer, held.site))
    for told in stills:  # also where it is `enough`: the file that names them is not looked at again
        _stand(archive, intake, told, then)
    archive.run = None
    archive.commit()
    intake.counts.clear()


@dataclass(frozen=True, slots=True)
class _Told:
    """A record of unchanged addresses in a file that a killed run left, and its place."""

    stills: Stills
    run: int | None
    warc: str
    offset: int

    def precede(self, capture: Capture) -> bool:
        """Whether the capture was recorded after it."""
        return self.warc == capture.warc and self.offset < capture.offset


def _stand(archive: Archive, intake: Intake, told: _Told, sites: Mapping[str, Site]) -> None:
    archive.run = told.run
    stand(intake, told.stills, sites, since=archive.frontier.settled_at)  # those of earlier commits are known


def _begin_as_it_did(archive: Archive) -> deque[_Told]:
    """Rows of a run that was cut off before its first commit: a rebuild reads its beginning in the WARC file, and makes
    its sites known and its listings due at that time. What had not changed is given back, since its turn comes among
    the captures."""
    stills: deque[_Told] = deque()
    for found in archive.recovered:
        if not found.kept:
            continue
        sites: Mapping[str, Site] = {}
        at = ""
        for record, offset, _ in reader.records(reader.find(archive.warc_folder, found.warc), on_damage=_located):
            if record.type == "resource" and record.url == SITES:
                sites, at = _parsed(record.block, f"{found.warc}, offset {offset}"), record.date
                if sites and not archive.runs.known_configuration(found.warc, offset):
                    enrol(archive, sites, at)
                continue
            try:
                meaning = meaning_of(record) if record.type == "resource" else None
            except ValueError as problem:
                logger.warning("%s, offset %d: %s", found.warc, offset, problem)
                continue
            if isinstance(meaning, Withhold | Release):
                obey(archive, meaning)
            elif isinstance(meaning, Correction):
                # whoever wrote it had taken what was unread before
                correcting.obey(archive, meaning, record_id=record.record_id, warc=found.warc, at=record.date)
            elif isinstance(meaning, RunRecord) and archive.runs.configured_at(meaning.run) is None:
                if meaning.at:  # the configuration is that of an earlier run
                    sites, at = _kept(archive, meaning.warc, meaning.offset), meaning.at
                    if sites:
                        enrol(archive, sites, at)
                begin(archive, meaning, sites.values(), at)
            elif isinstance(meaning, Stills):
                run = record.field("Campuswarc-Run")
                stills.append(_Told(meaning, int(run) if run and run.isdigit() else None, found.warc, offset))
    return stills


def _parsed(content: bytes, place: str) -> Mapping[str, Site]:
    """The sites of a configuration that was in force; none where it cannot be read any more."""
    try:
        return catalogue.parse(content.decode("utf-8", "replace"), place)
    except ConfigError as problem:  # made by a program with other keys
        logger.warning("%s; what its run left is read by the present configuration", problem)
        return {}


def _kept(archive: Archive, warc: str, offset: int) -> Mapping[str, Site]:
    try:
        return _parsed(reader.read(archive.warc_folder, warc, offset).block, f"{warc}, offset {offset}")
    except (reader.DamagedRecord, OSError) as problem:
        logger.warning("%s; what its run left is read by the present configuration", problem)
        return {}


def _located(damage: Damage) -> None:
    logger.warning("offset %d: %d bytes are no record: %s", damage.offset, damage.length, damage.reason)


def _configured(archive: Archive, run: int | None, now: Mapping[str, Site]) -> Mapping[str, Site]:
    """The sites as they were configured for that run."""
    place = archive.runs.configured_at(run)
    return (_kept(archive, *place) if place is not None else {}) or now
