"""From an address to proven listings: the fetching behind `add` and `check`; what pages mean is decided in
`spiders`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from crawler.adding.outcome import Survey, family_of, found, nothing
from crawler.adding.survey_fetcher import SurveyFetcher, Unreachable
from crawler.adding.trial import Trial, provisional
from spiders import blocks, discover, drawn
from spiders.discover import elsewhere, ways
from spiders.discover.candidate import Candidate
from spiders.discover.doors import within
from spiders.discover.origin import section_of
from spiders.discover.proof import Proof, alike
from spiders.facts import Listing
from spiders.page import Page
from spiders.read import read_listing
from spiders.site import Site

_HUBS = 4  # pages looked through for a section asked for
_BEHIND = 8  # pages of parts of a site (About us, Media) looked through, two deep, where no link names news
_LOOKED_AT = 24  # candidate pages read
_PROVEN = 20  # listings after which no more are sought
_ONE_PROOF = 5  # requests that a listing costs: two pages and three stories
_LIKELY = 1.1  # score from which a candidate that was not tried is said to be missing
_PLAIN = 1.1  # score from which a candidate is tried without need
_SOURCES = 2  # sets of data tried of one list
_DRAWN = 4  # pages that a browser draws, beside the home page
_TWIN = 6  # listings sought on the site in another language

Say = Callable[[str], None]


@dataclass(slots=True)
class _Walk:
    """One survey under way."""

    queue: list[Candidate]
    tried: set[str]
    held: list[Proof] = field(default_factory=list)
    refused: list[Proof] = field(default_factory=list)
    looked: int = 0
    drawn_not: str = ""  # why pages that a script draws could not be looked at


class Surveyor:
    """Looks at one site by way of a SurveyFetcher; `say` is told each step."""

    def __init__(self, visitor: SurveyFetcher, say: Say = lambda _: None) -> None:
        self.visitor, self.say = visitor, say
        self.trial = Trial(visitor, say)

    async def survey(self, url: str, section: str = "") -> Survey:
        """Listings found from a home page, or the listing that `url` itself is."""
        self.say(f"reading {url}")
        try:
            start = await self._start(url)
        except Unreachable as problem:
            return nothing(str(problem))
        if start.status >= 400 or (wall := blocks.block(start)):
            wall = blocks.block(start)
            return nothing(f"{url}: {wall.kind} ({wall.evidence})" if wall else f"{url}: status {start.status}")
        itself = Candidate(url=start.url, section=section or section_of(start))
        if not _is_home(start.url) or self._pages_on(start, itself):
            alone = await self.trial.prove(itself)
            if alone.holds and (alone.listing.older or not self._parts(start, section)):
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

    def _parts(self, page: Page, section: str) -> bool:
        """Whether a page that lists the newest is the front page of a department, with lists of its own below it."""
        return not section and any(
            one.score >= _PLAIN and one.kind == "listing" and within(page.url, one.url)
            for one in discover.candidates(page)
        )

    async def _named(self, start: Page, section: str) -> list[Candidate]:
        """Links that name the section asked for: on the home page, else on the pages its news links lead to."""
        named = discover.named(start, section)
        for hub in discover.candidates(start)[:_HUBS] if not named else ():
            if (page := await self._page(hub.url, start.url)) is not None:
                named += discover.named(page, section)
        return named

    async def _page(self, url: str, via: str) -> Page | None:
        """A page that may lead on; None where it cannot be had."""
        try:
            page = await self.visitor.get(url, via)
        except Unreachable as problem:
            self.say(str(problem))
            return None
        return page if page.status < 400 and blocks.block(page) is None else None

    async def _from_home(self, start: Page, section: str, itself: Candidate) -> Survey:
        named = await self._named(start, section) if section else discover.candidates(start)
        if section and not named:
            return nothing(f"no link on {start.url}, or one page behind its news links, names {section!r}")
        for frame in discover.frames(start) if not section else ():
            if (page := await self._page(frame, start.url)) is not None:
                named += discover.candidates(page)
        own = [one for one in named if within(start.url, one.url)]
        walk = _Walk(queue=own if own and not section else list(named), tried={start.url})
        if not _is_home(start.url) and not section:  # the front page of a part may be the only list that it has
            walk.queue.insert(0, replace(itself, score=_PLAIN))
            walk.tried.clear()
        await self._try_queue(walk, start, section)
        if not section:
            await self._without_links(walk, start, itself)
        if not walk.held:
            await self._drawn(walk, start, itself, section)
        beyond = not walk.held and len(own) < len(named) and bool(own)
        if beyond:
            walk.queue = [one for one in named if one not in own]
            await self._try_queue(walk, start, section)
        if not walk.held:
            return nothing(*self._why_nothing(walk, start, bool(named)))
        left = [
            one for one in walk.queue if one.url not in walk.tried and one.score >= _LIKELY and one.kind == "listing"
        ]
        notes = await self._twins(walk, start) if not section else ()
        survey = await self._found(start, walk.held, walk.refused, section)
        around = tuple(
            f"{proof.url} lies outside {start.url}, which shows no list of its own"
            for proof in survey.proofs
            if not section and not within(start.url, proof.url) and not _is_home(start.url)
        )
        return replace(survey, untried=tuple(left), notes=(*survey.notes, *notes), missing=(*survey.missing, *around))

    async def _try_queue(self, walk: _Walk, start: Page, section: str) -> None:
        """Candidates tried, likeliest first; what they lead to is tried with them."""
        while (
            walk.queue and walk.looked < _LOOKED_AT and len(walk.held) < _PROVEN and self.visitor.budget >= _ONE_PROOF
        ):
            candidate = walk.queue.pop(0)
            if candidate.url in walk.tried or (walk.held and (candidate.score < _PLAIN or candidate.kind != "listing")):
                continue
            walk.tried.add(candidate.url)
            walk.looked += 1
            proof = await self.trial.prove(candidate)
            page = self.visitor.pages.get(candidate.url)
            if page is not None and proof.holds and proof.listing.unfollowed and candidate.kind == "listing":
                proof = await self._drawn_from(page, proof)
            if not proof.holds or _elsewhere(proof):
                walk.refused.append(proof)
                if page is not None and not proof.listing.items and candidate.kind == "listing":
                    walk.queue[:0] = self._inner(walk, page, candidate, start, section)
            elif not _repeats(proof, walk.held):
                walk.held.append(proof)
                if page is not None and not proof.listing.older and candidate.kind == "listing":
                    # the newest only: perhaps it leads to all
                    walk.queue[:0] = [one for one in discover.archives(page) if one.url not in walk.tried]
                if not section:
                    walk.queue += [one for one in discover.siblings(start, proof.url) if one.url not in walk.tried]

    async def _drawn_from(self, page: Page, proof: Proof) -> Proof:
        """For a list with more than can be followed, the data that begin with it and lead on, where its page names
        them: the API of its software, what its script fetches."""
        named = [replace(one, section=proof.section) for one in discover.machine(page) if one.kind == "api"]
        named += [Candidate(url=url, section=proof.section) for url in ways.sources(page)]
        for one in named[:_SOURCES]:
            if self.visitor.budget < _ONE_PROOF:
                break
            other = await self.trial.prove(one)
            if other.holds and not other.missing and elsewhere.begins_with(other.listing.items, proof.listing.items):
                return other
        return proof

    def _inner(self, walk: _Walk, page: Page, candidate: Candidate, start: Page, section: str) -> list[Candidate]:
        """What a page without a list leads to: its frames, which are the page, and the sections of a hub."""
        within_it = (*discover.frames(page), *ways.sources(page))
        framed = [replace(candidate, url=url) for url in within_it if url not in walk.tried]
        if candidate.score < _PLAIN:
            return framed
        if section:
            return framed + discover.named(page, section)
        inner = [one for one in discover.candidates(page) if one.url not in walk.tried and one.kind == "listing"]
        return framed + [one for one in inner if within(start.url, one.url)][:6]

    async def _without_links(self, walk: _Walk, start: Page, itself: Candidate) -> None:
        """Where nothing that names news holds: parts of the site two deep, sitemaps that robots.txt names, feeds of
        the software, and last the newest of what the page itself shows."""
        parts, seen = [(url, 1) for url in discover.hubs(start)], 0
        while parts and not walk.held and seen < _BEHIND and self.visitor.budget >= _ONE_PROOF:
            url, deep = parts.pop(0)
            page = await self._page(url, start.url) if url not in walk.tried else None
            walk.tried.add(url)
            if page is None:
                continue
            seen += 1
            inner = [one for one in discover.candidates(page) if one.kind == "listing" and one.score >= _PLAIN]
            walk.queue = [one for one in inner if within(start.url, one.url)][:6]
            await self._try_queue(walk, start, "")
            if deep < 2:
                parts += [(one, deep + 1) for one in discover.hubs(page) if one not in walk.tried]
        if not walk.held:
            named = [Candidate(url=url, kind="sitemap", score=0.5) for url in self.visitor.sitemaps(start.url)]
            walk.queue = [*discover.known_feeds(start), *named[:4]]
            await self._try_queue(walk, start, "")
        if not walk.held and (_is_home(start.url) or start.url not in walk.tried):
            alone = await self.trial.prove(itself)
            (walk.held if alone.holds else walk.refused).append(alone)

    async def _drawn(self, walk: _Walk, start: Page, itself: Candidate, section: str) -> None:
        """Where no page as sent holds a list: those that a script draws, as a browser shows them; the home page first,
        where it names nothing."""
        bare = [proof for proof in walk.refused if self._is_bare(proof.url)]
        queue = [Candidate(url=proof.url, section=proof.section) for proof in bare]
        if self._is_bare(start.url):
            try:
                page, _ = await self.visitor.drawn(start)
            except Unreachable as problem:
                walk.drawn_not = str(problem)
                return
            named = discover.named(page, section) if section else discover.candidates(page)
            inner = [one for one in named if one.kind == "listing" and within(start.url, one.url)]
            queue = [*inner, *queue, itself] if _is_home(start.url) else [itself, *inner, *queue]
        for candidate in list({one.url: one for one in queue}.values())[:_DRAWN]:
            if len(walk.held) >= _DRAWN or self.visitor.budget < _ONE_PROOF:
                break
            proof = await self.trial.prove(candidate, drawn=True)
            walk.tried.add(candidate.url)
            if not proof.holds or _elsewhere(proof):
                walk.refused.append(proof)
            elif not _repeats(proof, walk.held):
                walk.held.append(proof)

    def _is_bare(self, url: str) -> bool:
        """Whether a page that was fetched holds nothing until a script has drawn it."""
        page = self.visitor.pages.get(url)
        if page is None or not page.select("script"):
            return False
        return drawn.bare(page, read_listing(page, provisional(page, "generic", Candidate(url=url)), first=True))

    def _why_nothing(self, walk: _Walk, start: Page, named: bool) -> tuple[str, list[Proof]]:
        if walk.drawn_not:
            return walk.drawn_not, walk.refused
        if outside := [proof for proof in walk.refused if proof.holds]:
            return (
                f"all that {outside[0].url} lists lies on other sites, whose texts are not this site's to keep; for"
                f" rows without text name it: campuswarc add {outside[0].url}",
                walk.refused,
            )
        if named:
            return f"nothing that {start.url} calls news is a list that could be proven", walk.refused
        return (
            f"no link on {start.url} names news (News, 新闻, 通知公告, ...), it announces no feed, robots.txt names no"
            " sitemap of news, and it is no listing itself",
            walk.refused,
        )

    async def _twins(self, walk: _Walk, start: Page) -> tuple[str, ...]:
        """The same site in English or Chinese, added with it where it is read alike; what is known of it else."""
        notes = []
        for url in discover.twins(start)[:2]:
            if url in walk.tried or self.visitor.budget < 2 * _ONE_PROOF:
                notes.append(f"{url} is the site in another language; it was not looked at")
                continue
            if not within(start.url, url):
                notes.append(f"{url} is the site in another language; add it for itself")
                continue
            page = await self._page(url, start.url)
            walk.tried.add(url)
            if page is None:
                continue
            before = len(walk.held)
            walk.queue = [one for one in discover.candidates(page) if one.score >= _PLAIN and one.kind == "listing"]
            walk.queue = [one for one in walk.queue if one.url not in walk.tried][:_TWIN]
            await self._try_queue(walk, page, "")
            if len(walk.held) == before:
                notes.append(f"{url} is the site in another language; no list of news was proven there")
        return tuple(notes)

    async def _home_of(self, start: Page) -> Page:
        """The home page of a listing's host, which knows the site's name better; the listing where it has none to
        show."""
        parts = urlsplit(start.url)
        if _is_home(start.url):
            return start
        home = await self._page(f"{parts.scheme}://{parts.netloc}/", start.url)
        return home if home is not None and home.words("title") else start

    async def check(self, site: Site) -> list[Proof]:
        """The proof again, for each listing of a configured site."""
        proofs = []
        for seed in site.listings:
            self.say(f"reading {seed.url}")
            first = await self.trial.read(seed.url, site, seed.url, first=True)
            proof = await self.trial.try_listing(seed.url, seed.section, site, first)
            left = tuple(f"stories: {url} names some, and is no listing of the site" for url in proof.listing.beside)
            proofs.append(replace(proof, missing=(*proof.missing, *left)))
        return proofs

    async def _with_beside(self, held: Sequence[Proof]) -> tuple[list[Proof], tuple[str, ...]]:
        """The listings with those that hold the rest of them, and what of these could not be proven or tried."""
        found, left = list(held), []
        for one in dict.fromkeys(url for proof in held for url in proof.listing.beside):
            if self.visitor.budget < _ONE_PROOF or len(found) >= _PROVEN:
                left.append(f"{one}: names stories, and was not tried")
                continue
            proof = await self.trial.prove(Candidate(url=one, kind="sitemap"))
            if proof.holds:
                found.append(proof)
            else:
                left.append(
                    f"{one}: names stories, and is not proven: {'; '.join(proof.missing) or 'too little in it'}"
                )
        return found, tuple(left)

    async def _found(self, start: Page, held: Sequence[Proof], refused: Sequence[Proof], section: str) -> Survey:
        """The site to write; listings read otherwise than most are read as those are, where that holds as well."""
        held, left = await self._with_beside(alike(held))
        family, read_alike = family_of(held), list[Proof]()
        for proof in held:
            if proof.family != family:
                other = await self.trial.prove(Candidate(url=proof.url, section=proof.section), family)
                if other.holds and len(other.listing.items) >= len(proof.listing.items):
                    proof = other
            read_alike.append(proof)
        survey = found(start, await self._home_of(start), read_alike, refused, section, self.visitor.pages.values())
        return replace(survey, missing=(*survey.missing, *left))


def _elsewhere(proof: Proof) -> bool:
    """Whether nothing that a listing names is the site's own."""
    return bool(proof.listing.items) and all(item.kind == "external" for item in proof.listing.items)


def _repeats(proof: Proof, held: list[Proof]) -> bool:
    """Whether another listing shows nearly the same items. One without a way on gives way to one that has it, and a
    part to the whole."""
    urls = {item.url for item in proof.listing.items}
    for other in list(held):
        others = {item.url for item in other.listing.items}
        if len(urls & others) >= 0.8 * min(len(urls), len(others)):
            longer = len(urls) > len(others) and others <= urls
            if other.listing.older or not (proof.listing.older or longer):
                return True
            held.remove(other)
    return False


def _is_home(url: str) -> bool:
    return blocks.sent_home(f"{url.rstrip('/')}/deep/page", url) is not None
