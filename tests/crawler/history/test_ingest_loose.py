"""`campuswarc ingest` of records whose fields are not as the standard has them, but say what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.warc.record import Record
from crawler.history.foreign_pages import asks
from tests.crawler.box import Box
from tests.crawler.guests import HOST, http, ingest, page, record, run, sound, titles, written
from tests.crawler.history.test_ingest_unlisted import SITE

WORDS = ("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "harbor")
GBK = "图书馆".encode("gbk")


def path_of(word: str) -> str:
    return f"/2026/02/{word}-hall-opens-again/"


def test_bytes_and_lines_that_no_field_should_hold(tmp_path: Path) -> None:
    """One of them ended the whole command, and left an archive that no command could read."""
    box = Box(tmp_path / "archive", SITE)
    answers = {word: http(page(f"{word} hall opens again")) for word in WORDS}
    made = {word: record("response", path_of(word), answers[word]) for word in WORDS}
    odd = [
        made["amber"].replace(b"amber-hall", GBK + b"-hall", 1).replace(b"<urn:uuid:", b"<urn:x:" + GBK, 1),
        made["birch"].replace(b"WARC-Target-URI: ", b"WARC-Target-URI:\r\n  "),
        made["cedar"].replace(b"WARC-Type: ", b"a line of its own\r\nWARC-Type :"),
        made["dune"].replace(b"application/http; msgtype=response", b"message/" + GBK),
        made["ember"].replace(b"Content-Type: application/http; msgtype=response\r\n", b""),
        made["fjord"].replace(b"2026-06-01T10:00:00Z", b"20260601100000"),
        record("response", path_of("grove"), answers["grove"], ("Content-Length", str(len(answers["grove"])))),
        record("resource", path_of("harbor") + "picture", b"x", mime="image/gif").replace(b"gif", GBK),
        record("request", path_of("harbor"), b"", mime="", id_="<urn:x:asked>"),
        record("response", path_of("harbor"), answers["harbor"], ("WARC-Concurrent-To", "<urn:x:asked>")),
    ]
    ingest(box, written(tmp_path / "a.warc.gz", *odd))
    assert titles(box) == [f"{word} hall opens again" for word in WORDS]
    assert HOST + "/2026/02/%CD%BC%CA%E9%B9%DD-hall-opens-again/" in box.column("select url from captures")
    assert "as it came from another tool" in sound(box)
    run(box, "export", "warc", tmp_path / "made.warc.gz")


@pytest.mark.parametrize(
    ("block", "asked"),
    [
        (b"GET /x HTTP/1.1\r\n\r\n", True),
        (b"get\t/x HTTP/2\n\n", True),
        (b"\r\nGET /x HTTP/1.1", True),
        (b"", True),
        (b":path: /x\r\n:method: GET\r\n\r\n", True),
        (b"method: HEAD\r\n", True),
        (b"POST /x HTTP/1.1\r\n\r\na=1", False),
        (b"HEAD /x HTTP/1.1\r\n\r\n", False),
        (b"post /x HTTP/1.1\r\n\r\n", False),
        (b":path: /x\r\n:method: POST\r\n\r\n", False),
    ],
)
def test_a_request_that_does_not_tell_how_it_asks_makes_no_form_of_a_page(block: bytes, asked: bool) -> None:
    assert asks(Record("WARC/1.1", (("WARC-Type", "request"),), block)) is asked
