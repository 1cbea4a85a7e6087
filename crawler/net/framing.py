"""Where the body of an answer ends, and its bytes without what marks that (RFC 9112 section 6.3)."""

from __future__ import annotations

from archive.patterns import deferred
from crawler.net.head import MOST_HEAD, Head

# of a chunk; what stands behind it, an extension, means nothing to us (section 7.1.1)
_SIZE = deferred(rb"[ \t]*0*([0-9A-Fa-f]{1,15})(?=[\x00-\x20;]|$)")
_LONGEST_LINE = MOST_HEAD  # bytes of a line between two chunks


class Framing:
    """A body that runs to the end of the connection, unless a subclass says otherwise."""

    to_the_end = True
    ended = False  # all of it has come
    broken = False  # what came last makes no sense: where the body ends will never be known
    spare = False  # more came than belongs to it
    whole = False  # all bytes of it have come, though not what marks its end
    trailers: bytes = b""  # fields behind it

    def feed(self, data: bytes) -> bytes:
        """What of the body lies in the bytes that came."""
        return data


class Counted(Framing):
    """A body of as many bytes as Content-Length says."""

    to_the_end = False

    def __init__(self, length: int) -> None:
        self._left = length

    def feed(self, data: bytes) -> bytes:
        """As said above."""
        if len(data) > self._left:
            self.spare = True
            data = data[: self._left]
        self._left -= len(data)
        self.ended = not self._left
        return data


class Chunked(Framing):
    """A body in chunks, each behind its size (section 7.1); as lenient as browsers about blanks and line ends."""

    to_the_end = False

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._left = 0  # bytes of this chunk that have not come yet
        self._line = self._size  # what the next line is
        self._trailers = 0  # bytes

    def feed(self, data: bytes) -> bytes:
        """As said above."""
        self._buffer += data
        found: list[bytes] = []
        while not self.ended and not self.broken:
            if self._left:
                piece = bytes(memoryview(self._buffer)[: self._left])
                if not piece:
                    break
                del self._buffer[: len(piece)]
                self._left -= len(piece)
                found.append(piece)
                continue
            end = self._buffer.find(b"\n", 0, _LONGEST_LINE)
            if end < 0:
                self.broken = len(self._buffer) >= _LONGEST_LINE
                break
            line = bytes(memoryview(self._buffer)[:end]).removesuffix(b"\r")
            del self._buffer[: end + 1]
            self._line(line)
        self.spare = self.ended and bool(self._buffer)
        return b"".join(found)

    # section 7.1: chunked-body = *chunk last-chunk trailer-section CRLF; a line is asked of whoever expects it
    # _size -> (bytes -> _behind -> _size)* -> size 0 -> _trailer* -> empty line: ended

    def _size(self, line: bytes) -> None:
        size = _SIZE.match(line)
        if size is None:
            self.broken = True
        elif left := int(size[1], 16):
            self._left, self._line = left, self._behind
        else:
            self._line, self.whole = self._trailer, True

    def _behind(self, line: bytes) -> None:
        """Behind the bytes of a chunk nothing else stands on their line."""
        self.broken = bool(line)
        self._line = self._size

    def _trailer(self, line: bytes) -> None:
        self._trailers += len(line)
        self.ended, self.broken = not line, self._trailers > MOST_HEAD
        if line:
            self.trailers += line + b"\r\n"


def framing(head: Head) -> Framing:
    """How the body behind that head is framed: the clauses of RFC 9112 section 6.3 in their order."""
    # 1  no body after 1xx, 204, 304: `Head.length` is 0 for the last two, the first never come here (crawler.net.wire);
    #    none after HEAD either, and 2 is of CONNECT: we ask neither
    # 3  Transfer-Encoding beside Content-Length overrides it: `Head.length` is None where it is chunked
    # 6  a valid Content-Length counts the bytes
    if head.length is not None:
        return Counted(head.length)
    # 4  chunked, wherever among the codings it stands: browsers have it so; any other coding runs to the end (8)
    # 5  an invalid Content-Length is an error there; we keep what comes until the end, as 8 does, and the connection
    #    with it, so that no byte of it can be taken for the next answer
    # 8  neither: the body is what comes until the server closes
    return Chunked() if head.chunked else Framing()
