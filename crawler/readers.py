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

from crawler.allocator import environment
from crawler.messages import Channel
from crawler.reader import read_safely
from spiders.findings import Answer, Reading, Trouble
from spiders.site import Site

_UNDER_WAY = 1 << 20  # bytes the system may hold in either direction: pages to read while a commit keeps the sender busy
_FEW = 4  # pages that wait, whose readings are taken as they come; those of more are taken together
_REST_S, _LONGEST_REST_S = 0.0004, 0.01  # for each page that waits, a third of the time it takes to read one; and in all
PATIENCE = 60.0  # seconds one page may take: the slowest honest page seen took under 2


class Readers:
    """`await read(answer, site)` in one of `count` processes; in this one when `count` is 0.

    A page goes to the process that has the fewest, which answers in order. A page on which a process dies or hangs is a
    Trouble; the pages behind it are given to a new process.
    """

    def __init__(self, sites: Mapping[str, Site], count: int) -> None:
        self._processes = [_Process(sites) for _ in range(count)]

    def read(self, answer: Answer, site: Site) -> asyncio.Future[Reading]:
        """What the answer means."""
        if self._processes:
            return min(self._processes, key=_Process.load).read(answer, site.id)
        done: asyncio.Future[Reading] = asyncio.get_running_loop().create_future()
        done.set_result(read_safely(answer, site))
        return done

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
        self._watch: asyncio.TimerHandle | None = None
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
        if self._channel is None:
            self._start()
        else:
            self._channel.send(message)
        return future

    def _launch(self) -> socket.socket:
        """Start the process; our end of the socket to it."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNDER_WAY)
        with theirs:
            try:
                self._child = subprocess.Popen(
                    [sys.executable, "-m", "crawler.reader", str(theirs.fileno()), *self._families],
                    pass_fds=[theirs.fileno()], process_group=0, env=environment(),  # Ctrl-C is for us alone; in our session, where nice counts (sched(7), autogroup)
                )
            except OSError:
                ours.close()
                raise
        return ours

    def _start(self) -> None:
        """Give the process what waits; a new one where there is none."""
        if self._child is None:
            try:
                self._socket = self._launch()
            except OSError as problem:  # memory or processes are short: the next page tries again
                while self._waiting:
                    self._hand_out(Trouble("reader_died", f"no process to read it: {problem}"))
                return
        loop = asyncio.get_running_loop()
        self._channel = Channel(loop, self._socket, self._answered, lambda: self._failed("reader_died"))
        self._channel.send(self._hello)
        for message, _ in self._waiting:
            self._channel.send(message)
        self._since = monotonic()
        self._watch = loop.call_later(PATIENCE / 10, self._look)

    def _answered(self, message: bytes) -> None:
        self._hand_out(pickle.loads(message))
        self._since = monotonic()
        if self._channel is not None and len(self._waiting) >= _FEW:  # to make rows of several in a row costs less than of one now and then
            self._channel.rest(min(len(self._waiting) * _REST_S, _LONGEST_REST_S))

    def _hand_out(self, reading: Reading) -> None:
        _, future = self._waiting.popleft()
        if not future.done():  # whoever asked may have been called off
            future.set_result(reading)

    def _look(self) -> None:
        """End the process when the page at the head of the queue has had its time, and its answer is not there to be taken."""
        self._watch = asyncio.get_running_loop().call_later(PATIENCE / 10, self._look)
        if self._channel is not None:
            self._channel.receive()
        if self._waiting and monotonic() - self._since >= PATIENCE:
            self._failed("reader_timeout")

    def _failed(self, kind: str) -> None:
        """The page the process was at is to blame; those behind it go to a new one."""
        self.close()
        if self._waiting:
            self._hand_out(Trouble(kind, "the page stopped the process that read it"))
        if self._waiting:
            self._start()

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        if self._watch is not None:
            self._watch.cancel()
        if self._channel is not None:
            self._channel.close()
        else:
            self._socket.close()
        self._child = self._channel = self._watch = None
