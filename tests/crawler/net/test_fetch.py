"""What lies in the exchange equals what crossed the wire, but for transfer-coding."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import brotli
import pytest
import uvloop
import zstandard

from archive.capture import Exchange
from crawler.fetch import Fetcher, FetchFailed, Job
from crawler.guard import Guard
from tests.crawler.net.server import RawServer, serving

TEXT = "新闻 news ".encode() * 200
END = b"\r\n\r\n"


def fetcher(**options: Any) -> Fetcher:
    return Fetcher(Guard(allow_loopback=True), user_agent="campuswarc-test (+mailto:a@b.example)", **({"timeout_s": 20} | options))


def job(url: str, **options: Any) -> Job:
    return Job(url=url, site="s", kind="article", hosts={"127.0.0.1", "localhost"}, **options)


def run(test: Callable[[], Awaitable[None]], loop: str = "asyncio") -> None:
    """Run on the named event loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop if loop == "uvloop" else None) as runner:
        runner.run(test())


def one(answer: object, loop: str = "asyncio", **options: Any) -> tuple[Exchange, RawServer]:
    """The exchange when the server answers `answer`."""
    got: list[tuple[Exchange, RawServer]] = []

    async def test() -> None:
        async with serving({"/": answer}) as server:
            fetching = fetcher(**options)
            try:
                got.append((await fetching.fetch(job(server.url("/"))), server))
            finally:
                await fetching.close()

    run(test, loop)
    return got[0]


def failure(answer: object, **options: Any) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        one(answer, **options)
    return caught.value


def length(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", *headers, b"Content-Length: %d" % len(body)]) + END


HEADS = {
    "plain": b"HTTP/1.1 200 OK\r\nContent-Length: 4" + END,
    "case and order": b"HTTP/1.1 200 OK\r\nzulu: 1\r\nALPHA: 2\r\ncOnTeNt-LeNgTh: 4\r\nMike: 3" + END,
    "repeats": b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 4" + END,
    "reason": b"HTTP/1.1 200 Tr\xc3\xa8s bien, merci\r\nContent-Length: 4" + END,
    "reason in GBK": "HTTP/1.1 200 成功\r\nContent-Length: 4\r\n\r\n".encode("gbk"),
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 4" + END,
    "empty reason": b"HTTP/1.1 200 \r\nContent-Length: 4" + END,
    "unknown status": b"HTTP/1.1 799 Whatever\r\nContent-Length: 4" + END,
    "blanks around values": b"HTTP/1.1 200 OK\r\nServer:nginx\r\nX:   two   \r\nY:\tthree\t\r\nContent-Length:4" + END,
    "empty values": b"HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 4" + END,
    "GBK value": "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=通知.doc\r\nContent-Length: 4\r\n\r\n".encode("gbk"),
    "latin-1 value": b"HTTP/1.1 200 OK\r\nX-Author: Andr\xe9\r\nContent-Length: 4" + END,
    "folded line": b"HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\n\tthree\r\nContent-Length: 4" + END,
    "bare line feeds": b"HTTP/1.1 200 OK\nServer: old\nContent-Length: 4\n\n",
    "mixed line ends": b"HTTP/1.1 200 OK\r\nServer: old\nContent-Length: 4\n\r\n",
    "control bytes in a value": b"HTTP/1.1 200 OK\r\nX: a\x00b\x01c\r\nContent-Length: 4" + END,
    "no colon": b"HTTP/1.1 200 OK\r\nthis is no header\r\nContent-Length: 4" + END,
    "no name": b"HTTP/1.1 200 OK\r\n: value\r\nContent-Length: 4" + END,
    "blank in a name": b"HTTP/1.1 200 OK\r\nX Powered By: php\r\nContent-Length : 4" + END,
    "two equal lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4" + END,
    "a list of equal lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 4, 4" + END,
    "two dates and types": b"HTTP/1.1 200 OK\r\nDate: a\r\nDate: b\r\nContent-Type: text/html\r\nContent-Type: text/plain\r\nContent-Length: 4" + END,
    "very long header": b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\nContent-Length: 4" + END,
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(1000)) + b"Content-Length: 4" + END,
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 4" + END,
    "HTTP/2 on an HTTP/1 wire": b"HTTP/2 200 OK\r\nContent-Length: 4" + END,
}


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("name", HEADS)
def test_the_head_is_kept_byte_for_byte(name: str, loop: str) -> None:
    exchange, _ = one([HEADS[name] + b"body"], loop)
    assert exchange.response_head == HEADS[name]
    assert (exchange.body, exchange.truncated, exchange.transfer_encoding) == (b"body", None, None)
    assert exchange.status == int(HEADS[name].split()[1])
    assert exchange.protocol == ("http/1.0" if name == "HTTP/1.0" else "http/1.1")


