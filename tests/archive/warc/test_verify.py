"""What is wrong with one record: its fields (WARC/1.1 section 5), what stands behind it, its HTTP head."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.warc.record import Record
from archive.warc.verify import problems

FIELDS = {
    "WARC-Type": "response",
    "WARC-Record-ID": "<urn:uuid:0f0e0d0c-0b0a-4909-8807-060504030201>",
    "WARC-Date": "2026-11-30T08:00:00Z",
    "WARC-Target-URI": "https://news.example.edu/1",
    "Content-Type": "application/http; msgtype=response",
}


def response(head: str = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", body: bytes = b"abc", **fields: str) -> Record:
    named = FIELDS | {name.replace("_", "-"): value for name, value in fields.items()}
    return Record("WARC/1.1", tuple(named.items()), head.encode() + b"\r\n" + body)


def said(record: Record) -> list[str]:
    return [f"{kind}: {text}" for kind, text in problems(record)]


def test_nothing_is_wrong_with_a_sound_record() -> None:
    assert said(response()) == []


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("WARC-Type", "answer", "WARC-Type 'answer'"),
        ("WARC-Type", "", "no WARC-Type"),
        ("WARC-Record-ID", "urn:x", "WARC-Record-ID 'urn:x'"),
        ("WARC-Record-ID", "", "no WARC-Record-ID"),
        ("WARC-Date", "yesterday", "WARC-Date 'yesterday'"),
        ("WARC-Date", "", "no WARC-Date"),
        ("WARC-Target-URI", "", "no WARC-Target-URI"),
    ],
)
def test_what_must_be_there_and_its_form(name: str, value: str, what: str) -> None:
    assert f"field: {what}" in said(response(**{name.replace("-", "_"): value}))


def test_fields_that_must_not_be_there_twice() -> None:
    sound = response()
    twice = replace(sound, fields=(*sound.fields, ("warc-date", "2026-11-30T08:00:00Z")))
    assert said(twice) == ["field: warc-date stands 2 times"]
    many = (("WARC-Protocol", "http/1.1"), ("WARC-Protocol", "tls/1.3"), ("X-Note", "a"), ("X-Note", "b"))
    assert said(replace(sound, fields=sound.fields + many)) == []
    assert said(replace(sound, fields=(*sound.fields, ("", "stray")))) == [
        "field: a named field without a name: 'stray'"
    ]


def test_what_stands_behind_the_block_and_before_the_record() -> None:
    assert said(replace(response(), behind=b"\n")) == [
        "field: behind its block stands b'\\n' in place of two line ends"
    ]
    assert said(replace(response(), version="WARC/0.9")) == ["field: version 'WARC/0.9'"]
    assert said(replace(response(), version="WARC/1.0")) == []


def test_a_revisit_names_its_profile() -> None:
    assert "field: a revisit without WARC-Profile" in said(response(WARC_Type="revisit"))
    assert said(response(WARC_Type="revisit", WARC_Profile="http://x/server-not-modified")) == []


@pytest.mark.parametrize(
    ("head", "wrong"),
    [
        ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n", True),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", True),
        ("HTTP/1.1 200 OK\r\ncontent-length: 3\r\nContent-Length: 3\r\n", False),
        ("HTTP/1.1 200 OK\r\n", False),
        ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n", False),  # it contradicts itself
        ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n", False),
        ("HTTP/1.1 200 OK\r\nContent-Length: many\r\n", False),
        ("HTTP/1.1 200 OK\r\nContent-Length: " + "9" * 19 + "\r\n", False),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n", False),
    ],
)
def test_a_length_that_is_not_the_bodys(head: str, wrong: bool) -> None:
    assert [line.partition(":")[0] for line in said(response(head))] == ["length"] * wrong
    assert said(response(head, WARC_Truncated="length")) == []
    assert said(response(head, WARC_Segment_Number="1")) == []


def test_what_is_no_http_answer() -> None:
    assert "field: no HTTP status line: b'SSH-2.0-x\\r\\n\\r\\n'" in said(response("SSH-2.0-x\r\n"))
