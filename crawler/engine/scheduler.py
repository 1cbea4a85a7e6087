"""Scrapy's scheduler as a bounded window over the durable frontier."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable
from datetime import timedelta
from time import monotonic
from typing import Literal, TypeVar, cast
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from archive.instants import iso, now
from archive.store.frontier import PRIORITY, Task
from crawler.engine.budget import Budget, budget_of
from crawler.engine.session import Session, session_of
from crawler.engine.shutdown import fail
from spiders.news_spider import NewsSpider
from spiders.site import Site, owns
from spiders.urls import split_form

# requests of one site that are not answered yet: one at the host, the rest ready; more would only wait in its gate
PER_SITE = 4
# rows of one site that are fetched, read or stored at a time: the page of a listing among them is read soon, so that
# there is always a next story
READ_SOON = 8
# as many when a commit is near, for readers to have work while this process writes it; and while as many stories wait
# already
READ_AHEAD = 64
_FOR_EACH_EXCHANGE = 4  # requests that wait for their host's turn, for each that may be under way
# rows that came due before were found by an earlier look, or are found when nothing else is left to do
_LOOK_BACK = timedelta(minutes=5)
_LOOK_EVERY = 5.0  # seconds between two looks for rows that have come due by themselves
# seconds in all that a run waits for rows that will be due (a host that rests, a retry) with nothing else to do
_PATIENCE = 60.0

Told = TypeVar("Told")


class _Queue:
    """What is in memory of one site."""

    def __init__(self, site: Site, budget: Budget) -> None:
        self.site, self.budget = site, budget
        self.tasks: deque[Task] = deque()
        self.held: set[str] = set()  # addresses in memory or in flight: their rows still look due
        self.asking: set[str] = set()  # those of them not answered yet
        self.hungry = True  # its frontier may hold due rows that are not in memory
        self.stirred = (
            False  # pages of listings may be among them, which do not wait until the stories in memory are handed out
        )
        self.ready = True  # it stands in the round
        self.articles = 0  # new articles asked for in this run, for --limit

    def has_room(self, *, commit_is_near: bool, most: int = PER_SITE, slow: bool = False) -> bool:
        """Whether another of its rows may be asked for, of which `most` may be under way; fewer may wait to be read of
        a site whose pages take long."""
        ahead = READ_AHEAD if commit_is_near or len(self.tasks) >= READ_AHEAD else READ_SOON
        ahead = PER_SITE if slow else ahead
        return len(self.asking) < most and len(self.held) - len(self.tasks) < ahead


class FrontierScheduler(BaseScheduler):
    """Hands out due rows, a few sites' worth at a time, round robin over sites; nothing of its own is worth saving."""

    def __init__(self, session: Session, fail: Callable[[BaseException], object] = lambda problem: None) -> None:
        """`fail` is told when the frontier cannot be asked, which Scrapy would only log."""
        self._session, self._fail = session, fail
        self._window: int = session.config.crawl.window
        self._queues = {
            id_: _Queue(site, budget_of(session.archive.db, site, now())) for id_, site in session.sites.items()
        }
        self._round = deque(self._queues.values())  # sites that may have a request to hand out, in turn
        self._held = 0
        self._exchanges = session.exchanges
        self._unanswered = 0  # rows of all sites that are not answered yet
        self._looked = monotonic()
        self._stopping = False
        self._patience = _PATIENCE  # what is left of it
        self._idle: float | None = None  # since when there has been nothing to do
        self._spider: NewsSpider  # set when Scrapy opens it

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        """Scrapy's way of making one."""
        session = session_of(crawler)
        session.row_source = scheduler = cls(session, lambda problem: fail(crawler, problem))
        return scheduler

    def open(self, spider: Spider) -> None:
        """Nothing to load: the frontier is in the database."""
        self._spider = cast(NewsSpider, spider)

    def close(self, reason: str) -> None:
        """Nothing to save."""

    def enqueue_request(self, request: Request) -> bool:
        """Requests do not come this way: what is to be fetched is a row first."""
        raise TypeError(f"a request that is not in the frontier: {request}")

    def has_pending_requests(self) -> bool:
        """Whether rows are due, or will be before patience ends."""
        return not self._stopping and bool(self._asked(self._has_pending))

    def next_request(self) -> Request | None:
        """The next site's most urgent row as a request."""
        return None if self._stopping else self._asked(self._next)

    def _asked(self, question: Callable[[], Told]) -> Told | None:
        try:
            return question()
        except (OSError, sqlite3.Error) as problem:
            self._fail(problem)
            return None

    def _has_pending(self) -> bool:
        if self._held:
            return True
        self._wake(list(self._queues))
        for queue in self._queues.values():
            self._fill(queue)
            if queue.tasks:
                return True
        if self._idle is None:
            self._idle = monotonic()
        patience = self._patience - (monotonic() - self._idle)
        soon = self._session.archive.frontier.next_due(list(self._queues), iso(now()))
        return soon is not None and soon <= iso(now() + timedelta(seconds=patience))

    def _next(self) -> Request | None:
        if monotonic() - self._looked > _LOOK_EVERY:
            self._wake(self._session.archive.frontier.stirred(iso(now() - _LOOK_BACK), iso(now())))
        if self._unanswered >= _FOR_EACH_EXCHANGE * self._exchanges or self._session.readers.full:
            return None  # until something is answered, or read
        most = PER_SITE if self._unanswered < self._exchanges else 1  # each host has its turn before one has several
        commit_is_near = self._session.archive.commit_is_near
        while self._round:
            queue = self._round.popleft()
            if self._is_spent(queue):
                queue.ready = False
                continue
            slow = self._session.readers.apart(queue.site.id)
            if room := queue.has_room(commit_is_near=commit_is_near, most=most, slow=slow):
                if not queue.tasks and queue.hungry:
                    self._fill(queue)
                elif queue.stirred:
                    self._put_first(queue)
            if not queue.tasks or not room:
                queue.ready = False  # until something of it is answered or settled, or the next wake
                continue
            self._round.append(queue)
            task = queue.tasks.popleft()
            queue.asking.add(task.url)
            self._unanswered += 1
            if self._idle is not None:
                self._patience -= monotonic() - self._idle
                self._idle = None
            return self._request(task, queue.site)
        return None

    def answered(self, site: str, url: str, size: int = 0) -> None:
        """A row's page of as many bytes has come: its host may be asked for the next while this one is read."""
        queue = self._queues[site]
        queue.budget.spend(size)
        self._heard(queue, url)
        self._enter(queue)

    def settled(self, site: str, url: str, *, more: bool = True) -> None:
        """A row's fate is in the database: it may be handed out again when that says so. `more`: other rows may have
        become due."""
        queue = self._queues[site]
        if url in queue.held:
            queue.held.remove(url)
            self._heard(queue, url)
            self._held -= 1
        queue.hungry = queue.hungry or more
        queue.stirred = queue.stirred or more
        self._enter(queue)

    def stop(self) -> None:
        """Hand out nothing more; what is in memory stays due in the database."""
        self._stopping = True

    def _heard(self, queue: _Queue, url: str) -> None:
        if url in queue.asking:
            queue.asking.remove(url)
            self._unanswered -= 1

    def _wake(self, sites: Iterable[str]) -> None:
        """Look for rows of these sites."""
        self._looked = monotonic()
        for site in sites:
            if queue := self._queues.get(site):
                queue.hungry = queue.stirred = True
                self._enter(queue)

    def _enter(self, queue: _Queue) -> None:
        if not queue.ready:
            queue.ready = True
            self._round.append(queue)

    def _is_spent(self, queue: _Queue) -> bool:
        """Whether the site may cost no more today; then what is in memory of it is let go, and stays due."""
        said = queue.budget.spent
        if said:
            self._session.over_budget[queue.site.id] = said
            queue.held.difference_update(task.url for task in queue.tasks)
            self._held -= len(queue.tasks)
            queue.tasks.clear()
        return bool(said)

    def _fill(self, queue: _Queue) -> None:
        if self._is_spent(queue):
            return
        room = max(PER_SITE, self._window // len(self._queues))
        room = min(room, max(self._window - self._held, PER_SITE))
        limit = self._session.limit  # `--limit N`: at most N articles of a site in a run; the rest stay due
        articles_left = room if limit is None else limit - queue.articles
        found = self._session.archive.frontier.due(
            queue.site.id, iso(now()), room + len(queue.held), without="article" if articles_left <= 0 else None
        )
        for task in found:
            if task.url in queue.held or (task.kind == "article" and articles_left <= 0):
                continue
            if len(queue.tasks) >= room:
                break
            if task.kind == "article":
                queue.articles += 1
                articles_left -= 1
            queue.tasks.append(task)
            queue.held.add(task.url)
            self._held += 1
        queue.hungry = bool(queue.tasks)
        queue.stirred = False

    def _put_first(self, queue: _Queue) -> None:
        """Pages of listings that have come due before the stories in memory: what they list is known when these have
        been fetched."""
        found = self._session.archive.frontier.due(queue.site.id, iso(now()), PER_SITE, above=PRIORITY["article"])
        queue.stirred = len(found) == PER_SITE  # more may lie behind them
        for task in reversed(found):
            if task.url not in queue.held:
                queue.tasks.appendleft(task)
                queue.held.add(task.url)
                self._held += 1

    def _request(self, task: Task, site: Site) -> Request:
        address, form = split_form(task.url)
        headers: dict[str, str] = {}
        if form is None and (task.etag or task.last_modified) and self._session.archive.backs(address):
            if task.etag:
                headers["If-None-Match"] = task.etag
            if task.last_modified:
                headers["If-Modified-Since"] = task.last_modified
        if task.discovered_from:
            headers["Referer"] = split_form(task.discovered_from)[0]
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Request(
            address,
            method="GET" if form is None else "POST",
            body=form or b"",
            headers=headers,
            dont_filter=True,
            callback=self._spider.parse,
            errback=self._spider.failed,
            meta={
                "verbatim_url": True,  # the row's address as it stands: Scrapy would spell some of them otherwise
                "task": task,
                "site": site.id,
                "kind": "listing" if task.kind == "older" else task.kind,
                "hosts": _hosts(task, site, address),
                "via": task.discovered_from,
                "delay": self._session.delay(site),
            },
        )


def _hosts(task: Task, site: Site, address: str) -> tuple[str, ...] | Literal["*"]:
    """Hosts a row's address may be on: the site's own, its siblings'; requisites may lie anywhere public."""
    host = urlsplit(address).hostname or ""
    if host in site.hosts:
        return site.hosts
    if owns(site, address):
        return (*site.hosts, host)
    return "*" if task.kind in ("attachment", "requisite") else site.hosts
