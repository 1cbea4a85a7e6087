"""What happens at the end of a run, and what Scrapy says meanwhile."""

from __future__ import annotations

from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.logformatter import LogFormatter
from twisted.python.failure import Failure

from crawler.collection import ease
from crawler.ending import fail
from crawler.exits import BROKEN_SITES, OK
from crawler.session import Session, session_of


class RunExtension:
    """Closes the session when the spider closes: the run's end, the last commit, the WARC file."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._session = crawler, session_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunExtension:
        """Scrapy's way of making one."""
        extension = cls(crawler)
        crawler.signals.connect(ease, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        crawler.signals.connect(extension.spider_error, signals.spider_error)
        return extension

    def spider_error(self, failure: Failure) -> None:
        """A mistake of ours outside of reading and storing, which see to themselves: a row would wait for ever."""
        fail(self._crawler, failure.value)

    def spider_closed(self, reason: str) -> None:
        """Enter the end of the run."""
        self._session.close(reason, exit_code(self._session))


def exit_code(session: Session) -> int:
    """OK when well; BROKEN_SITES when a listing of a chosen site could not be read, is walled off or shows nothing."""
    marks = ", ".join("?" * len(session.sites))
    broken = session.archive.db.conn.execute(
        f"select count(*) from listings where state in ('failed', 'blocked', 'empty') and site in ({marks})", list(session.sites)
    ).fetchone()[0]
    return BROKEN_SITES if broken else OK


class QuietFormatter(LogFormatter):
    """What Scrapy would log for every page is in the database."""

    def crawled(self, *_: Any, **__: Any) -> None:  # type: ignore[override]
        """Not logged."""

    def scraped(self, *_: Any, **__: Any) -> None:  # type: ignore[override]
        """Not logged."""
