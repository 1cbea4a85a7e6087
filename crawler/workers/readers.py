"""Processes that read pages beside the crawl: the second core of the machine, and a wall against hostile pages."""

from __future__ import annotations

import asyncio
import pickle
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from time import monotonic

from crawler.workers.allocator import environment
from crawler.workers.messages import Channel
from crawler.workers.reader import read_safely
from spiders.findings import Answer, Reading, Trouble
from spiders.site import Site

_UNDER_WAY = (
    1 << 20
)  # bytes the system may hold in either direction: pages to read while a commit keeps the sender busy
_FEW = 4  # pages that wait, whose readings are taken as they come; those of more are taken together
# that wait over all sites: five seconds of reading, which a stop may wait for, and memory
_MOST_PAGES, _MOST_BYTES = 300, 64_000_000
_REST_S, _LONGEST_REST_S = (
    0.0004,
    0.01,
)  # for each page that waits, a third of the time it takes to read one; and in all
_PAUSES_S = (
    1.0,
    2.0,
    4.0,
    8.0,
)  # before a process is started again that could not be: memory or processes may be short
PATIENCE = 60.0  # seconds one page may take: the slowest honest page seen took under 2


class Readers:
    """`await read(answer, site)` in one of `count` processes; in this one when `count` is 0.

    A page goes to the process that has the fewest, which answers in order. A page on which a process dies or hangs is a
    Trouble; the pages behind it are given to a new process.
    """

    def __init__(self, sites: Mapping[str, Site], count: int) -> None:
        self._processes: list[_Process] = []
        try:
            for _ in range(count):
                self._processes.append(_Process(sites))
        except OSError:
            self.close()
            raise

    def read(self, answer: Answer, site: Site) -> asyncio.Future[Reading]:
        """What the answer means. Raises OSError where no process can be started, which is no page's fault."""
        if self._processes:
            return min(self._processes, key=_Process.load).read(answer, site.id)
        done: asyncio.Future[Reading] = asyncio.get_running_loop().create_future()
        done.set_result(read_safely(answer, site))
        return done

    @property
    def full(self) -> bool:
        """Whether so many pages wait, or so large ones, that no more should be fetched until some are read."""
        waiting = sum(process.load() for process in self._processes)
        return waiting >= _MOST_PAGES or sum(process.bytes for process in self._processes) >= _MOST_BYTES

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.close()


class _Process:
    def __init__(self, sites: Mapping[str, Site]) -> None:
        self._hello = pickle.dumps(dict(sites))
        self._families = sorted({site.family for site in sites.values()})
        self._waiting: deque[tuple[bytes, asyncio.Future[Reading]]] = deque()
        self._child: subprocess.Popen[bytes] | None = None
        self._socket = self._launch()  # it loads what it needs while the crawl does
        self._channel: Channel | None = None
        self._timer: asyncio.TimerHandle | None = None  # when to look after the process, or to start one
        self._ready = False  # it has loaded all it needs
        self.bytes = 0  # of what waits
        self._starts = 0  # in vain, one after another
        self._since = 0.0  # when the page at the head of the queue got there

    def load(self) -> int:
        """Pages it has yet to answer."""
        return len(self._waiting)

    def read(self, answer: Answer, site: str) -> asyncio.Future[Reading]:
        message = pickle.dumps((answer, site), protocol=pickle.HIGHEST_PROTOCOL)
        future: asyncio.Future[Reading] = asyncio.get_running_loop().create_future()
        if not self._waiting:
            self._since = monotonic()
        self._waiting.append((message, future))
        self.bytes += len(message)
        if self._channel is not None:
            self._channel.send(message)
        elif self._timer is None:  # else it is given all that waits when it has been started
            self._start()
        return future

    def _launch(self) -> socket.socket:
        """Start the process; our end of the socket to it."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNDER_WAY)
        with theirs:
            try:
                self._child = subprocess.Popen(
                    [sys.executable, "-m", "crawler.workers.reader", str(theirs.fileno()), *self._families],
                    pass_fds=[theirs.fileno()],
                    process_group=0,
                    # Ctrl-C is for us alone; in our session, where nice counts (sched(7), autogroup)
                    env=environment(),
                )
            except OSError:
                ours.close()
                raise
        return ours

    def _start(self) -> None:
        """Give the process what waits; a new one where there is none."""
        loop = asyncio.get_running_loop()
        if self._child is None:
            try:
                self._socket = self._launch()
            except OSError as problem:
                self._start_later(problem)
                return
        self._channel = Channel(loop, self._socket, self._heard, lambda: self._failed("reader_died"))
        self._channel.send(self._hello)
        for message, _ in self._waiting:
            self._channel.send(message)
        self._since = monotonic()
        self._timer = loop.call_later(PATIENCE / 10, self._look)

    def _start_later(self, problem: OSError) -> None:
        """After a pause; when that was to no avail a few times, whoever waits gets the problem."""
        if self._starts < len(_PAUSES_S):
            self._timer = asyncio.get_running_loop().call_later(_PAUSES_S[self._starts], self._start)
            self._starts += 1
            return
        self._timer, self._starts = None, 0
        while self._waiting:
            future = self._next()
            if not future.done():
                future.set_exception(problem)
                future.exception()  # the first to ask ends the run: the others need not be reported

    def _heard(self, message: bytes) -> None:
        self._since = monotonic()
        if not message:
            self._ready, self._starts = True, 0
            return
        future = self._next()
        try:
            reading: Reading = pickle.loads(message)
        except Exception as mistake:  # noqa: BLE001 (no memory for it, or a process of another version of this program)
            reading = Trouble("reader_error", f"{type(mistake).__name__}: {mistake}")
        _hand_out(future, reading)
        if (
            self._channel is not None and len(self._waiting) >= _FEW
        ):  # to make rows of several in a row costs less than of one now and then
            self._channel.rest(min(len(self._waiting) * _REST_S, _LONGEST_REST_S))

    def _next(self) -> asyncio.Future[Reading]:
        message, future = self._waiting.popleft()
        self.bytes -= len(message)
        return future

    def _look(self) -> None:
        """End the process when the page at the head of the queue has had its time, and its answer is not there to be
        taken."""
        self._timer = asyncio.get_running_loop().call_later(PATIENCE / 10, self._look)
        if self._channel is not None:
            self._channel.receive()
        if self._waiting and monotonic() - self._since >= PATIENCE:
            self._failed("reader_timeout")

    def _failed(self, kind: str) -> None:
        """The page the process was at is to blame, none if it had yet to load; those behind it go to a new one."""
        ready = self._ready
        self._stop()
        if ready and self._waiting:
            future = self._next()
            _hand_out(future, Trouble(kind, "the page stopped the process that read it"))
        if not ready:
            self._start_later(OSError("the process that reads pages cannot be started"))
        elif self._waiting:
            self._start()

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        if self._timer is not None:
            self._timer.cancel()
        if self._channel is not None:
            self._channel.close()
        else:
            self._socket.close()
        self._child = self._channel = self._timer = None
        self._ready = False

    def close(self) -> None:
        self._stop()
        self._waiting.clear()
        self.bytes = 0


def _hand_out(future: asyncio.Future[Reading], reading: Reading) -> None:
    if not future.done():  # whoever asked may have been called off
        future.set_result(reading)
