"""One connection to a server: a request goes out, and its answer is kept byte for byte, but for transfer-coding.

HTTP libraries forget what their parsers undo: blanks around header values, folded lines, bare line feeds, odd reason
phrases; and they refuse whole answers for slips that browsers forgive (two Content-Lengths, a header without name). So
the bytes are read here, straight from the transport.
"""

from __future__ import annotations

import asyncio
import select
import ssl
from datetime import datetime
from enum import Enum, auto

from archive.instants import now
from archive.warc.http import BLANK_LINE
from crawler.net.framing import framing
from crawler.net.head import MOST_HEAD, BadHead, Cut, Head

_MOST_INTERIM = 100  # answers with a status of 1xx before the one that counts


class Disconnected(Exception):
    """The server took the request and hung up; `untouched`: not one byte of an answer had come."""

    def __init__(self, untouched: bool) -> None:
        super().__init__(
            "the server hung up" if untouched else "the server hung up before the head of its answer was whole"
        )
        self.untouched = untouched


class _Phase(Enum):
    """Where an exchange is; what may happen in each phase, and where it leads.

    IDLE  `ask` -> HEAD. Bytes that come belong to no request: but for blank lines the connection is closed.
    HEAD  a head of 2xx to 5xx -> BODY; of 1xx, another head (RFC 9110 section 15.2); 101 unasked, no head, too long
          a head, or the end -> IDLE with an exception, the connection closed.
    BODY  the end that the framing knows -> IDLE, kept; bytes behind that end, which nobody asked for -> IDLE, closed;
          too many bytes, the time, the connection lost -> IDLE with `cut`, closed. What came is kept in each case.
    """

    IDLE = auto()
    HEAD = auto()
    BODY = auto()


