"""A listing tried: its pages fetched and read with the code that a crawl uses, and what that proves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from archive.article import Article
from crawler.adding.survey_fetcher import SurveyFetcher, Unreachable
from crawler.adding.witnesses import Witnesses
from spiders import blocks, countries, cursors, discover, numbered
from spiders.discover import neighbours, sitemaps, ways
from spiders.discover.candidate import Candidate
from spiders.discover.origin import section_of
from spiders.discover.proof import WHOLE, Proof, Tried, cut_off, full, prove, sample
from spiders.drawn import bare, cut
from spiders.facts import Block, Item, Listing
from spiders.page import Page
from spiders.read import read_article, read_listing
from spiders.site import UNKNOWN_ZONE, ListingSeed, Site
from spiders.urls import canonical

_SPARE = 6  # requests below which no way is guessed: the stories still cost three

Say = Callable[[str], None]


class Trial:
    """Tries listings by way of a fetcher; `say` is told each step."""

    def __init__(self, visitor: SurveyFetcher, say: Say) -> None:
        self.visitor, self.say = visitor, say
        self.witnesses = Witnesses(visitor)

    async def prove(self, candidate: Candidate, family: str = "", *, drawn: bool = False) -> Proof:
        """A listing tried: its first two pages and some stories; read as a page of `family`, where one is given, and
        with `drawn` as a browser draws it."""
        more = False
        try:
            page = await self.visitor.get(candidate.url)
            if drawn:
                self.say(f"drawing {page.url}")
                page, more = await self.visitor.drawn(page)
        except Unreachable as problem:
            return prove(candidate.url, candidate.section, "", str(problem), None, ())
        given = family
        family = (
            family
            or {"feed": "feed", "sitemap": "sitemap", "api": "wordpress"}.get(candidate.kind)
            or discover.fingerprint(page)[0]
        )
        site = replace(provisional(page, family, candidate), browser="listing" if drawn else "none")
        listing = read_listing(page, site, first=True) if page.status < 400 else f"status {page.status}"
        if (
            isinstance(listing, Listing)
            and (listing.items or not listing.older)
            and page.mime.endswith("html")
            and family != "generic"
            and not given
        ):
            other = read_listing(page, replace(site, family="generic"), first=True)
            if isinstance(other, Listing) and other.items and (not listing.items or _better(other, listing)):
                site, listing = replace(site, family="generic"), other
        if more and isinstance(listing, Listing):
            listing = cut(listing)
        return await self.try_listing(candidate.url, candidate.section or section_of(page), site, listing, draws=drawn)

    async def try_listing(
        self, url: str, section: str, site: Site, first: Listing | Block | str, *, draws: bool = False
    ) -> Proof:
        """Page 2 and three stories of a listing whose first page was read; `draws`: whether these too are to be drawn
        is found out."""
        second: Listing | Block | str | None = None
        third: Listing | Block | str | None = None
        inner, beside = url, tuple[str, ...]()
        tried: list[Tried] = []
        whole = False
        stated = isinstance(first, Listing) and bool(first.unfollowed)
        if isinstance(first, Listing) and not first.items and first.older:  # drawn by scripts, or an index of sitemaps
            self.say(f"reading {first.older}")
            inner, beside = first.older, first.beside
            first = await self.read(inner, site, url)
        if site.family == "sitemap" and not site.select and isinstance(first, Listing) and first.items:
            only = sitemaps.stories(inner, first.items)
            if only is None:
                first = "it names all pages of the site, and which of them are stories is not clear"
            elif only:
                site = replace(site, select={"only": only})
                first = await self.read(inner, site, url)
        if isinstance(first, Listing) and first.items:
            if first.older:
                self.say(f"reading {first.older}")
                second = await self._onward(first, await self.read(first.older, site, url), site, url)
            elif site.family not in WHOLE and (first.unfollowed or cut_off(first, datetime.now(UTC))):
                site, first, second = await self._by_number(first, site, url)
            third = await self._third(second, site)
            for item in sample(first):
                self.say(f"reading {item.url}")
                found = await self._story(item, site, url)
                if draws and site.browser == "listing" and await self._is_drawn(item, found):
                    site = replace(site, browser="page")
                    found = await self._story(item, site, url)
                tried.append(Tried(item=item, found=found))
            if site.family not in WHOLE and not first.older and not first.unfollowed and tried:
                page = self.visitor.pages.get(tried[-1].item.url)
                beyond = neighbours.beyond(page, first.items) if page is not None else None
                first = replace(first, unfollowed=beyond)
                whole = (
                    beyond is None and page is not None and neighbours.is_first(page, first.items, self._middle(tried))
                )
            if site.family not in WHOLE and not whole and not first.older and not first.unfollowed and full(first):
                unshown, whole = await self.witnesses.older(first, site, url, tried)
                first = replace(first, unfollowed=unshown)
        if isinstance(first, Listing):
            first = replace(first, beside=beside)
        proof = prove(url, section, site.family, first, second, tried, datetime.now(UTC), third=third, whole=whole)
        return replace(
            proof,
            select=site.select if site.family == "sitemap" else {},
            browser=site.browser,
            unstated=bool(proof.listing.unfollowed) and not stated,
            pager=next((seed.pager for seed in site.listings if seed.pager and seed.url == canonical(url)), ""),
        )

    async def _onward(
        self, first: Listing, second: Listing | Block | str, site: Site, via: str
    ) -> Listing | Block | str:
        """Page 2; or page 3, where page 2 is the archive of a month or year of which page 1 shows all."""
        shown = {item.url for item in first.items}
        if not isinstance(second, Listing) or not second.items or not second.older:
            return second
        if any(item.url not in shown for item in second.items) or len(second.items) == len(first.items):
            return second
        third = await self.read(second.older, site, via)
        return third if isinstance(third, Listing) and any(item.url not in shown for item in third.items) else second

    async def _third(self, second: Listing | Block | str | None, site: Site) -> Listing | Block | str | None:
        """Page 3, where a link leads there: a pager may lead half the way. One made by number may end before it."""
        if (
            not isinstance(second, Listing)
            or not second.older
            or site.family in WHOLE
            or numbered.may_be_empty(site, second.older)
            or self.visitor.budget < _SPARE
        ):
            return None
        self.say(f"reading {second.older}")
        return await self.read(second.older, site, second.older)

    def _middle(self, tried: Sequence[Tried]) -> Page | None:
        """The page of a story between the first and the last that were read."""
        return self.visitor.pages.get(tried[len(tried) // 2].item.url) if len(tried) > 2 else None

    async def _by_number(self, first: Listing, site: Site, url: str) -> tuple[Site, Listing, Listing | None]:
        """A list with more than its links lead to, with the way that a GET shows: the site with a pager that holds."""
        page = self.visitor.pages.get(url)
        if page is None or page.url != url or not page.mime.endswith(("html", "json")):
            return site, first, None
        doubted: tuple[Site, Listing, Listing] | None = None
        for pager, named in ways.ways(page, first):
            tried = replace(site, listings=(ListingSeed(url=canonical(url), pager=pager),))
            to = numbered.following(tried, page.url) or cursors.following(tried, page)
            if to is None or self.visitor.budget < _SPARE:
                continue
            self.say(f"trying {to}")
            second = await self.read(to, tried, url)
            if not isinstance(second, Listing):
                continue
            if ways.holds(first, second, named=named, fetched=page.fetched):
                found = replace(first, older=to, unfollowed=None)
                if not (wrong := await self._stands_still(found, second, tried, to)):
                    return tried, found, second
                doubted = doubted or (tried, replace(found, unfollowed=wrong), second)
            elif not first.unfollowed and (others := ways.others(first, second, page.fetched)):
                first = replace(first, unfollowed=f"{to} shows {others} items of another kind")
        return doubted or (site, first, None)

    async def _stands_still(self, first: Listing, second: Listing, site: Site, via: str) -> str:
        """What is odd about page 3 of a guessed way, in words: that it shows nothing but what was shown. Empty where it
        goes on or the list ends there."""
        if second.older is None:
            return ""
        third = await self.read(second.older, site, via)
        shown = {item.url for item in (*first.items, *second.items)}
        if not isinstance(third, Listing) or not third.items or any(item.url not in shown for item in third.items):
            return ""
        if len(second.items) < len(first.items) and {item.url for item in third.items} <= {i.url for i in second.items}:
            return ""  # behind its last page a server shows that again
        return f"page 3 ({second.older}) shows nothing that pages 1 and 2 have not"

    async def read(self, url: str, site: Site, via: str, *, first: bool = False) -> Listing | Block | str:
        """A page of a listing, or why it is none."""
        try:
            page = await self.visitor.get(url, via)
        except Unreachable as problem:
            return str(problem)
        found = read_listing(page, site, first=first) if page.status < 400 else f"status {page.status}"
        if site.browser == "none" or not bare(page, found):
            return found
        try:
            page, more = await self.visitor.drawn(page)
        except Unreachable as problem:
            return str(problem)
        found = read_listing(page, site, first=first)
        return cut(found) if more and isinstance(found, Listing) else found

    async def _is_drawn(self, item: Item, found: Article | Block | str) -> bool:
        """Whether a story's page as sent holds none, so that a browser may help."""
        page = self.visitor.pages.get(item.url)
        return page is not None and bare(page, found)

    async def _story(self, item: Item, site: Site, via: str) -> Article | Block | str:
        try:
            page = await self.visitor.get(item.url, via)
        except Unreachable as problem:
            return str(problem)
        if home := blocks.sent_home(item.url, page.url):
            return home
        found = read_article(page, site, item) if page.status < 400 else f"status {page.status}"
        if site.browser != "page" or not bare(page, found):
            return found
        try:
            page, _ = await self.visitor.drawn(page)
        except Unreachable as problem:
            return str(problem)
        return read_article(page, site, item)


def provisional(page: Page, family: str, candidate: Candidate) -> Site:
    """A site to read with, before there is one."""
    return Site(
        id="survey",
        name="survey",
        family=family,
        country=countries.country(page.url),
        timezone=countries.timezone(page.url) or UNKNOWN_ZONE,
        listings=(ListingSeed(url=candidate.url, section=candidate.section),),
        hosts=(urlsplit(page.url).hostname or "",),
    )


def _better(other: Listing, than: Listing) -> bool:
    """Whether the generic reading is plainly better than the family's: twice as many items, dated no less; or as many,
    dated."""
    one, two = (sum(1 for item in listing.items if item.date) / len(listing.items) for listing in (other, than))
    return (len(other.items) >= 2 * len(than.items) and one >= two) or (
        len(other.items) >= len(than.items) and one >= 0.8 and two <= 0.2
    )
