"""The bytes of an HTTP/1 answer, taken between the transport and aiohttp.

aiohttp forgets what its parser undoes: blanks around header values, folded lines, bare line feeds, the reason phrase
where it is odd; and it refuses whole answers for slips that browsers forgive (two Content-Lengths, a header without
name). So the head is read here, kept as it came, and aiohttp is handed one that holds only what frames the body.
Only public interfaces are used: asyncio's `get_protocol`/`set_protocol` and aiohttp's `connection` and `content`.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from enum import Enum, auto
from typing import Any

import aiohttp

from archive.instants import now
from crawler.head import MOST_HEAD, BadHead, Cut, Head

_BLANK_LINE = re.compile(rb"\n\r?\n")


class Disconnected(Exception):
    """The server took the request and hung up; not an aiohttp error, or aiohttp would silently ask again."""


class _Phase(Enum):
    IDLE = auto()  # between two exchanges
    HEAD = auto()
    HELD = auto()  # the head is in, nobody takes the body yet
    BODY = auto()


class Wire(asyncio.Protocol):
    """Stands before aiohttp's protocol on one connection and keeps head and body of the answer it is reading."""

    def __init__(self, transport: asyncio.Transport, inner: asyncio.Protocol) -> None:
        self._transport, self._inner = transport, inner
        peer = transport.get_extra_info("peername")
        self.ip: str | None = peer[0] if peer else None
        tls = transport.get_extra_info("ssl_object")
        self.tls_version: str | None = tls.version() if tls else None
        self.exchanges = 0
        self._phase = _Phase.IDLE
        self._buffer = bytearray()

    def expect(self) -> None:
        """A request has been written: what comes now is its answer."""
        self.exchanges += 1
        self.head: Head | None = None
        self.bad_head: BadHead | None = None
        self.cut: Cut | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self._lost: list[Exception | None] = []
        self._done: asyncio.Future[None] | None = None
        self._buffer.clear()
        self._phase = _Phase.HEAD

    @property
    def untouched(self) -> bool:
        """Not one byte of an answer came."""
        return self._phase is _Phase.HEAD and not self._buffer and self.bad_head is None

    @property
    def whole(self) -> bool:
        """The answer has ended, or was cut."""
        return self._phase is _Phase.IDLE

    @property
    def body(self) -> bytes:
        """What came of the body, its transfer-coding undone."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def take(self, content: aiohttp.StreamReader, most: int) -> None:
        """From now on read the body from `content`, up to `most` bytes."""
        self._content, self._most = content, most
        self._phase = _Phase.BODY
        held = bytes(self._buffer)
        self._buffer.clear()
        self._feed(held)
        if self._lost:
            self.connection_lost(self._lost.pop())

    async def ended(self) -> None:
        """Wait until the body has ended or was cut; `cut` then says why."""
        while not self.whole:
            self._done = asyncio.get_running_loop().create_future()
            await self._done

    # what the transport calls

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._phase is _Phase.BODY:
            self._feed(data)
        elif self._phase is _Phase.IDLE:
            self._inner.data_received(data)
        else:
            start = len(self._buffer)
            self._buffer += data
            if self._phase is _Phase.HEAD:
                self._read_head(max(start - 2, 0))

    def eof_received(self) -> bool | None:
        """The peer will send no more."""
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone; a body that nobody has taken yet waits for `take`."""
        if self._phase is _Phase.HELD:
            self._lost.append(exc)
            return
        self._inner.connection_lost(exc)
        if self._phase is _Phase.BODY:
            self._drain()
            if self._phase is _Phase.BODY or exc is not None:
                self._end("disconnect")

    def pause_writing(self) -> None:
        """The transport's buffer is full."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """The transport's buffer has room again."""
        self._inner.resume_writing()

    # the answer

    def _read_head(self, start: int) -> None:
        if self._buffer[:1] in (b"\r", b"\n"):  # blank lines left over from an earlier answer, RFC 9112 section 2.2
            del self._buffer[: len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))]
            start = 0
        end = _BLANK_LINE.search(self._buffer, start)
        try:
            if end is None:
                self._check_beginning()
                return
            head = Head(bytes(self._buffer[: end.end()]))
            if head.status == 101:
                raise BadHead("switched to another protocol unasked")
        except BadHead as problem:
            self.bad_head = problem
            self._transport.abort()
            return
        del self._buffer[: end.end()]
        if head.status < 200:  # 100 and 103 come before the answer
            self._read_head(0)
            return
        self.head = head
        self._phase = _Phase.HELD
        self._inner.data_received(head.framing)

    def _check_beginning(self) -> None:
        begins = bytes(self._buffer[:5])
        if not b"HTTP/".startswith(begins) and begins != b"HTTP/":
            raise BadHead(f"no HTTP answer: {bytes(self._buffer[:60])!r}")
        if len(self._buffer) > MOST_HEAD:
            raise BadHead(f"head longer than {MOST_HEAD} bytes")

    def _feed(self, data: bytes) -> None:
        if data:
            self._inner.data_received(data)
        self._drain()

    def _drain(self) -> None:
        """Take what aiohttp has unframed before anything else can happen to it: its reader drops data on an error."""
        content = self._content
        if content.exception() is None:
            while chunk := content.read_nowait():
                self._pieces.append(chunk)
                self._size += len(chunk)
                if self._size > self._most:
                    self._pieces[-1] = chunk[: self._most - self._size]
                    self._end("length")
                    return
        if content.is_eof():
            self._end(None)

    def _end(self, cut: Cut | None) -> None:
        self.cut = self.cut or cut
        self._phase = _Phase.IDLE
        if self._done is not None and not self._done.done():
            self._done.set_result(None)


class RecordedResponse(aiohttp.ClientResponse):
    """A response whose connection has a `Wire`; what it recorded is there after `start`."""

    wire: Wire
    sent_at: datetime

    async def start(self, connection: Any) -> RecordedResponse:
        """Put the wire in place, then let aiohttp read the head. Raises Disconnected where a server hung up on us."""
        transport = connection.transport
        if transport is None:
            raise aiohttp.ServerDisconnectedError
        wire = transport.get_protocol()
        if not isinstance(wire, Wire):
            wire = Wire(transport, connection.protocol)
            transport.set_protocol(wire)
        self.wire = wire
        wire.expect()
        self.sent_at = now()
        try:
            await super().start(connection)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as problem:
            if wire.bad_head is not None:
                raise wire.bad_head from problem
            if wire.exchanges > 1 and wire.untouched:
                raise  # an idle connection that the server had closed: aiohttp asks once more on a new one
            raise Disconnected(str(problem)) from problem
        return self
