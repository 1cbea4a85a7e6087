"""A process that reads pages for a crawl; and reading a page safely, wherever that is done."""

from __future__ import annotations

import os
import pickle
import resource
import socket
import struct
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from archive.article import words
from archive.signatures import method, sign
from crawler.collection import ease, loading
from spiders.findings import Answer, Reading, Story, Trouble
from spiders.site import Site

LENGTH = struct.Struct("!I")  # stands before each message
MEMORY = 4 << 30  # bytes of address space of a process: native code maps far more than it uses
_MOST_HELD = 64 << 20  # bytes of messages taken off the socket
_PIECE = 1 << 16  # bytes: more at a time would be mapped and unmapped each time


def read_safely(answer: Answer, site: Site) -> Reading:
    """`read`, and word count and signature of what was read, with our own mistakes turned into a Trouble of that page: one page never ends a crawl."""
    from spiders.reading import read  # all that reads pages, which a crawl with a process beside it does without

    try:
        reading = read(answer, site)
        if isinstance(reading, Story):
            body = reading.article.body
            return replace(reading, word_count=words(body), signature=sign(body))
        return reading
    except Exception as mistake:  # noqa: BLE001 (the boundary: recorded as a failure with its words)
        return Trouble("reader_error", f"{type(mistake).__name__}: {mistake}")


class Inbox:
    """Messages from the crawl. All that have come are taken off the socket between two pages, which holds only some ten:
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
        except BlockingIOError:
            return False
        self._buffer += piece
        at = 0
        while len(self._buffer) >= (begin := at + LENGTH.size) and len(self._buffer) >= (end := begin + LENGTH.unpack_from(self._buffer, at)[0]):
            self._messages.append(bytes(memoryview(self._buffer)[begin:end]))
            self._held += end - begin
            at = end
        if at:
            del self._buffer[:at]
        return bool(piece)


def serve(fd: int, families: Sequence[str]) -> None:
    """Take sites first, then answers, until the crawl is gone. A page or document that needs more memory fails."""
    with loading():
        import spiders.reading  # noqa: F401  # this and what follows before there is anything to read
        from spiders.families import family

        for name in families:
            family(name)
        method()
    ease()
    os.nice(5)  # the crawl comes first: it waits for hosts and disk, and all others wait for it
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with socket.socket(fileno=fd) as connection:
        inbox = Inbox(connection)
        hello = inbox.take()
        sites: dict[str, Site] = pickle.loads(hello) if hello else {}
        while (message := inbox.take()) is not None:
            answer, site = pickle.loads(message)
            reply = pickle.dumps(read_safely(answer, sites[site]), protocol=pickle.HIGHEST_PROTOCOL)
            try:
                connection.sendall(LENGTH.pack(len(reply)) + reply)  # at once: what is not in the socket dies with this process
            except OSError:
                return  # the crawl was killed


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2:])
