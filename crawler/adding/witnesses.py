"""Whether a list that looks cut off is: what the site's sitemap, its feeds and its stories know of older ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from archive.article import Article
from crawler.adding.survey_fetcher import SurveyFetcher, Unreachable
from spiders.discover import elsewhere, feeds, machine
from spiders.discover.proof import Tried
from spiders.facts import Listing
from spiders.page import Page
from spiders.read import read_article, read_listing
from spiders.site import Site

_SPARE = 12  # requests left, below which no witness is asked
_READ = 2  # stories that the list does not show, read for their days
_NOT_THERE = (404, 410)
_MAPS = 2  # sitemaps asked for


class Witnesses:
    """Asks for a few pages that may know more of a list than it shows."""

    def __init__(self, visitor: SurveyFetcher) -> None:
        self.visitor = visitor

    async def older(self, listing: Listing, site: Site, url: str, tried: Sequence[Tried]) -> tuple[str | None, bool]:
        """Why a list without a way on is not all, and whether it is known to be. Neither where nobody says."""
        day = elsewhere.oldest(listing.items, tried, datetime.now(UTC))
        if day is None or self.visitor.budget < _SPARE:
            return None, False
        pages = [page for one in tried if (page := self.visitor.pages.get(one.item.url)) is not None]
        related = elsewhere.unshown((link for page in pages for link in elsewhere.linked(page)), listing.items)
        for source, named in (("a story links", related), ("its feed names", await self._fed(listing, site, url))):
            for story in named[-_READ:]:
                if await self._is_older(story, site, url, day):
                    return f"{source} an older one that it does not show: {story}", False
        mapped = await self._mapped(url, site)
        for story in elsewhere.unshown(mapped, listing.items)[-_READ:]:
            if await self._is_older(story, site, url, day):
                return f"the site's map names an older one that it does not show: {story}", False
        if elsewhere.all_shown(mapped, listing.items):
            return None, True
        return await self._before(listing, site, url, day)

    async def _before(self, listing: Listing, site: Site, url: str, day: date) -> tuple[str | None, bool]:
        """What stands at the numbers before the lowest, of stories whose addresses count them: the one before, or
        nothing, and then there is none."""
        gone, numbered = 0, elsewhere.before(listing.items)
        for story in numbered or ():
            if await self._is_older(story, site, url, day):
                return f"the story numbered before them is an older one that it does not show: {story}", False
            gone += (page := self.visitor.pages.get(story)) is not None and page.status in _NOT_THERE
        return None, numbered is not None and gone == len(numbered)

    async def _is_older(self, story: str, site: Site, via: str, day: date) -> bool:
        page = await self._page(story, via)
        found = read_article(page, site) if page is not None else None
        return isinstance(found, Article) and not found.problems() and elsewhere.older(found, day)

    async def _fed(self, listing: Listing, site: Site, url: str) -> list[str]:
        """What a feed that the page names has of the list's kind."""
        page = self.visitor.pages.get(url)
        named = [one for one in (*machine(page), *feeds(page)) if one.kind == "feed"][:1] if page is not None else []
        return [
            one for feed in named for one in elsewhere.unshown(await self._named(feed.url, site, "feed"), listing.items)
        ]

    async def _mapped(self, url: str, site: Site) -> list[str]:
        """The addresses of a site's map, where it is one file: what an index leads to is a part."""
        for sitemap in self.visitor.sitemaps(url)[:_MAPS] or ["/sitemap.xml"]:
            start = self.visitor.pages.get(url)
            to = start.absolute(sitemap) if start is not None else None
            if to and (named := await self._named(to, site, "sitemap")):
                return named
        return []

    async def _named(self, url: str, site: Site, family: str) -> list[str]:
        page = await self._page(url, url)
        found = read_listing(page, replace(site, family=family, select={})) if page is not None else None
        if isinstance(found, Listing) and not found.items and found.older and family == "sitemap":
            page = await self._page(found.older, url)
            found = read_listing(page, replace(site, family=family, select={})) if page is not None else None
        return [item.url for item in found.items] if isinstance(found, Listing) else []

    async def _page(self, url: str, via: str) -> Page | None:
        try:
            page = await self.visitor.get(url, via)
        except Unreachable:
            return None
        return page if page.status < 400 else None
