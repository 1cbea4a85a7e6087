"""Fetch one address and keep the exchange as it crossed the wire. No redirect followed, nothing decoded, no cookie kept."""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import aiohttp
from aiohttp import hdrs
from multidict import CIMultiDict
from yarl import URL

from archive.capture import Exchange, Kind
from crawler import tls
from crawler.guard import Guard, GuardedResolver, Hosts, Refused
from crawler.head import BadHead
from crawler.wire import Disconnected, RecordedResponse

Failure = Literal["dns", "refused", "connect", "tls", "timeout", "disconnect", "protocol", "guard"]

_TLS_NAMES = {"TLSv1": "tls/1.0", "TLSv1.1": "tls/1.1", "TLSv1.2": "tls/1.2", "TLSv1.3": "tls/1.3"}
ACCEPT_ENCODING = "gzip, deflate, br, zstd"
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class FetchFailed(Exception):
    """No exchange worth keeping. `kind` is one word for counting, `detail` a sentence for people."""

    def __init__(self, kind: Failure, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.again = kind not in ("guard", "protocol")  # whether another try may end otherwise
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
    """One session: keep-alive connections, names looked up once in five minutes. `fetch` from any task of one loop."""

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
        connections_per_host: int = 0,
        resolver: aiohttp.abc.AbstractResolver | None = None,
    ) -> None:
        """`timeout_s` bounds a whole exchange; `connections_per_host` 0 leaves the limit to the politeness gate."""
        self._guard, self._resolver = guard, resolver
        self._headers = CIMultiDict([("User-Agent", user_agent), ("Accept", ACCEPT), ("Accept-Encoding", ACCEPT_ENCODING)])
        self._headers.update(headers)
        self._timeout_s, self._connect_timeout_s = timeout_s, connect_timeout_s
        self._max_bytes, self._per_host = max_bytes, connections_per_host
        self._tls_fallback = tls_fallback
        self._unverifiable: dict[tuple[str | None, int | None], str] = {}  # servers that failed verification in this run
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

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
        attempt = _Attempt()
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._attempt(job, attempt)
        except aiohttp.ServerTimeoutError as problem:
            raise FetchFailed("timeout", f"no connection within {self._connect_timeout_s:g} s") from problem
        except TimeoutError as problem:
            if attempt.response is None or attempt.response.wire.whole:
                raise FetchFailed("timeout", f"no answer within {self._timeout_s:g} s") from problem
            attempt.response.wire.cut = "time"
        except (aiohttp.ClientError, OSError, BadHead, Disconnected, ValueError) as problem:
            raise _failure(problem) from problem
        finally:
            attempt.close()
        if self._closed:
            raise FetchFailed("disconnect", "cut off by the end of the crawl")
        return _exchange(job, attempt)

    async def _attempt(self, job: Job, attempt: _Attempt) -> None:
        url = URL(job.url, encoded=True)
        server = (url.raw_host, url.port)
        if url.scheme == "http":
            await self._send(job, url, attempt, None)
            return
        attempt.tls = self._unverifiable.get(server, "verified")
        if attempt.tls == "verified":
            try:
                await self._send(job, url, attempt, self._verified)
                return
            except aiohttp.ClientConnectorError as problem:
                if not self._tls_fallback or not _is_tls(problem):
                    raise
                attempt.tls = "unverified" if isinstance(problem, aiohttp.ClientConnectorCertificateError) else "legacy"
        await self._send(job, url, attempt, self._legacy)
        self._unverifiable[server] = attempt.tls

    async def _send(self, job: Job, url: URL, attempt: _Attempt, context: object) -> None:
        if self._closed:
            raise FetchFailed("connect", "the crawl has ended")
        if self._session is None:
            self._session = self._open()
        headers = self._headers
        if job.headers or job.body:
            headers = headers.copy()
            headers.update(job.headers)
            if job.body:
                headers.setdefault(hdrs.CONTENT_TYPE, "application/x-www-form-urlencoded")
                headers[hdrs.CONTENT_LENGTH] = str(len(job.body))
        response = await self._session.request(
            job.method, url, headers=headers, data=job.body or None, allow_redirects=False, ssl=context or True
        )
        attempt.response = response
        response.wire.take(response.content, self._max_bytes if job.max_bytes is None else job.max_bytes)
        if not response.wire.whole:
            await response.wire.ended()

    def _open(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self._guard, self._resolver),
            socket_factory=self._guard.open_socket,  # sees literal addresses too, for which no resolver is asked
            limit=0,
            limit_per_host=self._per_host,
            ttl_dns_cache=300,
        )
        return aiohttp.ClientSession(
            connector=connector,
            response_class=RecordedResponse,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect_timeout_s),  # the whole is bounded in fetch
        )

    async def close(self) -> None:
        """Close all connections; exchanges under way fail, rather than pass for answers that the server cut short."""
        self._closed = True
        if self._session is not None:
            await self._session.close()


