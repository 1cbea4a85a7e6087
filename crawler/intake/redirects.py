"""What a redirect means: a move, a circle, a way home, or one notice for many pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from archive.instants import iso, parse
from archive.store.frontier import Found, Frontier, Task
from archive.store.rows import Rows
from crawler.intake.addresses import Addresses
from crawler.intake.listings import ListingIntake
from crawler.intake.settling import Settling
from crawler.intake.stories import StoryIntake
from crawler.intake.visit import Visit
from spiders.site import Site, owns
from spiders.urls import is_home

_LISTS = ("listing", "older")
_FILES = ("attachment", "requisite")  # a site's pictures and documents may lie elsewhere
_HOPS = 10  # redirects in a row; Firefox and Chromium allow 20, no campus site needs that many


def goes_home(site: Site, to: str) -> bool:
    """Whether a redirect for a lost page ends at the site's front door."""
    return owns(site, to) and (is_home(to) or to == site.homepage)


def gives_up(listing: str, to: str) -> bool:
    """Whether a redirect sends a listing to its own host's front door; another host's may be where the news is now."""
    here, there = (urlsplit(url).netloc.removeprefix("www.") for url in (listing, to))
    return here == there and is_home(to) and not is_home(listing)


def leads_back(frontier: Frontier, to: str, origin: str) -> bool:
    """Whether known redirects lead from `to` back to `origin`, or on and on."""
    for _ in range(_HOPS):
        beyond = frontier.moved_to(to)
        if beyond is None:
            return False
        if beyond == origin:
            return True
        to = beyond
    return True


def is_far(frontier: Frontier, url: str) -> bool:
    """Whether as many redirects as may be in a row have led to that address: a site may make up a new one each time."""
    for _ in range(_HOPS):
        task = frontier.get(url)
        before = task.discovered_from if task else None
        if before is None or frontier.moved_to(before) != url:
            return False
        url = before
    return True


def is_shared(frontier: Frontier, to: str) -> bool:
    """Whether pages that have nothing to do with each other are known to be sent to that address."""
    there = frontier.get(to)
    return there is not None and bool(there.hint.get("shared"))


def first_sent(archive: Rows, to: str, task: Task) -> Task | None:
    """The story that was sent to that address before this one, where it has another title: then it is a notice of
    repair or a login, not where they moved to."""
    frontier, there = archive.frontier, archive.frontier.get(to)
    first = frontier.get(there.discovered_from) if there and there.discovered_from not in (None, task.url) else None
    if first is None or first.kind != "article" or frontier.moved_to(first.url) != to:
        return None
    if not first.hint.get("title") or first.hint["title"] == task.hint.get("title", first.hint["title"]):
        return None  # one story at two addresses
    return first


@dataclass(frozen=True, slots=True)
class _Asked:
    """An address that is answered by a redirect."""

    archive: Rows
    visit: Visit
    task: Task
    to: str


Verdict = Literal["lost", "gives_up", "circle", "far", "off_site", "shared", "moved"]
# What a redirect is: the first line that holds, for addresses of these kinds (of any, where none is named)
_RULES: tuple[tuple[Verdict, tuple[str, ...], Callable[[_Asked], bool]], ...] = (
    ("lost", ("article",), lambda asked: goes_home(asked.visit.site, asked.to)),
    ("gives_up", _LISTS, lambda asked: gives_up(asked.visit.url, asked.to)),
    (
        "circle",
        (),
        lambda asked: asked.to == asked.visit.url or leads_back(asked.archive.frontier, asked.to, asked.visit.url),
    ),
    ("far", (), lambda asked: is_far(asked.archive.frontier, asked.visit.url)),
    ("off_site", ("article", *_LISTS), lambda asked: not owns(asked.visit.site, asked.to)),
    (
        "shared",
        ("article",),
        lambda asked: (
            is_shared(asked.archive.frontier, asked.to) or first_sent(asked.archive, asked.to, asked.task) is not None
        ),
    ),
    ("moved", (), lambda asked: True),
)
# Those that are a trouble: its name, what is said of it, whether another try may go better
_TROUBLES: Mapping[Verdict, tuple[str, str, bool]] = {
    "gives_up": ("redirect_to_home", "redirects to {to}", False),
    "circle": ("redirect_loop", "redirects to {to} and back", False),
    "far": ("redirect_loop", f"redirects to {{to}}, as {_HOPS} addresses before it did in a row", False),
    "off_site": ("redirect_off_site", "redirects to {to}", False),
    "shared": ("redirect_shared", "redirects to {to}, as other stories do", True),
}


class RedirectIntake:
    """Makes of a redirect what it is."""

    def __init__(
        self, archive: Rows, settling: Settling, addresses: Addresses, listings: ListingIntake, stories: StoryIntake
    ) -> None:
        self.archive, self._settling, self._addresses = archive, settling, addresses
        self._listings, self._stories = listings, stories

    def redirect(self, visit: Visit, task: Task, to: str | None, cookie: bool) -> Mapping[str, int]:
        """Settle the address that was redirected to `to`; `cookie`: the answer set one."""
        if to is None:
            said = "Location is missing or no web address"
            return self._settling.trouble(visit, task, "redirect_nowhere", said, again=False)
        asked = _Asked(self.archive, visit, task, to)
        verdict = next(name for name, kinds, holds in _RULES if visit.kind in (kinds or (visit.kind,)) and holds(asked))
        if verdict == "lost":
            return self._settling.gone(visit, task, "redirect_to_home")
        if verdict == "moved":
            return self._moved(visit, task, to)
        if verdict == "circle" and self._settling.may_open(visit, task, to, cookie):
            return {"moved": 1}
        if verdict == "shared":
            self._share(visit, task, to)
        kind, said, again = _TROUBLES[verdict]
        return self._settling.trouble(visit, task, kind, said.format(to=to), again=again)

    def _share(self, visit: Visit, task: Task, to: str) -> None:
        """Stories of other titles are sent there too. The first of them did not move either: it is due again
        tomorrow."""
        first = None if is_shared(self.archive.frontier, to) else first_sent(self.archive, to, task)
        if first is None:
            return
        self.archive.frontier.share(to)
        due = iso(parse(visit.at) + timedelta(days=1))
        self.archive.frontier.retry(first.url, due=due, reason="redirect_shared")
        if first.article is not None:
            self.archive.articles.regained(first.article)

    def _moved(self, visit: Visit, task: Task, to: str) -> Mapping[str, int]:
        found = Found(
            url=to,
            site=visit.site.id,
            kind=task.kind,
            via=visit.url,
            listing=task.listing or (visit.url if task.kind == "listing" else None),
            hint=task.hint or None,
            walk=task.walk or visit.at,
        )
        if visit.kind in _LISTS:
            afresh = (
                visit.kind == "older"
                or self.archive.runs.whole(self.archive.run)
                or self._listings.unread(task.listing or visit.url)
            )
            self.archive.frontier.walk(found, visit.at, afresh=afresh)
        else:
            self._addresses.name([found], visit.at)
        if task.article is not None:
            self._stories.moved(task, to, visit.at)
        self.archive.frontier.settle(visit.url, "moved", at=visit.at, reason=to)
        return {"moved": 1}
