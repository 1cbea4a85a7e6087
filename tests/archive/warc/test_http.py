"""Heads of HTTP messages as servers write them."""

from __future__ import annotations

import pytest

from archive.warc import http
from archive.warc.http import parse
from spiders.findings import Answer, Redirect
from spiders.reading import read
from spiders.site import Site


@pytest.mark.parametrize("last", [b"\xa0", b"\x85"])
def test_a_value_keeps_bytes_that_are_blank_in_latin_1_only(last: bytes) -> None:
    """As the last byte of a character in UTF-8: a space there is ASCII's alone (RFC 9110 section 5.6.3)."""
    raw = b"caf\xc3" + last
    [(name, value)] = parse(b"HTTP/1.1 200 OK\r\nX-Name: \t" + raw + b" \r\n\r\n").headers
    assert (name, value.encode("latin-1")) == ("X-Name", raw)


def test_a_redirect_in_raw_utf_8_leads_where_it_says() -> None:
    head = "HTTP/1.1 302 Found\r\nLocation: /通知/校内\r\n\r\n".encode()
    site = Site(id="x", name="X", listings=(), family="generic")
    answer = Answer(
        url="https://www.x.edu.cn/1",
        kind="article",
        status=302,
        headers=tuple(parse(head).headers),
        body=b"",
        fetched_at="2026-01-01T00:00:00Z",
        hint={},
    )
    assert read(answer, site) == Redirect("https://www.x.edu.cn/%E9%80%9A%E7%9F%A5/%E6%A0%A1%E5%86%85")


def test_folded_lines_are_one_value_and_repeated_names_stay() -> None:
    head = parse(b"HTTP/1.1 200 OK\nA: one\n  two\nB: x\nA: three\nno colon\n\n")
    assert head.headers == [("A", "one two"), ("B", "x"), ("A", "three")]


@pytest.mark.parametrize("before", [b"\r\n", b"\n\n\r\n"])
def test_blank_lines_before_an_answer_are_none_of_it(before: bytes) -> None:
    head, body = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", b"words"
    assert http.split(before + head + body) == (head, body)
    assert http.split(before + b"words") != (head, body)
