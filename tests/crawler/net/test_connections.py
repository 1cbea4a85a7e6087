"""Connections are kept, told apart, and given up when they are worth nothing."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from crawler.net import connections
from crawler.net.connections import Connections, Server
from crawler.net.fetch import FetchFailed
from crawler.net.guard import Guard
from crawler.net.lateness import Lateness
from crawler.net.wire import Disconnected
from tests.crawler.net.fetching import END, fetcher, job, length, run
from tests.crawler.net.server import listening, serving

OK = [length(b"body") + b"body"]
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def open_sockets() -> int:
    # (Path.readlink would make a Path of it)
    files = [fd for fd in Path("/proc/self/fd").iterdir() if os.path.lexists(fd)]
    return sum(os.readlink(fd).startswith("socket:") for fd in files)  # noqa: PTH115


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_one_connection_serves_many_requests(loop: str) -> None:
    async def test() -> None:
        async with serving({"/": OK}) as server:
            fetching = fetcher()
            for _ in range(5):
                await fetching.fetch(job(server.url("/")))
            assert server.connections == 1
            await fetching.close()

    run(test, loop)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("answer", [
    [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4" + END + b"body"],
    [b"HTTP/1.0 200 OK\r\nContent-Length: 4" + END + b"body"],
    [length(b"body") + b"body and more"], [b"HTTP/1.1 304 Not Modified\r\nContent-Length: 4" + END + b"body"],
    [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + END + b"4\r\nbody\r\n0\r\n\r\nHTTP/1.1 200 OK" + END],
])  # fmt: skip
def test_a_connection_that_cannot_be_trusted_any_more_is_closed(answer: list[bytes], loop: str) -> None:
    async def test() -> None:
        async with serving({"/": answer, "/next": OK}) as server:
            fetching = fetcher()
            assert (await fetching.fetch(job(server.url("/")))).body in (b"body", b"")
            assert (await fetching.fetch(job(server.url("/next")))).body == b"body"
            assert server.connections == 2
            await fetching.close()

    run(test, loop)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("late", [b"and more", b"\r\n", b"<html>"])
def test_what_comes_after_an_answer_is_no_part_of_the_next(late: bytes, loop: str) -> None:
    async def test() -> None:
        sent = asyncio.Event()

        async def more_than_asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(OK[0])
            await writer.drain()
            await asyncio.sleep(0.05)
            writer.write(late)
            await writer.drain()
            sent.set()

        async with serving({"/": more_than_asked, "/next": OK}) as server:
            fetching = fetcher()
            assert (await fetching.fetch(job(server.url("/")))).body == b"body"
            await sent.wait()
            await asyncio.sleep(0.05)
            after = await fetching.fetch(job(server.url("/next")))
            assert (after.response_head, after.body) == (length(b"body"), b"body")
            assert server.connections == (1 if late == b"\r\n" else 2)
            await fetching.close()

    run(test, loop)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_garbage_in_place_of_an_answer_on_a_kept_connection_is_asked_about_once_more(loop: str) -> None:
    """The rest of an answer that was longer than it said may come just when the next request has gone out."""

    async def test() -> None:
        async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if server.connections == 1:
                writer.write(b"the rest of the answer before\r\n")
            writer.write(OK[0])
            await writer.drain()

        async with serving({"/": OK, "/late": late}) as server:
            fetching = fetcher()
            await fetching.fetch(job(server.url("/")))
            assert (await fetching.fetch(job(server.url("/late")))).body == b"body"
            assert server.connections == 2
            await fetching.close()

    run(test, loop)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_connections_that_the_server_closed_meanwhile(method: str) -> None:
    """Several at once, as after a restart: a GET is asked once more, on a new connection; a POST may have been done."""

    async def test() -> None:
        hang_up = asyncio.Event()

        async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(OK[0])
            await writer.drain()
            await hang_up.wait()
            await reader.readuntil(END)  # it closes just as the next request comes
            writer.close()
            raise ConnectionError

        async with serving({"/once": once, "/": OK}) as server:
            fetching = fetcher()
            await asyncio.gather(*(fetching.fetch(job(server.url("/once"))) for _ in range(3)))
            hang_up.set()
            if method == "GET":
                assert (await fetching.fetch(job(server.url("/")))).body == b"body"
                assert server.connections == 4
            else:
                with pytest.raises(FetchFailed, match="disconnect"):
                    await fetching.fetch(job(server.url("/"), method="POST", body=b"a=b"))
            await fetching.close()

    run(test)


def test_idle_connections_are_closed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr(connections, "_KEPT_S", 0.1)
        async with serving({"/": OK}) as one, serving({"/": OK}) as other:
            before = open_sockets()
            fetching = fetcher()
            await fetching.fetch(job(one.url("/")))
            await asyncio.sleep(0.15)
            await fetching.fetch(job(other.url("/")))  # sweeps
            await asyncio.sleep(0.05)
            assert open_sockets() == before + 2  # both ends of the one that is left
            await asyncio.sleep(0.15)
            await fetching.fetch(job(one.url("/")))
            assert one.connections == 2
            await fetching.close()
            await asyncio.sleep(0.05)
            assert open_sockets() == before

    run(test)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_cancelled_fetch_leaves_nothing_open(loop: str) -> None:
    async def test() -> None:
        begun = asyncio.Event()

        async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000" + END + b"half")
            await writer.drain()
            begun.set()
            await reader.read()

        async with serving({"/": stall, "/next": OK}) as server:
            before = open_sockets()
            fetching = fetcher()
            fetch = asyncio.ensure_future(fetching.fetch(job(server.url("/"))))
            await begun.wait()
            fetch.cancel()
            with pytest.raises(asyncio.CancelledError):
                await fetch
            await asyncio.sleep(0.05)
            assert open_sockets() == before
            assert (await fetching.fetch(job(server.url("/next")))).body == b"body"
            await fetching.close()

    run(test, loop)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_nothing_is_connected_to_once_all_is_closed(loop: str) -> None:
    async def test() -> None:
        async with serving({"/": OK}) as server:
            here = Server("127.0.0.1", server.port, None)
            for steps in range(6):  # before the look-up, in it, while it connects, and after
                before = open_sockets()
                open_ = Connections(Guard(allow_loopback=True), timeout_s=5, quiet_s=0.0)
                taking = asyncio.ensure_future(open_.take(here))
                for _ in range(steps):
                    await asyncio.sleep(0)
                open_.close()
                with pytest.raises((ConnectionAbortedError, Disconnected)):
                    await (await taking).ask(GET, 1000)
                await asyncio.sleep(0.05)
                assert open_sockets() == before
            connected = server.connections
            with pytest.raises(ConnectionAbortedError):
                await open_.take(here)
            assert server.connections == connected

    run(test, loop)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_an_answer_that_nobody_asked_for_is_nobodys(loop: str) -> None:
    """As a 408 before an idle connection is closed; it lies in the socket when the next request is about to go out."""

    async def test() -> None:
        async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(OK[0])
            await writer.drain()
            await asyncio.sleep(0.02)
            writer.write(length(b"unasked") + b"unasked")
            await writer.drain()

        with ThreadPoolExecutor(1) as beside:
            stop, ready, port = threading.Event(), threading.Event(), []

            async def elsewhere() -> None:
                async with serving({"/": twice, "/next": OK}) as server:
                    port.append(server.port)
                    ready.set()
                    await asyncio.to_thread(stop.wait)

            serving_ = beside.submit(asyncio.run, elsewhere())
            ready.wait()
            try:
                fetching = fetcher()
                await fetching.fetch(job(f"http://127.0.0.1:{port[0]}/"))
                time.sleep(0.2)  # the loop is busy, as in a commit
                assert (await fetching.fetch(job(f"http://127.0.0.1:{port[0]}/next"))).body == b"body"
                await fetching.close()
            finally:
                stop.set()
                serving_.result()

    run(test, loop)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_connection_with_half_a_request_on_it_is_not_used_again(loop: str) -> None:
    async def test() -> None:
        async def too_large(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0" + END)
            await writer.drain()
            await asyncio.sleep(0.5)

        async with listening(too_large) as here, serving({"/": OK}) as good:
            fetching = fetcher(timeout_s=5)
            for _ in range(2):  # the second would wait for the first to be read
                assert (await fetching.fetch(job(here, method="POST", body=b"x" * 20_000_000))).status == 413
            assert (await fetching.fetch(job(good.url("/")))).body == b"body"
            await fetching.close()

    run(test, loop)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_server_that_sends_no_more_but_would_read_on(loop: str) -> None:
    async def test() -> None:
        async def half_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            writer.write(b"HTTP/1.1 200 OK" + END + b"all of it")
            writer.write_eof()
            await asyncio.sleep(0.3)

        async with listening(half_closed) as here:
            fetching = fetcher(timeout_s=10)
            for body in (b"", b"x" * 5_000_000):
                got = await fetching.fetch(job(here, method="POST" if body else "GET", body=body))
                assert (got.body, got.truncated) == (b"all of it", None)
            await fetching.close()

    run(test, loop)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_an_answer_that_comes_unasked_is_never_that_to_the_next_request(loop: str) -> None:
    """A connection is left alone for a while after an answer: what comes meanwhile belongs to no request."""

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(END):
            path = head.split()[1].removeprefix(b"/")
            writer.write(length(path) + path)
            await asyncio.sleep(0.02)
            writer.write(length(b"unasked") + b"unasked")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await twice(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def test() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        fetching = fetcher(quiet_s=connections.QUIET_S)
        got = [(await fetching.fetch(job(f"{base}/{n}"))).body for n in range(8)]
        assert got == [b"%d" % n for n in range(8)]
        await fetching.close()
        server.close()

    run(test, loop)


def test_a_quiet_connection_is_asked_on_again() -> None:
    async def test() -> None:
        async with serving({"/": OK}) as server:
            fetching = fetcher(quiet_s=0.05)
            for _ in range(3):
                await fetching.fetch(job(server.url("/")))
            assert server.connections == 3
            await asyncio.sleep(0.06)
            for _ in range(3):
                await fetching.fetch(job(server.url("/")))
            assert server.connections == 3
            await fetching.close()

    run(test)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS])
def test_where_this_machine_has_no_room_a_connection_is_made_when_it_has(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_PAUSES_S", (0.0, 0.0, 0.0))
    refusals = [number] * 3
    sockets = Guard.open_socket

    def scarce(guard: Guard, address: tuple[Any, ...]) -> socket.socket:
        if refusals:
            raise OSError(refusals.pop(), "scarce")
        return sockets(guard, address)

    monkeypatch.setattr(Guard, "open_socket", scarce)

    async def test() -> None:
        async with serving({"/": OK}) as server:
            fetching = fetcher()
            assert (await fetching.fetch(job(server.url("/")))).body == b"body" and not refusals
            refusals.extend([number] * 99)
            with pytest.raises(FetchFailed) as caught:
                await fetching.fetch(job(f"http://localhost:{server.port}/"))
            assert (caught.value.kind, caught.value.again) == ("ours", True)
            await fetching.close()

    run(test)


def test_a_connection_that_was_not_heard_of_since_we_were_busy_is_no_hosts_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.sleep(3600)

    monkeypatch.setattr(connections, "start_connection", never)
    lateness = iter([0.0, 0.0, 5.0, 5.0, 5.0, 5.0])

    async def kind() -> str:
        fetching = fetcher(connect_timeout_s=0.01)
        with pytest.raises(FetchFailed) as caught:
            await fetching.fetch(job("http://127.0.0.1:8099/"))
        await fetching.close()
        return caught.value.kind

    async def test() -> None:
        assert await kind() == "timeout"
        monkeypatch.setattr(Lateness, "total", property(lambda _: next(lateness)))
        assert await kind() == "ours"

    run(test)


def test_lateness_is_how_much_later_the_loop_came_round_than_it_was_to() -> None:
    async def test() -> None:
        late, loop, now = Lateness(), asyncio.get_running_loop(), 100.0
        loop.time = lambda: now  # type: ignore[method-assign]
        assert late.total == 0
        now += 0.25
        assert late.total == 0
        now += 7
        assert late.total == 7
        late._beat(loop)
        assert late.total == 7
        now += 0.25
        assert late.total == 7
        late.stop()

    run(test)


def test_of_too_many_connections_those_idle_longest_are_closed() -> None:
    async def test() -> None:
        async with serving({"/": OK}) as server:
            kept = Connections(Guard(allow_loopback=True), timeout_s=5, most=3)
            before, servers = (
                open_sockets(),
                [Server(f"127.0.0.{n}", server.port, None) for n in range(1, 2)]
                + [Server("localhost", server.port, None)],
            )
            for _ in range(4):
                for one in servers:
                    wires = [await kept.take(one, fresh=True) for _ in range(3)]
                    for wire in wires:
                        await wire.ask(GET, 1000)
                        kept.give_back(one, wire)
            assert len(kept._open) == 3 == len(kept._idling) == sum(map(len, kept._idle.values()))
            kept.close()
            await asyncio.sleep(0.05)
            assert open_sockets() <= before + 1

    run(test)
