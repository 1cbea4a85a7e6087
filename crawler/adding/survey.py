"""From an address to proven listings: the fetching behind `add` and `check`; what pages mean is decided in
`spiders`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from archive.article import Article
from crawler.adding.survey_fetcher import SurveyFetcher, Unreachable
from spiders import blocks, countries, discover
from spiders.discover import origin
from spiders.discover.homepage import Candidate
from spiders.discover.proof import Proof, Tried, cut_off, prove, sample, unlinked
from spiders.facts import Block, Item, Listing
from spiders.generic.headline import weight
from spiders.page import Page
from spiders.paging import with_query
from spiders.read import read_article, read_listing
from spiders.site import ListingSeed, Site

_HUBS = 4  # pages looked through for a section asked for
_LOOKED_AT = 24  # candidate pages read
_PROVEN = 20  # listings after which no more are sought
_ONE_PROOF = 5  # requests that a listing costs: two pages and three stories
_LIKELY = 1.1  # score from which a candidate that was not tried is said to be missing
_WHOLE = frozenset({"feed", "sitemap"})  # families whose lists have no pages
_PLAIN = 1.1  # score from which a candidate is tried without need

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found, ready to be written or refused."""

    site: Site | None  # None: nothing holds
    proofs: tuple[Proof, ...]  # those that hold
    refused: tuple[Proof, ...]
    missing: tuple[str, ...]  # beside what the refused proofs miss
    notes: tuple[str, ...] = ()
    untried: tuple[Candidate, ...] = ()  # likely ones for which there was no time

    @property
    def incomplete(self) -> tuple[str, ...]:
        """What is known to be missing of the site that would be written, in sentences; empty where all that the site
        shows was found."""
        return (
            *(f"{proof.url}: {reason}" for proof in self.proofs for reason in proof.missing),
            *(f"{one.url} ({one.section or 'no name'}): a likely listing that was not tried" for one in self.untried),
            *self.missing,
        )

    @property
    def proven(self) -> Site:
        """The site to write. Only where something holds."""
        assert self.site is not None
        return self.site

    def as_dict(self) -> dict[str, Any]:
        """For JSON: all that was tried and was not, with the reasons."""
        return {
            "confidence": self.confidence,
            "incomplete": list(self.incomplete),
            "notes": list(self.notes),
            "missing": list(self.missing),
            "proofs": [proof.as_dict() for proof in self.proofs],
            "refused": [proof.as_dict() for proof in self.refused],
            "untried": [
                {"url": one.url, "section": one.section, "kind": one.kind, "score": round(one.score, 2)}
                for one in self.untried
            ],
        }

    @property
    def confidence(self) -> float:
        """Of the weakest listing that would be written."""
        return min((proof.confidence for proof in self.proofs), default=0.0)


