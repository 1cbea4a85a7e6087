"""Scrapy downloader middlewares: robots.txt first, then the host's turn."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.address import leads_to
from archive.coding import CodingError, undo
from crawler.engine.kept_robots import KeptRobots
from crawler.net.fetch import FetchFailed
from crawler.net.politeness import Answer, CircuitOpen, gate_of
from crawler.net.robots import MOST_REDIRECTS, TAKEN, Rules, rules

_OF_RIGHTS = ("/ai.txt", "/.well-known/tdmrep.json")  # asked for only where campuswarc.toml says so


class Disallowed(IgnoreRequest):
    """robots.txt forbids it; or, with a `cause` in one word, robots.txt cannot be had at the moment."""

    def __init__(self, reason: str, cause: str = "") -> None:
        super().__init__(reason)
        self.again = bool(cause)
        self.kind = cause or "robots"
        self.asked = False  # the page itself was not


class RobotsMiddleware:
    """Fetches each host's robots.txt once a day, as a request like any other (so it is recorded), and obeys it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._gate = gate_of(crawler)
        self._agent = crawler.settings.get("CAMPUSWARC_USER_AGENT", "campuswarc")
        self._known: dict[str, tuple[float, Rules]] = {}  # by origin: until when (monotonic seconds), what
        self._asking: dict[str, asyncio.Task[Rules]] = {}
        session = getattr(crawler, "campuswarc", None)
        self._kept = None if session is None else KeptRobots(session.archive, self._agent)
        self._also = _OF_RIGHTS if session is not None and session.config.crawl.rights_files else ()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Scrapy's way of making one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises Disallowed, or what kept robots.txt from being fetched where that ends the crawl."""
        if request.meta.get("dont_obey_robots"):
            return
        try:
            parts = urlsplit(request.url)
            origin, _ = f"{parts.scheme}://{parts.netloc}", parts.port
        except ValueError as problem:
            raise FetchFailed("guard", f"not an address: {problem}") from problem
        until, known = self._known.get(origin, (0.0, None))
        if known is None or until < monotonic():
            known = await self._ask_once(origin, request)
        if not known.allows(request.url):
            raise Disallowed(known.reason if known.for_now else f"robots.txt forbids {request.url}", known.cause)

    async def _ask_once(self, origin: str, request: Request) -> Rules:
        """Whoever comes first asks; whoever comes meanwhile waits for the same answer."""
        asking = self._asking.get(origin)
        if asking is None:
            asking = self._asking[origin] = asyncio.ensure_future(self._ask(origin, request))
            asking.add_done_callback(lambda _: self._asking.pop(origin))
        return await asyncio.shield(asking)

    async def _ask(self, origin: str, request: Request) -> Rules:
        host = urlsplit(request.url).hostname or ""
        kept = self._kept.rules(f"{origin}/robots.txt") if self._kept is not None else None
        if kept is None:
            found = await self._fetch(f"{origin}/robots.txt", request)
            kept = found, found.valid_s
            for path in self._also:
                if found.allows(origin + path):
                    await self._fetch(origin + path, request)
        found, valid_s = kept
        if found.delay is not None:
            self._gate.at_least(host, found.delay)
        self._known[origin] = (monotonic() + valid_s, found)
        return found

    async def _fetch(self, url: str, request: Request) -> Rules:
        meta: dict[str, Any] = {key: request.meta[key] for key in ("site", "hosts", "delay") if key in request.meta}
        meta |= {"kind": "robots", "dont_obey_robots": True, "via": request.url, "max_bytes": TAKEN}
        before: bytes | None = None  # what came of an answer that was cut off
        for _ in range(MOST_REDIRECTS + 1):
            try:
                response = await self._crawler.engine.download_async(
                    Request(url, meta=dict(meta), dont_filter=True, priority=1)
                )
            except FetchFailed as problem:
                if problem.kind == "ours":  # which says nothing of the host
                    raise
                if problem.kind == "guard":  # the page itself meets the same guard, and is told why
                    return rules(404, b"", self._agent)
                return rules(None, str(problem).encode(), self._agent, problem.kind)
            except CircuitOpen as problem:
                return rules(None, str(problem).encode(), self._agent, problem.kind)
            if (cut := _cut(response)) is not None:
                if before is None:
                    before = response.body
                    continue
                # the same bytes twice are all there is, whatever length the server tells; else a rule may be missing
                if cut != "disconnect" or response.body != before:
                    said = f"cut off after {len(response.body)} bytes"
                    return rules(None, said.encode(), self._agent, f"truncated_{cut}")
            to = leads_to(url, _headers(response)) if 300 <= response.status < 400 else None
            if to is None:
                break
            url = to
            meta["hosts"] = "*"  # where a host keeps its robots.txt is its own affair; the guard still judges addresses
        return rules(response.status, _entity(response), self._agent)


class PolitenessMiddleware:
    """Holds each request until its host may be asked, and tells the gate how it went."""

    def __init__(self, crawler: Crawler) -> None:
        self._gate = gate_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolitenessMiddleware:
        """Scrapy's way of making one."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises CircuitOpen or GateClosed; nothing is sent then."""
        host = urlsplit(request.url).hostname or ""
        await self._gate.enter(host, request.meta.get("delay"))
        request.meta["entered"] = (host, monotonic())

    async def process_response(self, request: Request, response: Response) -> Response:
        """The host answered."""
        entered = request.meta.pop("entered", None)
        if entered is not None:
            host, begun = entered
            retry_after = response.headers.get("Retry-After")
            pause = retry_after.decode("latin-1") if retry_after else None
            self._gate.leave(host, Answer(response.status, pause, monotonic() - begun))
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """It did not, or we could not keep the answer, which is no fault of the host's."""
        entered = request.meta.pop("entered", None)
        if entered is not None:
            host, begun = entered
            if isinstance(exception, FetchFailed) and exception.kind == "ours":
                self._gate.leave(host, None)
                return
            silent = isinstance(exception, FetchFailed) and exception.kind not in ("guard", "protocol")
            self._gate.leave(host, Answer(latency_s=monotonic() - begun, failed=silent))


def _entity(response: Response) -> bytes:
    """What may be parsed. It is undone here, in the crawl's process, since no page of the host is asked for before:
    half a megabyte at most
    goes in and comes out (`TAKEN`), by decoders that stop there."""
    try:
        return undo(response.body, _headers(response), TAKEN).content
    except CodingError:
        return b""  # unreadable is what RFC 9309 section 2.3.1 calls a file without rules we can parse


def _cut(response: Response) -> str | None:
    """Why not all of it came, where that is not because we wanted no more."""
    exchange = response.meta.get("exchange")
    return exchange.truncated if exchange is not None and exchange.truncated != "length" else None


def _headers(response: Response) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
