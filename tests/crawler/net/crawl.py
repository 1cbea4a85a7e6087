"""A real Scrapy crawl in a process of its own: our middlewares, a small handler on our fetcher, nothing of the archive.

usage: python -m tests.crawler.net.crawl DELAY URL...; prints a JSON line for each page, or for why there is none.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import scrapy
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Response

from archive.warc.http import parse
from crawler.net.fetch import Fetcher, Job
from crawler.net.guard import Guard


class Handler(BaseDownloadHandler):
    """Fetches, and hands on."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._fetcher = Fetcher(Guard(allow_loopback=True), user_agent="campuswarc/test", timeout_s=10)

    async def download_request(self, request: scrapy.Request) -> Response:
        """As the recording handler does, without the record."""
        request.meta["sent"] = monotonic()  # by the clock that the pace is kept by
        exchange = await self._fetcher.fetch(
            Job(url=request.url, site="s", kind=request.meta["kind"], hosts=request.meta["hosts"])
        )
        request.meta["exchange"] = exchange
        headers: dict[bytes, list[bytes]] = {}
        for name, value in parse(exchange.response_head).headers:
            headers.setdefault(name.encode("latin-1"), []).append(value.encode("latin-1"))
        return Response(request.url, status=exchange.status, headers=headers, body=exchange.body, request=request)

    async def close(self) -> None:
        """Close the connections."""
        await self._fetcher.close()


class Pages(scrapy.Spider):
    """Asks for the given addresses, all at once."""

    name = "pages"
    urls: list[str]

    async def start(self) -> AsyncIterator[Any]:
        """One request an address."""
        for url in self.urls:
            yield scrapy.Request(
                url,
                self.parse,
                errback=self.failed,
                meta={"kind": "article", "site": "s", "hosts": "*"},
                dont_filter=True,
            )

    def parse(self, response: Response) -> None:
        """Say what came."""
        said = {"url": response.url, "status": response.status, "bytes": len(response.body)}
        print(json.dumps(said | {"sent": response.meta["sent"]}), flush=True)

    def failed(self, failure: Any) -> None:
        """Say why nothing came."""
        error = failure.value
        print(
            json.dumps(
                {
                    "url": failure.request.url,
                    "kind": getattr(error, "kind", type(error).__name__),
                    "again": getattr(error, "again", None),
                    "why": str(error),
                }
            ),
            flush=True,
        )


def main(delay: float, urls: list[str]) -> None:
    """Crawl `urls`."""
    process = CrawlerProcess({
        "DOWNLOAD_HANDLERS": {"http": Handler, "https": Handler},
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.engine.middlewares.RobotsMiddleware": 100, "crawler.engine.middlewares.PolitenessMiddleware": 900,
        },
        "SPIDER_MIDDLEWARES_BASE": {"scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25},
        "CONCURRENT_REQUESTS": 100, "CONCURRENT_REQUESTS_PER_DOMAIN": 100, "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "LOG_LEVEL": "WARNING",
        "ASYNCIO_EVENT_LOOP": "uvloop.Loop",
        "CAMPUSWARC_DELAY": delay, "CAMPUSWARC_GIVE_UP_AFTER": 3, "CAMPUSWARC_FIRST_BACKOFF": 0.05,
        "CAMPUSWARC_MAX_RETRY_AFTER": 5,
    })  # fmt: skip
    process.crawl(Pages, urls=urls)
    process.start()


if __name__ == "__main__":
    assert asyncio  # the reactor is asyncio's by default
    main(float(sys.argv[1]), sys.argv[2:])
