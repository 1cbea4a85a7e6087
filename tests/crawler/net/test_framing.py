"""Where a body ends, whatever pieces it comes in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.net.framing import Chunked, Counted, Framing, framing
from crawler.net.head import MOST_HEAD, Head


def fed(frame: Framing, sent: bytes, cuts: list[int]) -> bytes:
    """What `frame` makes of `sent`, cut into pieces there."""
    places = [0, *sorted({cut % (len(sent) + 1) for cut in cuts}), len(sent)]
    return b"".join(frame.feed(sent[start:end]) for start, end in pairwise(places))


@given(
    st.lists(st.binary(min_size=1, max_size=40), max_size=8),
    st.lists(st.integers(0, 2000), max_size=30),
    st.binary(max_size=5),
)
def test_chunks_in_any_pieces_make_one_body(chunks: list[bytes], cuts: list[int], behind: bytes) -> None:
    sent = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n" + behind
    frame = Chunked()
    assert fed(frame, sent, cuts) == b"".join(chunks)
    assert (frame.ended, frame.broken) == (True, False)
    whole = Chunked()
    whole.feed(sent)
    assert whole.spare is bool(behind)


@given(st.binary(max_size=60), st.integers(0, 60), st.lists(st.integers(0, 60), max_size=8))
def test_a_counted_body_in_any_pieces(sent: bytes, length: int, cuts: list[int]) -> None:
    frame = Counted(length)
    assert fed(frame, sent, cuts) == sent[:length]
    assert (frame.ended, frame.spare) == (len(sent) >= length, len(sent) > length)


@pytest.mark.parametrize("sent", [
    b"4\nbody\n0\n\n",  # bare line feeds
    b" 4 \r\nbody\r\n0\r\n\r\n",
    b"0004;name=value;x\r\nbody\r\n000\r\n\r\n",
    b"0000000000000000004\r\nbody\r\n" + b"0" * 40 + b"\r\n\r\n",
    b"4 junk\r\nbody\r\n0 \x0b\r\n\r\n",
    b"4;" + b"x" * 100_000 + b"\r\nbody\r\n0\r\n\r\n",
    b"4\r\nbody\r\n0\r\nTrailer: one\r\nOther: two\r\n\r\n",
])  # fmt: skip
def test_slips_that_browsers_forgive(sent: bytes) -> None:
    for step in (1, 3, len(sent)):
        frame = Chunked()
        assert b"".join(frame.feed(sent[n : n + step]) for n in range(0, len(sent), step)) == b"body"
        assert (frame.ended, frame.broken, frame.spare) == (True, False, False)


@pytest.mark.parametrize("behind", [
    b"zz\r\n", b"-1\r\n", b"\r\n", b"0x4\r\n", b"1" * 16 + b"\r\n", b"4" + b" " * 300_000,
    b"0\r\n" + (b"X: " + b"y" * 8000 + b"\r\n") * 40, b"4\r\nbodyX\r\n",
])  # fmt: skip
def test_what_makes_no_sense_keeps_what_came_before(behind: bytes) -> None:
    frame = Chunked()
    got = b"".join(frame.feed(piece) for piece in (b"3\r\nabc\r\n", behind))
    assert got == (b"abcbody" if behind.startswith(b"4\r\nb") else b"abc")
    assert (frame.broken, frame.ended) == (True, False)
    assert frame.feed(b"4\r\nmore\r\n") == b""


def test_trailers_end_somewhere() -> None:
    frame = Chunked()
    frame.feed(b"0\r\n")
    for _ in range(MOST_HEAD // 1000 + 1):
        frame.feed(b"X: " + b"y" * 1000 + b"\r\n")
    assert frame.broken


@pytest.mark.parametrize("more", [0, 1])
def test_trailers_may_be_as_long_as_a_head(more: int) -> None:
    frame = Chunked()
    frame.feed(b"0\r\n")
    left = MOST_HEAD + more
    while left:
        line = b"X" * min(1000, left)
        frame.feed(line + b"\r\n")
        left -= len(line)
    assert frame.broken == bool(more)


@pytest.mark.parametrize(("fields", "kind"), [
    (b"Content-Length: 4", Counted), (b"Content-Length: 4, 4", Counted),
    (b"Content-Length: 4\r\nContent-Length: 5", Framing),
    (b"Content-Length: -1", Framing), (b"Content-Length: 99999999999999999999", Counted),
    (b"Content-Length: " + b"9" * 5000, Counted), (b"Content-Length: 4,", Counted), (b"Content-Length: \xb2", Framing),
    (b"Server: x", Framing),
    (b"Transfer-Encoding: chunked", Chunked), (b"Transfer-Encoding: gzip, Chunked", Chunked),
    (b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", Chunked),
    (b"Transfer-Encoding:\r\n chunked", Chunked), (b"Transfer-Encoding: gzip,\n\tchunked", Chunked),
    (b"Transfer-Encoding: chunked,", Chunked), (b"Transfer-Encoding: chunked, identity", Chunked),
    (b"Transfer-Encoding: chunked\0", Chunked), (b"Transfer-Encoding: \x0bchunked\x0c", Chunked),
    (b"Transfer-Encoding: xchunked", Framing),
    (b"Transfer-Encoding: chunked\r\nContent-Length: 4", Chunked),
    (b"Transfer-Encoding: identity\r\nContent-Length: 4", Counted),
])  # fmt: skip
def test_what_a_head_says_of_its_body(fields: bytes, kind: type[Framing]) -> None:
    assert type(framing(Head(b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n\r\n"))) is kind
    for status in (204, 304):
        bodiless = framing(Head(b"HTTP/1.1 %d X\r\n%b\r\n\r\n" % (status, fields)))
        bodiless.feed(b"")
        assert bodiless.ended


@pytest.mark.parametrize(("head", "keeps"), [
    (b"HTTP/1.1 200 OK\r\n\r\n", True), (b"HTTP/1.1 200 OK\r\nConnection: Close\r\n\r\n", False),
    (b"HTTP/1.1 200 OK\r\nConnection: x, close\r\n\r\n", False),
    (b"HTTP/1.0 200 OK\r\n\r\n", False), (b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n\r\n", True),
])  # fmt: skip
def test_whether_the_connection_lives_on(head: bytes, keeps: bool) -> None:
    assert Head(head).keeps_alive is keeps


def test_reading_a_head_takes_no_longer_than_its_length() -> None:
    """Blanks without end before what is no value: tried in all ways they would take hours."""
    for behind in (b"b\rx", b"", b"x " * 1000):
        head = Head(b"HTTP/1.1 200 OK\r\nConnection:" + b" " * 100_000 + behind + b"\r\n\r\n")
        assert head.keeps_alive
