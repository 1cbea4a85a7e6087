"""What a redirect means: a move, a circle, a way home, or one notice for many pages."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from archive.instants import iso, parse
from archive.store.frontier import Frontier, Task
from archive.store.rows import Rows
from spiders.site import Site, owns
from spiders.urls import is_home

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


def answers_for_many(archive: Rows, to: str, task: Task, at: str) -> bool:
    """Whether stories of other titles are sent to that address too: a notice of repair or a login, not where they moved
    to.

    The first that was sent there did not move either: it is due again tomorrow.
    """
    frontier, there = archive.frontier, archive.frontier.get(to)
    if there is None or there.hint.get("shared"):
        return there is not None
    first = frontier.get(there.discovered_from) if there.discovered_from not in (None, task.url) else None
    if first is None or first.kind != "article" or frontier.moved_to(first.url) != to:
        return False
    if not first.hint.get("title") or first.hint["title"] == task.hint.get("title", first.hint["title"]):
        return False  # one story at two addresses
    frontier.share(to)
    frontier.retry(first.url, due=iso(parse(at) + timedelta(days=1)), reason="redirect_shared")
    if first.article is not None:
        archive.articles.regained(first.article)
    return True
