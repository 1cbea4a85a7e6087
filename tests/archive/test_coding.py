"""Codings of HTTP as servers send them, and as an enemy does: undone in one way, in bounded memory and steps."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections import Counter
from typing import Any

import brotli
import pytest
import zstandard

from archive import coding
from archive.coding import CodingError, undo

TEXT = "<p>新闻 news</p>".encode() * 500
HTML = ("Content-Type", "text/html; charset=utf-8")
GZIP = gzip.compress(TEXT, mtime=0)


def encoded(*values: str) -> list[tuple[str, str]]:
    return [HTML, *(("content-encoding", value) for value in values)]


SENT = {
    "declared": (GZIP, encoded("gzip")),
    "in capitals, with blanks and an empty name": (GZIP, encoded(" GZip , ")),
    "undeclared gzip": (GZIP, [HTML]),
    "undeclared zlib": (zlib.compress(TEXT), [HTML]),
    "undeclared zstd": (zstandard.compress(TEXT), [HTML]),
    "undeclared, and no type": (GZIP, []),
    "another than declared": (GZIP, encoded("br")),
    "declared once, done twice": (gzip.compress(GZIP), encoded("gzip")),
    "declared twice, done once": (GZIP, encoded("gzip", "gzip")),
    "two lines": (brotli.compress(GZIP), encoded("gzip", "br")),
    "one line": (brotli.compress(GZIP), encoded("gzip, br")),
    "a transfer-coding that another tool left": (GZIP, [HTML, ("Transfer-Encoding", "gzip, chunked")]),
    "both": (
        zlib.compress(brotli.compress(TEXT)),
        [HTML, ("Content-Encoding", "br"), ("Transfer-Encoding", "deflate, chunked")],
    ),
    "raw deflate": (zlib.compress(TEXT)[2:-4], encoded("deflate")),
    "several members": (gzip.compress(TEXT[:900]) + gzip.compress(b"") + gzip.compress(TEXT[900:]), encoded("gzip")),
    "junk behind": (GZIP + b"\0\0junk", encoded("gzip")),
    "without its check": (GZIP[:-8], encoded("gzip")),
    "not in its coding": (TEXT, encoded("gzip")),
    "not in brotli": (TEXT, encoded("br")),
    "a charset": (TEXT, encoded("utf-8")),
    "a charset beside a coding": (GZIP, encoded("UTF-8, gzip")),
    "none": (TEXT, encoded("none")),
    "identity": (TEXT, encoded("identity")),
    "chunked": (TEXT, encoded("chunked")),
}


@pytest.mark.parametrize("sent", SENT)
def test_what_was_compressed_is_undone_whatever_is_said_of_it(sent: str) -> None:
    body, headers = SENT[sent]
    assert undo(body, headers) == (TEXT, False, False)


@pytest.mark.parametrize("text", [b"x^2 + y^2 is a circle", b"x\x9c", b"\x1f\x8b", b"", b"x\x01\x01\x01"])
def test_what_only_begins_like_a_stream_stays(text: bytes) -> None:
    assert undo(text, [HTML]).content == text


def test_a_compressed_file_stays_one() -> None:
    assert undo(GZIP, [("Content-Type", "application/gzip")]).content == GZIP
    assert undo(GZIP, [("Content-Type", "application/gzip"), ("Content-Encoding", "gzip")]).content == TEXT


NOISE = b"".join(str(n * n).encode() for n in range(20_000))  # compresses to pieces of its own


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_stream_that_ends_early_gives_what_there_is_and_says_so(name: str) -> None:
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstandard.compress}[name](
        NOISE
    )
    content, over, cut = undo(packed[: len(packed) // 2], encoded(name), 1 << 30)
    assert NOISE.startswith(content) and content != NOISE
    assert (over, cut) == (False, True)


def test_a_wrong_check_is_a_stream_that_broke_unless_the_page_ends() -> None:
    assert undo(GZIP[:-8] + b"12345678", encoded("gzip")) == (TEXT, False, True)
    page = TEXT + b"</html>\n"
    assert undo(gzip.compress(page)[:-8] + b"12345678", encoded("gzip")) == (page, False, False)
    flushed = zlib.compressobj(wbits=31)
    assert undo(flushed.compress(page) + flushed.flush(zlib.Z_SYNC_FLUSH), encoded("gzip")) == (page, False, False)


# -- an enemy's


def _brotli_bomb() -> bytes:
    compressor = brotli.Compressor(quality=5)
    return b"".join(compressor.process(bytes(1 << 24)) for _ in range(96)) + bytes(compressor.finish())


def _zlib_bomb(wbits: int) -> bytes:
    compressor = zlib.compressobj(wbits=wbits)
    return b"".join(compressor.compress(bytes(1 << 20)) for _ in range(96)) + compressor.flush()


def _zstd_bomb() -> bytes:
    compressor = zstandard.ZstdCompressor().compressobj()
    return b"".join(compressor.compress(bytes(1 << 20)) for _ in range(512)) + compressor.flush()


BOMBS = {"br": _brotli_bomb, "gzip": lambda: _zlib_bomb(31), "deflate": lambda: _zlib_bomb(15), "zstd": _zstd_bomb}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_gives_no_more_than_may_be_given_in_little_memory(name: str) -> None:
    bomb, limit = BOMBS[name](), 500_000
    assert len(bomb) < 200_000
    for headers in (encoded(name), [HTML]) if name != "br" else (encoded(name),):
        tracemalloc.start()
        content, over, _ = undo(bomb, headers, limit)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (len(content), over) == (limit, True)
        assert peak < 6 * limit


@pytest.mark.parametrize("size", [1000, 4000])
def test_many_members_take_as_many_steps_and_no_copies(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step is given few bytes: all that lies behind a member was copied with it."""
    work: Counter[str] = Counter()
    made = zlib.decompressobj

    class Counting:
        def __init__(self, wbits: int) -> None:
            self.inner = made(wbits)

        def decompress(self, data: Any, most: int = 0) -> bytes:
            work["steps"] += 1
            work["bytes"] += len(data)
            return self.inner.decompress(data, most)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    monkeypatch.setattr(coding.zlib, "decompressobj", Counting)
    member = gzip.compress(b"", mtime=0)
    assert undo(member * size, encoded("gzip")) == (b"", False, False)
    assert work["steps"] <= 2 * size and work["bytes"] <= 600 * size


def test_more_members_than_anybody_makes_are_refused() -> None:
    with pytest.raises(CodingError):
        undo(gzip.compress(b"", mtime=0) * 150_000, encoded("gzip"))


def test_codings_within_codings_end_somewhere() -> None:
    body = TEXT
    for _ in range(8):
        body = gzip.compress(body)
    for headers in ([HTML], encoded(*["gzip"] * 8), encoded("gzip"), encoded(", ".join(["gzip"] * 10_000))):
        with pytest.raises(CodingError):
            undo(body, headers)
