"""Answers of 1xx that other tools keep in front of the answer itself, as 103 Early Hints: the answer is what counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.warc.http import answer_at
from tests.crawler.box import Box
from tests.crawler.foreign import sha1
from tests.crawler.guests import http, ingest, page, record, sound, titles, written
from tests.crawler.history.test_ingest_unlisted import SITE

A = "/2025/11/bridge-over-the-river-closed/"
ONE = page("Bridge over the river closed")
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nContent-Type: text/plain\r\n\r\n"
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.mark.parametrize("before", [EARLY, GO_ON, GO_ON + EARLY, EARLY.replace(b"\r\n", b"\n")])
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("hashed", ["answer", "all behind the first head"])
def test_the_last_head_and_its_payload_are_the_answer(
    tmp_path: Path, before: bytes, chunked: bool, hashed: str
) -> None:
    box = Box(tmp_path / "archive", SITE)
    answer = http(ONE)
    if chunked:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(ONE), ONE)
        answer = http(ONE).partition(b"\r\n\r\n")[0] + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    end = b"\r\n\r\n" if b"\r\n" in before else b"\n\n"
    stated = ONE if hashed == "answer" else (before + answer).partition(end)[2]
    digest = ("WARC-Payload-Digest", sha1(stated))
    said = ingest(box, written(tmp_path / "a.warc.gz", record("response", A, before + answer, digest)))
    assert "fail their own digest" not in said
    assert box.column("select status from captures") == [200]
    assert box.column("select mime from captures") == ["text/html"]
    assert box.column("select payload_digest from captures") == [sha1(ONE)]
    assert titles(box) == ["Bridge over the river closed"]
    sound(box)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        http(ONE),
        EARLY,  # nothing behind it: it is the answer that there is
        EARLY[:-2],
        EARLY + b"<html>",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 1030 Odd\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",  # a page about HTTP
        b"GET /103 HTTP/1.1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ],
)
def test_what_begins_with_no_such_head_stays_as_it_is(message: bytes) -> None:
    assert answer_at(message) == 0
