"""Saved pages with pieces cut, repeated or spoilt: every family gives facts that hold together, and raises nothing."""

from __future__ import annotations

import random
import re
from urllib.parse import urlsplit

import pytest

from spiders.families import NAMES, family
from spiders.page import Page
from tests.spiders.test_pages import CASES, saved

ROUNDS = 12  # mutations of each saved page
SPOILERS = (
    b"<",
    b">",
    b'"',
    b"&#x110000;",
    b"\x00",
    b"]]>",
    b"<![CDATA[",
    b"null",
    b"{}",
    b"[]",
    b"99999999999999999999",
    b"-1",
    b"<base href='//['>",
    b" href='http://[x' ",
    b"javascript:",
    b"<form>",
    b"<table>",
    b"\xff\xfe",
    b"&nbsp",
    b"</ul></div>",
)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """One to six small injuries."""
    page = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        begin = chance.randrange(len(page) + 1)
        end = min(len(page), begin + chance.randint(1, 200))
        match chance.randrange(5):
            case 0:
                del page[begin:end]
            case 1:
                page[begin:begin] = page[begin:end] * chance.randint(1, 5)
            case 2:
                page[begin:begin] = chance.choice(SPOILERS)
            case 3:
                numbers = list(re.finditer(rb"\d+", page))
                if numbers:
                    number = chance.choice(numbers)
                    page[number.start() : number.end()] = chance.choice((b"0", b"-5", b"1e9", b'"x"', b"9" * 24))
            case _:
                if chance.random() < 0.3:
                    del page[begin:]
    return bytes(page)


@pytest.mark.parametrize("name", NAMES)
def test_a_spoilt_page_gives_sound_facts(name: str) -> None:
    reader, chance = family(name), random.Random(name)
    for path in [case for case in CASES if case.parts[-3] == name]:
        whole, _ = saved(path)
        for _ in range(ROUNDS):
            page = Page(whole.url, mutated(whole.content, chance), headers=whole.headers, fetched=whole.fetched)
            assert 0 <= reader.detect(page) <= 1
            listing = reader.read_listing(page, reader.SELECT)
            assert listing.older != page.url
            assert len({item.url for item in listing.items}) == len(listing.items)
            assert all(urlsplit(item.url).scheme in ("http", "https") for item in listing.items)
            raw = reader.read_article(page, reader.SELECT)
            assert page.url not in raw.older
