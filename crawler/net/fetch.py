"""Fetch one address and keep the exchange as it crossed the wire. No redirect followed, nothing decoded, no cookie
kept."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from archive.capture import Exchange, Kind
from archive.patterns import deferred
from crawler.net import tls
from crawler.net.connections import QUIET_S, Connections, HandshakeFailed, NotConnected, Overloaded, Server
from crawler.net.descriptors import is_ours
from crawler.net.guard import Guard, Hosts, LookUp, Refused
from crawler.net.head import BadHead
from crawler.net.wire import Disconnected, Wire

Failure = Literal[
    "dns", "refused", "connect", "tls", "timeout", "disconnect", "protocol", "guard", "unrecordable", "ours"
]

_TLS_NAMES = {"TLSv1": "tls/1.0", "TLSv1.1": "tls/1.1", "TLSv1.2": "tls/1.2", "TLSv1.3": "tls/1.3"}
_PORTS = {"http": 80, "https": 443}
_FORGERY = deferred(r"[\r\n\0]")
# what every tool that reads our records undoes: pywb 2.10 and ReplayWeb.page 2.4 show zstd blank, and warcio 1.8 beside
# Brotli 1.2, which
# Scrapy needs, crashes on br (`warcio check`); both are undone where a server sends them unasked
ACCEPT_ENCODING = "gzip"
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class FetchFailed(Exception):
    """No exchange worth keeping. `kind` is one word for counting, `detail` a sentence for people."""

    def __init__(self, kind: Failure, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        # whether another try may end otherwise: boxes in front of a server answer nonsense for an hour
        self.again = kind != "guard"
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to fetch, and on whose behalf."""

    url: str
    site: str
    kind: Kind
    hosts: Hosts  # host names it may be on; '*' for requisites
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()  # beside the fetcher's own, or in place of them
    via: str | None = None
    max_bytes: int | None = None  # in place of the fetcher's


class Fetcher:
    """Keep-alive connections, names looked up once in five minutes. `fetch` from any task of one loop."""

    def __init__(
        self,
        guard: Guard,
        *,
        user_agent: str,
        headers: Iterable[tuple[str, str]] = (),
        timeout_s: float = 60.0,
        connect_timeout_s: float = 15.0,
        max_bytes: int = 64_000_000,
        tls_fallback: bool = True,
        most_connections: int | None = None,
        look_up: LookUp | None = None,
        quiet_s: float = QUIET_S,
        untrusted: dict[str, str] | None = None,
    ) -> None:
        """`timeout_s` bounds a whole exchange, `connect_timeout_s` the way to its request; `look_up` is asked for names
        instead of the system. `untrusted` takes the origins whose certificate cannot be trusted, with what is wrong."""
        self._guard = guard
        self._headers = (("User-Agent", user_agent), ("Accept", ACCEPT), ("Accept-Encoding", ACCEPT_ENCODING), *headers)
        self._timeout_s, self._max_bytes, self._tls_fallback = timeout_s, max_bytes, tls_fallback
        self._connections = Connections(
            guard, timeout_s=connect_timeout_s, look_up=look_up, quiet_s=quiet_s, most=most_connections
        )
        self._untrusted = {} if untrusted is None else untrusted
        self._unverifiable: dict[tuple[str, int], str] = {}  # servers that failed verification in this run

    @cached_property
    def _verified(self) -> ssl.SSLContext:
        """Made at the first https address: to read the system's certificates takes 20 ms."""
        return tls.verified()

    @cached_property
    def _legacy(self) -> ssl.SSLContext:
        return tls.legacy()

    async def fetch(self, job: Job) -> Exchange:
        """The exchange, cut and marked where it ran past a limit; raises FetchFailed where there is none."""
        try:
            self._guard.check_url(job.url, job.hosts)
        except Refused as reason:
            raise FetchFailed("guard", str(reason)) from reason
        attempt, lateness = _Attempt(), self._connections.lateness
        late = lateness.total
        try:
            request = _request(job, self._headers)
            async with asyncio.timeout(self._timeout_s):
                await self._attempt(job, request, attempt)
        except TimeoutError as problem:
            if attempt.wire is None or not attempt.wire.give_up("time"):
                if lateness.total - late > self._timeout_s / 10:
                    raise FetchFailed("ours", "this machine was too busy to hear an answer") from problem
                raise FetchFailed("timeout", f"no answer within {self._timeout_s:g} s") from problem
        except (OSError, BadHead, Disconnected, ValueError) as problem:
            raise _failure(problem) from problem
        finally:
            if attempt.wire is not None:
                self._connections.give_back(attempt.server, attempt.wire)
        if self._connections.closed:
            raise FetchFailed("disconnect", "cut off by the end of the crawl")
        return _exchange(job, request, attempt)

    async def _attempt(self, job: Job, request: bytes, attempt: _Attempt) -> None:
        parts = urlsplit(job.url)
        host, port = _host(parts), parts.port or _PORTS[parts.scheme]
        if parts.scheme == "http":
            await self._ask(job, request, attempt, Server(host, port, None))
            return
        attempt.tls, said = self._unverifiable.get((host, port), "verified"), ""
        if attempt.tls == "verified":
            try:
                await self._ask(job, request, attempt, Server(host, port, self._verified))
                return
            except HandshakeFailed as problem:
                if not self._tls_fallback:
                    raise
                attempt.tls, said = ("unverified", str(problem)) if problem.certificate else ("legacy", "")
        await self._ask(job, request, attempt, Server(host, port, self._legacy))
        self._unverifiable[host, port] = attempt.tls
        if said:
            certificate = attempt.wire.certificate() if "expired" in said and attempt.wire is not None else None
            self._untrusted[f"https://{parts.netloc}/"] = said + (tls.ended(certificate) if certificate else "")

    async def _ask(self, job: Job, request: bytes, attempt: _Attempt, server: Server) -> None:
        most = self._max_bytes if job.max_bytes is None else job.max_bytes
        attempt.server, attempt.wire = server, await self._connections.take(server)
        try:
            await attempt.wire.ask(request, most)
        except (Disconnected, BadHead) as problem:
            if (
                attempt.wire.exchanges == 1
                or job.method != "GET"
                or (isinstance(problem, Disconnected) and not problem.untouched)
            ):
                raise
            # the server had closed a connection that was idle, or has sent more than its last answer
            self._connections.give_back(server, attempt.wire)
            attempt.wire = await self._connections.take(server, fresh=True)
            await attempt.wire.ask(request, most)

    async def close(self) -> None:
        """Close all connections; exchanges under way fail, rather than pass for answers that the server cut short."""
        self._connections.close()


