"""Messages to a process that reads: whole, in order, taken off the socket ahead of their turn, and no more than fit."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from crawler import reader
from crawler.reader import LENGTH, Inbox


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def framed(*messages: bytes) -> bytes:
    return b"".join(LENGTH.pack(len(message)) + message for message in messages)


def test_messages_come_whole_and_in_order_however_they_are_cut(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    messages = [b"", b"a", b"bc" * 40_000, b"d" * 3]
    data = framed(*messages)

    def dribble() -> None:
        for cut in range(0, len(data), 7001):
            ours.sendall(data[cut : cut + 7001])
        ours.shutdown(socket.SHUT_WR)

    sending = Thread(target=dribble)
    sending.start()
    inbox = Inbox(theirs)
    assert [inbox.take() for _ in range(len(messages) + 1)] == [*messages, None]
    sending.join()


def test_a_message_cut_by_the_end_of_the_crawl_is_none(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    ours.sendall(framed(b"whole") + framed(b"cut off")[:-1])
    ours.close()
    inbox = Inbox(theirs)
    assert (inbox.take(), inbox.take()) == (b"whole", None)


def fill(end: socket.socket, data: bytes) -> int:
    """Bytes that go into the socket while nobody waits."""
    sent = 0
    try:
        while sent < len(data):
            sent += end.send(data[sent : sent + 10_000], socket.MSG_DONTWAIT)
    except BlockingIOError:
        pass  # full
    return sent


def test_what_has_come_makes_room_for_more_before_its_turn(ends: tuple[socket.socket, socket.socket]) -> None:
    """A sender that does not wait can go on: that is what keeps a reader in work during a commit."""
    ours, theirs = ends
    data, inbox = framed(*[bytes(40_000)] * 500), Inbox(theirs)
    room = fill(ours, data)
    assert 0 < room < len(data)
    for _ in range(3):
        assert inbox.take() == bytes(40_000)
        more = fill(ours, data[room:])
        assert more > 40_000  # all that had come was taken off, not one message
        room += more


def test_no_more_is_held_than_fits(ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MOST_HELD", 100_000)
    ours, theirs = ends
    sending = Thread(target=lambda: (ours.sendall(framed(*[bytes(30_000)] * 50)), ours.shutdown(socket.SHUT_WR)))
    sending.start()
    inbox = Inbox(theirs)
    for _ in range(50):
        assert inbox.take() == bytes(30_000)
        assert inbox._held <= 100_000 + reader._PIECE + 30_000
    assert inbox.take() is None
    sending.join()
