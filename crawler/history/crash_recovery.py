"""What a killed run recorded and did not acknowledge, made rows of before anything else happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile

from archive.store.store import Archive
from archive.store.untold import Stretch
from archive.warc import reader
from archive.warc.history import Recorded, Source, named, recorded
from archive.warc.layout import GUESTS, MERGED
from archive.warc.scan import Damage
from crawler.history.host_rights import note_host_rights
from crawler.history.known_elsewhere import KnownElsewhere
from crawler.history.row_builder import Progress, RowBuilder
from crawler.history.stored_answers import NoStoredAnswer, visit_of
from crawler.history.withholding import carry_out
from crawler.intake import Intake
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
    then = _configured(archive, archive.runs.last(), sites)
    _take_unread(archive, intake, recall, then, enough)
    if not enough():
        _tell(archive, intake, then, enough)
    done = carry_out(archive, logger.warning)  # a removal that was cut off
    if done.elsewhere:
        logger.warning("stories of %s were read from removed records too: campuswarc rebuild", sorted(done.elsewhere))
    archive.run = None
    archive.commit()
    intake.counts.clear()


def _take_unread(
    archive: Archive, intake: Intake, recall: KnownElsewhere, then: Mapping[str, Site], enough: Callable[[], bool]
) -> None:
    """Captures that a commit told of, which waited to be read."""
    untold = archive.untold.stretches()
    for id_, capture in archive.unread:
        if enough():
            return
        if any(one.warc == capture.warc and one.start <= capture.offset < one.stop for one in untold):
            continue  # taken in its turn, among the records beside it
        if capture.warc.startswith(f"{MERGED}/"):
            continue  # of a merge that was killed, whose record is untold: it has them read as configured there
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


def _tell(archive: Archive, intake: Intake, then: Mapping[str, Site], enough: Callable[[], bool]) -> None:
    """Do what each record means that no commit told of, in their order, as a rebuild does it."""
    stretches = archive.untold.stretches()
    tale = {
        source.warc: source for source in named(archive.warc_folder, {one.warc for one in stretches}, logger.warning)
    }
    stretches = [one for one in stretches if one.warc in tale]
    if not stretches:
        return
    stretches.sort(key=lambda one: (tale[one.warc].begins, one.warc, one.start))
    builder = RowBuilder(
        archive,
        archive.warc_folder,
        intake,
        then,
        processes=0,
        # which listings a run made due is told by its own record; those of a run that had begun are due
        since=Progress(seeded=tuple(seed.url for site in then.values() for seed in site.listings)),
        on_trouble=logger.warning,
        on_remark=logger.info,
        committed=lambda progress: archive.untold.told(progress.warc, progress.end),
    )
    records = (told for one in stretches for told in _records(tale[one.warc], one))
    with ThreadPoolExecutor(1) as beside:  # an event loop of its own, wherever this is called
        beside.submit(asyncio.run, builder.run(takewhile(lambda told: not enough(), records))).result()
    if not enough():
        for one in stretches:
            archive.untold.told(one.warc, one.stop)
    note_host_rights(archive, archive.warc_folder)


def _records(source: Source, stretch: Stretch) -> Iterator[Recorded]:
    within = takewhile(
        lambda told: told.offset < stretch.stop,
        recorded(source, start=stretch.start, on_damage=lambda damage: _located(source, damage)),
    )
    yield from within


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


def _located(source: Source, damage: Damage) -> None:
    logger.warning(
        "%s, offset %d: %d bytes are no record: %s", source.warc, damage.offset, damage.length, damage.reason
    )


def _configured(archive: Archive, run: int | None, now: Mapping[str, Site]) -> Mapping[str, Site]:
    """The sites as they were configured for that run."""
    place = archive.runs.configured_at(run)
    return (_kept(archive, *place) if place is not None else {}) or now
