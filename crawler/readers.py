"""Processes that read pages beside the crawl: the second core of the machine, and a wall against hostile pages."""

from __future__ import annotations

import asyncio
import pickle
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from itertools import cycle
from time import monotonic

from crawler.allocator import environment
from crawler.reader import LENGTH, read_safely
from spiders.findings import Answer, Reading, Trouble
from spiders.site import Site

_UNDER_WAY = 1 << 20  # bytes the system may hold in either direction: pages to read while a commit keeps the sender busy
_TOGETHER = 6  # readings handed out at a time while as many pages wait: to make rows of several in a row costs less than of one now and then
_HELD_S = 0.05  # seconds a reading waits at most for others
PATIENCE = 60.0  # seconds one page may take: the slowest honest page seen took under 2


class Readers:
    """`await read(answer, site)` in one of `count` processes; in this one when `count` is 0.

    Pages go to the processes in turn and come back in order. A page on which a process dies or hangs is a Trouble;
    the pages behind it are given to a new process.
    """

    def __init__(self, sites: Mapping[str, Site], count: int) -> None:
        self._sites = sites
        self._processes = [_Process(sites) for _ in range(count)]
        self._turn = cycle(self._processes) if count else None

    async def read(self, answer: Answer, site: Site) -> Reading:
        """What the answer means."""
        if self._turn is None:
            return read_safely(answer, site)
        return await next(self._turn).read(answer, site.id)

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.close()


class _Process:
    def __init__(self, sites: Mapping[str, Site]) -> None:
        self._hello = pickle.dumps(dict(sites))
        self._families = sorted({site.family for site in sites.values()})
        self._waiting: deque[tuple[bytes, asyncio.Future[Reading]]] = deque()
        self._held: list[tuple[asyncio.Future[Reading], Reading]] = []  # readings that have come, but are not handed out yet
        self._child: subprocess.Popen[bytes] | None = None
        self._socket = self._launch()  # it loads what it needs while the crawl does
        self._writer: asyncio.StreamWriter | None = None
        self._answering: asyncio.StreamWriter | None = None  # the other end of what it answers
        self._answers: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._since = 0.0  # when the page at the head of the queue got there

    async def read(self, answer: Answer, site: str) -> Reading:
        async with self._starting:
            if self._writer is None:
                await self._start()
        assert self._writer is not None
        message = pickle.dumps((answer, site), protocol=pickle.HIGHEST_PROTOCOL)
        future: asyncio.Future[Reading] = asyncio.get_running_loop().create_future()
        if not self._waiting:
            self._since = monotonic()
        self._waiting.append((message, future))
        if not self._writer.transport.is_closing():  # else it is sent to the next process
            _send(self._writer, message)
        return await future

    def _launch(self) -> socket.socket:
        """Start the process; our end of the socket to it."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNDER_WAY)
        with theirs:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "crawler.reader", str(theirs.fileno()), *self._families],
                pass_fds=[theirs.fileno()], process_group=0, env=environment(),  # Ctrl-C is for us alone; in our session, where nice counts (sched(7), autogroup)
            )
        return ours

    async def _start(self) -> None:
        if self._child is None:
            self._socket = self._launch()
        # a transport for each direction: one that fails while it writes drops what has come
        reader, self._answering = await asyncio.open_connection(sock=self._socket, limit=1 << 26)
        _, self._writer = await asyncio.open_connection(sock=self._socket.dup())
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio has it for every socket
        _send(self._writer, self._hello)
        for message, _ in self._waiting:
            _send(self._writer, message)
        self._since = monotonic()
        self._answers = asyncio.create_task(self._collect(reader))

    async def _collect(self, reader: asyncio.StreamReader) -> None:
        """Take readings as they come; when the process fails, the page it was at is to blame."""
        watching = asyncio.create_task(self._watch(reader))
        try:
            while True:
                data = await _receive(reader)
                self._hold(self._waiting.popleft()[1], pickle.loads(data))
                self._since = monotonic()
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as problem:
            self._stop()
            if self._waiting:
                kind = "reader_timeout" if isinstance(problem, TimeoutError) else "reader_died"
                self._hold(self._waiting.popleft()[1], Trouble(kind, "the page stopped the process that read it"))
            self._hand_out()
            async with self._starting:
                if self._waiting and self._writer is None:
                    await self._start()
        finally:
            watching.cancel()

    def _hold(self, future: asyncio.Future[Reading], reading: Reading) -> None:
        """Hand a reading out with the next ones, or at once where few pages are being read."""
        if not self._held:
            asyncio.get_running_loop().call_later(_HELD_S, self._hand_out)
        self._held.append((future, reading))
        if len(self._held) >= _TOGETHER or len(self._waiting) < _TOGETHER:
            self._hand_out()

    def _hand_out(self) -> None:
        held, self._held = self._held, []
        for future, reading in held:
            if not future.done():  # whoever asked may have been called off
                future.set_result(reading)

    async def _watch(self, reader: asyncio.StreamReader) -> None:
        """End the wait for a reading when the page at the head of the queue has had its time."""
        while not self._waiting or monotonic() - self._since < PATIENCE:
            await asyncio.sleep(PATIENCE / 10)
        reader.set_exception(TimeoutError())

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        if self._writer is not None and self._answering is not None:
            self._writer.close()
            self._answering.close()
        else:
            self._socket.close()
        self._child = self._writer = self._answering = None

    def close(self) -> None:
        if self._answers is not None:
            self._answers.cancel()
        self._stop()


def _send(writer: asyncio.StreamWriter, message: bytes) -> None:
    writer.writelines((LENGTH.pack(len(message)), message))


async def _receive(reader: asyncio.StreamReader) -> bytes:
    (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
    return await reader.readexactly(length)
