"""Content-codings of HTTP (RFC 9110 section 8.4) undone, within bounds."""

from __future__ import annotations

import zlib

import brotli
import zstandard

LIMIT = 64 * 1024 * 1024  # bytes of one decoded page: news pages are under 1 MB, attachments are read elsewhere
_PIECE = 1 << 16


class CodingError(ValueError):
    """The bytes are not what Content-Encoding says, or grow past the limit."""


def undo(body: bytes, content_encoding: str, limit: int = LIMIT) -> bytes:
    """Entity bytes with each named coding undone, last first.

    A body that ends early gives what could be decoded (the capture is marked truncated elsewhere); one that is not in
    the coding at all, as servers behind a broken proxy send it, is given as it is. Raises CodingError where the result
    would be longer than `limit` bytes, or where a coding has no known name.
    """
    for coding in reversed([name.strip().lower() for name in content_encoding.split(",") if name.strip()]):
        if coding == "identity" or not body:
            continue
        if coding not in _DECODERS:
            raise CodingError(f"unknown content-coding {coding!r}")
        body = _DECODERS[coding](body, limit)
    return body


def _bounded(chunk: bytes, out: list[bytes], size: int, limit: int) -> int:
    out.append(chunk)
    size += len(chunk)
    if size > limit:
        raise CodingError(f"more than {limit} bytes once decoded")
    return size


def _zlib(body: bytes, limit: int, wbits: int) -> bytes:
    out: list[bytes] = []
    size, rest = 0, body
    while rest:  # a gzip entity may have several members (RFC 1952 section 2.2)
        decoder = zlib.decompressobj(wbits)
        try:
            size = _bounded(decoder.decompress(rest, limit + 1 - size), out, size, limit)
            size = _bounded(decoder.flush(), out, size, limit)
        except zlib.error:
            return b"".join(out) if out else body
        rest = decoder.unused_data if wbits > 15 else b""
    return b"".join(out)


def _gzip(body: bytes, limit: int) -> bytes:
    return _zlib(body, limit, 31)


def _deflate(body: bytes, limit: int) -> bytes:
    """zlib-wrapped as the standard says, or raw as some servers send it."""
    try:
        zlib.decompressobj(15).decompress(body, 1)
    except zlib.error:
        return _zlib(body, limit, -15)
    return _zlib(body, limit, 15)


def _brotli(body: bytes, limit: int) -> bytes:
    out: list[bytes] = []
    decoder, size = brotli.Decompressor(), 0
    try:
        for start in range(0, len(body), _PIECE):
            size = _bounded(decoder.process(body[start : start + _PIECE]), out, size, limit)
    except brotli.error:
        return b"".join(out) if size else body
    return b"".join(out)


def _zstd(body: bytes, limit: int) -> bytes:
    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body, read_across_frames=True)
    out: list[bytes] = []
    size = 0
    try:
        while chunk := reader.read(_PIECE):
            size = _bounded(chunk, out, size, limit)
    except zstandard.ZstdError:
        return b"".join(out) if size else body
    return b"".join(out)


_DECODERS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
