"""Whatever comes in answer, at whatever seams: it is kept and read back equal, or it is a failure that has a name."""

from __future__ import annotations

import asyncio
import socket
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.warc import reader
from archive.warc.layout import digest
from archive.warc.writer import WarcWriter
from crawler.net import fetch
from crawler.net.fetch import Job
from crawler.net.head import BadHead
from crawler.net.wire import Disconnected, Wire
from tests.archive.warc.samples import INFO

JOB = Job(url="http://a.example/", site="a", kind="article", hosts=frozenset({"a.example"}))
STATUS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 200",
        b"http/1.1 200OK",
        b"HTTP/1.1 HTTP/1.1 200 OK",
        b"HTTP/2 200",
        b"HTTP/1.1 304 ",
        b"HTTP/1.1 204 No",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
        b"HTTP/1.1 103 Early\r\nLink: <a>",
        b"HTTP/1.1 099 x",
        b"HTTP/1.1 999 \x00\x01",
        b"HTTP/1.1 2000 OK",
        b"HTTP/1.1 0",
        b"HTTP/1.1  200\tOK\rX: y",
        b"ICY 200 OK",
        b"HTTP/1.1 200 \xe6\xad\xa3\xe5\xb8\xb8",
        b"HTTP/1.1 200 OK\r\n folded: yes",
        b"HTTP/99999999999999999999.1 200 OK",
        b"HTTP/1.1 \xd9\xa2\xd9\xa0\xd9\xa0 OK",
        b"<html>",
        b"\x16\x03\x01",
        b"HTTP/1.1 101 Switching Protocols",
        b"HTTP/",
    ]
)
FIELD = st.sampled_from(
    [
        b"Content-Length: 4",
        b"Content-Length: +4",
        b"Content-Length: 0x4",
        b"Content-Length: 4 4",
        b"Content-Length: 04",
        b"Content-Length: 4, 5",
        b"Content-Length:",
        b"Content-Length: -1",
        b"Content-Length: 999999999999999999999999",
        b"Content-Length: \xb2",
        b"Content-Length\t: 4",
        b"Content-Length: 4\x00",
        b"Content-Length: 4\r\n ",
        b"content-length:4;q=1",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding:\r\n\tchunked",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: identity",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding : chunked",
        b"Transfer-Encoding: \x0bchunked\x00",
        b"Transfer-Encoding: chunked;q=1",
        b'Transfer-Encoding: "chunked"',
        b"Transfer-Encoding: br, x, gzip",
        b"transfer-encoding: \xe9",
        b"Trailer: X",
        b"Connection: close",
        b"Connection: keep-alive, \x00",
        b": no name",
        b"no colon",
        b"X: a\rb",
        b"X: \x00",
        b"\x80: \xff",
        b"WARC-Type: response",
        b"Content-Type: text/html\r\nWARC/1.1",
        b"Content-Encoding: gzip",
        b" led by a blank",
        b" Transfer-Encoding: chunked",
        b"\x0bTransfer-Encoding: chunked",
        b"X: a\rTransfer-Encoding: chunked",
        b"Transfer-Encoding\x0b: chunked",
        b" Content-Encoding: gzip",
        b"X:" + b"y" * 70_000,
        b"",
    ]
)
BODY = st.sampled_from(
    [
        b"body",
        b"bo",
        b"",
        b"4\r\nbody\r\n0\r\n\r\n",
        b'4;x="\n"\r\nbody\r\n0\r\n\r\n',
        b"00000000000000000004\nbody\n0\n\n",
        b"4\r\nbody\r\n0",
        b"4\r\nbody\r\n0\r\nX: \x00y\r\n\xff\r\n\r\n",
        b"ffffffffffffffff\r\nbody",
        b"-4\r\nbody",
        b"4\rbody",
        b"4\r\nbodyHTTP/1.1 200 OK\r\n\r\n",
        b"4 \xc2\xa0\r\nbody\r\n0\r\n\r\n",
        b"WARC/1.1\r\nWARC-Type: response\r\n\r\n",
        b"\x1f\x8b\x08\x00\x00",
        b"0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ]
)
END = st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r\r\n"])


class Transport(asyncio.Transport):
    """Of a connection without a server."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = socket.socketpair()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"socket": self._ends[0], "peername": ("127.0.0.1", 80)}.get(name, default)

    def write(self, data: Any) -> None: ...

    def get_write_buffer_size(self) -> int:
        return 0

    def close(self) -> None:
        for end in self._ends:
            end.close()

    abort = close

    def is_closing(self) -> bool:
        return self._ends[0].fileno() < 0


async def answered(pieces: list[bytes]) -> Wire:
    wire, transport = Wire(), Transport()
    wire.connection_made(transport)
    asking = asyncio.ensure_future(wire.ask(b"GET / HTTP/1.1\r\n\r\n", 100_000))
    await asyncio.sleep(0)
    try:
        for piece in pieces:
            if transport.is_closing():
                break
            wire.data_received(piece)
        wire.eof_received()
        wire.connection_lost(None)
        await asking
    finally:
        transport.close()
    return wire


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_it_is_kept_and_read_back_or_a_failure_with_a_name(tmp_path: Path, data: st.DataObject) -> None:
    lines = [data.draw(STATUS), *data.draw(st.lists(FIELD, max_size=5)), b""]
    sent = data.draw(st.sampled_from([b"", b"\r\n", b"\n\n"])) + b"".join(line + data.draw(END) for line in lines)
    sent += b"".join(data.draw(st.lists(BODY, max_size=2)))
    step = data.draw(st.sampled_from([1, 7, len(sent) or 1]) if len(sent) < 5000 else st.just(len(sent)))
    try:
        wire = asyncio.run(answered([sent[n : n + step] for n in range(0, len(sent), step)]))
    except (BadHead, Disconnected) as problem:
        assert fetch._failure(problem).again is not None
        return
    attempt = fetch._Attempt()
    attempt.wire = wire
    exchange = fetch._exchange(JOB, b"GET / HTTP/1.1\r\n\r\n", attempt)
    with WarcWriter(tmp_path, prefix="any", info=INFO) as writer:
        kept = writer.write(exchange)
    record = reader.read(tmp_path, kept.warc, kept.offset)
    assert (record.payload, kept.payload_digest) == (exchange.body, digest(exchange.body))
    assert record.head == exchange.response_head
    content = (tmp_path / kept.warc).read_bytes()
    others = [one.rec_type for one in ArchiveIterator(BytesIO(content), no_record_parse=True)]
    assert others == ["warcinfo", "response", "request"]
    (tmp_path / kept.warc).unlink()


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(("sent", "body", "cut"), [
    # RFC 9112 section 6.3: a length that is none counts for nothing, as in browsers: the end of the connection does
    *((OK + b"Content-Length: " + length + b"\r\n\r\nbody", b"body", None)
      for length in (b"+4", b"0x4", b"4 4", b"4;q=1", b"4\x00", b"-1", b"4, 5", b"")),
    (OK + b"Transfer-Encoding: chunked\r\r\n\r\n4\r\nbody\r\n0\r\n\r\n", b"body", None),
    (OK + b"Content-Length: 04\r\n\r\nbodybehind", b"body", None),
    (OK + b"Content-Length\t: 4\r\n\r\nbodybehind", b"body", None),
    (OK + b"Content-Length: 5\r\n\r\nbody", b"body", "disconnect"),
    # section 6.1: chunked once, whatever is said beside it; what is not that word is not chunked
    *((OK + b"Transfer-Encoding: " + coding + b"\r\n\r\n4\r\nbody\r\n0\r\n\r\n", b"body", None)
      for coding in (b"chunked, chunked", b"CHUNKED", b",chunked", b"chunked\r\nTransfer-Encoding: chunked")),
    *((OK + b"Transfer-Encoding: " + coding + b"\r\n\r\n4\r\nbody", b"4\r\nbody", None)
      for coding in (b'"chunked"', b"chunked;q=1", b"chunke", b"identity")),
    # section 7.1: what makes no sense ends the body there
    (CHUNKED + b'4;x="\n"\r\nbody\r\n0\r\n\r\n', b'"\r\nb', "disconnect"),
    (CHUNKED + b"ffffffffffffffff\r\nbody", b"", "disconnect"),
    (CHUNKED + b"4\rbody", b"", "disconnect"),
    (CHUNKED + b"4\r\nbody\r\n", b"body", "disconnect"),
    (CHUNKED + b"4\r\nbody\r\n0\r\n", b"body", None),
    # section 2.2, 5.2: blank lines before, a bare CR within, a line that goes on
    (b"\r\n\n" + OK + b"X: a\rb\r\nContent-Length:\r\n 4\r\n\r\nbodybehind", b"body", None),
])  # fmt: skip
def test_as_browsers_read_it(sent: bytes, body: bytes, cut: str | None) -> None:
    wire = asyncio.run(answered([sent]))
    assert (wire.take_body(), wire.cut) == (body, cut)


@pytest.mark.parametrize(
    "sent",
    [b"HTTP/1.1 2000 OK\r\n\r\n", b"HTTP/1.1 099 x\r\n\r\n", b"ICY 200 OK\r\n\r\n", b"HTTP/1.1 200", b"\x00" * 300_000],
)
def test_what_is_no_answer_is_a_failure_that_is_tried_again(sent: bytes) -> None:
    with pytest.raises((BadHead, Disconnected)) as problem:
        asyncio.run(answered([sent]))
    assert fetch._failure(problem.value).again
