"""What happens at the end of a run, and what Scrapy says meanwhile."""

from __future__ import annotations

import logging
import sqlite3
import sys
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.logformatter import LogFormatter
from twisted.python.failure import Failure

from archive.instants import now
from archive.store.problems import Problem, held, unread_listings
from crawler.engine.session import Session, session_of
from crawler.engine.shutdown import NO_ROOM, fail
from crawler.exits import BROKEN_SITES, OK, STORAGE
from crawler.reporting.acknowledged import loud
from crawler.reporting.digest import causes
from crawler.reporting.formats import brief
from crawler.workers.gc_tuning import ease

logger = logging.getLogger(__name__)
_MOST_LINES = 20  # of more problems than that a line each is no mail to read: a line a cause


class RunExtension:
    """Closes the session when the spider closes: the run's end, the last commit, the WARC file."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._session = crawler, session_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunExtension:
        """Scrapy's way of making one."""
        extension = cls(crawler)
        crawler.signals.connect(ease, signals.spider_opened)
        crawler.signals.connect(_forget_generators, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        crawler.signals.connect(extension.spider_error, signals.spider_error)
        return extension

    def spider_error(self, failure: Failure) -> None:
        """A mistake of ours outside of reading and storing, which see to themselves: a row would wait for ever."""
        fail(self._crawler, failure.value or RuntimeError(str(failure)))

    def spider_closed(self, reason: str) -> None:
        """Enter the end of the run."""
        conclude(self._session, reason)


def conclude(session: Session, reason: str) -> None:
    """Enter the end of the run, and what is wrong: OK when nothing is with the chosen sites, else BROKEN_SITES."""
    if session.exit_code is None and session.problem is None:
        try:
            unread, suspect = unread_listings(session.archive.db), held(session.archive.db)
            found = [
                problem
                for site in session.sites
                for problem in loud((*unread.get(site, ()), *suspect.get(site, ())), session.acknowledged, now())
            ]
            network = session.lost_network(problem for by_site in unread.values() for problem in by_site)
            if network:  # nor is there anything to be learnt of hosts, or of pages that are not believed
                since = session.begun
                found = [one for one in found if one.url not in network.urls and not _doubted(one, since)]
            failing = {} if network else session.note_failing_hosts()
            session.note_certificates()
            lost = [f"{site}: {what}" for site in session.sites for what in failing.get(site, ())]
            lines = [f"{one.site}: {session.home.typed(one.line)}" for one in found]
            if len(found) > _MOST_LINES:
                lines = brief(causes(found), session.home.typed("campuswarc report"))
            wrong = [f"{session.home.sites}: {what}; it was left out" for what in session.left_out.values()]
            room = [session.lacks_room() or "the disk had too little room"] if session.ending == NO_ROOM else []
            session.wrong = [*room, *wrong, *([network.said] if network else []), *lines, *lost]
            session.offline = network is not None
            session.broken = len(wrong) + len({one.site for one in found} | {line.partition(":")[0] for line in lost})
        except (OSError, sqlite3.Error) as problem:
            logger.critical("cannot enter the end of the run: %s", problem)
            session.problem = problem
    broken = BROKEN_SITES if session.offline or session.broken > session.config.report.exit_over else OK
    session.close(reason, STORAGE if session.ending == NO_ROOM else broken)


def _doubted(problem: Problem, since: str) -> bool:
    """Whether it is a page that is held back, of what was read since then."""
    return problem.state == "suspect" and (problem.since or "") >= since


def _forget_generators() -> None:
    """The loop keeps a list of asynchronous generators, to end those that are left halfway; Scrapy makes seventeen for
    each page and leaves none."""
    sys.set_asyncgen_hooks(None, None)


class QuietFormatter(LogFormatter):
    """What Scrapy would log for every page is in the database."""

    def crawled(self, *_: Any, **__: Any) -> None:  # type: ignore[override]  # Scrapy documents None, its types do not
        """Not logged."""

    def scraped(self, *_: Any, **__: Any) -> None:  # type: ignore[override]  # Scrapy documents None, its types do not
        """Not logged."""
