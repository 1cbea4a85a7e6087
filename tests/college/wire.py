"""HTTP/1.1 as a college's web server speaks it: small enough to misbehave in every way we need."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha1
from http import HTTPStatus

from tests.college.site import VIEWS, CollegeSite, Content

_ZIPPED = ("text/", "application/json", "application/xml", "application/rss")


@dataclass(slots=True)
class Seen:
    """One request as the server saw it: a line of its log."""

    site: str
    host: str
    method: str
    target: str
    headers: list[tuple[str, str]]
    at: float
    url: str = ""
    status: int = 0
    sent: int = 0  # bytes of body
    whole: bool = True  # the answer was sent to its end
    mischief: str = ""
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """First value of a request header."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(slots=True)
class Answer:
    """What is about to be sent."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    reason: str = ""
    chunked: bool = False

    def set(self, name: str, value: str | None) -> None:
        """Replace a header; None takes it away."""
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        if value is not None:
            self.headers.append((name, value))

    def head(self) -> bytes:
        """Status line and headers as bytes."""
        reason = self.reason or HTTPStatus(self.status).phrase
        lines = [f"HTTP/1.1 {self.status} {reason}", *(f"{name}: {value}" for name, value in self.headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def read_request(reader: asyncio.StreamReader) -> tuple[str, str, list[tuple[str, str]], bytes] | None:
    """Method, target, headers and body of the next request; None when the client is done."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:] if line)]
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return method, target, headers, await reader.readexactly(length) if length else b""


def answer(site: CollegeSite, content: Content, seen: Seen, views: int) -> Answer:
    """The proper answer: 304 where the validators match (RFC 9110 section 13), gzip where the client takes it."""
    made = content.render()
    body = made.encode() if isinstance(made, str) else made
    headers = [
        ("Server", "college/1.0"),
        ("Date", format_datetime(datetime.now(UTC), usegmt=True)),
        ("Content-Type", content.mime),
        *content.headers,
    ]
    tag = f'"{sha1(body).hexdigest()[:16]}"'
    if content.status == 200:
        if site.validators in ("both", "etag"):
            headers.append(("ETag", tag))
        if site.validators in ("both", "last-modified") and content.changed:
            headers.append(("Last-Modified", format_datetime(content.changed.replace(tzinfo=UTC), usegmt=True)))
        if _unchanged(site, seen, tag, content):
            return Answer(304, [pair for pair in headers if pair[0] != "Content-Type"])
    body = body.replace(VIEWS.encode(), str(views).encode())
    if site.gzip and body and content.mime.startswith(_ZIPPED) and "gzip" in (seen.header("accept-encoding") or ""):
        body = gzip.compress(body, 6, mtime=0)
        headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    return Answer(content.status, headers, body, chunked=site.chunked)


def _unchanged(site: CollegeSite, seen: Seen, tag: str, content: Content) -> bool:
    asked = seen.header("if-none-match")
    if asked is not None and site.validators in ("both", "etag"):
        return tag in asked or asked.strip() == "*"
    since = seen.header("if-modified-since")
    if since is None or content.changed is None or site.validators not in ("both", "last-modified"):
        return False
    return content.changed.replace(tzinfo=UTC, second=0, microsecond=0) <= parsedate_to_datetime(since)


async def send(writer: asyncio.StreamWriter, sending: Answer, seen: Seen) -> None:
    """Send an answer whole, with its length or in chunks."""
    seen.status = sending.status
    bodiless = seen.method == "HEAD" or sending.status in (204, 304)
    if sending.chunked and not bodiless:
        sending.set("Transfer-Encoding", "chunked")
        writer.write(sending.head())
        third = max(1, len(sending.body) // 3)
        for start in range(0, len(sending.body), third):
            writer.write(chunk(sending.body[start : start + third]))
        writer.write(chunk(b""))
    else:
        if sending.status not in (204, 304):
            sending.set("Content-Length", str(len(sending.body)))
        writer.write(sending.head() + (b"" if bodiless else sending.body))
    seen.sent = 0 if bodiless else len(sending.body)
    await writer.drain()


def chunk(data: bytes) -> bytes:
    """One chunk (RFC 9112 section 7.1); the empty one is the last."""
    return b"%x\r\n%s\r\n" % (len(data), data)
