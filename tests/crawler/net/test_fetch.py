"""What cuts an exchange short or makes it fail, and what is sent for it."""

from __future__ import annotations

import asyncio
import socket
import struct

import pytest

from crawler.net.fetch import FetchFailed
from crawler.net.lateness import Lateness
from tests.crawler.net.fetching import END, failure, fetcher, job, length, one, run
from tests.crawler.net.server import serving

TEXT = "新闻 news ".encode() * 200
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 4" + END


def test_early_close_keeps_what_came_and_says_so() -> None:
    short = b"HTTP/1.1 200 OK\r\nContent-Length: 1000" + END
    exchange, _ = one([short, TEXT[:300], None])
    assert (exchange.response_head, exchange.body, exchange.truncated) == (short, TEXT[:300], "disconnect")
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + END
    for tail in (b"ff\r\n" + TEXT[:60], b"4\r\nbody\r\n", b"4\r\nbody\r\nzz\r\n"):
        exchange, _ = one([chunked + tail, None])
        assert exchange.truncated == "disconnect"
        assert exchange.body == (TEXT[:60] if tail.startswith(b"ff") else b"body")


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_reset_connection_keeps_what_came(loop: str) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nServer: old" + END + b"half")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    exchange, _ = one(reset, loop)
    assert (exchange.body, exchange.truncated) == (b"half", "disconnect")


def test_a_body_over_the_limit_is_cut_there() -> None:
    big = 3_000_000
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d" % big + END
    exchange, _ = one([head, *[b"x" * 100_000] * 30], max_bytes=1_234_567)
    assert (len(exchange.body), exchange.truncated, exchange.response_head) == (1_234_567, "length", head)
    assert one([length(b"x" * 10) + b"x" * 10], max_bytes=10)[0].truncated is None


def test_endless_chunks_end_at_the_limit() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + END)
        while True:
            writer.write(b"3\r\nabc\r\n" * 1000)
            await writer.drain()

    exchange, _ = one(endless, max_bytes=1_000_000)
    assert (len(exchange.body), exchange.truncated) == (1_000_000, "length")


def test_a_large_body_comes_whole() -> None:
    piece = bytes(range(256)) * 4096
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d" % (100 * len(piece)) + END
    exchange, _ = one([head, *[piece] * 100], max_bytes=200_000_000)
    assert exchange.body == piece * 100


def test_a_body_that_stalls_is_cut_by_time() -> None:
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000" + END + b"half")
        await reader.read()

    exchange, _ = one(stall, timeout_s=0.3)
    assert (exchange.body, exchange.truncated) == (b"half", "time")