class Wire(asyncio.Protocol):
    """A connection on which one exchange follows another; what is known of the last one stands in its attributes."""

    head: Head | None = None
    cut: Cut | None = None  # why the body is not whole
    sent_at: datetime  # when the request went out

    def __init__(self) -> None:
        self.exchanges = 0
        self.lost = False
        self.ip: str | None = None
        self.tls_version: str | None = None
        self._phase = _Phase.IDLE

    async def ask(self, request: bytes, most: int) -> None:
        """Send a request and wait until its answer has ended or was cut, after `most` bytes of body if need be.

        Raises BadHead and Disconnected.
        """
        self.exchanges += 1
        self.head, self.cut = None, None
        self._most, self._size = most, 0
        self._interim = self._before = 0  # answers, and bytes, before the body
        self.interim = b""  # the heads of those
        self._pieces: list[bytes] = []
        self._buffer = bytearray()
        self._phase = _Phase.HEAD
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sent_at = now()
        if self.lost:
            raise Disconnected(untouched=True)
        self._transport.write(request)
        await self._done

    @property
    def usable(self) -> bool:
        """Whether another request may be sent."""
        return self._phase is _Phase.IDLE and not self.lost and not self._transport.is_closing()

    @property
    def stale(self) -> bool:
        """Whether something has come unasked, or the end has, that the loop has yet to read."""
        return bool(self._waiting.poll(0))

    def take_body(self) -> bytes:
        """What came of the body, its transfer-coding undone; not kept here."""
        pieces, self._pieces = self._pieces, []
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    @property
    def trailers(self) -> bytes:
        """What stood behind the body."""
        return self._framing.trailers

    def give_up(self, cut: Cut) -> bool:
        """Wait no longer for the rest; whether there is a head to be kept."""
        if self._phase is _Phase.BODY:
            self._end(cut)
        self.abort()
        return self.head is not None

    def certificate(self) -> bytes | None:
        """The server's certificate, DER; None where there is none."""
        return self._tls.getpeercert(binary_form=True) if self._tls is not None else None

    def abort(self) -> None:
        """Close the connection; what has not been sent is not sent."""
        if not self.lost:  # asyncio fails on a transport that is gone
            self._transport.abort()

    # what the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected, and a handshake done where there is one."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # of a TCP connection
        peer, tls = transport.get_extra_info("peername"), transport.get_extra_info("ssl_object")
        self.ip = peer[0] if peer else None
        self._tls: ssl.SSLObject | None = tls
        self.tls_version = tls.version() if tls else None
        self._waiting = select.poll()
        self._waiting.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._phase is _Phase.BODY:
            self._feed(data)
        elif self._phase is _Phase.HEAD:
            self._read_head(data)
        elif data.strip(b"\r\n"):  # nobody knows what they belong to
            self.abort()

    def eof_received(self) -> None:
        """The server will send no more, though it may read on."""
        # RFC 9112 section 8: only a body without length or chunks ends by the close, and is then complete
        if self._phase is _Phase.BODY and self._framing.to_the_end:
            self._end(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self.lost = True
        if self._phase is _Phase.HEAD:
            self._fail(Disconnected(untouched=not self._before))
        elif self._phase is _Phase.BODY:
            self._end(None if self._framing.to_the_end and exc is None else "disconnect")

    # the answer

    def _read_head(self, data: bytes) -> None:
        self._before += len(data)
        seen = max(len(self._buffer) - 2, 0)
        if self._buffer:
            self._buffer += data
        came = self._buffer or data  # not copied where the head is whole in the first piece, as it nearly always is
        try:
            while self.head is None:
                if came[:1] in (b"\r", b"\n"):  # blank lines left over from an earlier answer, RFC 9112 section 2.2
                    came, seen = came.lstrip(b"\r\n"), 0
                end = BLANK_LINE.search(came, seen)
                if end is None:
                    self._check_beginning(came)
                    self._buffer = came if isinstance(came, bytearray) else bytearray(came)
                    return
                head = Head(bytes(came[: end.end()]))
                came, seen = came[end.end() :], 0
                if head.status >= 200:
                    self.head = head
                else:
                    self._pass_over(head)
        except BadHead as problem:
            self._fail(problem)
            self.abort()
            return
        self._framing = framing(self.head)
        self._phase = _Phase.BODY
        self._feed(bytes(came))

    def _check_beginning(self, came: bytes | bytearray) -> None:
        begins = bytes(came[:5])
        if not b"HTTP/".startswith(begins.upper()):
            raise BadHead(f"no HTTP answer: {bytes(came[:60])!r}")
        if self._before > MOST_HEAD:
            raise BadHead(f"head longer than {MOST_HEAD} bytes")

    def _pass_over(self, head: Head) -> None:
        """100 and 103 come before the answer."""
        self._interim += 1
        if len(self.interim) < MOST_HEAD:
            self.interim += head.raw
        if head.status == 101:
            raise BadHead("switched to another protocol unasked")
        if self._interim > _MOST_INTERIM:
            raise BadHead(f"more than {_MOST_INTERIM} answers before the answer")

    def _feed(self, data: bytes) -> None:
        piece = self._framing.feed(data)
        if piece:
            self._pieces.append(piece)
            self._size += len(piece)
        if self._size > self._most:
            self._pieces[-1] = piece[: self._most - self._size]
            self._end("length")
        elif self._framing.broken:
            self._end("disconnect")
        elif self._framing.ended:
            self._end(None)

    def _end(self, cut: Cut | None) -> None:
        assert self.head is not None
        self.cut = None if self._framing.whole and cut != "length" and not self._framing.broken else cut
        self._phase = _Phase.IDLE
        goes_on = self._framing.ended and not self._framing.spare and self.head.keeps_alive
        # the last: it answered before it had read all of the request
        if cut is not None or not goes_on or self._transport.get_write_buffer_size():
            self._transport.close()
        if not self._done.done():
            self._done.set_result(None)

    def _fail(self, problem: Exception) -> None:
        self._phase = _Phase.IDLE
        if not self._done.done():
            self._done.set_exception(problem)