class _Attempt:
    """What is known of an exchange under way, so that a timeout can keep what came."""

    wire: Wire | None = None
    server: Server
    tls: str | None = None


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".")


def _request(job: Job, headers: Iterable[tuple[str, str]]) -> bytes:
    """Head and body as they are sent, the address spelled as the job has it. Raises ValueError for what no header may
    hold."""
    parts = urlsplit(job.url)
    host = _host(parts)
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    target = job.url.partition("://")[2][len(parts.netloc) :].partition("#")[0]
    fields = {name.lower(): (name, value) for name, value in (("Host", host + port), *headers, *job.headers)}
    if job.method != "GET" or job.body:
        fields.setdefault("content-type", ("Content-Type", "application/x-www-form-urlencoded"))
        fields["content-length"] = ("Content-Length", str(len(job.body)))
    lines = [f"{job.method} {target if target.startswith('/') else '/' + target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in fields.values()]
    if any(_FORGERY.search(line) for line in lines):
        raise ValueError("a header that would be two")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + job.body


def _exchange(job: Job, request: bytes, attempt: _Attempt) -> Exchange:
    wire = attempt.wire
    assert wire is not None and wire.head is not None
    head, body = wire.head, wire.take_body()
    if attempt.tls == "unverified" and wire.tls_version in ("TLSv1", "TLSv1.1"):
        attempt.tls = "legacy"
    return Exchange(
        url=job.url,
        site=job.site,
        kind=job.kind,
        fetched_at=wire.sent_at,
        status=head.status,
        request_head=request[: len(request) - len(job.body)],
        response_head=head.stored(body, wire.cut),
        body=body,
        request_body=job.body,
        ip=wire.ip,
        protocol=_protocol(head.version, wire.tls_version),
        truncated=wire.cut,
        tls=attempt.tls,
        transfer_encoding=head.transfer_encoding,
        interim=wire.interim,
        trailers=wire.trailers,
        via=job.via,
    )


def _protocol(version: str, tls_version: str | None) -> str:
    """`http/1.1`, or `http/1.1, tls/1.3`: values of WARC-Protocol, which is a repeatable field."""
    return version if tls_version is None else f"{version}, {_TLS_NAMES.get(tls_version, tls_version.lower())}"


def _failure(problem: Exception) -> FetchFailed:
    """The one of our kinds that `problem` is."""
    kind: Failure
    match problem:
        case Overloaded():
            kind = "ours"
        case OSError() if is_ours(problem):
            kind = "ours"
        case Refused():
            kind = "guard"
        case BadHead() | ValueError():
            kind = "protocol"
        case Disconnected():
            kind = "disconnect"
        case NotConnected():
            kind = "timeout"
        case HandshakeFailed():
            kind = "tls"
        case socket.gaierror():
            kind = "dns"
        case OSError(errno=errno.ECONNREFUSED):
            kind = "refused"
        case _:
            kind = "connect"
    return FetchFailed(kind, str(problem) or type(problem).__name__)
