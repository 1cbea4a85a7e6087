"""One crawl, from the first request to the exit status."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from typing import Any

import click
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.engine import interruption
from crawler.engine import settings as ours
from crawler.engine.extensions import conclude
from crawler.engine.progress import Progress
from crawler.engine.session import Session, attach
from crawler.engine.shutdown import stop
from crawler.engine.spider_loader import ArchiveSpider
from crawler.exits import INTERRUPTED_TWICE
from crawler.net.politeness import gate_of
from crawler.workers.allocator import address_space

_MOST_LINES = 20  # of what is wrong, in a mail of cron
# seconds what is in flight may take, and what was fetched wait to be read, once a stop was asked for; the promise is 10
_GRACE = 5.0
_ROOMY = 2 << 30  # bytes of address space, of which 32 stacks are an eighth


def run(session: Session, *, max_minutes: float | None = None, quiet: bool = False, log_requests: bool = False) -> int:
    """Crawl until nothing is due, time is up or a signal comes; the exit status."""
    with session.log.kept(session.config.log, session.home.folder, requests=log_requests):
        session.log.say("crawl begins", sites=len(session.sites))
        status = _run(session, max_minutes, quiet)
        for line in session.wrong:
            session.log.say(line, wrong=True)
        counts = Counter[str]()
        for count in session.intake.counts.values():
            counts.update(count)
        facts: dict[str, Any] = dict(counts)
        session.log.say("crawl ends", exit=status, reason=session.ending or "finished", **facts)
    return status


def _run(session: Session, max_minutes: float | None, quiet: bool) -> int:
    # libuv looks names up in 4 threads: a few dead ones keep all others waiting. It aborts the process where their
    # stacks find no address space
    os.environ.setdefault("UV_THREADPOOL_SIZE", "32" if address_space() > _ROOMY else "4")
    settings = Settings()
    settings.setmodule(ours)
    politeness = session.config.politeness
    settings.setdict(
        {
            "CAMPUSWARC_DELAY": politeness.delay,
            "CAMPUSWARC_EXCHANGES": session.exchanges,
            "CAMPUSWARC_MAX_RETRY_AFTER": politeness.max_retry_after,
            "CAMPUSWARC_GIVE_UP_AFTER": politeness.give_up_after,
        }
    )
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(ArchiveSpider)
    attach(session, crawler)
    conductor = _Conductor(crawler, session, max_minutes)
    crawler.signals.connect(conductor.begin, signals.spider_opened)
    with Progress(session, quiet=quiet):
        process.crawl(crawler)
        process.start(install_signal_handlers=False)
    if session.exit_code is None:  # Scrapy failed before it could close the spider
        conclude(session, "error")
    for line in (lost := session.archive.backing.said())[:_MOST_LINES]:
        click.echo(line, err=True)
    if len(lost) > _MOST_LINES:
        click.echo(f"and {len(lost) - _MOST_LINES} more files: {session.home.typed('campuswarc verify')}", err=True)
    for line in session.noticed[:_MOST_LINES]:
        click.echo(line, err=True)
    if len(session.noticed) > _MOST_LINES:
        click.echo(f"and {len(session.noticed) - _MOST_LINES} more such lines", err=True)
    for line in session.wrong[:_MOST_LINES]:
        click.echo(line, err=True)
    if len(session.wrong) > _MOST_LINES:
        rest = session.home.typed("campuswarc status --broken")
        click.echo(f"and {len(session.wrong) - _MOST_LINES} more: {rest}", err=True)
    assert session.exit_code is not None
    return session.exit_code


class _Conductor:
    """Ends the crawl in order: by signal or by the clock."""

    def __init__(self, crawler: Crawler, session: Session, max_minutes: float | None) -> None:
        self._crawler, self._session, self._max_minutes = crawler, session, max_minutes
        self._asked = False

    def begin(self) -> None:
        """Called when the spider opens, inside the running loop."""
        loop = asyncio.get_running_loop()
        for number in interruption.SIGNALS:
            loop.add_signal_handler(number, self._interrupted)
        if self._max_minutes is not None:
            loop.call_later(self._max_minutes * 60, self._stop, "max_minutes")
        if interruption.asked():
            self._stop("shutdown")

    def _interrupted(self) -> None:
        if self._asked:
            self._session.readers.close()
            self._session.renderer.close()
            os._exit(INTERRUPTED_TWICE)  # what was acknowledged is on disk, the rest is mended on the next start
        self._stop("shutdown")

    def _stop(self, reason: str) -> None:
        if self._asked:
            return
        self._asked = True
        stop(self._crawler, reason)
        gate_of(self._crawler).close()
        asyncio.get_running_loop().call_later(_GRACE, self._cut_off)

    def _cut_off(self) -> None:
        self._session.readers.leave()
        self._session.renderer.close()
        if self._session.abort is not None:
            self._session.abort()
