"""Processes that read pages beside the crawl: the second core of the machine, and a wall against hostile pages."""

from __future__ import annotations

import asyncio
import pickle
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from crawler.workers.allocator import environment
from crawler.workers.messages import Channel
from crawler.workers.reader import read_safely
from crawler.workers.reading_times import HASTE, PATIENCE, ReadingTimes
from spiders.findings import Answer, Reading, Trouble
from spiders.site import Site

# bytes the system may hold in either direction: pages to read while a commit keeps the sender busy
_UNDER_WAY = 1 << 20
_FEW = 4  # pages that wait, whose readings are taken as they come; those of more are taken together
# that wait over all sites: five seconds of reading, which a stop may wait for, and memory
_MOST_PAGES, _MOST_BYTES = 300, 64_000_000
# for each page that waits, a third of the time it takes to read one; and in all
_REST_S, _LONGEST_REST_S = 0.0004, 0.01
# before a process is started again that could not be: memory or processes may be short
_PAUSES_S = (1.0, 2.0, 4.0, 8.0)
_LOOK_S = 1.0  # between two looks at how long a page has been read

LEFT = Trouble("left", "the crawl ended before the page was read: the next one reads it")


class Readers:
    """`await read(answer, site)` in one of `count` processes; in this one when `count` is 0.

    A page goes to the process that has the fewest, which answers in order. A page on which a process dies or hangs is a
    Trouble; the pages behind it are given to a new process. One site does not keep others waiting: the pages of a site
    that takes long are read by a process apart, which is launched for them.
    """

    def __init__(self, sites: Mapping[str, Site], count: int) -> None:
        self._sites = sites
        self._processes: list[_Process] = []
        self._slow: _ProcessApart | None = None
        self._times = ReadingTimes()
        self._left = False
        try:
            for _ in range(count):
                self._processes.append(_Process(sites, self._times, self._take_apart))
        except OSError:
            self.close()
            raise

    def read(self, answer: Answer, site: Site) -> asyncio.Future[Reading]:
        """What the answer means. Raises OSError where no process can be started, which is no page's fault."""
        done: asyncio.Future[Reading] = asyncio.get_running_loop().create_future()
        if self._left or not self._processes:
            done.set_result(LEFT if self._left else read_safely(answer, site))
            return done
        page = _Waiting(pickle.dumps((answer, site.id), protocol=pickle.HIGHEST_PROTOCOL), site.id, done)
        if self.apart(site.id):
            self._take_apart([page])
        else:
            min(self._processes, key=_Process.load).read(page)
        return done

    def apart(self, site: str) -> bool:
        """Whether the site's pages take so long that they are read apart, one at a time."""
        return self._times.apart(site)

    def _take_apart(self, pages: Sequence[_Waiting]) -> None:
        for page in pages:
            self._slow = self._slow or _ProcessApart(self._sites, self._times)
            self._slow.read(page)

    @property
    def full(self) -> bool:
        """Whether so many pages wait, or so large ones, that no more should be fetched until some are read. What is
        read apart does not count: it stops its own site alone (see `apart`)."""
        waiting = sum(process.load() for process in self._processes)
        return waiting >= _MOST_PAGES or sum(process.bytes for process in self._processes) >= _MOST_BYTES

    def leave(self) -> None:
        """Read nothing more: what waits, and what comes still, is LEFT."""
        self._left = True
        for process in (*self._processes, *([self._slow] if self._slow else [])):
            process.leave()

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.close()
        if self._slow is not None:
            self._slow.close()


@dataclass(slots=True)
class _Waiting:
    """A page that waits for its reading."""

    message: bytes
    site: str
    done: asyncio.Future[Reading]