def test_failures_have_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lateness, "total", 0.0)  # this machine may be as busy as it likes: that is no part of this

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    assert failure(silence, timeout_s=0.3).kind == "timeout"
    assert failure([None]).kind == "disconnect"
    assert failure([b"HTTP/1.1 200 OK\r\nServer: x\r\n", None]).kind == "disconnect"
    assert failure([b"SSH-2.0-OpenSSH_9.2\r\n"]).kind == "protocol"
    assert failure([b"HTTP/1.1 abc\r\n\r\n"]).kind == "protocol"
    assert failure([b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c" + END]).kind == "protocol"
    too_long = failure([b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000])
    assert too_long.kind == "protocol" and "head longer than" in too_long.detail


def test_a_server_that_hangs_up_is_asked_only_once() -> None:
    async def test() -> None:
        async with serving({"/": [None], "/ok": [PLAIN + b"body"]}) as server:
            fetching = fetcher()
            await fetching.fetch(job(server.url("/ok")))
            with pytest.raises(FetchFailed, match="disconnect"):
                await fetching.fetch(job(server.url("/")))
            await fetching.close()
            # the first try went over the kept connection, which looks as if it had been idle too long
            assert [head.split()[1] for head in server.heads].count(b"/") <= 2
            fresh = fetcher()
            with pytest.raises(FetchFailed, match="disconnect"):
                await fresh.fetch(job(server.url("/")))
            await fresh.close()
            assert server.connections <= 3

    run(test)


def test_refused_and_unknown_hosts() -> None:
    async def test() -> None:
        async with serving() as server:
            port = server.port
        fetching = fetcher()
        with pytest.raises(FetchFailed) as refused:
            await fetching.fetch(job(f"http://127.0.0.1:{port}/"))
        assert refused.value.kind == "refused"
        with pytest.raises(FetchFailed) as outside:
            await fetching.fetch(job("http://elsewhere.example/"))
        assert outside.value.kind == "guard"
        await fetching.close()

    run(test)


def test_the_recorded_request_is_what_the_server_read() -> None:
    async def test() -> None:
        ok = [PLAIN + b"body"]
        paths = ["/a?b=c&d=%E6%96%B0", "/%7Euser/a%2Fb//c;d=1/", "/?q=a+b%20c", "/(a)'*!$,:@"]
        async with serving(dict.fromkeys(paths, ok)) as server:
            fetching = fetcher(headers=[("Accept-Language", "zh, en;q=0.8"), ("From", "a@b.example")])
            for path in paths:
                exchange = await fetching.fetch(job(server.url(path)))
                assert exchange.request_head == server.heads[-1]
            conditional = (("If-None-Match", '"x"'), ("accept", "*/*"), ("Referer", "http://a.example/新"))
            exchange = await fetching.fetch(job(server.url(paths[0]), headers=conditional))
            assert exchange.request_head == server.heads[-1]
            assert b'If-None-Match: "x"' in exchange.request_head
            assert exchange.request_head.lower().count(b"accept:") == 1
            for method in ("POST", "GET"):
                posted = await fetching.fetch(job(server.url(paths[0]), method=method, body=b"a=1&b=2"))
                assert (posted.request_head, posted.request_body) == (server.heads[-1], server.bodies[-1])
            posted = await fetching.fetch(job(server.url(paths[0]), method="POST"))
            assert b"Content-Length: 0\r\n" in posted.request_head
            assert (posted.request_head, posted.request_body) == (server.heads[-1], server.bodies[-1])
            await fetching.close()
            assert server.connections == 1
            assert all(b"\r\nAccept-Encoding: gzip\r\n" in head for head in server.heads)

    run(test)


def test_the_address_is_asked_for_as_it_is_spelled() -> None:
    async def test() -> None:
        paths = ["/a%2fb%7E", "/x?a=%e6%96%b0", "/a//b/../c", "/s?u=http://x.example/%3F"]
        async with serving({key: [PLAIN + b"body"] for key in paths}) as server:
            fetching = fetcher()
            for path in paths:
                await fetching.fetch(job(server.url(path)))
                assert server.heads[-1].split()[1].decode() == path
            await fetching.close()

    run(test)


def test_no_cookie_comes_back() -> None:
    async def test() -> None:
        async with serving(
            {"/": [b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 4" + END + b"body"]}
        ) as server:
            fetching = fetcher()
            await fetching.fetch(job(server.url("/")))
            await fetching.fetch(job(server.url("/")))
            await fetching.close()
            assert b"cookie" not in server.heads[-1].lower()

    run(test)


def test_where_the_answer_came_from() -> None:
    exchange, _ = one([length(b"x") + b"x"])
    assert (exchange.ip, exchange.tls, exchange.protocol) == ("127.0.0.1", None, "http/1.1")


def test_many_at_once_do_not_mix() -> None:
    async def test() -> None:
        async with serving({f"/{n}": [length(b"%d" % n), b"%d" % n] for n in range(50)}) as server:
            fetching = fetcher()
            got = await asyncio.gather(*(fetching.fetch(job(server.url(f"/{n}"))) for n in range(50)))
            await fetching.close()
            assert [exchange.body for exchange in got] == [b"%d" % n for n in range(50)]

    run(test)


def test_closing_ends_what_is_under_way_as_a_failure() -> None:
    """What we cut ourselves must not be recorded as cut by the server."""

    async def test() -> None:
        begun = asyncio.Event()

        async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000" + END + b"half")
            begun.set()
            await reader.read()

        async with serving({"/": stall}) as server:
            fetching = fetcher()
            under_way = asyncio.ensure_future(fetching.fetch(job(server.url("/"))))
            await begun.wait()
            await asyncio.sleep(0.05)
            await fetching.close()
            for attempt in (under_way, fetching.fetch(job(server.url("/")))):
                with pytest.raises(FetchFailed):
                    await attempt

    run(test)
