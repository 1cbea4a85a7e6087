"""Pages as they came over the wire, from which the writers make their files."""

from __future__ import annotations

import gzip
import socket
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from tests.patience import PATIENCE


@dataclass(frozen=True)
class Fetched:
    """A page as it came over the wire."""

    url: str
    at: datetime
    request: bytes
    raw: bytes  # the answer, head and body, any framing left in

    @property
    def head(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"

    @property
    def headers(self) -> list[tuple[str, str]]:
        lines = self.head.decode("latin-1").splitlines()[1:-1]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def status(self) -> str:
        return self.raw.split(b" ", 2)[1].decode()

    @cached_property
    def entity(self) -> bytes:
        """Body without its framing, content-coding kept."""
        body = self.raw.partition(b"\r\n\r\n")[2]
        if self.header("transfer-encoding") != "chunked":
            return body
        out = b""
        while size := int(body[: body.index(b"\r\n")], 16):
            start = body.index(b"\r\n") + 2
            out, body = out + body[start : start + size], body[start + size + 2 :]
        return out

    @cached_property
    def decoded(self) -> bytes:
        """Entity without its content-coding."""
        return gzip.decompress(self.entity) if self.header("content-encoding") == "gzip" else self.entity

    def id(self, what: str) -> str:
        """The same WARC-Record-ID each time."""
        return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{what} {self.at.isoformat()} {self.url}')}>"


def fetch(url: str, at: datetime, *, method: str = "GET", body: bytes = b"", headers: str = "") -> Fetched:
    """Ask for it; `at` is when it is said to have been."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    request = (
        f"{method} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\n{headers}{length}Connection:"
        " close\r\n\r\n".encode()
        + body
    )
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE) as connection:
        connection.sendall(request)
        raw = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    return Fetched(url, at, request, raw)


def later(page: Fetched, at: datetime) -> Fetched:
    """The same answer at another time."""
    return replace(page, at=at)
