"""A Scrapy spider that follows the links of a listing and keeps nothing: `python -m tests.benchmarks.peers.plain_scrapy
URL`.

With a second argument, a folder, Scrapy's own HTTP cache under the RFC 2616 policy keeps pages there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response


class Plain(scrapy.Spider):
    """Listing, articles, next listing."""

    name = "plain"

    def parse(self, response: Response, **_: Any) -> Iterator[scrapy.Request]:
        """Follow the items and the next page."""
        yield from response.follow_all(css="#wp_news_w6 a", callback=self.parse_article)
        yield from response.follow_all(css="a.next[href^='/']", callback=self.parse)

    def parse_article(self, response: Response) -> None:
        """Nothing is read, nothing is kept."""


def main() -> None:
    """Crawl the listing named on the command line."""
    settings: dict[str, Any] = {"LOG_LEVEL": "WARNING", "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False}
    if len(sys.argv) > 2:
        settings |= {
            "HTTPCACHE_ENABLED": True,
            "HTTPCACHE_DIR": sys.argv[2],
            "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.RFC2616Policy",
        }
    process = CrawlerProcess(settings)
    process.crawl(Plain, start_urls=[sys.argv[1]])
    process.start()


if __name__ == "__main__":
    main()