class _Process:
    def __init__(
        self,
        sites: Mapping[str, Site],
        times: ReadingTimes,
        take_apart: Callable[[Sequence[_Waiting]], object] | None = None,
    ) -> None:
        """`take_apart` is given the pages of a site that keeps others waiting."""
        self._times, self._take_apart = times, take_apart
        self._hello = pickle.dumps(dict(sites))
        self._families = sorted({site.family for site in sites.values()})
        self._waiting: deque[_Waiting] = deque()
        self._child: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        if take_apart is not None:  # what is read apart is launched when it is needed
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

    def read(self, page: _Waiting) -> None:
        if not self._waiting:
            self._since = monotonic()
        self._waiting.append(page)
        self.bytes += len(page.message)
        if self._channel is not None:
            self._channel.send(page.message)
        elif self._timer is None:  # else it is given all that waits when it has been started
            self._start()

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
        if self._child is None or self._socket is None:
            try:
                self._socket = self._launch()
            except OSError as problem:
                self._start_later(problem)
                return
        self._channel = Channel(loop, self._socket, self._heard, lambda: self._failed("reader_died"))
        self._channel.send(self._hello)
        for page in self._waiting:
            self._channel.send(page.message)
        self._since = monotonic()
        self._timer = loop.call_later(_LOOK_S, self._look)

    def _start_later(self, problem: OSError) -> None:
        """After a pause; when that was to no avail a few times, whoever waits gets the problem."""
        if self._starts < len(_PAUSES_S):
            self._timer = asyncio.get_running_loop().call_later(_PAUSES_S[self._starts], self._start)
            self._starts += 1
            return
        self._timer, self._starts = None, 0
        while self._waiting:
            future = self._next().done
            if not future.done():
                future.set_exception(problem)
                future.exception()  # the first to ask ends the run: the others need not be reported

    def _heard(self, message: bytes) -> None:
        self._since = monotonic()
        if not message:
            self._ready, self._starts = True, 0
            return
        page = self._next()
        reading: Reading
        try:
            reading, seconds = pickle.loads(message)
            self._times.took(page.site, seconds)
        except Exception as mistake:  # noqa: BLE001 (no memory for it, or a process of another version of this program)
            reading = Trouble("reader_error", f"{type(mistake).__name__}: {mistake}")
        _hand_out(page, reading)
        # to make rows of several in a row costs less than of one now and then
        if self._channel is not None and len(self._waiting) >= _FEW:
            self._channel.rest(min(len(self._waiting) * _REST_S, _LONGEST_REST_S))

    def _next(self) -> _Waiting:
        page = self._waiting.popleft()
        self.bytes -= len(page.message)
        return page

    def _look(self) -> None:
        """End the process when the page at the head of the queue has had its time, and its answer is not there to be
        taken. Sooner where pages of other sites wait behind it: then it is read apart, from its beginning."""
        self._timer = asyncio.get_running_loop().call_later(_LOOK_S, self._look)
        if self._channel is not None:
            self._channel.receive()
        if not self._waiting:
            return
        held, site = monotonic() - self._since, self._waiting[0].site
        if not self._ready:
            if held >= PATIENCE:
                self._failed("reader_timeout")
        elif held >= self._times.patience(site):
            self._times.timed_out(site, held)
            self._failed("reader_timeout")
        elif self._take_apart is not None and held >= HASTE and any(page.site != site for page in self._waiting):
            self._times.held_up(site)
            self._let_go(self._take_apart)

    def _let_go(self, take_apart: Callable[[Sequence[_Waiting]], object]) -> None:
        """End the process; a new one reads what waits, but for the pages of sites that are read apart."""
        self._stop()
        slow = [page for page in self._waiting if self._times.apart(page.site)]
        self._waiting = deque(page for page in self._waiting if not self._times.apart(page.site))
        self.bytes = sum(len(page.message) for page in self._waiting)
        if self._waiting:
            self._start()
        take_apart(slow)

    def _failed(self, kind: str) -> None:
        """The page the process was at is to blame, none if it had yet to load; those behind it go to a new one."""
        ready = self._ready
        self._stop()
        if ready and self._waiting:
            _hand_out(self._next(), Trouble(kind, "the page stopped the process that read it"))
        if not ready:
            self._start_later(OSError("the process that reads pages cannot be started"))
        elif self._take_apart is not None:
            self._let_go(self._take_apart)
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
        elif self._socket is not None:
            self._socket.close()
        self._child = self._channel = self._timer = self._socket = None
        self._ready = False

    def leave(self) -> None:
        self._stop()
        while self._waiting:
            _hand_out(self._next(), LEFT)

    def close(self) -> None:
        self._stop()
        self._waiting.clear()
        self.bytes = 0


class _ProcessApart(_Process):
    """Pages of sites that take long: one at a time, of the site that has had the least time."""

    def __init__(self, sites: Mapping[str, Site], times: ReadingTimes) -> None:
        super().__init__(sites, times)
        self._behind: dict[str, deque[_Waiting]] = {}  # what waits, by site

    def read(self, page: _Waiting) -> None:
        self._behind.setdefault(page.site, deque()).append(page)
        self._feed()

    def _next(self) -> _Waiting:
        page = super()._next()
        asyncio.get_running_loop().call_soon(self._feed)  # when it is known how long this one took
        return page

    def _feed(self) -> None:
        if self._waiting or not self._behind:
            return
        site = min(self._behind, key=self._times.spent)
        queue = self._behind[site]
        page = queue.popleft()
        if not queue:
            del self._behind[site]
        super().read(page)

    def leave(self) -> None:
        super().leave()
        for page in (page for queue in self._behind.values() for page in queue):
            _hand_out(page, LEFT)
        self._behind.clear()

    def close(self) -> None:
        self._behind.clear()
        super().close()


def _hand_out(page: _Waiting, reading: Reading) -> None:
    if not page.done.done():  # whoever asked may have been called off
        page.done.set_result(reading)
