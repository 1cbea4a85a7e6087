"""The sites of the archive folder as plain spiders: they read a page and yield what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import scrapy
from scrapy import Request
from scrapy.http import Response

from archive.instants import iso, now
from crawler.engine.spider_loader import SiteLoader
from spiders.findings import Answer, Stories, Story
from spiders.reading import read
from spiders.site import Site


class SiteSpider(scrapy.Spider):
    """Reads pages as a crawl does."""

    site: Site

    def parse(self, response: Response, **_: Any) -> Iterator[dict[str, Any] | Request]:
        """The article of a page; of a listing the rows it states and requests for what it leads to; else what was
        found in its place."""
        listed = {seed.url for seed in self.site.listings}
        answer = Answer(
            url=response.url,
            kind=response.meta.get("kind") or ("listing" if response.url in listed else "article"),
            status=response.status,
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, values in response.headers.items()
                for value in values
            ),
            body=response.body,
            fetched_at=iso(now()),
            hint=response.meta.get("hint") or {},
        )
        found = read(answer, self.site)
        if isinstance(found, Story):
            yield asdict(found.article)
        elif isinstance(found, Stories):
            yield from (asdict(article) for article, _ in found.rows)
            for item in found.fetch:
                yield Request(item.url, callback=self.parse, meta={"kind": "article"})
            if found.older:
                yield Request(found.older, callback=self.parse, meta={"kind": "older"})
        else:
            yield {"found": type(found).__name__.lower(), **asdict(found)}


class SitesToLookAt(SiteLoader):
    """Scrapy's spider loader over sites.toml, for commands that open no archive."""

    def load(self, spider_name: str) -> type[SiteSpider]:  # type: ignore[override]
        """A spider class for one site. Raises KeyError for an unknown one."""
        return type(spider_name, (SiteSpider,), {"name": spider_name, "site": self.site(spider_name)})
