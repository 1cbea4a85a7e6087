"""What one writes in an afternoon: Scrapy, a warcio pipeline, trafilatura, sqlite-utils row by row.

`python -m tests.benchmarks.peers.afternoon URL FOLDER`
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from sqlite_utils import Database
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

FOLDER = Path(sys.argv[2]) if len(sys.argv) > 2 else Path()


class WarcPipeline:
    """Writes each response as a record."""

    def open_spider(self) -> None:
        """Begin the file."""
        self.file = (FOLDER / "afternoon.warc.gz").open("wb")
        self.writer = WARCWriter(self.file, gzip=True)

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Write, and hand on the row."""
        response = item.pop("response")
        headers = [
            (name.decode(), value.decode("latin-1")) for name, values in response.headers.items() for value in values
        ]
        http = StatusAndHeaders(f"{response.status} OK", headers, protocol="HTTP/1.1")
        self.writer.write_record(
            self.writer.create_warc_record(response.url, "response", payload=BytesIO(response.body), http_headers=http)
        )
        return item

    def close_spider(self) -> None:
        """End the file."""
        self.file.close()


class SqlitePipeline:
    """Stores each article."""

    def open_spider(self) -> None:
        """Open the database."""
        self.db = Database(FOLDER / "afternoon.db")

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """One upsert a row."""
        if "title" in item:
            self.db.table("articles").upsert(item, pk="url")
        return item


class Afternoon(scrapy.Spider):
    """Listing, articles, next listing; trafilatura reads."""

    name = "afternoon"

    def parse(self, response: Response, **_: Any) -> Iterator[Any]:
        """Keep the listing, follow the items and the next page."""
        yield {"response": response}
        yield from response.follow_all(css="#wp_news_w6 a", callback=self.parse_article)
        yield from response.follow_all(css="a.next[href^='/']", callback=self.parse)

    def parse_article(self, response: Response) -> Iterator[dict[str, Any]]:
        """Read the story."""
        found = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
        row = {key: getattr(found, key, None) for key in ("title", "author", "date", "text")}
        yield {"response": response, "url": response.url, **row}


def main() -> None:
    """Crawl the listing named on the command line into the folder named after it."""
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "WARNING",
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
            "ITEM_PIPELINES": {WarcPipeline: 100, SqlitePipeline: 200},
        }
    )
    process.crawl(Afternoon, start_urls=[sys.argv[1]])
    process.start()


if __name__ == "__main__":
    main()
