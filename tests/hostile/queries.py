"""Queries against `serve` that grow in one respect, asked of the application of the sample archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from archive.search.query_tree import MOST_LENGTH
from tests.hostile.measure import Family

N = MOST_LENGTH // 4  # so that 4n is the longest that is not refused unread
_MAKERS: dict[str, Callable[[int], str]] = {
    "one word": lambda size: "a" * size,
    "digits": lambda size: "1" * size,
    "characters": lambda size: "招" * (size // 3),
    "words": lambda size: "college " * (size // 8),
    "alternatives": lambda size: " OR ".join(f"site:{n}" for n in range(size // 10)),
    "days": lambda size: "after:2023 " * (size // 11),
    "parentheses": lambda size: "(" * size,
    "nested": lambda size: "(" * (size // 2) + "a" + ")" * (size // 2),
    "quotations": lambda size: '"a" ' * (size // 4),
    "negations": lambda size: "-a " * (size // 3),
    "prefixes": lambda size: "a* " * (size // 3),
    "blanks": lambda size: "a" + " " * size,
}
_PAGES = {
    "search": "/search?q={}",
    "search in JSON": "/search.json?q={}",
    "feed": "/feed.atom?q={}",
    "changes": "/changes?q={}",
    "address": "/replay/2/http://a.edu/{}",
    "cdx": "/cdx?url=http://a.edu/{}",
    "cdx filter": "/cdx?url=a.edu/*&filter={}",
    "table": "/news/articles.json?_search={}",
    "table filter": "/news/articles.json?title__contains={}",
}


def families(folder: Path) -> Iterator[Family]:
    """Each kind of query at each page, asked of a sample archive that is made below `folder`."""
    from tests.archive.web.conftest import client_of
    from tests.archive.web.sample import Sample

    archive, clients = Sample(folder / "archive").build().folder, list[Any]()

    def ready() -> None:
        clients.append(client_of(archive))
        clients[0].once("GET", "/search?q=a")

    for page, address in _PAGES.items():
        for name, make in _MAKERS.items():
            yield Family(
                name=f"query: {name} at {page}",
                make=lambda size, make=make: make(size).encode(),  # type: ignore[misc]
                work=lambda query, address=address: _bounded(clients[0].once("GET", address.format(quote(query)))),  # type: ignore[misc]
                size=N,
                ready=ready,
            )


def _bounded(answer: Any) -> Any:
    assert answer.status_code < 500, f"status {answer.status_code}"
    assert len(answer.content) < 2_000_000, f"{len(answer.content)} bytes"
    return answer
