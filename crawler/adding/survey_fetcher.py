"""Single pages for `add` and `check`: guarded, robots obeyed, one request at a time with the host's delay, a budget."""

from __future__ import annotations

import asyncio
from time import monotonic
from urllib.parse import urlsplit

from archive.address import leads_to
from archive.capture import Exchange
from archive.coding import CodingError, undo
from archive.warc.http import parse
from crawler import user_agent
from crawler.config import Config
from crawler.net import robots
from crawler.net.cookies import Chains
from crawler.net.fetch import Fetcher, FetchFailed, Job
from crawler.net.guard import Guard
from crawler.net.politeness import Answer, CircuitOpen, HostGate
from crawler.workers.loading import Loader
from crawler.workers.renderer import Got, NotDrawn, Renderer, Sent, Wanted, without_codings
from spiders.blocks import block
from spiders.discover.homepage import forward
from spiders.page import Page
from spiders.reading import READABLE
from spiders.site import same_domain
from spiders.urls import split_form

_REDIRECTS = {301, 302, 303, 307, 308}
_HOPS = 5
_PATIENCE = 120.0  # seconds that a person at a terminal is made to wait for one host


class Unreachable(Exception):
    """No page; the text says why, in words for the operator. `refused`: by a rule, of robots.txt or of our own; `to`:
    the other site to which its address leads."""

    def __init__(self, reason: str, *, refused: bool = True, to: str = "") -> None:
        super().__init__(reason)
        self.refused, self.to = refused, to


