"""Our end of the process in which browsers draw pages: it is launched at the first page, asks us for whatever a page
loads, and is ended with the crawl.

Pages of all sites share a browser. One that ends it, or takes too long, is the trouble of its host alone: the others
are drawn again, and from then on that host's pages have a browser of their own, one after another, and less time each.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from crawler.workers.messages import Channel

PAGES = 3  # drawn at a time, all sites together
MOST_REQUESTS = 80  # of one page
MOST_BYTES = 32_000_000  # that one page may load
MOST_POSTED = 1_000_000  # bytes that it may send at a time
MOST_DRAWN = 32_000_000  # characters of what was drawn
PATIENCE_S = 150.0  # a page may take, the rests between requests to its host included
_LEAST_S = 15.0  # one of a host whose pages took longer, again and again
_GRACE_S = 10.0  # beside that, until a browser that says nothing at all is given up
_ENDING_S = 3.0

INSTALL = "pip install 'campuswarc[browser]' && playwright install --with-deps chromium (Debian: apt install chromium)"

Failure = Literal["browser_missing", "browser_died", "browser_timeout", "browser_memory", "browser_failed"]


# which of the pages that are being drawn brought it about is not known
_OF_ANY: tuple[Failure, ...] = ("browser_died", "browser_memory", "browser_timeout")


class NotDrawn(Exception):
    """A browser could not draw the page. `kind` is one word for counting."""

    def __init__(self, kind: Failure, detail: str) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A page as its server sent it, content-codings undone."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    scrolls: bool = False  # a listing, which may grow when it is scrolled
    agent: str = ""
    apart: bool = False  # in a browser of its own
    patience: float = PATIENCE_S  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a page asks for."""

    url: str
    method: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    data: bool  # asked for by a script for itself, and no script


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What it is given, content-codings undone."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A page as it stood when its scripts had come to rest."""

    html: str
    made: str  # by which browser, and how
    more: bool  # it still grew when it had been scrolled as far as it may


Fetch = Callable[[Wanted], Awaitable[Got | None]]  # None: it is not to be had, or not to be asked for


@dataclass(slots=True)
class _Page:
    fetch: Fetch
    done: asyncio.Future[Drawn]
    requests: int = 0
    bytes: int = 0
    running: set[asyncio.Task[None]] | None = None


class Renderer:
    """`await draw(page, fetch)`, PAGES at a time and one apart. Every request of the browser is answered by `fetch`."""

    def __init__(self) -> None:
        self._room, self._alone = asyncio.Semaphore(PAGES), asyncio.Semaphore(1)
        self._troubles: Counter[str] = Counter()  # hosts with pages that end their browser, or take too long
        self._child: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._pages: dict[int, _Page] = {}
        self._last = 0
        self._missing: str | None = None  # why there is no browser, once that is known
        self._closed = False

    async def draw(self, page: Sent, fetch: Fetch) -> Drawn:
        """Raises NotDrawn."""
        host = urlsplit(page.url).netloc
        known = self._troubles[host]
        if not known:
            try:
                async with self._room:
                    return await self._drawn(page, fetch)
            except NotDrawn as problem:
                if self._closed or problem.kind not in _OF_ANY:
                    raise
        async with self._alone:
            patience = max(PATIENCE_S / 2 ** max(known, 1), _LEAST_S)
            try:
                drawn = await self._drawn(replace(page, apart=True, patience=min(patience, page.patience)), fetch)
            except NotDrawn:
                self._troubles[host] += 1
                raise
            self._troubles[host] = max(self._troubles[host] - 1, 0)
            return drawn

    async def _drawn(self, page: Sent, fetch: Fetch) -> Drawn:
        if self._missing is not None:
            raise NotDrawn("browser_missing", self._missing)
        if self._closed:
            raise NotDrawn("browser_failed", "the crawl is ending")
        if self._channel is None:
            self._start()
        assert self._channel is not None
        self._last = number = self._last + 1
        waiting = self._pages[number] = _Page(fetch, asyncio.get_running_loop().create_future(), running=set())
        self._channel.send(pickle.dumps(("draw", number, page)))
        try:
            async with asyncio.timeout(page.patience + _GRACE_S):
                return await waiting.done
        except TimeoutError:
            self._pages.pop(number, None)
            self._end("browser_died", "the browser does not answer")
            raise NotDrawn("browser_timeout", f"not drawn within {page.patience:g} s") from None
        finally:
            self._pages.pop(number, None)
            for task in waiting.running or ():
                task.cancel()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._child = subprocess.Popen(
                    [sys.executable, "-m", "crawler.workers.browser", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    process_group=0,  # Ctrl-C is for us alone
                    env={name: value for name, value in os.environ.items() if name != "LD_PRELOAD"},
                )
            except OSError as problem:
                ours.close()
                raise NotDrawn("browser_died", f"the browser's process cannot be started: {problem}") from problem
        self._channel = Channel(
            asyncio.get_running_loop(),
            ours,
            self._heard,
            lambda: self._end("browser_died", "the browser's process has died"),
        )

    def _heard(self, message: bytes) -> None:
        what, number, *rest = pickle.loads(message)
        page = self._pages.get(number)
        if what == "missing":
            self._missing = f"{rest[0]}: {INSTALL}"
            self._end("browser_missing", self._missing)
        elif page is None or page.done.done():
            return
        elif what == "drawn":
            page.done.set_result(rest[0])
        elif what == "failed":
            page.done.set_exception(NotDrawn(*rest))
        elif what == "fetch":
            task = asyncio.ensure_future(self._answer(page, number, *rest))
            assert page.running is not None
            page.running.add(task)
            task.add_done_callback(page.running.discard)

    async def _answer(self, page: _Page, number: int, request: int, wanted: Wanted) -> None:
        page.requests += 1
        got = None
        if page.requests <= MOST_REQUESTS and page.bytes <= MOST_BYTES:
            got = await page.fetch(wanted)
        if got is not None:
            page.bytes += len(got.body)
            if page.bytes > MOST_BYTES:
                got = None
        if self._channel is not None:
            self._channel.send(pickle.dumps(("got", number, request, got)))

    def _end(self, kind: Failure, detail: str) -> None:
        """The process is no more, or is to be none: whoever waits is told."""
        pages, self._pages = self._pages, {}
        self._stop()
        for page in pages.values():
            if not page.done.done():
                page.done.set_exception(NotDrawn(kind, detail))
                page.done.exception()  # who waits may have gone

    def _stop(self) -> None:
        if self._channel is not None:
            self._channel.close()  # at which the process ends its browser, and itself
            self._channel = None
        if self._child is not None:
            try:
                self._child.wait(_ENDING_S)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(self._child.pid, signal.SIGKILL)
                self._child.wait()
            self._child = None

    def close(self) -> None:
        """End the browser; what is being drawn is not. Harmless when repeated."""
        self._closed = True
        self._end("browser_failed", "the crawl is ending")


def without_codings(got: Got) -> Got:
    """With headers that are true of a body whose codings are undone, and that a browser is to see."""
    gone = {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie"}
    return replace(got, headers=tuple((name, value) for name, value in got.headers if name.lower() not in gone))
