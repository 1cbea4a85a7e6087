"""The bytes of one record as they lie in a file: plain, a gzip member or a Zstandard frame. Output comes in bounded
pieces."""

from __future__ import annotations

import re
from typing import BinaryIO

import zstandard
from isal import igzip_lib

from archive.patterns import deferred

PIECE = 1 << 14  # bytes read at a time: about one member of a page, so that little is read twice
GZIP = b"\x1f\x8b\x08"
FRAME = b"\x28\xb5\x2f\xfd"
SKIPPABLE = deferred(rb"[\x50-\x5f]\x2a\x4d\x18", re.DOTALL)  # RFC 8878 section 3.1.2
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

    rest = take  # of the member

    def finish(self) -> int:
        """Where the member ends in the file."""
        if self.take(1):
            raise Broken("more than one record in a gzip member")
        return self._file.tell() - len(self._gzip.unused_data)


class Frame:
    """Decoded bytes of one record in Zstandard frames, nearly always one, with the dictionary that the file may begin
    with.

    A record may go on in further frames (warc-zstd, section 4); the next one is begun only where more is asked for.
    """

    def __init__(self, file: BinaryIO) -> None:
        begin = file.tell()
        self._decoder = zstandard.ZstdDecompressor(dict_data=dictionary(file), max_window_size=_MOST_WINDOW)
        self._file, self._silent = file, 0
        self._begin(begin)

    def _begin(self, offset: int) -> None:
        self._file.seek(offset)
        self._frame, self._ready = self._decoder.decompressobj(), b""

    def take(self, most: int) -> bytes:
        """Up to so many bytes; none where no further frame follows."""
        self._silent = 0
        while not self._fill():
            begin = skip(self._file, self._end())
            self._file.seek(begin)
            if self._file.read(4) != FRAME:
                return b""
            self._begin(begin)
        out, self._ready = self._ready[:most], self._ready[most:]
        return out

    def rest(self, most: int) -> bytes:
        """Up to so many bytes of what is left of the record: of this frame, or of one behind it that holds line ends
        alone."""
        if not self._fill():
            here = self._file.tell()
            begin = skip(self._file, self._end())
            if not self._is_ends(begin):
                self._file.seek(here)
                return b""
            self._begin(begin)
        return self.take(most)

    def _is_ends(self, begin: int) -> bool:
        """Whether a frame begins there that holds nothing but line ends."""
        self._file.seek(begin)
        try:
            data = self._decoder.decompressobj().decompress(self._file.read(64))
        except zstandard.ZstdError:
            return False
        return bool(data) and not data.strip(b"\r\n")

    def _fill(self) -> bool:
        """Have something ready; False at the end of the frame."""
        while not self._ready and not self._frame.eof:
            piece = self._file.read(64)  # four bytes may stand for 128 KiB, and all that goes in comes out at once
            if not piece:
                raise Broken("the Zstandard frame is cut off")
            try:
                self._ready = self._frame.decompress(piece)
            except zstandard.ZstdError as problem:
                raise Broken(f"the Zstandard frame is damaged: {problem}") from None
            self._silent += len(piece)
            if not self._ready and self._silent > 2 * _SILENCE:
                raise Broken("the Zstandard frame decodes to nothing")
        return bool(self._ready)

    def _end(self) -> int:
        return self._file.tell() - len(self._frame.unused_data)

    def finish(self) -> int:
        """Where the frame ends in the file."""
        if self._fill():
            raise Broken("more than one record in a Zstandard frame")
        return self._end()


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
    """Where the record begins at or behind `offset`: behind skippable Zstandard frames, if some are there."""
    while True:
        file.seek(offset)
        head = file.read(8)
        if len(head) < 8 or not SKIPPABLE.match(head):
            return offset
        offset += 8 + int.from_bytes(head[4:], "little")


def dictionary(file: BinaryIO) -> zstandard.ZstdCompressionDict | None:
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
