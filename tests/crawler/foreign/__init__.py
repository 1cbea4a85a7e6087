"""WARC and WACZ files as other people's crawlers write them, of pages fetched here: for tests of `ingest`.

Made after the writers' own sources; a module a writer, or a format.
"""

from tests.crawler.foreign.browsertrix import browsertrix
from tests.crawler.foreign.common_crawl import common_crawl
from tests.crawler.foreign.fetched import Fetched, fetch, later
from tests.crawler.foreign.heritrix import heritrix
from tests.crawler.foreign.records import Fields, members, record, second, sha1, sha256, warcinfo
from tests.crawler.foreign.scrapy_webarchive import scrapy_webarchive
from tests.crawler.foreign.warcit import warcit
from tests.crawler.foreign.zst import wget_at, zstandard_files

__all__ = [
    "Fetched",
    "Fields",
    "browsertrix",
    "common_crawl",
    "fetch",
    "heritrix",
    "later",
    "members",
    "record",
    "scrapy_webarchive",
    "second",
    "sha1",
    "sha256",
    "warcinfo",
    "warcit",
    "wget_at",
    "zstandard_files",
]
