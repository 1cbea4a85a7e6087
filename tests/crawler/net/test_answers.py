"""What lies in the exchange equals what crossed the wire, but for transfer-coding."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard

from archive.warc.http import parse
from archive.warc.writer import WarcWriter
from crawler.net.fetch import FetchFailed
from tests.crawler.net.fetching import END, length, one

TEXT = "新闻 news ".encode() * 200
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 4" + END

HEADS = {
    "plain": PLAIN,
    "case and order": b"HTTP/1.1 200 OK\r\nzulu: 1\r\nALPHA: 2\r\ncOnTeNt-LeNgTh: 4\r\nMike: 3" + END,
    "repeats": (
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 4" + END
    ),
    "reason": b"HTTP/1.1 200 Tr\xc3\xa8s bien, merci\r\nContent-Length: 4" + END,
    "reason in GBK": "HTTP/1.1 200 成功\r\nContent-Length: 4\r\n\r\n".encode("gbk"),
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 4" + END,
    "empty reason": b"HTTP/1.1 200 \r\nContent-Length: 4" + END,
    "unknown status": b"HTTP/1.1 799 Whatever\r\nContent-Length: 4" + END,
    "blanks around values": b"HTTP/1.1 200 OK\r\nServer:nginx\r\nX:   two   \r\nY:\tthree\t\r\nContent-Length:4" + END,
    "empty values": b"HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 4" + END,
    "GBK value": (
        "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=通知.doc\r\nContent-Length: 4\r\n\r\n".encode(
            "gbk"
        )
    ),
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
    "two dates and types": (
        b"HTTP/1.1 200 OK\r\nDate: a\r\nDate: b\r\nContent-Type: text/html\r\nContent-Type:"
        b" text/plain\r\nContent-Length: 4" + END
    ),
    "very long header": b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\nContent-Length: 4" + END,
    "many headers": (
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(1000)) + b"Content-Length: 4" + END
    ),
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 4" + END,
    "small letters": b"http/1.1 200 OK\r\nContent-Length: 4" + END,
    "no blank behind the status": b"HTTP/1.1 200OK\r\nContent-Length: 4" + END,
    "the version twice": b"HTTP/1.1 HTTP/1.1 200 OK\r\nContent-Length: 4" + END,
    "a length over two lines": b"HTTP/1.1 200 OK\r\nContent-Length:\r\n 4" + END,
    "HTTP/2 on an HTTP/1 wire": b"HTTP/2 200 OK\r\nContent-Length: 4" + END,
}


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("name", HEADS)
def test_the_head_is_kept_byte_for_byte(name: str, loop: str) -> None:
    exchange, _ = one([HEADS[name] + b"body"], loop)
    assert exchange.response_head == HEADS[name]
    assert (exchange.body, exchange.truncated, exchange.transfer_encoding) == (b"body", None, None)
    assert exchange.status == parse(HEADS[name]).status == (799 if name == "unknown status" else 200)
    assert exchange.protocol == ("http/1.0" if name == "HTTP/1.0" else "http/1.1")


def test_a_head_that_comes_byte_by_byte() -> None:
    head = HEADS["bare line feeds"]
    exchange, _ = one([bytes([byte]) for byte in b"\r\n" + head + b"body"])
    assert (exchange.response_head, exchange.body) == (head, b"body")


def test_interim_responses_are_passed_over() -> None:
    answer = b"HTTP/1.1 100 Continue" + END + b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>" + END + PLAIN + b"body"
    for pieces in ([answer], [answer[:30], answer[30:60], answer[60:]]):
        exchange = one(pieces)[0]
        assert (exchange.response_head, exchange.body, exchange.trailers) == (PLAIN, b"body", b"")
        assert exchange.interim == answer.removesuffix(PLAIN + b"body")  # told beside the record


@pytest.mark.parametrize("sent", [b"", b"X-Sum: \xe6\x8b\x9b 100%\r\n", b"A: 1\r\nB: 2\r\n"])
def test_trailers_are_kept_beside_the_answer(sent: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + END + b"4\r\nbody\r\n0\r\n" + sent + b"\r\n"
    for pieces in ([answer], [answer[n : n + 1] for n in range(len(answer))]):
        exchange, _ = one(pieces)
        assert (exchange.body, exchange.trailers, exchange.interim) == (b"body", sent, b"")


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
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nTransfer-Encoding: chunked\r\nETag: x" % coding.encode() + END
        )
        sent = (
            head
            + b"".join(
                b"%x;ext=1\r\n%b\r\n" % (len(body[n : n + 50]), body[n : n + 50]) for n in range(0, len(body), 50)
            )
            + b"0\r\nTrailer: t\r\n\r\n"
        )
        kept = head.replace(b"Transfer-Encoding: chunked\r\n", b"")
    else:
        kept = head = length(body, b"Content-Encoding: " + coding.encode())
        sent = head + body
    exchange, _ = one([sent[n : n + 100] for n in range(0, len(sent), 100)])
    assert exchange.response_head == kept
    assert exchange.body == body
    assert exchange.transfer_encoding == ("chunked" if chunked else None)
    assert exchange.truncated is None


@pytest.mark.parametrize(
    ("sent", "own", "kept"),
    [
        ("gzip, chunked", "", "gzip"),
        ("gzip", "", "gzip"),
        ("x-gzip , Chunked", "br", "x-gzip"),
        ("deflate, gzip, chunked", "", "deflate, gzip"),
    ],
)
def test_a_compressing_transfer_coding_is_kept_as_a_content_coding(sent: str, own: str, kept: str) -> None:
    """So that any reader of the record undoes it; what was sent is told beside it."""
    body = CODINGS["gzip"]
    before = b"HTTP/1.1 200 OK\r\n" + (f"Content-Encoding: {own}\r\n".encode() if own else b"")
    framed = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if "chunked" in sent.lower() else body
    ended = [] if "chunked" in sent.lower() else [None]  # only the end of the connection ends it
    exchange, _ = one([before + f"Transfer-Encoding: {sent}\r\nX: y".encode() + END + framed, *ended])
    assert exchange.response_head == before + f"X: y\r\nContent-Encoding: {kept}".encode() + END
    assert (exchange.body, exchange.transfer_encoding) == (body, sent)


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


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.0 200 OK\r\nServer: old" + END,
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5" + END,
        b"HTTP/1.1 200 OK\r\nContent-Length: -1" + END,
    ],
)
def test_a_body_without_usable_length_runs_to_the_end(head: bytes) -> None:
    exchange, _ = one([head, TEXT[:300], TEXT[300:], None])
    assert (exchange.response_head, exchange.body, exchange.truncated) == (head, TEXT, None)


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 204 No Content\r\nX: y" + END, b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 500' + END],
)
def test_answers_that_have_no_body(head: bytes) -> None:
    exchange, _ = one([head])
    assert (exchange.response_head, exchange.body, exchange.truncated) == (head, b"", None)


def test_an_empty_body() -> None:
    assert one([length(b"")])[0].body == b""


def test_a_redirect_is_an_answer_like_any_other() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0" + END
    exchange, server = one([head])
    assert (exchange.status, exchange.response_head, len(server.heads)) == (302, head, 1)


@pytest.mark.parametrize(("sent", "said"), [
    (b"chunked\0", "chunked\\x00"), (b"chunked\x0b", "chunked\\x0b"), (b"\x01chunked", "\\x01chunked"),
    (b"chunked,", "chunked,"), (b"chunked, identity", "chunked, identity"), (b"\r\n chunked", "chunked"),
])  # fmt: skip
def test_a_transfer_coding_is_undone_as_in_browsers_and_told_without_what_no_field_may_hold(
    sent: bytes, said: str, tmp_path: Path
) -> None:
    exchange, _ = one([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + sent + END + b"4\r\nbody\r\n0\r\n\r\n"])
    assert (exchange.body, exchange.truncated, exchange.transfer_encoding) == (b"body", None, said)
    assert exchange.response_head == b"HTTP/1.1 200 OK" + END
    with WarcWriter(tmp_path, prefix="t", info={}) as writer:
        writer.write(exchange)


def test_a_body_whose_last_chunk_came_is_whole_whatever_follows_or_not() -> None:
    for end in (b"0\r\n", b"0\r\nTrailer: x\r\n", b"0\r\nTrail"):
        exchange, _ = one([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + END + b"4\r\nbody\r\n" + end, None])
        assert (exchange.body, exchange.truncated) == (b"body", None)
    exchange, _ = one([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + END + b"4\r\nbody\r\n0", None])
    assert exchange.truncated == "disconnect"


def test_a_body_shorter_than_a_length_of_many_digits_is_cut() -> None:
    exchange, _ = one([b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 30 + END + b"body", None])
    assert (exchange.body, exchange.truncated) == (b"body", "disconnect")
