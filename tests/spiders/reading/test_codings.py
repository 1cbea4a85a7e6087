"""Bytes that are no text never make a row: undone where that can be done, else a trouble with a name."""

from __future__ import annotations

import gzip
import random
import zlib

import brotli
import pytest

from spiders.findings import Answer, Reading, Stories, Story, Trouble
from spiders.garble import of_words
from spiders.reading import read
from spiders.site import ListingSeed, Site
from tests.spiders.reading.test_hostile import STORY

LIST = "http://www.example.edu.cn/list.htm"
SITE = Site(
    id="example",
    name="Example",
    listings=(ListingSeed(url=LIST),),
    hosts=("www.example.edu.cn",),
    timezone="Asia/Shanghai",
)
HTML = ("Content-Type", "text/html; charset=utf-8")
LISTING = (
    "<ul>"
    + "".join(
        f"<li><a href=/info/1001/{n}.htm>学院召开第{n}次教学工作会议</a><span>2026-09-1{n}</span></li>"
        for n in range(1, 9)
    )
    + "</ul>"
).encode()


def reading(body: bytes, *headers: tuple[str, str], kind: str = "article") -> Reading:
    url = LIST if kind == "listing" else "http://www.example.edu.cn/info/1001/2.htm"
    return read(
        Answer(
            url=url,
            kind=kind,
            status=200,
            headers=(HTML, *headers),
            body=body,
            fetched_at="2026-09-30T00:00:00Z",
            hint={"title": "学院召开会议", "date": "2026-09-18"},
        ),
        SITE,
    )


PACKED = {
    "undeclared": (gzip.compress(STORY), ()),
    "twice": (gzip.compress(gzip.compress(STORY)), (("Content-Encoding", "gzip"),)),
    "on two lines": (brotli.compress(gzip.compress(STORY)), (("Content-Encoding", "gzip"), ("Content-Encoding", "br"))),
    "a charset for a coding": (STORY, (("Content-Encoding", "utf-8"),)),
    "none": (STORY, (("Content-Encoding", "none"),)),
}


@pytest.mark.parametrize("name", PACKED)
def test_what_can_be_undone_is_a_story(name: str) -> None:
    plain, found = reading(STORY), reading(*PACKED[name][:1], *PACKED[name][1])
    assert isinstance(found, Story) and found == plain


RANDOM = random.Random(1).randbytes(4000)
NO_TEXT = {
    "brotli, undeclared": brotli.compress(STORY * 20, quality=1),
    "random": RANDOM,
    "random in a page": b"<html><title>x</title><body><p>" + RANDOM + b"</p></body></html>",
    "random in a page of some length": STORY + b"<p>" + RANDOM + b"</p>",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + RANDOM,
    "deflate behind a byte": b"!" + zlib.compress(STORY * 20),
    "encrypted, short": RANDOM[:300],
}


@pytest.mark.parametrize("name", NO_TEXT)
@pytest.mark.parametrize("kind", ["article", "listing"])
def test_what_is_no_text_is_a_trouble_with_a_name(name: str, kind: str) -> None:
    found = reading(NO_TEXT[name], kind=kind)
    assert isinstance(found, Trouble) and found.kind == "not_text" and found.again, found


def test_words_that_are_none_are_told_from_a_few_broken_characters() -> None:
    words = "各系部负责人参加会议，会议由副院长主持。" * 5
    assert of_words("学院召开会议", words + "\ufffd" * 30) and of_words("学院", "\x01\x02\x03\x04\x05" * 5 + words)
    assert (
        not of_words("学院召开会议", words + "\ufffd")
        and not of_words("", "")
        and not of_words("a\tb\n", words + "\n\n")
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "big5hkscs"])
def test_text_in_any_encoding_is_text(encoding: str) -> None:
    found = reading(STORY.decode().replace("9月", "九月").encode(encoding, "xmlcharrefreplace"))
    assert isinstance(found, Story)


def test_a_few_broken_bytes_are_no_reason_to_lose_a_story() -> None:
    assert isinstance(
        reading(STORY.replace("院长".encode(), "院".encode() + b"\xe9\x95") + b"\0" * 500 + b"\x07"), Story
    )


def test_half_of_what_was_compressed_makes_no_row() -> None:
    packed = gzip.compress(STORY)
    found = reading(packed[:-100], ("Content-Encoding", "gzip"))
    assert isinstance(found, Trouble) and (found.kind, found.again) == ("truncated_coding", True)


def test_listings_are_undone_too() -> None:
    assert isinstance(reading(LISTING, kind="listing"), Stories)
    assert reading(gzip.compress(LISTING), kind="listing") == reading(LISTING, kind="listing")
