"""The one door by which a command other than a crawl writes into an archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from archive.store.store import Archive
from crawler.archive_folder import ArchiveFolder
from crawler.config import Config
from crawler.engine.session import open_archive, schedule_of
from crawler.history.crash_recovery import mend
from crawler.history.known_elsewhere import KnownElsewhere
from crawler.intake import Intake
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
