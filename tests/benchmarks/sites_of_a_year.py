"""Sites of ten characters that publish for a year, and break in twelve ways: what `tests.benchmarks.year` asks."""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from archive.address import canonical
from archive.article import Article
from archive.capture import Exchange
from archive.instants import iso
from archive.near.likeness import gist
from archive.store.frontier import Task
from spiders import catalogue
from spiders.facts import Item
from spiders.findings import Answer, Reading, Stories, Story, Trouble, Unchanged
from spiders.normalise import content_digest
from spiders.reading import read
from tests.benchmarks.rhythm import BEGIN, CHARACTERS, DAY, HOUR, published

_SHOWN = 15  # stories of a listing's first page, which is its only one
_MOST = 3  # stories of a site in a day
_FLAKY = 0.003  # looks at listings that a server answers with 500, though nothing is wrong
_WORDS = "library campus garden robotics seminar concert river grant faculty workshop museum choir winter term".split()
_OWN_NETWORK = (200 * DAY, 201 * DAY)  # nothing can be reached
_CHALLENGE = (
    b"<html><head><title>Just a moment...</title></head><body>"
    b"<script src='/cdn-cgi/challenge-platform/h/b/orchestrate'></script>"
    b"Checking your browser before accessing the site. Enable JavaScript and cookies to continue</body></html>"
)
_NOTICE = (
    b"<html><head><title>Maintenance</title></head><body><h1>We will be back soon</h1>"
    b"<p>Our website is down for scheduled maintenance. Please come back later.</p></body></html>"
)
_EMPTY = b"<html><head><title>News</title></head><body><div id='app'><div class='list'></div></div></body></html>"
# by kind of breakage: what a report may call it, by the beginning of the word
CAUSES: dict[str, tuple[str, ...]] = {
    "dns": ("dns",),
    "refused": ("refused",),
    "timeout": ("timeout",),
    "http_500": ("http_500",),
    "http_404": ("http_404",),
    "http_403": ("http_403", "blocked"),
    "challenge": ("blocked", "captcha", "challenge", "waf"),
    "empty": ("no_items", "empty"),
    "off_site": ("redirect_off_site",),
    "robots": ("robots",),
    "notice": ("no_items", "maintenance", "same_text", "notice", "blocked", "soft_404"),
    "frozen": ("silent",),
}
_SAID = {"dns": "Name or service not known", "refused": "Connection refused", "timeout": "no answer within 60 s"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A planted breakage."""

    site: str
    kind: str
    begins: datetime
    ends: datetime | None

    def shows(self, at: datetime) -> bool:
        """Whether it is so at that time."""
        return self.begins <= at and (self.ends is None or at < self.ends)


class World:
    """The sites, and what they answer at a time."""

    def __init__(self, sites: int, days: int) -> None:
        """Each kind of breakage on one site of a hundred, but on one at least; half of them end after three weeks."""
        names = list(CHARACTERS)
        ids = [f"college{n}" for n in range(sites)]
        self.character = {id_: names[n % len(names)] for n, id_ in enumerate(ids)}
        self.sites = catalogue.parse(
            "\n".join(
                f'[{id_}]\nname = "College {id_[7:]}"\nfamily = "generic"\nlistings = ["https://{id_}.edu/news/"]\n'
                for id_ in ids
            ),
            "sites.toml",
        )
        self._random = random.Random("a year")
        self.faults: list[Fault] = []
        self.met: dict[str, datetime] = {}
        well = [id_ for id_ in ids if self.character[id_] not in ("dies", "terms", "monthly")]
        for n, kind in enumerate(kind for kind in CAUSES for _ in range(max(1, sites // 100))):
            free = [id_ for id_ in well if kind != "frozen" or self.character[id_] in ("busy", "daily")]
            id_ = self._random.choice(free)
            well.remove(id_)
            begins = (
                BEGIN + DAY * self._random.randrange(min(40, days // 3), max(days * 2 // 3, days // 3 + 1)) + 3 * HOUR
            )
            self.faults.append(Fault(id_, kind, begins, begins + 21 * DAY if n % 2 and kind != "frozen" else None))
        by = {fault.site: fault for fault in self.faults}
        self._fault = by
        self._stories = {id_: self._published(id_, days, by.get(id_)) for id_ in ids}

    def _published(self, id_: str, days: int, fault: Fault | None) -> list[datetime]:
        apart = 30 if self.character[id_] == "monthly" else 7
        found: list[datetime] = [BEGIN - (12 - n) * apart * DAY for n in range(12)]
        for at in published(CHARACTERS[self.character[id_]], id_, days):
            if fault is not None and fault.kind == "frozen" and at >= fault.begins:
                break
            if [one.date() for one in found[-_MOST:]].count(at.date()) < _MOST:
                found.append(at)
        return found

    def etag(self, task: Task, at: datetime) -> str:
        """That of the page as it is."""
        return f'"{bisect_right(self._stories[task.site], at)}"' if task.kind == "listing" else '"1"'

    def answer(self, task: Task, at: datetime, *, conditional: bool) -> tuple[Reading, Exchange | None]:
        """What it means, and what came over the wire; nothing where nothing came."""
        fault = self._fault.get(task.site)
        if _OWN_NETWORK[0] <= at - BEGIN < _OWN_NETWORK[1]:
            return Trouble("dns", _SAID["dns"], again=True, asked=False), None
        if fault is not None and fault.shows(at) and (broken := self._broken(fault, task, at)) is not None:
            self.met.setdefault(task.site, at)
            return broken
        if task.kind == "listing" and self._random.random() < _FLAKY:
            return self._read(task, at, 500, b"<h1>Internal Server Error</h1>")
        etag = self.etag(task, at)
        if conditional and task.etag == etag:
            return Unchanged(), _exchange(task, at, 304, b"", f"ETag: {etag}")
        return self._page(task, at, etag)

    def _broken(self, fault: Fault, task: Task, at: datetime) -> tuple[Reading, Exchange | None] | None:
        listing = task.kind == "listing"
        match fault.kind:
            case "dns":
                return Trouble("dns", _SAID["dns"], again=True, asked=False), None
            case "refused" | "timeout":
                return Trouble(fault.kind, _SAID[fault.kind], again=True), None
            case "robots":
                return Trouble("robots", "robots.txt disallows it", again=False, asked=False), None
            case "http_500" | "http_403":
                return self._read(task, at, int(fault.kind[5:]), b"<h1>Error</h1>")
            case "challenge":
                return self._read(task, at, 403, _CHALLENGE)
            case "notice":
                return self._read(task, at, 200, _NOTICE)
            case "http_404" if listing:
                return self._read(task, at, 404, b"<h1>Not found</h1>")
            case "empty" if listing:
                return self._read(task, at, 200, _EMPTY)
            case "off_site" if listing:
                return self._read(task, at, 301, b"", f"Location: https://www.{task.site}-university.org/news/")
        return None

    def _read(
        self, task: Task, at: datetime, status: int, body: bytes, header: str = "X: y"
    ) -> tuple[Reading, Exchange]:
        """By the real reader."""
        exchange = _exchange(task, at, status, body, header)
        name, _, value = header.partition(": ")
        answer = Answer(
            url=task.url,
            kind=task.kind,
            status=status,
            headers=(("Content-Type", "text/html"), (name, value)),
            body=body,
            fetched_at=iso(at),
            hint=task.hint,
        )
        return read(answer, self.sites[task.site]), exchange

    def _page(self, task: Task, at: datetime, etag: str) -> tuple[Reading, Exchange]:
        """A listing or a story, as it is when all is well."""
        site = self.sites[task.site]
        stories = self._stories[task.site]
        if task.kind == "listing":
            there = bisect_right(stories, at)
            numbers = range(there - 1, max(-1, there - 1 - _SHOWN), -1)
            items = tuple(
                Item(
                    url=canonical(f"https://{site.id}.edu/story/{n}"),
                    title=_title(site.id, n),
                    date=f"{stories[n]:%Y-%m-%d}",
                )
                for n in numbers
            )
            reading: Reading = Stories(items, (), None, None)
            body = "".join(f"<li><a href='{item.url}'>{item.title}</a> {item.date}</li>" for item in items)
            return reading, _exchange(task, at, 200, f"<ul>{body}</ul>".encode(), f"ETag: {etag}")
        n = int(task.url.rpartition("/")[2])
        title, words = _title(site.id, n), _words(site.id, n)
        article = Article(url=task.url, site=site.id, title=title, body=words, published=f"{stories[n]:%Y-%m-%d}")
        story = Story(article, digest=content_digest(article), word_count=len(words.split()), gist=gist(words, title))
        return story, _exchange(task, at, 200, f"<h1>{title}</h1><p>{words}</p>".encode(), f"ETag: {etag}")


def _title(site: str, n: int) -> str:
    r = random.Random(f"{site} {n} title")
    return f"The {' '.join(r.choices(_WORDS, k=5))} {n}"


def _words(site: str, n: int) -> str:
    r = random.Random(f"{site} {n}")
    return "\n\n".join(
        f"A {' '.join(r.choices(_WORDS, k=25))} of {r.choice(_WORDS)}{r.random():.6f}." for _ in range(4)
    )


def _exchange(task: Task, at: datetime, status: int, body: bytes, header: str) -> Exchange:
    host = task.url.split("/")[2]
    head = f"HTTP/1.1 {status} x\r\nContent-Type: text/html\r\n{header}\r\nContent-Length: {len(body)}\r\n\r\n"
    return Exchange(
        url=task.url,
        site=task.site,
        kind="listing" if task.kind == "older" else task.kind,
        fetched_at=at,
        status=status,
        request_head=f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
        response_head=head.encode(),
        body=body,
        tls="verified",
    )