class Surveyor:
    """Looks at one site by way of a Visitor; `say` is told each step."""

    def __init__(self, visitor: SurveyFetcher, say: Say = lambda _: None) -> None:
        self.visitor, self.say = visitor, say

    async def survey(self, url: str, section: str = "") -> Survey:
        """Listings found from a home page, or the listing that `url` itself is."""
        self.say(f"reading {url}")
        try:
            start = await self._start(url)
        except Unreachable as problem:
            return _nothing(str(problem))
        if start.status >= 400 or (wall := blocks.block(start)):
            wall = blocks.block(start)
            return _nothing(f"{url}: {wall.kind} ({wall.evidence})" if wall else f"{url}: status {start.status}")
        itself = Candidate(url=start.url, section=section or _section(start))
        if not _is_home(start.url) or self._pages_on(start, itself):
            alone = await self._prove(itself)
            if alone.holds:
                return await self._found(start, [alone], [], section)
        return await self._from_home(start, section, itself)

    async def _start(self, url: str) -> Page:
        """The page of an address typed with or without its scheme. Raises Unreachable."""
        if "://" in url:
            return await self.visitor.get(url)
        try:
            return await self.visitor.get(f"https://{url}")
        except Unreachable as problem:
            if problem.refused:
                raise
            self.say(f"{problem}; trying http")
            return await self.visitor.get(f"http://{url}")

    def _pages_on(self, page: Page, candidate: Candidate) -> bool:
        """Whether a home page is a listing of its own: its list goes on, as a blog's does and a portal's does not."""
        listing = read_listing(page, provisional(page, discover.fingerprint(page)[0], candidate))
        return isinstance(listing, Listing) and bool(listing.items and listing.older)

    async def _named(self, start: Page, section: str) -> list[Candidate]:
        """Links that name the section asked for: on the home page, else on the pages its news links lead to."""
        found = discover.named(start, section)
        for hub in discover.candidates(start)[:_HUBS] if not found else ():
            try:
                found += discover.named(await self.visitor.get(hub.url, start.url), section)
            except Unreachable as problem:
                self.say(str(problem))
        return found

    async def _from_home(self, start: Page, section: str, itself: Candidate) -> Survey:
        found = await self._named(start, section) if section else discover.candidates(start)
        if section and not found:
            return _nothing(f"no link on {start.url}, or one page behind its news links, names {section!r}")
        held: list[Proof] = []
        refused: list[Proof] = []
        queue, looked, tried = list(found), 0, {start.url}
        while queue and looked < _LOOKED_AT and len(held) < _PROVEN and self.visitor.budget >= _ONE_PROOF:
            candidate = queue.pop(0)
            if candidate.url in tried or (held and candidate.score < _PLAIN) or (held and candidate.kind != "listing"):
                continue
            tried.add(candidate.url)
            looked += 1
            proof = await self._prove(candidate)
            page = self.visitor.pages.get(candidate.url)
            if proof.holds and not _repeats(proof, held):
                held.append(proof)
                if (
                    page is not None and not proof.listing.older and candidate.kind == "listing"
                ):  # the newest only: perhaps it leads to all
                    queue[:0] = [one for one in discover.archives(page) if one.url not in tried]
                queue += [one for one in discover.siblings(start, proof.url) if not section and one.url not in tried]
            elif not proof.holds:
                refused.append(proof)
                if (
                    page is not None
                    and not proof.listing.items
                    and candidate.kind == "listing"
                    and candidate.score >= _PLAIN
                ):
                    inner = [one for one in discover.candidates(page) if one.url not in tried and one.kind == "listing"]
                    queue[:0] = discover.named(page, section) if section else inner[:6]  # a hub of sections
        if not held and not section:  # the last resort: the newest of what a home page shows
            alone = await self._prove(itself)
            (held if alone.holds else refused).append(alone)
        if not found and not held:
            return _nothing(
                f"no link on {start.url} names news (News, 新闻, 通知公告, ...), it announces no feed, and it is no"
                " listing itself",
                refused=refused,
            )
        left = (
            [one for one in queue if one.url not in tried and one.score >= _LIKELY and one.kind == "listing"]
            if held
            else []
        )
        return replace(await self._found(start, held, refused, section), untried=tuple(left))

    async def _home_of(self, start: Page) -> Page:
        """The home page of a listing's host, which knows the site's name better; the listing where it has none to
        show."""
        parts = urlsplit(start.url)
        if _is_home(start.url):
            return start
        try:
            home = await self.visitor.get(f"{parts.scheme}://{parts.netloc}/")
        except Unreachable:
            return start
        return start if home.status >= 400 or blocks.block(home) or not home.words("title") else home

    async def _prove(self, candidate: Candidate) -> Proof:
        """A listing tried: its first two pages and some stories."""
        try:
            page = await self.visitor.get(candidate.url)
        except Unreachable as problem:
            return prove(candidate.url, candidate.section, "", str(problem), None, ())
        family = {"feed": "feed", "sitemap": "sitemap", "api": "wordpress"}.get(candidate.kind) or discover.fingerprint(
            page
        )[0]
        site = provisional(page, family, candidate)
        listing = read_listing(page, site, first=True) if page.status < 400 else f"status {page.status}"
        if (
            isinstance(listing, Listing)
            and (listing.items or not listing.older)
            and page.mime.endswith("html")
            and family != "generic"
        ):
            other = read_listing(page, replace(site, family="generic"), first=True)
            if isinstance(other, Listing) and other.items and (not listing.items or _better(other, listing)):
                site, listing = replace(site, family="generic"), other
        return await self.try_listing(candidate.url, candidate.section or _section(page), site, listing)

    async def try_listing(self, url: str, section: str, site: Site, first: Listing | Block | str) -> Proof:
        """Page 2 and three stories of a listing whose first page was read."""
        second: Listing | Block | str | None = None
        tried: list[Tried] = []
        if isinstance(first, Listing) and not first.items and first.older:  # drawn by scripts, or an index of sitemaps
            self.say(f"reading {first.older}")
            first = await self._read(first.older, site, url)
        if isinstance(first, Listing) and first.items:
            if first.older:
                self.say(f"reading {first.older}")
                second = await self._read(first.older, site, url)
            elif not first.unfollowed and site.family not in _WHOLE and cut_off(first, datetime.now(UTC)):
                first = await self._beyond(first, site, url)
            for item in sample(first):
                self.say(f"reading {item.url}")
                tried.append(Tried(item=item, found=await self._story(item, site, url)))
        return prove(url, section, site.family, first, second, tried, datetime.now(UTC))

    async def _beyond(self, first: Listing, site: Site, url: str) -> Listing:
        """A list that looks cut off, with what a GET of its page 2 shows: nobody linked it, so it is said, not
        followed."""
        address = with_query(url, page="2")
        self.say(f"trying {address}")
        second = await self._read(address, site, url)
        more = unlinked(address, first, second, datetime.now(UTC)) if isinstance(second, Listing) else None
        return replace(first, unfollowed=more) if more else first

    async def _read(self, url: str, site: Site, via: str, *, first: bool = False) -> Listing | Block | str:
        try:
            page = await self.visitor.get(url, via)
        except Unreachable as problem:
            return str(problem)
        return read_listing(page, site, first=first) if page.status < 400 else f"status {page.status}"

    async def _story(self, item: Item, site: Site, via: str) -> Article | Block | str:
        try:
            page = await self.visitor.get(item.url, via)
        except Unreachable as problem:
            return str(problem)
        if home := blocks.sent_home(item.url, page.url):
            return home
        return read_article(page, site, item) if page.status < 400 else f"status {page.status}"

    async def check(self, site: Site) -> list[Proof]:
        """The proof again, for each listing of a configured site."""
        proofs = []
        for seed in site.listings:
            self.say(f"reading {seed.url}")
            first = await self._read(seed.url, site, seed.url, first=True)
            proofs.append(await self.try_listing(seed.url, seed.section, site, first))
        return proofs

    async def _found(self, start: Page, held: Sequence[Proof], refused: Sequence[Proof], section: str) -> Survey:
        if not held:
            return Survey(site=None, proofs=(), refused=tuple(refused), missing=())
        weights: Counter[str] = Counter()
        for proof in held:
            weights[proof.family] += max(1, len(proof.listing.items))
        family = weights.most_common(1)[0][0]
        kept = [proof for proof in held if proof.family == family]
        notes = [
            f"left out, since a site has one family: {proof.url} ({proof.family})"
            for proof in held
            if proof.family != family
        ]
        notes += [
            f"{proof.url}: all its items lie on other sites or are documents; they become rows without text"
            for proof in kept
            if not proof.stories
        ]
        zone = countries.timezone(start.url)
        if zone is None:
            notes.append(
                "time zone: UTC is written since the address does not tell; set `timezone` to the college's own"
            )
        languages = Counter(
            one.found.language
            for proof in kept
            for one in proof.stories
            if isinstance(one.found, Article) and one.found.language
        )
        name = origin.site_name(await self._home_of(start))
        site = Site(
            id=origin.site_id(start.url),
            name=name,
            college=name,
            family=family,
            homepage=start.url,
            country=countries.country(start.url),
            language=languages.most_common(1)[0][0] if languages else "",
            timezone=zone or "UTC",
            listings=tuple(
                ListingSeed(url=proof.url, section=proof.section if len(kept) > 1 or section else "") for proof in kept
            ),
        )
        return Survey(site=site, proofs=tuple(kept), refused=tuple(refused), missing=(), notes=tuple(notes))


