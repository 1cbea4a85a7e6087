"""Scrapy's downloader without its slots: whose turn it is, the scheduler's window and the gate of the host have
decided."""

from __future__ import annotations

from scrapy import Request
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.core.downloader.middleware import DownloaderMiddlewareManager
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred


class Downloader:
    """Middlewares and handler, and nothing between them: no queue, no delay, no signals that nobody listens to."""

    def __init__(self, crawler: Crawler) -> None:
        self.active: set[Request] = set()  # by which the engine knows whether the spider is idle
        self.middleware = DownloaderMiddlewareManager.from_crawler(crawler)
        self._handlers = DownloadHandlers(crawler)

    def fetch(self, request: Request) -> Deferred[Response | Request]:
        """The answer; fails with what a middleware or the handler raised."""
        return deferred_from_coro(self._fetch(request))

    async def _fetch(self, request: Request) -> Response | Request:
        self.active.add(request)
        try:
            return await self.middleware.download_async(self._handlers.download_request_async, request)
        finally:
            self.active.remove(request)

    def needs_backout(self) -> bool:
        """Never: the scheduler hands out no more than may be asked."""
        return False

    def close(self) -> None:
        """Nothing is open here: the handlers close with the engine."""
