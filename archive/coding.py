"""Codings of HTTP undone within bounds: by the crawl, by whatever reads a record again, and by replay, in one way.

What is declared is undone: the lines of Content-Encoding joined (RFC 9110 section 5.3), and what Transfer-Encoding
holds
beside `chunked`. Servers and the boxes in front of them also compress without saying so, twice, or say what is no
coding
at all: of a text whatever still begins as a compressed stream does is undone too, and a name that nobody knows is
passed
over. Whether text came of it is for the caller to judge.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

import brotli
import zstandard

LIMIT = 64 * 1024 * 1024  # bytes of one decoded body: news pages are under 1 MB, documents under 50
_MOST_CODINGS = 5  # of one body; curl takes as many
_MOST_MEMBERS = 4096  # of one gzip stream: BGZF has one for 64 kB
_FIRST_PIECE, _PIECE = 512, 1 << 16  # bytes given to a decoder: few of a new member, which may end with them
_WINDOW = 1 << 23  # bytes a zstd frame may refer back (RFC 9659)
_TEXTS = frozenset({
    "", "application/xhtml+xml", "application/xml", "application/json", "application/javascript",
    "application/x-javascript", "application/ecmascript",
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
    "application/ld+json", "image/svg+xml",
})  # fmt: skip
_NO_CODING = frozenset({"identity", "chunked"})
Headers = Iterable[tuple[str, str]]


class Entity(NamedTuple):
    """A body with its codings undone."""

    content: bytes
    over: bool = False  # it goes on behind `limit` bytes
    cut: bool = False  # a compressed stream ended before its end, or broke


class CodingError(ValueError):
    """A body that has more codings, or members, than any honest one."""


def undo(body: bytes, headers: Headers, limit: int = LIMIT) -> Entity:
    """The entity of a message, at most `limit` bytes of it, whatever the body would grow to; raises CodingError.

    A body that is not in the coding it claims is given as it is: so do browsers behind a broken proxy.
    """
    headers = list(headers)
    names = [name for name in declared(headers) if name in _DECODERS]
    if len(names) > _MOST_CODINGS:
        raise CodingError(f"{len(names)} content-codings")
    over = cut = False
    spent = 0
    for name in reversed(names):
        body, over_, cut_ = _DECODERS[name](body, limit)
        over, cut = over or over_, cut or cut_
        spent += 1
    while is_text_type(headers) and (decode := _by_magic(body)) is not None:
        if spent == _MOST_CODINGS:
            raise CodingError(f"compressed more than {_MOST_CODINGS} times")
        undone, over_, cut_ = decode(body, limit)
        if undone is body:
            break
        body, over, cut = undone, over or over_, cut or cut_
        spent += 1
    return Entity(body[:limit], over or len(body) > limit, cut)


def declared(headers: Headers) -> list[str]:
    """Names of the codings a message says it has, in the order they were applied, lower case."""
    found: dict[str, list[str]] = {"content-encoding": [], "transfer-encoding": []}
    for name, value in headers:
        if (names := found.get(name.lower())) is not None:
            names += [part.strip(" \t\"'").lower() for part in value.split(",")]
    return [name for names in found.values() for name in names if name and name not in _NO_CODING]


def is_text_type(headers: Headers) -> bool:
    """Whether a message says it holds text, or says nothing of what it holds: a compressed file is not what was asked
    for then."""
    value = next((value for name, value in headers if name.lower() == "content-type"), "")
    mime = value.partition(";")[0].strip().lower()
    return mime.startswith("text/") or mime in _TEXTS or mime.endswith(("+xml", "+json"))


_Decoded = tuple[bytes, bool, bool]  # content, over, cut
_Decode = Callable[[bytes, int], _Decoded]


def _by_magic(body: bytes) -> _Decode | None:
    """The decoder of what these bytes begin like; brotli has no mark to know it by."""
    if body.startswith(b"\x1f\x8b\x08"):
        return _gzip
    if body.startswith(b"\x28\xb5\x2f\xfd"):
        return _zstd
    if body[:1] == b"\x78" and body[1:2] in b"\x01\x5e\x9c\xda" and _begins_zlib(body):
        return _deflate
    return None


def _begins_zlib(body: bytes) -> bool:
    """Two bytes may be text (`x^2`): what is behind them has to be a stream."""
    try:
        return bool(zlib.decompressobj(15).decompress(body[:4096], 64))
    except zlib.error:
        return False


def _gzip(body: bytes, limit: int) -> _Decoded:
    """All members (RFC 1952 section 2.2); linear in the body, however many there are. A wrong or missing check at the
    end of one, as
    some servers send it, costs nothing of what is before it."""
    out: list[bytes] = []
    at = size = 0
    cut = False
    for _ in range(_MOST_MEMBERS):
        begin = _behind_gzip_head(body, at)
        if begin is None:  # no gzip at all, or junk behind it
            return (b"".join(out), False, cut) if at else (body, False, False)
        content, over, cut, at = _inflate(body, begin, limit - size, -15)
        if not at and not out and not content:
            return body, False, False
        out.append(content)
        size += len(content)
        if over or cut or not at:
            break
        cut = body[at : at + 4] not in (zlib.crc32(content).to_bytes(4, "little"), b"") and not _ends(content)
        at += 8
        if at >= len(body):
            break
    else:
        raise CodingError(f"more than {_MOST_MEMBERS} gzip members")
    return b"".join(out), over, cut


def _behind_gzip_head(body: bytes, at: int) -> int | None:
    """Where the compressed bytes of a member that begins at `at` do; None where none begins."""
    if body[at : at + 3] != b"\x1f\x8b\x08" or len(body) < at + 10:
        return None
    flags, at = body[at + 3], at + 10
    if flags & 4:
        at += 2 + int.from_bytes(body[at : at + 2], "little")
    for flag in (8, 16):  # a name, a comment
        if flags & flag:
            at = body.find(b"\0", at) + 1
            if not at:
                return None
    return at + (2 if flags & 2 else 0)


def _inflate(body: bytes, at: int, limit: int, wbits: int) -> tuple[bytes, bool, bool, int]:
    """What a stream at `at` holds, whether it goes on behind `limit`, whether it is cut or broken, and where it ends
    (0: it never does).

    In pieces that grow: what lies behind a stream is copied with the last of them.
    """
    out: list[bytes] = []
    view, size, piece, decoder = memoryview(body), 0, _FIRST_PIECE, zlib.decompressobj(wbits)
    while at < len(body) and not decoder.eof:
        try:
            out.append(decoder.decompress(view[at : at + piece], limit + 1 - size))
        except zlib.error:
            content = b"".join(out)
            return content, False, bool(content) and not _ends(content), 0
        size += len(out[-1])
        if size > limit:
            return b"".join(out)[:limit], True, False, 0
        at = min(at + piece, len(body)) - len(decoder.unused_data)
        piece = min(2 * piece, _PIECE)
    content = b"".join(out)
    return content, False, not decoder.eof and not _ends(content), at if decoder.eof else 0


def _ends(content: bytes) -> bool:
    """Servers that flush and never finish a stream have said all when the page ends."""
    return content[-64:].rstrip().lower().endswith(b"</html>")


def _deflate(body: bytes, limit: int) -> _Decoded:
    """zlib-wrapped as the standard says, or raw as some servers send it."""
    try:
        zlib.decompressobj(15).decompress(body[:64], 1)
    except zlib.error:
        content, over, cut, end = _inflate(body, 0, limit, -15)
    else:
        content, over, cut, end = _inflate(body, 2, limit, -15)  # its check at the end is not looked at
    return (content, over, cut) if content or end else (body, False, False)


def _brotli(body: bytes, limit: int) -> _Decoded:
    out: list[bytes] = []
    decoder, size, at = brotli.Decompressor(), 0, 0
    try:
        while not decoder.is_finished():
            piece = b""
            if decoder.can_accept_more_data():
                piece, at = body[at : at + _PIECE], at + _PIECE
                if not piece:
                    return b"".join(out), False, bool(size) and not _ends(b"".join(out[-2:]))
            out.append(decoder.process(piece, output_buffer_limit=_PIECE))
            size += len(out[-1])
            if size > limit:
                return b"".join(out)[:limit], True, False
    except brotli.error:
        return (b"".join(out), False, True) if size else (body, False, False)
    return b"".join(out), False, False


def _zstd(body: bytes, limit: int) -> _Decoded:
    reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(body, read_across_frames=True)
    out: list[bytes] = []
    size = 0
    try:
        while chunk := reader.read(_PIECE):
            out.append(chunk)
            size += len(chunk)
            if size > limit:
                return b"".join(out)[:limit], True, False
    except zstandard.ZstdError:
        return (b"".join(out), False, True) if size else (body, False, False)
    try:
        stated = zstandard.frame_content_size(body)  # of the first frame; -1 where it is not told
    except zstandard.ZstdError:
        return body, False, False
    return b"".join(out), False, size < stated


_DECODERS: dict[str, _Decode] = {
    "gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "x-br": _brotli, "zstd": _zstd, "x-zstd": _zstd,
}  # fmt: skip
KNOWN = frozenset(_DECODERS)  # names of codings that can be undone
