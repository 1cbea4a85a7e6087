"""Pages that a browser draws in a crawl: whatever they load goes the way of every other request (robots, the host's
turn, guard, record), and what was drawn is recorded beside the page as it was sent."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.address import leads_to
from archive.coding import CodingError, undo
from archive.instants import now
from archive.warc.record_fields import warc_date
from crawler import user_agent
from crawler.engine.session import session_of
from crawler.engine.shutdown import ending, fail
from crawler.net.fetch import FetchFailed
from crawler.net.politeness import CircuitOpen, GateClosed
from crawler.workers.readers import LEFT
from crawler.workers.renderer import Got, NotDrawn, Renderer, Sent, Wanted, without_codings
from spiders.drawn import MORE
from spiders.findings import Answer, Trouble
from spiders.site import same_domain

_REDIRECTS = {301, 302, 303, 307, 308}
_HOPS = 5
_KEPT = 24_000_000  # bytes of scripts that are kept for the next page of a site


class Drawings:
    """`await draw(answer, meta)`: the page as a browser drew it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._session = crawler, session_of(crawler)
        self._renderer: Renderer = self._session.renderer
        self._scripts: OrderedDict[str, Got] = OrderedDict()  # the same for each page of a site, asked for once a run

    async def draw(self, answer: Answer, meta: dict[str, Any]) -> Answer | Trouble:
        """The answer that stands for what was drawn; its capture takes the place of the page's in `meta`."""
        static, page = meta.pop("capture")
        meta["drawn_of"] = static
        try:
            sent = Sent(
                url=answer.url,
                headers=_shown(answer.headers),
                body=undo(answer.body, answer.headers).content,
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
        try:
            meta["capture"] = _, capture = self._session.archive.record_rendering(page, drawn.html, made)
        except OSError as problem:
            fail(self._crawler, problem)
            return LEFT
        return replace(
            answer,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=drawn.html.encode("utf-8", "replace"),
            fetched_at=capture.fetched_at,
            status=200,
            rendered=made,
            truncated=None,
            repeated=False,
        )

    async def _fetch(self, wanted: Wanted, meta: dict[str, Any]) -> Got | None:
        """What a page asks for, redirects followed; None where it is not to be had, or not to be asked for: forms are
        posted by a script for its own data, and to the site itself, alone."""
        if wanted.url in self._scripts and not wanted.data:
            self._scripts.move_to_end(wanted.url)
            return self._scripts[wanted.url]
        url, posts = wanted.url, wanted.method == "POST"
        if posts and not (wanted.data and same_domain(_host(url), _host(meta["task"].url))):
            return None
        for _ in range(_HOPS):
            got = await self._one(url, wanted, meta, posts=posts)
            if got is None or got.status not in _REDIRECTS:
                break
            to = leads_to(url, list(got.headers))
            if to is None or posts:
                return None
            url = to
        if got is not None and got.status == 200 and not wanted.data:
            self._keep(wanted.url, got)
        return got

    async def _one(self, url: str, wanted: Wanted, meta: dict[str, Any], *, posts: bool) -> Got | None:
        if urlsplit(url).scheme not in ("http", "https") or ending(self._crawler):
            return None
        own = {key: meta[key] for key in ("site", "delay") if key in meta}
        request = Request(
            url,
            method=wanted.method,
            body=wanted.body if posts else b"",
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
            body = undo(response.body, headers).content
        except CodingError:
            return None
        return without_codings(Got(status=response.status, headers=headers, body=body))

    def _keep(self, url: str, got: Got) -> None:
        self._scripts[url] = got
        while sum(len(kept.body) for kept in self._scripts.values()) > _KEPT:
            self._scripts.popitem(last=False)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _shown(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return without_codings(Got(status=200, headers=headers, body=b"")).headers