class SurveyFetcher:
    """Fetches the pages of one site and keeps them for as long as it lives, so that none is asked for twice."""

    def __init__(self, config: Config, *, budget: int = 160) -> None:
        self.agent = user_agent(config.operator.contact)
        self.budget = budget  # requests left: a survey is no crawl
        self.pages: dict[str, Page] = {}
        self._delay = config.politeness.delay
        self._rules: dict[str, robots.Rules] = {}
        # cookies of redirects; whether the last answer set one that was not known
        self._chains, self._news = (Chains(), False)
        self._gate = HostGate(lambda _: self._delay, longest_wait_s=_PATIENCE)
        self._renderer, self._loader, self._asking = Renderer(), Loader(), asyncio.Lock()
        self._drawn: dict[str, tuple[Page, bool]] = {}
        self._fetcher = Fetcher(
            Guard(allow_loopback=config.crawl.allow_loopback),
            user_agent=self.agent,
            timeout_s=config.crawl.timeout,
            max_bytes=config.crawl.max_body_mb * 1_000_000,
            tls_fallback=config.crawl.tls_fallback,
        )

    async def close(self) -> None:
        """Close the connections, end the browser where one was begun."""
        self._renderer.close()
        await self._fetcher.close()

    async def get(self, url: str, via: str | None = None) -> Page:
        """The page at the end of its redirects, which stay under one registrable domain. Raises Unreachable."""
        if url in self.pages:
            return self.pages[url]
        here, home = url, urlsplit(url).hostname or ""
        for _ in range(_HOPS):
            page = await self._one(here, via)
            to = (
                leads_to(here, page.headers)
                if page.status in _REDIRECTS
                else forward(page)
                if page.status == 200 and block(page) is None
                else None
            )
            if to is None or (to == here and not self._news):
                self.pages[url] = self.pages[page.url] = page
                return page
            if not same_domain(urlsplit(to).hostname or "", home):
                raise Unreachable(f"{url} leads to another site: {to}", to=to)
            here, via = to, here
        raise Unreachable(f"{url} was redirected more than {_HOPS} times")

    async def drawn(self, page: Page) -> tuple[Page, bool]:
        """The page as a browser draws it, and whether it would have grown on. Raises Unreachable."""
        if page.url not in self._drawn:
            shown = without_codings(Got(status=200, headers=tuple(page.headers), body=b"")).headers
            sent = Sent(url=page.url, headers=shown, body=page.content, scrolls=True, agent=self.agent)
            try:
                made = await self._renderer.draw(
                    sent,
                    lambda wanted: self._loader.load(wanted, page.url, lambda url, one: self._load(url, one, page.url)),
                )
            except NotDrawn as problem:
                raise Unreachable(f"{page.url}: {problem.kind}: {problem.detail}") from problem
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            content = made.html.encode("utf-8", "replace")
            self._drawn[page.url] = Page(page.url, content, headers=headers, fetched=page.fetched), made.more
        return self._drawn[page.url]

    async def _load(self, url: str, wanted: Wanted, via: str) -> Got | None:
        """One request of a page that is being drawn."""
        try:
            page = await self._one(url, via, wanted)
        except Unreachable:
            return None
        return without_codings(Got(status=page.status, headers=tuple(page.headers), body=page.content))

    def sitemaps(self, url: str) -> list[str]:
        """Sitemaps that the robots.txt of a page's host names, under its own domain; empty before that was read."""
        parts = urlsplit(url)
        rules = self._rules.get(f"{parts.scheme}://{parts.netloc}")
        named = rules.sitemaps if rules is not None else ()
        return [one for one in named if same_domain(urlsplit(one).hostname or "", parts.hostname or "")]

    async def _one(self, url: str, via: str | None, wanted: Wanted | None = None) -> Page:
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        async with self._asking:  # a page that is drawn asks for several things at once
            if root not in self._rules:
                self._rules[root] = await self._robots(root)
        rules = self._rules[root]
        if not rules.allows(split_form(url)[0]):
            raise Unreachable(f"{url} is closed to crawlers ({rules.reason})")
        return await self._send(url, via, max(self._delay, rules.delay or 0.0), wanted=wanted)

    async def _robots(self, root: str) -> robots.Rules:
        here = f"{root}/robots.txt"
        for _ in range(robots.MOST_REDIRECTS + 1):
            try:
                page = await self._send(here, None, self._delay, robots.TAKEN)
            except Unreachable as problem:
                if not isinstance(problem.__cause__, FetchFailed):
                    raise
                raise Unreachable(
                    f"{root} cannot be reached: {problem.__cause__}", refused=problem.refused
                ) from problem.__cause__
            to = leads_to(here, page.headers) if page.status in _REDIRECTS else None
            if to is None or not same_domain(urlsplit(to).hostname or "", urlsplit(root).hostname or ""):
                return robots.rules(page.status, page.content, self.agent)
            here = to
        return robots.rules(404, b"", self.agent)

    async def _send(
        self, url: str, via: str | None, delay: float, most: int = READABLE, wanted: Wanted | None = None
    ) -> Page:
        """One exchange when the host's turn has come; a server that asks to wait a little is asked once more."""
        page = await self._exchange(url, via, delay, most, wanted)
        return (
            await self._exchange(url, via, delay, most, wanted)
            if page.status in (429, 503) and page.header("retry-after")
            else page
        )

    async def _exchange(self, url: str, via: str | None, delay: float, most: int, wanted: Wanted | None = None) -> Page:
        if self.budget <= 0:
            raise Unreachable("too many requests for one survey; name the listing itself")
        self.budget -= 1
        address, form = split_form(url)
        if wanted is not None and wanted.method == "POST":
            form = wanted.body
        host = urlsplit(address).hostname or ""
        job = Job(
            url=address,
            site="survey",
            kind="probe",
            hosts=(host,),
            method="POST" if form is not None else "GET",
            body=form or b"",
            via=via,
            max_bytes=most,
            headers=(*(wanted.headers if wanted is not None else ()), *self._chains.header(address)),
        )
        try:
            await self._gate.enter(host, delay)
        except CircuitOpen as problem:
            raise Unreachable(str(problem)) from problem
        answer, began = Answer(failed=True), monotonic()
        try:
            page = _page(url, await self._fetcher.fetch(job), most)
            self._news = self._chains.note(address, page.status, page.headers)
            answer = Answer(
                status=page.status, retry_after=page.header("retry-after") or None, latency_s=monotonic() - began
            )
        except FetchFailed as problem:
            raise Unreachable(
                f"{url} cannot be reached: {problem.detail}", refused=problem.kind == "guard"
            ) from problem
        finally:
            self._gate.leave(host, answer)
        return page


def _page(url: str, exchange: Exchange, most: int) -> Page:
    """The page of an address, at most so many bytes of it; that of a POST holds its form, as readers expect it."""
    headers = parse(exchange.response_head).headers
    try:
        entity = undo(exchange.body, headers, most)
    except CodingError as problem:
        raise Unreachable(f"{url}: {problem}") from problem
    return Page(url, entity.content, status=exchange.status, headers=headers, fetched=exchange.fetched_at)
