"""The bytes of one record as they lie in a file: plain, a gzip member or a Zstandard frame. Output comes in bounded pieces."""

from __future__ import annotations

import re
from typing import BinaryIO

import zstandard
from isal import igzip_lib

PIECE = 1 << 14  # bytes read at a time: about one member of a page, so that little is read twice
GZIP = b"\x1f\x8b\x08"
FRAME = b"\x28\xb5\x2f\xfd"
SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)  # RFC 8878 section 3.1.2
_DICTIONARY = b"\x5d\x2a\x4d\x18"  # iipc.github.io/warc-specifications/specifications/warc-zstd
_MOST_DICTIONARY = 1 << 24
_MOST_WINDOW = 1 << 27
_SILENCE = 1 << 17  # bytes that may go in before something comes out: a member is not all header


class Broken(Exception):
    """Why the bytes at hand are no record."""


class Plain:
    """Bytes of an uncompressed file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def take(self, most: int) -> bytes:
        """Up to so many bytes; none at the end of the file."""
        return self._file.read(most)


class Member:
    """Decoded bytes of one gzip member, its CRC checked at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._gzip = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)

    def take(self, most: int) -> bytes:
        """Up to so many bytes; none at the end of the member."""
        silent = 0
        while not self._gzip.eof:
            piece = self._file.read(PIECE) if self._gzip.needs_input else b""
            if self._gzip.needs_input and not piece:
                raise Broken("the gzip member is cut off")
            try:
                out: bytes = self._gzip.decompress(piece, most)
            except igzip_lib.IsalError as problem:  # type: ignore[misc]  # the stub calls it an instance
                raise Broken(f"the gzip member is damaged: {problem}") from None
            if out:
                return out
            silent += len(piece)
            if silent > _SILENCE:
                raise Broken("the gzip member decodes to nothing")
        return b""

    def finish(self) -> int:
        """Where the member ends in the file."""
        if self.take(1):
            raise Broken("more than one record in a gzip member")
        return self._file.tell() - len(self._gzip.unused_data)


class Frame:
    """Decoded bytes of one Zstandard frame, with the dictionary that the file may begin with."""

    def __init__(self, file: BinaryIO) -> None:
        begin = file.tell()
        dictionary = _dictionary(file)
        file.seek(begin)
        decoder = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=_MOST_WINDOW)
        self._file, self._frame, self._ready = file, decoder.decompressobj(), b""

    def take(self, most: int) -> bytes:
        """Up to so many bytes; none at the end of the frame."""
        silent = 0
        while not self._ready and not self._frame.eof:
            piece = self._file.read(64)  # four bytes may stand for 128 KiB, and all that goes in comes out at once
            if not piece:
                raise Broken("the Zstandard frame is cut off")
            try:
                self._ready = self._frame.decompress(piece)
            except zstandard.ZstdError as problem:
                raise Broken(f"the Zstandard frame is damaged: {problem}") from None
            silent += len(piece)
            if not self._ready and silent > 2 * _SILENCE:
                raise Broken("the Zstandard frame decodes to nothing")
        out, self._ready = self._ready[:most], self._ready[most:]
        return out

    def finish(self) -> int:
        """Where the frame ends in the file."""
        if self.take(1):
            raise Broken("more than one record in a Zstandard frame")
        return self._file.tell() - len(self._frame.unused_data)


def opened(file: BinaryIO, offset: int) -> Plain | Member | Frame:
    """The record's bytes at that place; raises Broken where there is none."""
    file.seek(offset)
    magic = file.read(4)
    file.seek(offset)
    if not magic:
        raise Broken("the file ends before it")
    if magic[:3] == GZIP:
        return Member(file)
    if magic == FRAME:
        return Frame(file)
    if GZIP.startswith(magic) or FRAME.startswith(magic):
        raise Broken("the gzip member is cut off" if GZIP.startswith(magic) else "the Zstandard frame is cut off")
    return Plain(file)


def skip(file: BinaryIO, offset: int) -> int:
    """Where the record begins at or behind `offset`: behind a skippable Zstandard frame, if one is there."""
    file.seek(offset)
    head = file.read(8)
    return offset + 8 + int.from_bytes(head[4:], "little") if len(head) == 8 and SKIPPABLE.match(head) else offset


def _dictionary(file: BinaryIO) -> zstandard.ZstdCompressionDict | None:
    """The dictionary in the skippable frame at the top of a file, itself compressed or not."""
    file.seek(0)
    head = file.read(8)
    if head[:4] != _DICTIONARY:
        return None
    data = file.read(min(int.from_bytes(head[4:], "little"), _MOST_DICTIONARY))
    if data[:4] == FRAME:
        try:
            data = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW).stream_reader(data).read(_MOST_DICTIONARY)
        except zstandard.ZstdError as problem:
            raise Broken(f"the dictionary is damaged: {problem}") from None
    return zstandard.ZstdCompressionDict(data)
