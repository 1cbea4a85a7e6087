"""Digests that records state of themselves, held against their bytes."""

from __future__ import annotations

import hashlib
import re
from base64 import b32decode, b32encode, b64encode
from collections.abc import Iterator

from archive.warc import http
from archive.warc.record import Record

# the standard leaves algorithms and encodings open (WARC/1.1 section 5.8): these are those that can be checked
_ALGORITHMS = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s"}
_NAMES = ("WARC-Block-Digest", "WARC-Payload-Digest")


def wrong(record: Record) -> list[tuple[str, str]]:
    """Names of the digests that a record states and its bytes do not give, each with what they give instead.

    One made by an algorithm that is not known here says nothing. A revisit states the digest of the payload it leaves
    out.
    """
    found = []
    for name, data in zip(_NAMES, (record.block, record.payload), strict=True):
        stated = record.field(name)
        of_another = name == "WARC-Payload-Digest" and (record.type == "revisit" or record.field("WARC-Segment-Number"))
        if stated is None or of_another or made_from(stated, data):
            continue
        if not (name == "WARC-Payload-Digest" and any(made_from(stated, data) for data in _unparsed(record))):
            found.append((name, f"{stated}, its bytes give {_like(stated, data) or 'another'}"))
    return found


def made_from(stated: str, data: bytes) -> bool:
    """Whether `algorithm:value` is, or may be, the digest of the data: in base32, hex or base64; False for what is no
    digest."""
    algorithm, colon, value = stated.strip().partition(":")
    if not colon or not value:
        return False
    made = _made(algorithm, data)
    if made is None:
        return True
    plain = value.strip().rstrip("=")
    return plain.casefold() in (made.hex(), b32encode(made).decode().rstrip("=").casefold()) or plain in _base64(made)


def usual(stated: str | None) -> str | None:
    """A SHA-1 digest as `layout.digest` spells it, whichever way it is stated; any other as it stands."""
    if stated is None:
        return None
    algorithm, _, value = stated.strip().partition(":")
    if _name(algorithm) != "sha1":
        return stated
    try:
        raw = bytes.fromhex(value) if len(value) == 40 else b32decode(value.upper().ljust(32, "="))
    except ValueError:
        return stated
    return "sha1:" + b32encode(raw).decode() if len(raw) == 20 else stated


def differ(one: str | None, other: str | None) -> bool:
    """Whether two digests are of different bytes, as far as they can be compared: SHA-1 as `layout.digest` spells
    it."""
    return one != other and all(
        digest is not None and digest.startswith("sha1:") and len(digest) == 37 for digest in (one, other)
    )


def _name(algorithm: str) -> str:
    return re.sub(r"[-_]", "", algorithm.strip().lower())


def _made(algorithm: str, data: bytes) -> bytes | None:
    name = _name(algorithm)
    return hashlib.new(name, data, usedforsecurity=False).digest() if name in _ALGORITHMS else None


def _base64(made: bytes) -> tuple[str, str]:
    plain = b64encode(made).decode().rstrip("=")
    return plain, plain.replace("+", "-").replace("/", "_")


def _like(stated: str, data: bytes) -> str | None:
    """Digest of the data in the form of the stated one."""
    algorithm, _, value = stated.strip().partition(":")
    made = _made(algorithm, data)
    if made is None:
        return None
    return f"{algorithm}:{made.hex() if len(value) == len(made) * 2 else b32encode(made).decode().rstrip('=')}"


def _unparsed(record: Record) -> Iterator[bytes]:
    """What some tools hash as it stands: the body with its transfer-coding, all behind the first of several heads."""
    yield record.body
    if record.is_http and http.answer_at(record.block):
        yield record.block[http.BLANK_LINE.search(record.block).end() :]  # type: ignore[union-attr]  # it lies there
