"""Bytes of a WARC/1.1 record and of its gzip member (ISO 28500:2017; iipc.github.io/warc-specifications)."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha1
from uuid import uuid4

from isal import isal_zlib

from archive.patterns import deferred

Fields = Iterable[tuple[str, str]]

VERSION = b"WARC/1.1\r\n"
OPEN = ".open"  # suffix of a file that is being written
GUESTS = "ingested"  # folder below warc/ for files of other tools; they are told of by a record of ours
MERGED = "merged"  # folder below warc/ for files of other archives; told of in the same way
PROFILE = "http://netpreserve.org/warc/1.1/revisit/"  # section 6.7.2 and 6.7.3
CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_LEVEL = 2  # of isal: 3.5x as fast as zlib 9 at a ratio of 4.0 instead of 4.4
_GZIP = 31  # window bits that ask for a gzip header, which isal writes with mtime 0
_CONTROL = deferred(r"[\x00-\x1f\x7f]")
_REST = deferred(r"(.+)-from-(\d+)(\.warc(?:\.gz)?)")


def rest_of(warc: str, at: int) -> str:
    """Name of what lies behind that place of a file, where that is a file of its own; of the file itself for 0."""
    stem, suffix, packed = warc.rpartition(".warc")
    return f"{stem}-from-{at}{suffix}{packed}" if at else warc


def whole_of(warc: str) -> tuple[str, int]:
    """The reverse of `rest_of`: the file, and the place."""
    found = _REST.fullmatch(warc)
    return (found[1] + found[3], int(found[2])) if found else (warc, 0)


def digest(*parts: bytes) -> str:
    """`sha1:BASE32` of the parts in a row: the form every CDX tool expects."""
    hashed = sha1(usedforsecurity=False)
    for part in parts:
        hashed.update(part)
    return "sha1:" + b32encode(hashed.digest()).decode("ascii")


def new_id() -> str:
    """A WARC-Record-ID, angle brackets and all."""
    return f"<urn:uuid:{uuid4()}>"


def fields_block(fields: Fields) -> bytes:
    """`Name: value` lines in UTF-8, but for bytes of other tools that are none. A value that holds a control character,
    which could forge a line, raises ValueError."""
    pairs = list(fields)
    if _CONTROL.search("".join([value for _, value in pairs])):
        raise ValueError(
            next(f"control character in {name}: {value!r}" for name, value in pairs if _CONTROL.search(value))
        )
    return "".join([f"{name}: {value.strip()}\r\n" for name, value in pairs]).encode("utf-8", "surrogateescape")


def member(fields: Fields, *block: bytes, version: bytes = VERSION) -> bytes:
    """One record as one gzip member. Same input, same bytes."""
    size = b"Content-Length: %d\r\n\r\n" % sum(map(len, block))
    record = b"".join((version, fields_block(fields), size, *block, b"\r\n\r\n"))
    # at once: the state of a stream costs as much as a small record
    compressed: bytes = isal_zlib.compress(record, _LEVEL, _GZIP)
    return compressed
