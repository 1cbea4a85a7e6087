"""From findings to rows, and from rows to acknowledged rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.instants import iso, now
from archive.warc.unchanged import Still
from crawler.engine.session import session_of
from crawler.engine.shutdown import NO_ROOM, ending, fail, stop
from crawler.intake import Visit
from crawler.workers.readers import LEFT
from spiders.findings import Trouble
from spiders.news_spider import Finding

_LATER = timedelta(seconds=30)  # until an address is asked for again that this machine had no room for
_MOMENT = 0.1  # seconds after a commit in which near-duplicates are looked for; what is left waits for the next


class IntakePipeline:
    """Each finding into the archive's open transaction; the transaction committed by count or by time."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler, self._session = crawler, session_of(crawler)
        self._ticking: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> IntakePipeline:
        """Scrapy's way of making one."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Begin to commit by time."""
        self._ticking = asyncio.ensure_future(self._tick())

    def close_spider(self) -> None:
        """Stop; what is open is committed when the session closes."""
        if self._ticking is not None:
            self._ticking.cancel()

    async def process_item(self, item: Finding) -> Finding:
        """Rows from a finding. What goes wrong here is no page's fault: it ends the crawl instead of losing
        captures."""
        task, exchange, response = item.meta["task"], item.meta.get("exchange"), item.response
        capture_id, capture = item.meta.get("capture", (None, None))
        if self._session.problem is not None or (capture is None and ending(self._crawler)) or item.reading is LEFT:
            # stored no more, cut off by the end of the crawl, which is no fault of the page: the row stays due; or
            # recorded and left unread, which the next start makes up for
            return item
        frontier = self._session.archive.frontier
        # no host's failure: neither an attempt nor a listing's state
        if isinstance(item.reading, Trouble) and item.reading.kind == "ours":
            frontier.retry(task.url, due=iso(now() + _LATER), reason="ours", counts=False)
            self._session.row_source.settled(task.site, task.url)
            return item
        stirs = frontier.stirs
        try:
            self._session.intake.take(
                Visit(
                    url=task.url,
                    site=self._session.sites[task.site],
                    kind=task.kind,
                    reading=item.reading,
                    capture_id=capture_id,
                    at=capture.fetched_at if capture else iso(exchange.fetched_at if exchange else now()),
                    etag=_header(response, b"ETag"),
                    last_modified=_header(response, b"Last-Modified"),
                )
            )
            if "drawn_of" in item.meta:
                self._session.archive.captures.settled(item.meta["drawn_of"])
            if exchange is not None and "unchanged" in item.meta:
                self._session.archive.unchanged(Still(task.site, task.url, task.kind, iso(exchange.fetched_at)))
            self._session.hosts.note(self._session.sites[task.site], task, item.reading)
            await self._session.recall.take_named(
                self._session.all_sites, self._session.readers.read, until=self._pause
            )
            self._commit()
        except Exception as problem:  # noqa: BLE001  # none gets lost: the crawl ends, and says so
            fail(self._crawler, problem)
            return item  # raised here, it would have Scrapy print the item, the words of a whole article
        self._session.row_source.settled(task.site, task.url, more=frontier.stirs != stirs)
        return item

    def _pause(self) -> bool:
        """Between two pages of other tools' files, of which a listing may name many: what was stored counts; whether to
        end."""
        self._commit()
        return ending(self._crawler)

    def _commit(self) -> None:
        if self._session.archive.commit_if_due():
            self._session.archive.near.update(_briefly())
            if self._session.lacks_room():
                stop(self._crawler, NO_ROOM)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._session.config.storage.commit_seconds)
            try:
                self._session.archive.commit_if_due()
            except OSError as problem:
                fail(self._crawler, problem)
                return


def _briefly() -> Callable[[], bool]:
    """Whether work that may go on later has had its moment: hosts wait meanwhile."""
    end = monotonic() + _MOMENT
    return lambda: monotonic() > end


def _header(response: Response | None, name: bytes) -> str | None:
    if response is None or response.status != 200:
        return None
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
