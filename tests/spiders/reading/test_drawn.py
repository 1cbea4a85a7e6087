"""When a browser is to draw a page, as the page as sent and the site's configuration decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spiders import catalogue
from spiders.drawn import MORE
from spiders.findings import Answer, Stories, Undrawn
from spiders.reading import read

LIST = "https://www.example.edu/news"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
SHELL = b'<!doctype html><title>News</title><script src="/app.js"></script><body><div id="root"></div></body>'
ROWS = "".join(
    f"<li><h3><a href='{{}}{n}'>The {word} of the old mill is mended by hand</a></h3><time>2026-10-{20 - n}</time></li>"
    for n, word in enumerate(("roof", "wheel", "door", "weir", "stair", "floor"))
)


def site(browser: str = "listing", more: str = ""):  # type: ignore[no-untyped-def]
    text = f'[example]\nname = "Example"\nbrowser = "{browser}"\nlistings = [{{ url = "{LIST}"{more} }}]\n'
    return catalogue.parse(text, "sites.toml")["example"]


def sent(body: bytes = SHELL, kind: str = "listing", **other: object) -> Answer:
    made = Answer(
        url=LIST if kind == "listing" else f"{LIST}/1",
        kind=kind,
        status=200,
        headers=HTML,
        body=body,
        fetched_at="2026-11-01T08:00:00Z",
        hint={"title": "The roof of the old mill is mended by students"} if kind == "article" else {},
    )
    return replace(made, **other)  # type: ignore[arg-type]


def rows(way: str) -> bytes:
    return f"<!doctype html><title>News</title><body><main><ul>{ROWS.replace('{}', way)}</ul></main></body>".encode()


@pytest.mark.parametrize(
    ("browser", "kind", "drawn"),
    [
        ("none", "listing", False),
        ("listing", "listing", True),
        ("listing", "older", True),
        ("listing", "article", False),
        ("page", "listing", True),
        ("page", "article", True),
        ("page", "attachment", False),
    ],
)
def test_an_empty_page_is_drawn_where_the_site_says_so(browser: str, kind: str, drawn: bool) -> None:
    assert isinstance(read(sent(kind=kind), site(browser)), Undrawn) is drawn


@pytest.mark.parametrize(
    "answer",
    [
        sent(rows("/news/")),
        sent(status=404),
        sent(status=503),
        sent(headers=(("Content-Type", "application/json"),), body=b"[]"),
        sent(rendered="Chromium/1"),
        sent(b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"),
    ],
    ids=["a list", "gone", "failing", "data", "drawn already", "a wall"],
)
def test_nothing_else_is(answer: Answer) -> None:
    assert not isinstance(read(answer, site("page")), Undrawn)


def test_what_was_drawn_is_read_and_says_where_it_was_cut() -> None:
    whole = read(sent(rows("/news/"), rendered="Chromium/1; scrolled 2"), site())
    cut = read(sent(rows("/news/"), rendered=f"Chromium/1; scrolled 9{MORE}"), site())
    assert isinstance(whole, Stories) and len(whole.fetch) == 6 and whole.unfollowed is None
    assert isinstance(cut, Stories) and "not scrolled to its end" in (cut.unfollowed or "")


def test_stories_without_addresses_of_their_own_are_none() -> None:
    """To an archive an address ends before its `#`: a list of such is empty, which a crawl reports, and no story is
    taken for all of them."""
    found = read(sent(rows("#/story/"), rendered="Chromium/1"), site())
    assert isinstance(found, Stories) and not found.fetch and not found.rows
