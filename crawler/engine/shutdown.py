"""Ending a crawl in order."""

from __future__ import annotations

import asyncio
import logging

from scrapy.crawler import Crawler

from crawler.engine.session import session_of
from crawler.exits import NO_MEMORY

logger = logging.getLogger(__name__)
NO_ROOM = "free_disk"  # why a crawl ends in order when less of the disk is free than is wanted


def stop(crawler: Crawler, reason: str) -> None:
    """Hand out nothing more, finish what is in flight, close. Harmless when repeated."""
    if ending(crawler):
        return
    session = session_of(crawler)
    session.ending = reason
    session.row_source.stop()
    if crawler.engine is not None and crawler.engine.spider is not None:
        session.closing = asyncio.ensure_future(crawler.engine.close_spider_async(reason=reason))


def ending(crawler: Crawler) -> bool:
    """Whether the crawl has been asked to end."""
    return session_of(crawler).ending is not None


def fail(crawler: Crawler, problem: BaseException) -> None:
    """Something of our own broke, a full disk before all: end the crawl, and say so."""
    session = session_of(crawler)
    if session.problem is None:
        known = isinstance(problem, (OSError, MemoryError))
        said = NO_MEMORY if isinstance(problem, MemoryError) else problem
        logger.critical("cannot go on: %s", said, exc_info=None if known else problem)
        session.problem = problem
    stop(crawler, "storage")
