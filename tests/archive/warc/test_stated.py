"""Digests as tools state them: whatever the algorithm and the letters, they are of these bytes or of others."""

from __future__ import annotations

import hashlib
from base64 import b32encode, b64encode, urlsafe_b64encode

import pytest
from warcio.utils import Digester

from archive.warc.layout import digest
from archive.warc.record import Record
from archive.warc.stated import differ, made_from, usual, wrong

DATA = "招生简章 2026".encode()
OTHER = DATA + b"."
ALGORITHMS = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s"]
LETTERS = {
    "hex": lambda raw: raw.hex(),
    "HEX": lambda raw: raw.hex().upper(),
    "base32": lambda raw: b32encode(raw).decode(),
    "base32, bare": lambda raw: b32encode(raw).decode().rstrip("="),
    "base32, lower": lambda raw: b32encode(raw).decode().lower(),
    "base64": lambda raw: b64encode(raw).decode(),
    "base64 of addresses": lambda raw: urlsafe_b64encode(raw).decode().rstrip("="),
}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("letters", LETTERS)
def test_a_digest_is_of_its_bytes_alone(algorithm: str, letters: str) -> None:
    stated = LETTERS[letters](hashlib.new(algorithm, DATA).digest())
    for name in (algorithm, algorithm.upper(), algorithm.replace("sha", "sha-"), f" {algorithm}"):
        assert made_from(f"{name}:{stated}", DATA), name
        assert not made_from(f"{name}:{stated}", OTHER), name


def test_one_of_another_tool() -> None:
    made = Digester("sha1")
    made.update(DATA)
    assert made_from(str(made), DATA) and not made_from(str(made), OTHER)
    assert usual(str(made)) == digest(DATA)


@pytest.mark.parametrize("stated", ["", "sha1", "sha1:", "no digest at all"])
def test_what_is_no_digest_is_of_nothing(stated: str) -> None:
    assert not made_from(stated, DATA)


def test_an_algorithm_that_is_not_known_says_nothing() -> None:
    assert made_from("xxh3:0011223344556677", DATA) and made_from("crc32:abcd", OTHER)


@pytest.mark.parametrize("letters", LETTERS)
def test_sha1_is_spelt_as_ours_and_others_as_they_stand(letters: str) -> None:
    raw = hashlib.sha1(DATA).digest()
    if "64" not in letters:
        assert usual("SHA-1:" + LETTERS[letters](raw)) == digest(DATA)
    for other in ("sha256:" + LETTERS[letters](hashlib.sha256(DATA).digest()), "sha1:!!", "sha1:AAAA", "sha1", ""):
        assert usual(other) == other
    assert usual(None) is None


def test_digests_differ_where_both_can_be_compared() -> None:
    one, other = digest(DATA), digest(OTHER)
    assert differ(one, other) and not differ(one, one)
    for unlike in (None, "", "sha256:" + "A" * 52, "sha1:short", "md5:" + "A" * 32):
        assert not differ(one, unlike) and not differ(unlike, one)


def record(type_: str, block: bytes, *more: tuple[str, str]) -> Record:
    return Record("1.1", (("WARC-Type", type_), ("Content-Type", "application/http; msgtype=response"), *more), block)


def test_only_what_a_record_must_give_is_held_against_it() -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
    right = ("WARC-Block-Digest", digest(block)), ("WARC-Payload-Digest", digest(b"abc"))
    assert wrong(record("response", block, *right)) == []
    ((name, said),) = wrong(record("response", block, right[0], ("WARC-Payload-Digest", digest(b"abd"))))
    assert name == "WARC-Payload-Digest" and digest(b"abc") in said
    ((name, _),) = wrong(record("response", block, ("WARC-Block-Digest", digest(b"x")), right[1]))
    assert name == "WARC-Block-Digest"
    of_what_is_left_out = ("WARC-Payload-Digest", digest(b"elsewhere"))
    assert wrong(record("revisit", block, of_what_is_left_out)) == []
    assert wrong(record("response", block, of_what_is_left_out, ("WARC-Segment-Number", "1"))) == []
    assert wrong(record("response", block, ("WARC-Payload-Digest", "xxh3:00"))) == []


def test_a_digest_of_the_body_as_it_was_sent_is_right_too() -> None:
    sent = b"3\r\nabc\r\n0\r\n\r\n"
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + sent
    for data in (sent, b"abc"):
        assert wrong(record("response", block, ("WARC-Payload-Digest", digest(data)))) == []
    assert wrong(record("response", block, ("WARC-Payload-Digest", digest(b"3\r\nabc"))))
