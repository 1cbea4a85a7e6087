"""Pages that a browser draws in a crawl: whatever they load goes the way of every other request (robots, the host's
turn, guard, record), and what was drawn is recorded beside the page as it was sent."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.coding import CodingError, undo
from archive.instants import now
from archive.patterns import deferred
from archive.warc.http import parse
from archive.warc.record_fields import MOST_SENT, warc_date, written
from crawler import user_agent
from crawler.engine.session import session_of
from crawler.engine.shutdown import ending, fail
from crawler.net.fetch import FetchFailed
from crawler.net.politeness import CircuitOpen, GateClosed
from crawler.workers.loading import Loader
from crawler.workers.readers import LEFT
from crawler.workers.renderer import MOST_BYTES, Got, NotDrawn, Renderer, Sent, Wanted, without_codings
from spiders.drawn import MORE
from spiders.findings import Answer, Trouble

_OF_BYTES = deferred(
    r"""
    # of the bytes as sent, of the connection, of caches
    content-.*|transfer-encoding|connection|keep-alive|set-cookie|etag|last-modified
    |accept-ranges|vary|date
    """,
    re.I | re.X,
)


class Drawings:
    """`await draw(answer, meta)`: the page as a browser drew it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._session = crawler, session_of(crawler)
        self._renderer: Renderer = self._session.renderer
        self._loader = Loader()

    async def draw(self, answer: Answer, meta: dict[str, Any]) -> Answer | Trouble:
        """The answer that stands for what was drawn; its capture takes the place of the page's in `meta`."""
        static, page = meta.pop("capture")
        meta["drawn_of"] = static
        try:
            body = (await asyncio.to_thread(undo, answer.body, answer.headers, MOST_BYTES)).content
            sent = Sent(
                url=answer.url,
                headers=_shown(answer.headers),
                body=body,
                scrolls=answer.kind in ("listing", "older"),
                agent=user_agent(self._session.config.operator.contact),
            )
            drawn = await self._renderer.draw(sent, lambda wanted: self._fetch(wanted, meta))
        except NotDrawn as problem:
            if ending(self._crawler):
                return LEFT
            return Trouble(problem.kind, problem.detail, again=True, asked=problem.kind != "browser_missing")
        if (left := 1.0 - now().microsecond / 1e6) and warc_date(now())[:19] == page.fetched_at[:19]:
            await asyncio.sleep(left)  # addresses of replay name the second: each of the two has its own
        made = drawn.made + (MORE if drawn.more else "")
        lines, headers = _stated(answer.headers)
        try:
            meta["capture"] = _, capture = self._session.archive.record_rendering(page, drawn.html, made, lines)
        except OSError as problem:
            fail(self._crawler, problem)
            return LEFT
        return replace(
            answer,
            headers=(("Content-Type", "text/html; charset=utf-8"), *headers),
            body=drawn.html.encode("utf-8", "replace"),
            fetched_at=capture.fetched_at,
            status=200,
            rendered=made,
            truncated=None,
            repeated=False,
        )

    async def _fetch(self, wanted: Wanted, meta: dict[str, Any]) -> Got | None:
        return await self._loader.load(wanted, meta["task"].url, lambda url, wanted: self._one(url, wanted, meta))

    async def _one(self, url: str, wanted: Wanted, meta: dict[str, Any]) -> Got | None:
        if ending(self._crawler):
            return None
        own = {key: meta[key] for key in ("site", "delay") if key in meta}
        request = Request(
            url,
            method=wanted.method,
            body=wanted.body if wanted.method == "POST" else b"",
            headers=dict(wanted.headers),
            dont_filter=True,
            meta=own | {"verbatim_url": True, "kind": "probe", "hosts": "*", "via": meta["task"].url},
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except (FetchFailed, IgnoreRequest, CircuitOpen, GateClosed):
            return None
        headers = request.meta["headers"]
        try:
            # beside the loop, which other sites wait for, and no more of it than a page may load
            body, over, _ = await asyncio.to_thread(undo, response.body, headers, MOST_BYTES)
        except CodingError:
            return None
        if over:
            return None
        return without_codings(Got(status=response.status, headers=headers, body=body))


def _stated(headers: tuple[tuple[str, str], ...]) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """What the head of the page says that is as true of what was drawn (robots, rights, links): its lines, as many as a
    record holds, and how they are read from there."""
    lines, size = b"", 0
    for name, value in headers:
        line = f"{name}: {value}\r\n".encode("latin-1", "replace")
        if not _OF_BYTES.fullmatch(name) and size + (more := len(written(line))) <= MOST_SENT:
            lines, size = lines + line, size + more
    return lines, tuple(parse(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n").headers)


def _shown(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return without_codings(Got(status=200, headers=headers, body=b"")).headers
