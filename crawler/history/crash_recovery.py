"""What a killed run recorded and did not acknowledge, made rows of before anything else happens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from archive.store.store import Archive
from archive.warc import reader
from archive.warc.layout import GUESTS, MERGED
from crawler.history.known_elsewhere import KnownElsewhere
from crawler.history.stored_answers import NoStoredAnswer, visit_of
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
    for id_, capture in archive.unread:
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
    archive.run = None
    archive.commit()
    intake.counts.clear()


def _configured(archive: Archive, run: int | None, now: Mapping[str, Site]) -> Mapping[str, Site]:
    """The sites as they were configured for that run."""
    place = archive.runs.configured_at(run)
    if place is None:
        return now
    try:
        text = reader.read(archive.warc_folder, *place).block.decode("utf-8", "replace")
        return catalogue.parse(text, f"{place[0]}, offset {place[1]}")
    except (reader.DamagedRecord, OSError, ConfigError) as problem:
        logger.warning("%s; what run %s left is read by the present configuration", problem, run)
        return now