def test_a_head_that_comes_byte_by_byte() -> None:
    head = HEADS["bare line feeds"]
    exchange, _ = one([bytes([byte]) for byte in b"\r\n" + head + b"body"])
    assert (exchange.response_head, exchange.body) == (head, b"body")


def test_interim_responses_are_passed_over() -> None:
    answer = b"HTTP/1.1 100 Continue" + END + b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>" + END + HEADS["plain"] + b"body"
    for pieces in ([answer], [answer[:30], answer[30:60], answer[60:]]):
        assert one(pieces)[0].response_head == HEADS["plain"]


@pytest.mark.parametrize("piece", [b"HTTP/1.1 100 C\n\n" * 10_000, b"\r\n" * 30_000])
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_what_comes_before_an_answer_ends_somewhere(piece: bytes, loop: str) -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(piece)
            await writer.drain()

    with pytest.raises(FetchFailed) as caught:
        one(flood, loop)
    assert caught.value.kind == "protocol"


CODINGS = {
    "gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT),
    "zstd": zstandard.compress(TEXT),
    "x-unknown": TEXT,
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("chunked", [False, True])
def test_the_content_coding_is_kept(coding: str, chunked: bool) -> None:
    body = CODINGS[coding]
    if chunked:
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nTransfer-Encoding: chunked\r\nETag: x" % coding.encode() + END
        sent = head + b"".join(b"%x;ext=1\r\n%b\r\n" % (len(body[n : n + 50]), body[n : n + 50]) for n in range(0, len(body), 50)) + b"0\r\nTrailer: t\r\n\r\n"
        kept = head.replace(b"Transfer-Encoding: chunked\r\n", b"")
    else:
        kept = head = length(body, b"Content-Encoding: " + coding.encode())
        sent = head + body
    exchange, _ = one([sent[n : n + 100] for n in range(0, len(sent), 100)])
    assert exchange.response_head == kept
    assert exchange.body == body
    assert exchange.transfer_encoding == ("chunked" if chunked else None)
    assert exchange.truncated is None


def test_a_broken_content_coding_is_no_matter() -> None:
    head = length(b"not gzip at all", b"Content-Encoding: gzip")
    assert one([head + b"not gzip at all"])[0].body == b"not gzip at all"


def test_a_true_length_beside_chunked_stays_and_a_false_one_goes() -> None:
    for stated, kept in ((4, True), (9, False)):
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding:  Chunked \r\nContent-Length: %d\r\nX: y" % stated + END
        exchange, _ = one([head + b"4\r\nbody\r\n0\r\n\r\n"])
        assert exchange.body == b"body"
        assert (b"Content-Length" in exchange.response_head) is kept
        assert b"X: y" in exchange.response_head and b"Transfer" not in exchange.response_head
        assert exchange.transfer_encoding == "Chunked"


@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK\r\nServer: old" + END, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5" + END, b"HTTP/1.1 200 OK\r\nContent-Length: -1" + END])
def test_a_body_without_usable_length_runs_to_the_end(head: bytes) -> None:
    exchange, _ = one([head, TEXT[:300], TEXT[300:], None])
    assert (exchange.response_head, exchange.body, exchange.truncated) == (head, TEXT, None)


@pytest.mark.parametrize("head", [b"HTTP/1.1 204 No Content\r\nX: y" + END, b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 500' + END])
def test_answers_that_have_no_body(head: bytes) -> None:
    exchange, _ = one([head])
    assert (exchange.response_head, exchange.body, exchange.truncated) == (head, b"", None)


def test_an_empty_body() -> None:
    assert one([length(b"")])[0].body == b""


def test_a_redirect_is_an_answer_like_any_other() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0" + END
    exchange, server = one([head])
    assert (exchange.status, exchange.response_head, len(server.heads)) == (302, head, 1)


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


def test_failures_have_a_kind() -> None:
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
        async with serving({"/": [None], "/ok": [HEADS["plain"] + b"body"]}) as server:
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
        ok = [HEADS["plain"] + b"body"]
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
            assert all(b"gzip, deflate, br, zstd" in head for head in server.heads)

    run(test)


def test_the_address_is_asked_for_as_it_is_spelled() -> None:
    async def test() -> None:
        paths = ["/a%2fb%7E", "/x?a=%e6%96%b0", "/a//b/../c", "/s?u=http://x.example/%3F"]
        async with serving({key: [HEADS["plain"] + b"body"] for key in paths}) as server:
            fetching = fetcher()
            for path in paths:
                await fetching.fetch(job(server.url(path)))
                assert server.heads[-1].split()[1].decode() == path
            await fetching.close()

    run(test)


def test_no_cookie_comes_back() -> None:
    async def test() -> None:
        async with serving({"/": [HEADS["repeats"] + b"body"]}) as server:
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
