"""Messages between a crawl and a process that reads: whole, in order, and nobody waits who need not."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable, Iterator
from threading import Thread
from typing import Any

import pytest

from crawler.workers import messages
from crawler.workers.messages import Channel, Inbox, framed


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def all_framed(*parts: bytes) -> bytes:
    return b"".join(map(framed, parts))


def test_messages_come_whole_and_in_order_however_they_are_cut(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    sent = [b"", b"a", b"bc" * 40_000, b"d" * 3]
    data = all_framed(*sent)

    def dribble() -> None:
        for cut in range(0, len(data), 7001):
            ours.sendall(data[cut : cut + 7001])
        ours.shutdown(socket.SHUT_WR)

    sending = Thread(target=dribble)
    sending.start()
    inbox = Inbox(theirs)
    assert [inbox.take() for _ in range(len(sent) + 1)] == [*sent, None]
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
    data, inbox = all_framed(*[bytes(40_000)] * 500), Inbox(theirs)
    room = fill(ours, data)
    assert 0 < room < len(data)
    for _ in range(3):
        assert inbox.take() == bytes(40_000)
        more = fill(ours, data[room:])
        assert more > 40_000  # all that had come was taken off, not one message
        room += more


def test_no_more_is_held_than_fits(ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_MOST_HELD", 100_000)
    ours, theirs = ends
    sending = Thread(target=lambda: (ours.sendall(all_framed(*[bytes(30_000)] * 50)), ours.shutdown(socket.SHUT_WR)))
    sending.start()
    inbox = Inbox(theirs)
    for _ in range(50):
        assert inbox.take() == bytes(30_000)
        assert inbox._held <= 100_000 + messages._PIECE + 30_000
    assert inbox.take() is None
    sending.join()


def talk(connection: socket.socket, work: Callable[[Channel, list[Any]], Awaitable[None]]) -> list[Any]:
    """What comes over a channel, None for its end, while some work is done in its loop."""

    async def run() -> list[Any]:
        heard: list[Any] = []
        channel = Channel(asyncio.get_running_loop(), connection, heard.append, lambda: heard.append(None))
        try:
            await asyncio.wait_for(work(channel, heard), 30)
        finally:
            channel.close()
        return heard

    return asyncio.run(run())


async def until(heard: list[Any], count: int) -> None:
    while len(heard) < count:
        await asyncio.sleep(0.001)


def test_more_is_sent_than_the_socket_takes_without_waiting_for_it(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    sent = [b"", *(bytes([n]) * 40_000 for n in range(100)), b"", b"end"]
    taken: list[bytes | None] = []
    inbox = Inbox(theirs)
    reading = Thread(target=lambda: [taken.append(inbox.take()) for _ in sent])

    async def work(channel: Channel, heard: list[Any]) -> None:
        for message in sent:
            channel.send(message)
        assert channel._unsent
        reading.start()
        while len(taken) < len(sent):
            await asyncio.sleep(0.001)
        assert not channel._unsent

    assert talk(ours, work) == []
    assert taken == sent
    reading.join()


def test_what_the_other_end_said_before_it_went_is_taken_though_nothing_can_be_sent(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends

    async def work(channel: Channel, heard: list[Any]) -> None:
        channel.send(b"never read")  # so that its end comes as an error
        theirs.sendall(b"".join(map(framed, (b"a", b"b" * 60_000))) + framed(b"cut")[:-1])
        theirs.close()
        for _ in range(20):
            channel.send(bytes(100_000))
        await until(heard, 3)

    assert talk(ours, work) == [b"a", b"b" * 60_000, None]


def test_what_comes_during_a_rest_is_taken_together_after_it(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends

    async def work(channel: Channel, heard: list[Any]) -> None:
        channel.rest(0.3)
        channel.rest(10)  # one at a time
        for n in range(3):
            theirs.sendall(framed(b"%d" % n))
            await asyncio.sleep(0.02)
        assert not heard
        await until(heard, 1)
        assert len(heard) == 3
        theirs.sendall(framed(b"then"))
        await until(heard, 4)
        channel.rest(0.01)
        channel.close()
        channel.close()
        await asyncio.sleep(0.1)

    assert talk(ours, work) == [b"0", b"1", b"2", b"then"]


def test_nothing_is_handed_on_after_a_close(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    heard: list[bytes | None] = []

    async def run() -> None:
        channel = Channel(
            asyncio.get_running_loop(),
            ours,
            lambda message: (heard.append(message), channel.close()),
            lambda: heard.append(None),
        )
        theirs.sendall(b"".join(map(framed, (b"a", b"b"))))
        theirs.close()
        await asyncio.sleep(0.1)

    asyncio.run(run())
    assert heard == [b"a"]


def test_an_answer_nobody_took_is_no_error_of_the_inbox(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    theirs.sendall(b"unread")
    ours.close()
    assert Inbox(theirs).take() is None


def test_a_system_short_of_memory_cuts_no_message(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    refusals = iter([False, True, True])

    class Short(socket.socket):
        def sendmsg(self, parts: Any) -> int:  # type: ignore[override]
            if next(refusals, False):
                raise OSError(errno.ENOBUFS, "No buffer space available")
            return super().send(next(iter(parts))[:3])

    sent = [b"a" * 50, b"b" * 70]

    async def work(channel: Channel, heard: list[Any]) -> None:
        for message in sent:
            channel.send(message)
        while channel._unsent:
            await asyncio.sleep(0.001)

    with Short(fileno=ours.detach()) as short:
        talk(short, work)
    inbox = Inbox(theirs)
    assert [inbox.take() for _ in range(3)] == [*sent, None]
