"""Messages between a crawl and a process that reads for it: both ends of a socket, each message behind its length."""

from __future__ import annotations

import socket
import struct
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, TimerHandle  # which a process that reads does without

_LENGTH = struct.Struct("!I")
_MOST_HELD = 64 << 20  # bytes of messages taken off the socket
_PIECE = 1 << 16  # bytes: more at a time would be mapped and unmapped each time
_PARTS = 64  # of messages, handed to the system at a time
_PIECES = 16  # taken before others in the loop have their turn


def framed(message: bytes) -> bytes:
    """As it goes over the socket."""
    return _LENGTH.pack(len(message)) + message


def _whole(buffer: bytearray) -> list[bytes]:
    """Messages that have come as a whole, taken out of the buffer."""
    found: list[bytes] = []
    at = 0
    while len(buffer) >= (begin := at + _LENGTH.size) and len(buffer) >= (
        end := begin + _LENGTH.unpack_from(buffer, at)[0]
    ):
        found.append(bytes(memoryview(buffer)[begin:end]))
        at = end
    if at:
        del buffer[:at]
    return found


class Channel:
    """The crawl's end, in its event loop. What the other end sent before it went is still taken, whatever became of
    what we send."""

    def __init__(
        self,
        loop: AbstractEventLoop,
        connection: socket.socket,
        on_message: Callable[[bytes], object],
        on_end: Callable[[], object],
    ) -> None:
        """`on_end` is called once, after the last message, when the other end has gone; not after `close`."""
        self._loop, self._connection, self._on_message, self._on_end = loop, connection, on_message, on_end
        self._buffer = bytearray()
        self._unsent: deque[bytes | memoryview] = deque()
        self._full = False  # the socket takes no more for now
        self._resting: TimerHandle | None = None
        self._open = True
        connection.setblocking(False)
        loop.add_reader(connection, self.receive)

    def send(self, message: bytes) -> None:
        """Into the socket as far as it takes it, the rest when it does. Lost where the other end has gone."""
        self._unsent += (_LENGTH.pack(len(message)), message)
        if not self._full:
            self._flush()

    def rest(self, seconds: float) -> None:
        """Leave what comes where it is for so long, and take it together then: to be woken for each message costs more
        than to read it."""
        if self._resting is None:
            self._loop.remove_reader(self._connection)
            self._resting = self._loop.call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._resting = None
        self._loop.add_reader(self._connection, self.receive)
        self.receive()

    def close(self) -> None:
        """Send and receive no more. Harmless when repeated."""
        if self._resting is not None:
            self._resting.cancel()
        if self._open:
            self._open = False
            self._loop.remove_reader(self._connection)
            self._loop.remove_writer(self._connection)
            self._connection.close()

    def _flush(self) -> None:
        try:
            while self._unsent:
                self._sent(self._connection.sendmsg(islice(self._unsent, _PARTS)))
        except (BrokenPipeError, ConnectionResetError):  # `on_end` says so when all it sent has been taken
            self._unsent.clear()
        except OSError:  # the socket is full, or the system short of memory
            if not self._full:
                self._full = True
                self._loop.add_writer(self._connection, self._flush)
            return
        if self._full:
            self._full = False
            self._loop.remove_writer(self._connection)

    def _sent(self, size: int) -> None:
        while self._unsent and size >= len(self._unsent[0]):
            size -= len(self._unsent.popleft())
        if size:
            self._unsent[0] = memoryview(self._unsent[0])[size:]

    def receive(self) -> None:
        """Take what has come; the loop does when it gets to it."""
        for _ in range(_PIECES):
            if not self._open or (piece := self._take()) is None:
                return
            self._buffer += piece
            for message in _whole(self._buffer):
                if self._open:
                    self._on_message(message)
            if not piece and self._open:
                self.close()
                self._on_end()

    def _take(self) -> bytes | None:
        """Some bytes; none at the end, None when nothing has come."""
        try:
            return self._connection.recv(_PIECE)
        except BlockingIOError:
            return None
        except OSError:  # as good as the end
            return b""


class Inbox:
    """The other end. All messages that have come are taken off the socket between two pages, which holds only some ten:
    so there is work while the crawl writes a commit and sends nothing."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._messages: deque[bytes] = deque()
        self._buffer = bytearray()
        self._held = 0  # bytes of `_messages`

    def take(self) -> bytes | None:
        """The next message, waited for; None when the crawl is gone."""
        while self._held < _MOST_HELD and self._receive(wait=not self._messages):
            pass
        if not self._messages:
            return None
        message = self._messages.popleft()
        self._held -= len(message)
        return message

    def _receive(self, *, wait: bool) -> bool:
        """Whether something came."""
        try:
            piece = self._connection.recv(_PIECE, 0 if wait else socket.MSG_DONTWAIT)
        except (BlockingIOError, ConnectionResetError):  # nothing; or the crawl was killed, answers unread
            return False
        self._buffer += piece
        for message in _whole(self._buffer):
            self._messages.append(message)
            self._held += len(message)
        return bool(piece)