def provisional(page: Page, family: str, candidate: Candidate) -> Site:
    """A site to read with, before there is one."""
    return Site(
        id="survey",
        name="survey",
        family=family,
        country=countries.country(page.url),
        timezone=countries.timezone(page.url) or "UTC",
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


def _nothing(reason: str, refused: Sequence[Proof] = ()) -> Survey:
    return Survey(site=None, proofs=(), refused=tuple(refused), missing=(reason,))


def _repeats(proof: Proof, held: list[Proof]) -> bool:
    """Whether another listing shows nearly the same items. One without a way on gives way to one that has it."""
    urls = {item.url for item in proof.listing.items}
    for other in list(held):
        others = {item.url for item in other.listing.items}
        if len(urls & others) >= 0.8 * min(len(urls), len(others)):
            if other.listing.older or not proof.listing.older:
                return True
            held.remove(other)
    return False


def _is_home(url: str) -> bool:
    return blocks.sent_home(f"{url.rstrip('/')}/deep/page", url) is not None


def _section(page: Page) -> str:
    """Words under which a listing page calls itself, where they name news."""
    for words in (
        page.words("h1"),
        page.words("h2"),
        *(part.strip() for part in page.words("title").replace("|", "-").replace("_", "-").split("-")),
    ):
        if words and weight(words) <= 45 and discover.words_score(words):
            return words
    return ""
