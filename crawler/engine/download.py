"""The recording download handler: what Scrapy gets was written to the WARC first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from archive.capture import Exchange
from archive.guarded import StorageFailure
from archive.warc.http import parse
from crawler import user_agent
from crawler.engine.session import session_of
from crawler.engine.shutdown import fail
from crawler.net.cookies import Chains
from crawler.net.fetch import Fetcher, FetchFailed, Job
from crawler.net.guard import Guard, Refused

_RIGHTS = ("x-robots-tag", "tdm-", "content-signal")  # fields beside a page that state rights


class RecordingHandler(BaseDownloadHandler):
    """Fetches, records, then hands on. A record that cannot be written fails its request.

    The response's body still has its content-coding; `meta["capture"]` is the capture and its row id,
    `meta["headers"]` are the headers in order.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._session = session_of(crawler)
        crawl, operator = self._session.config.crawl, self._session.config.operator
        self._session.abort = self._abort
        self._chains = Chains()
        self._fetcher = Fetcher(
            Guard(allow_loopback=crawl.allow_loopback),
            user_agent=user_agent(operator.contact),
            timeout_s=crawl.timeout,
            max_bytes=crawl.max_body_mb * 1_000_000,
            tls_fallback=crawl.tls_fallback,
            most_connections=2 * self._session.exchanges,
            untrusted=self._session.untrusted,
        )

    async def download_request(self, request: Request) -> Response:
        """Raises crawler.net.fetch.FetchFailed, crawler.net.guard.Refused, archive.store.store.StorageFailure."""
        meta = request.meta
        exchange = await self._fetch(
            Job(
                url=request.url,
                site=meta["site"],
                kind=meta["kind"],
                method=request.method,
                body=request.body,
                headers=(
                    *(
                        (k.decode("latin-1"), v.decode("latin-1"))
                        for k, values in request.headers.items()
                        for v in values
                    ),
                    *self._chains.header(request.url),
                ),
                hosts=meta["hosts"],
                via=meta.get("via"),
                max_bytes=meta.get("max_bytes"),
            )
        )
        meta["exchange"], meta["headers"] = exchange, tuple(parse(exchange.response_head).headers)
        if self._says_nothing(exchange, meta):
            meta["unchanged"] = True
        else:
            meta["repeated"] = self._record(exchange, meta)
        self._chains.note(request.url, exchange.status, meta["headers"])
        if "task" in meta:
            self._session.row_source.answered(meta["site"], meta["task"].url, len(exchange.body))
        response = Response(request.url, status=exchange.status, body=exchange.body, request=request)
        response.headers = _by_name(meta["headers"])
        return response

    async def _fetch(self, job: Job) -> Exchange:
        log = self._session.log
        if not log.requests:
            return await self._fetcher.fetch(job)
        began = monotonic()
        try:
            exchange = await self._fetcher.fetch(job)
        except (FetchFailed, Refused) as problem:
            log.request(job.site, job.kind, job.url, began, str(problem))
            raise
        log.request(job.site, job.kind, job.url, began, exchange)
        return exchange

    def _says_nothing(self, exchange: Exchange, meta: dict[str, Any]) -> bool:
        """Whether a listing or a story is as it was, by what the server says or to the byte, and what it was is here:
        one record tells that of many. What was not well the last time, and is, has changed."""
        archive, not_modified = self._session.archive, exchange.status == 304
        if "task" not in meta or self._session.config.storage.record_unchanged:
            return False
        if exchange.kind == "listing":  # one that is sent is read all the same: it may have to be walked to its end
            return not_modified and archive.captures.well(exchange.url) and archive.backs(exchange.url)
        if exchange.kind != "article" or self._session.sites[meta["site"]].browser == "page":
            return False  # what scripts draw on it may be something else
        if "part_of" in meta["task"].hint:
            return False  # of which version it is hangs on the pages before it, which may wait for their readers
        if not not_modified and any(name.lower().startswith(_RIGHTS) for name, _ in meta["headers"]):
            return False  # which may say something else than they did
        if meta["task"].article is None and not meta["task"].looks:
            return False  # never read yet
        if not (archive.frontier.stands(meta["task"].url) and archive.captures.well(exchange.url)):
            return False
        return archive.backs(exchange.url) if not_modified else archive.repeats(exchange)

    def _record(self, exchange: Exchange, meta: dict[str, Any]) -> bool:
        """Write it down; whether its body repeats one that was cut at the same place."""
        archive = self._session.archive
        try:
            meta["capture"] = id_, capture = archive.record(exchange)
        except StorageFailure as problem:
            fail(self.crawler, problem)
            raise
        except ValueError as problem:  # something in it that no record may hold
            raise FetchFailed("unrecordable", str(problem)) from problem
        return archive.captures.repeats(id_, capture)

    def _abort(self) -> None:
        self._closing = asyncio.ensure_future(self._fetcher.close())

    async def close(self) -> None:
        """Close the connections."""
        await self._fetcher.close()


def _by_name(headers: Iterable[tuple[str, str]]) -> Headers:
    """As Scrapy has them: names in title case. It would ask of each name and value, several times, whether it is
    text."""
    found = Headers()
    for name, value in headers:
        dict.setdefault(found, name.encode("latin-1").title(), []).append(value.encode("latin-1"))
    return found
