"""The doors by which a crawl, and any other command, writes into an archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from archive.store.store import Archive, Limits
from crawler import __version__, user_agent
from crawler.archive_folder import ArchiveFolder
from crawler.config import Config
from crawler.history.crash_recovery import mend
from crawler.history.known_elsewhere import KnownElsewhere
from crawler.intake import Intake, Schedule
from spiders.findings import VERSION
from spiders.site import Site


@contextmanager
def writing(
    home: ArchiveFolder,
    settings: Config,
    sites: Mapping[str, Site],
    trouble: Callable[[str], object] = lambda text: None,
) -> Iterator[tuple[Archive, Intake]]:
    """The archive and the way into its rows, after what a killed run left has been made rows of.

    At the end it is committed and closed; where something is raised it is left as it is, for the next start to mend.
    Raises archive.store.lock.Locked.
    """
    archive = open_archive(home, settings)
    try:
        intake = Intake(archive, schedule_of(settings))
        mend(archive, intake, KnownElsewhere(archive, home.warc, intake, trouble), sites)
        yield archive, intake
        for remark in archive.remarks:
            trouble(remark)
        archive.close()
    except BaseException:
        archive.abandon()
        raise


def open_archive(home: ArchiveFolder, settings: Config) -> Archive:
    """The archive, for its one writer. Raises archive.store.lock.Locked."""
    storage = settings.storage
    info = {
        "software": f"campuswarc/{__version__} (reader {VERSION})",
        "operator": settings.operator.name,
        "contact": settings.operator.contact,
        "robots": "obey",
        "http-header-user-agent": user_agent(settings.operator.contact),
    }
    limits = Limits(
        warc_max_bytes=storage.warc_max_mb * 1_000_000,
        warc_max_age=timedelta(hours=storage.warc_max_hours),
        warc_goes_on=timedelta(days=storage.warc_max_days),
        commit_captures=storage.commit_captures,
        commit_seconds=storage.commit_seconds,
    )
    return Archive(home.folder, info=info, prefix=storage.prefix, limits=limits)


def schedule_of(settings: Config) -> Schedule:
    """When addresses are looked at again, as the configuration has it."""
    crawl = settings.crawl
    return Schedule(recheck_days=crawl.recheck_days, attempts=crawl.attempts, retry_minutes=crawl.retry_minutes)