class _Attempt:
    """What is known of an exchange under way, so that a timeout can keep what came."""

    response: RecordedResponse | None = None
    tls: str | None = None

    def close(self) -> None:
        """Give the connection back; it is closed where the answer did not end by itself."""
        if self.response is not None and (self.response.wire.cut or not self.response.wire.whole):
            self.response.close()


def _exchange(job: Job, attempt: _Attempt) -> Exchange:
    response = attempt.response
    assert response is not None
    wire = response.wire
    head = wire.head
    assert head is not None
    body = wire.body
    lines = [f"{response.method} {response.request_info.url.raw_path_qs} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in response.request_info.headers.items()]
    if attempt.tls == "unverified" and wire.tls_version in ("TLSv1", "TLSv1.1"):
        attempt.tls = "legacy"
    return Exchange(
        url=job.url,
        site=job.site,
        kind=job.kind,
        fetched_at=response.sent_at,
        status=head.status,
        request_head=("\r\n".join(lines) + "\r\n\r\n").encode(),
        response_head=head.stored(body, wire.cut),
        body=body,
        request_body=job.body,
        ip=wire.ip,
        protocol=_protocol(head.version, wire.tls_version),
        truncated=wire.cut,
        tls=attempt.tls,
        transfer_encoding=head.transfer_encoding,
        via=job.via,
    )


def _protocol(version: str, tls_version: str | None) -> str:
    """`http/1.1`, or `http/1.1, tls/1.3`: values of WARC-Protocol, which is a repeatable field."""
    return version if tls_version is None else f"{version}, {_TLS_NAMES.get(tls_version, tls_version.lower())}"


def _is_tls(problem: aiohttp.ClientConnectorError) -> bool:
    """A failed handshake; old servers that know no TLS 1.3 may also just reset the connection."""
    if isinstance(problem, aiohttp.ClientSSLError):
        return True
    return isinstance(problem.os_error, ConnectionResetError | ConnectionAbortedError | ssl.SSLError)


def _failure(problem: Exception) -> FetchFailed:
    """The one of our kinds that `problem`, raised by aiohttp or below it, is."""
    if (refusal := _refusal(problem)) is not None:
        return FetchFailed("guard", str(refusal))
    kind: Failure
    match problem:
        case BadHead():
            kind = "protocol"
        case Disconnected() | aiohttp.ServerDisconnectedError():
            kind = "disconnect"
        case aiohttp.ClientConnectorDNSError():
            kind = "dns"
        case aiohttp.ClientSSLError():
            kind = "tls"
        case aiohttp.ClientConnectorError():
            kind = "refused" if problem.os_error.errno == errno.ECONNREFUSED else "connect"
        case aiohttp.ClientOSError() | aiohttp.ClientConnectionError():
            kind = "disconnect"
        case aiohttp.ClientError() | ValueError():  # ValueError: yarl, or a header that may not be sent
            kind = "protocol"
        case _:
            kind = "connect"
    return FetchFailed(kind, str(problem) or type(problem).__name__)


def _refusal(problem: BaseException | None) -> Refused | None:
    while problem is not None:
        if isinstance(problem, Refused):
            return problem
        problem = problem.__cause__
    return None
