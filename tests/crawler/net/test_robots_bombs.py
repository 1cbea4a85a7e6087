"""robots.txt of an enemy: read in the crawl's own process, so that little of it goes in and little comes out."""

from __future__ import annotations

import gzip
import tracemalloc

import brotli
import pytest
from scrapy.http import Response

from crawler.engine.middlewares import _entity
from crawler.net.robots import MOST_BYTES, TAKEN, rules

RULES = b"User-agent: *\nDisallow: /private/\n"


def _brotli_bomb() -> bytes:
    compressor = brotli.Compressor(quality=5)
    return (
        compressor.process(RULES)
        + b"".join(compressor.process(bytes(1 << 24)) for _ in range(16))
        + bytes(compressor.finish())
    )


def _nested(times: int, content: bytes) -> bytes:
    for _ in range(times):
        content = gzip.compress(content)
    return content


# made when they are asked for, not while tests are collected
BOMBS = {
    "brotli": (_brotli_bomb, "br"),
    "gzip in gzip": (lambda: _nested(2, RULES + bytes(64 << 20)), "gzip, gzip"),
    "empty members": (lambda: gzip.compress(RULES) + gzip.compress(b"", mtime=0) * 25_000, "gzip"),
    "nested": (lambda: _nested(6, RULES), "gzip"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_parsed_is_half_a_megabyte_at_most(name: str) -> None:
    made, coding = BOMBS[name]
    body = made()
    tracemalloc.start()
    content = _entity(
        Response(
            "http://a.edu/robots.txt",
            headers={"Content-Encoding": coding, "Content-Type": "text/plain"},
            body=body[:TAKEN],
        )
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(content) <= TAKEN and peak < 8 * TAKEN
    found = rules(200, content, "campuswarc/1")
    assert found.allows("http://a.edu/private/x") == (
        name in ("empty members", "nested")
    )  # unreadable: no rules, RFC 9309 section 2.3.1


def test_the_first_half_megabyte_of_a_longer_file_counts() -> None:
    long = RULES + b"Disallow: /a\n" * (MOST_BYTES // 13) + b"Disallow: /last\n"
    for body, coding in ((long[:TAKEN], ""), (gzip.compress(long), "gzip")):
        found = rules(
            200,
            _entity(Response("http://a.edu/robots.txt", headers={"Content-Encoding": coding}, body=body)),
            "campuswarc/1",
        )
        assert not found.allows("http://a.edu/private/x") and found.allows("http://a.edu/last")
        assert found.allows("http://a.edu/D")  # half a line is no rule
