"""WARC and ARC files of other tools that grow in one respect, walked and checked as `verify` does."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.coding import CodingError, undo
from archive.warc.foreign_warcs import NoArchive, place
from archive.warc.verify import check_file
from tests.hostile.measure import Family

N = 500_000


def _record(n: int, block: bytes, *fields: str, length: int | None = None, ends: bytes = b"\r\n\r\n") -> bytes:
    head = (
        "WARC/1.1",
        "WARC-Type: response",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{n:012d}>",
        "WARC-Date: 2025-02-03T00:00:00Z",
        f"WARC-Target-URI: http://a.edu/{n}",
        "Content-Type: application/http; msgtype=response",
        *fields,
        f"Content-Length: {len(block) if length is None else length}",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + ends


_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x"


def _records(size: int, **how: object) -> list[bytes]:
    return [_record(n, _PAGE, **how) for n in range(size // 350)]  # type: ignore[arg-type]


_MAKERS: dict[str, Callable[[int], bytes]] = {
    "records": lambda size: b"".join(map(gzip.compress, _records(size))),
    "records in one member": lambda size: gzip.compress(b"".join(_records(size))),
    "plain records": lambda size: b"".join(_records(size)),
    "plain records without line ends": lambda size: b"".join(_records(size, ends=b"")),
    "lengths past the end": lambda size: b"".join(_records(size, length=10**9)),
    "lengths past the limit": lambda size: b"".join(_records(size, length=10**15)),
    "members cut in their midst": lambda size: b"".join(gzip.compress(one)[:-9] for one in _records(size)),
    "beginnings of members": lambda size: b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" * (size // 10),
    "empty members": lambda size: gzip.compress(_record(0, _PAGE)) + gzip.compress(b"") * (size // 20),
    "version lines": lambda size: _record(0, _PAGE) + b"WARC/1.1\r\n" * (size // 10),
    "version lines with a field": lambda size: _record(0, _PAGE) + b"WARC/1.1\r\nA: b\r\n" * (size // 16),
    "named fields": lambda size: _record(0, _PAGE, *(f"X-{n}: a" for n in range(size // 8))),
    "one field again and again": lambda size: _record(0, _PAGE, *["WARC-Concurrent-To: <a:b>"] * (size // 26)),
    "a folded field": lambda size: _record(0, _PAGE, "X: a" + "\r\n b" * (size // 4)),
    "HTTP fields": lambda size: _record(0, b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * (size // 6) + b"\r\n"),
    "a folded HTTP field": lambda size: _record(0, b"HTTP/1.1 200 OK\r\nA: b\r\n" + b" c\r\n" * (size // 4) + b"\r\n"),
    "chunks": lambda size: _record(
        0, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * (size // 6) + b"0\r\n\r\n"
    ),
    "line ends": lambda size: _record(0, _PAGE, ends=b"\r\n" * (size // 2)),
    "noise": lambda size: bytes((n * 7919 >> 3) & 255 for n in range(size)),
    "ARC records": lambda size: (
        b"filedesc://a.arc 0.0.0.0 20250203000000 text/plain 76\n1 0 x\nURL IP-address Archive-date Content-type"
        b" Archive-length\n\n"
        + b"".join(
            f"http://a.edu/{n} 1.2.3.4 20250203000000 text/html {len(_PAGE)}\n".encode() + _PAGE + b"\n"
            for n in range(size // 100)
        )
    ),
    "a bomb": lambda size: gzip.compress(_record(0, _PAGE + b"\0" * (200 * size))),
}


def _taken_in(content: bytes) -> object:
    with TemporaryDirectory() as folder:
        given = Path(folder) / ("given.warc.gz" if content[:2] == b"\x1f\x8b" else "given.warc")
        given.write_bytes(content)
        (Path(folder) / "warc").mkdir()
        try:
            placed = place(given, Path(folder) / "warc", in_place=False)
        except NoArchive as problem:
            return problem
        return [finding for one in placed for finding in check_file(Path(folder) / "warc" / one.warc, one.warc)]


def _undone(coding: str) -> Callable[[bytes], object]:
    def work(content: bytes) -> object:
        try:
            return undo(content, [("Content-Encoding", coding)])
        except CodingError as problem:
            return problem

    return work


def families() -> Iterator[Family]:
    """All of them, and bodies that are larger than they look."""
    for name, make in _MAKERS.items():
        yield Family(name=f"guest: {name}", make=make, work=_taken_in, size=N)
    for name, made, coding in (
        ("gzip bomb", lambda size: gzip.compress(b"\0" * (400 * size)), "gzip"),
        ("empty gzip members", lambda size: gzip.compress(b"") * (size // 20), "gzip"),
        ("gzip in gzip", lambda size: gzip.compress(gzip.compress(b"\0" * (400 * size))), "gzip, gzip"),
        ("many codings", lambda size: gzip.compress(b"x" * size), ", ".join(["gzip"] * 1000)),
        ("noise said to be br", lambda size: bytes((n * 7919 >> 3) & 255 for n in range(size)), "br"),
    ):
        yield Family(name=f"body: {name}", make=made, work=_undone(coding), size=N)
