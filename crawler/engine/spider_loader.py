"""`scrapy list` and `scrapy crawl SITE`: the sites of the archive folder as spiders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.archive_folder import ArchiveFolder
from crawler.engine.drawing import Drawings
from crawler.engine.session import session_of
from crawler.engine.signals import HeardSignals
from spiders import catalogue
from spiders.news_spider import NewsSpider
from spiders.site import Site, owns
from spiders.tables import nearest


class ArchiveSpider(NewsSpider):
    """The news spider at work for an archive's session."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **given: Any) -> ArchiveSpider:
        """Scrapy's way of making one."""
        crawler.signals = HeardSignals(crawler)  # before the engine and its parts take them
        session = session_of(crawler)
        spider = cls(sites=session.sites, read=session.readers.read, draw=Drawings(crawler).draw, **given)
        spider._set_crawler(crawler)
        return spider


class SiteLoader:
    """Scrapy's spider loader over sites.toml."""

    def __init__(self, settings: BaseSettings) -> None:
        home = ArchiveFolder(Path(settings.get("CAMPUSWARC_HOME", ".")))
        self._sites = catalogue.load(home.sites) if home.sites.exists() else {}

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> SiteLoader:
        """Scrapy's way of making one."""
        return cls(settings)

    def load(self, spider_name: str) -> type[ArchiveSpider]:
        """A spider class for one site. Raises KeyError for an unknown one."""
        return _spider(self.site(spider_name))

    def site(self, id_: str) -> Site:
        """The site of that id. Raises KeyError for an unknown one."""
        if id_ not in self._sites:
            raise KeyError(f"no site {id_!r}{nearest(id_, list(self._sites))}")
        return self._sites[id_]

    def find_by_request(self, request: Request) -> list[str]:
        """Ids of the sites that own an address."""
        return [id_ for id_, site in self._sites.items() if owns(site, request.url)]

    def list(self) -> list[str]:  # Scrapy's name; the last one here, since it hides the builtin from those below
        """Ids of all sites."""
        return sorted(self._sites)


def _spider(site: Site) -> type[ArchiveSpider]:
    return type(site.id, (ArchiveSpider,), {"name": site.id, "custom_settings": {"CAMPUSWARC_SITES": [site.id]}})
