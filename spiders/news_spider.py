"""The one spider: it asks for nothing itself, since what is to be fetched are rows of the frontier, and reads what
comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.instants import iso
from spiders.findings import Answer, Reading, Trouble, Unchanged, Undrawn
from spiders.site import Site

Read = Callable[[Answer, Site], Awaitable[Reading]]
Draw = Callable[[Answer, dict[str, Any]], Awaitable[Answer | Trouble]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one row of the frontier; `meta` is its request's."""

    reading: Reading
    meta: Mapping[str, Any]
    response: Response | None = None


class NewsSpider(scrapy.Spider):
    """Listing -> article -> older listing: each response becomes a Finding, and the pipeline makes rows of it."""

    name = "news"

    def __init__(self, *, sites: Mapping[str, Site], read: Read, draw: Draw, **given: Any) -> None:
        """`draw` has a page drawn by a browser, and puts the capture of that into the request's meta."""
        super().__init__(**given)
        self.sites, self.read, self.draw = sites, read, draw

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Finding]:
        """Read what a row's address answered."""
        meta = response.meta
        task, exchange = meta["task"], meta["exchange"]
        if meta.get("unchanged"):
            yield Finding(Unchanged(), meta, response)
            return
        answer = Answer(
            url=task.url,  # the key of the row, which holds the form of a POST
            kind=task.kind,
            status=response.status,
            headers=meta["headers"],
            body=response.body,
            fetched_at=iso(exchange.fetched_at),
            hint=task.hint,
            truncated=exchange.truncated,
            repeated=meta.get("repeated", False),
        )
        reading = await self.read(answer, self.sites[task.site])
        if isinstance(reading, Undrawn):
            told = await self.draw(answer, meta)
            reading = told if isinstance(told, Trouble) else await self.read(told, self.sites[task.site])
            yield Finding(reading, meta)  # what its server says of the page as sent is not true of what was drawn
            return
        yield Finding(reading, meta, response)

    async def failed(self, failure: Failure) -> AsyncIterator[Finding]:
        """Nothing was answered: say why. The exceptions of crawler.net.fetch, guard, robots and politeness name their
        kind."""
        error = failure.value
        kind, until = getattr(error, "kind", "not_fetched"), getattr(error, "until", None)
        detail = str(error) if hasattr(error, "kind") else f"{type(error).__name__}: {error}"
        trouble = Trouble(
            kind,
            detail,
            again=getattr(error, "again", True),
            until=until and iso(until + timedelta(seconds=1)),
            asked=getattr(error, "asked", True),
        )
        yield Finding(trouble, failure.request.meta)  # type: ignore[attr-defined]  # Scrapy puts it there
