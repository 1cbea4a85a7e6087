"""Values that a page names for the next one: which is taken, and where none is beyond doubt."""

import json

import pytest

from spiders import catalogue, cursors, numbered
from spiders.discover import ways
from spiders.facts import Item, Listing
from spiders.page import Page
from spiders.read import read_listing

SEED = "https://x.example.edu/news"
API = f"{SEED}/rows?after={{}}"
MONTHS = "".join(f"<option value='2026-{n:02}'>2026-{n:02}</option>" for n in (11, 10, 8))


def page(body: str, url: str = SEED) -> Page:
    kind = "application/json" if body.startswith("{") else "text/html"
    return Page(url, body.encode(), headers=(("Content-Type", kind),))


def following(pager: str, body: str, url: str = SEED) -> str | None:
    site = catalogue.site("x", {"name": "X", "listings": [{"url": SEED, "pager": pager}]}, "[x]")
    return cursors.following(site, page(body, url))


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("<div hx-get='/news/rows?after=1025' hx-trigger='revealed'></div>", "1025"),
        ("<button data-url='/news/rows?after=b%3D2'>Load more</button>", "b%3D2"),
        ("<ul data-next-cursor='k9'></ul><button>Load more</button>", "k9"),
        ("<script>var state = {nextCursor: 'k9', csrfToken: 'z'}</script>", "k9"),
        ("<i data-url='/news/rows?after=1'></i><i data-url='/news/rows?after=2'></i>", None),  # two: neither is sure
        ("<script>var csrf = {token: 'k9'}</script>", None),
        ("<p>nothing</p>", None),
    ],
)
def test_the_first_page_names_one(body: str, value: str | None) -> None:
    assert following(API, body) == (API.replace("{}", value) if value else None)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"rows": [], "next_cursor": "k2"}, "k2"),
        ({"meta": {"cursor": {"next": "k2", "self": "k1"}}}, "k2"),
        ({"paging": {"cursors": {"after": "k2"}}}, "k2"),
        ({"links": {"next": "/news/rows?after=k2"}}, "k2"),
        ({"links": {"next": {"href": "/news/rows?after=k2"}}}, "k2"),
        ({"next_cursor": "k1"}, None),  # its own
        ({"next_cursor": None, "rows": [{"next": "a story"}]}, None),
    ],
)
def test_an_answer_in_json_names_the_next(answer: dict[str, object], value: str | None) -> None:
    url = API.replace("{}", "k1")
    assert following(API, json.dumps(answer), url) == (API.replace("{}", value) if value else None)


@pytest.mark.parametrize(
    ("options", "here", "value"),
    [
        (MONTHS, "", "2026-10"),
        (MONTHS, "?month=2026-10", "2026-08"),
        (MONTHS, "?month=2026-08", None),
        (f"<option value=''>All</option>{MONTHS}", "", "2026-11"),
        (MONTHS.replace("value='2026-10'", "value='2026-10' selected"), "", "2026-08"),
    ],
)
def test_the_option_behind_the_one_that_is_shown(options: str, here: str, value: str | None) -> None:
    pager = f"{SEED}?month={{}}"
    found = following(pager, f"<form><select name='month'>{options}</select></form>", SEED + here)
    assert found == (pager.replace("{}", value) if value else None)


def test_options_that_are_addresses() -> None:
    options = "".join(f"<option value='/news/{one}/'>{one}</option>" for one in ("2026-11", "2026-10", "2026-09"))
    shown = page(f"<select>{options}</select>")
    assert (f"{SEED}/{{}}/", True) in ways.ways(shown, Listing())
    assert following(f"{SEED}/{{}}/", f"<select>{options}</select>", f"{SEED}/2026-10/") == f"{SEED}/2026-09/"


@pytest.mark.parametrize(
    ("options", "pager"),
    [
        (("/news/2026/11/", "/news/2026/10/", "/news/2025/12/"), f"{SEED}/{{}}/"),
        (("/news/archive/2026.php", "/news/archive/2025.php"), f"{SEED}/archive/{{}}.php"),
    ],
)
def test_months_and_years_of_addresses_have_one_way(options: tuple[str, ...], pager: str) -> None:
    words = ("November 2026", "October 2026", "December 2025") if len(options) == 3 else ("2026", "2025")
    choice = "".join(f"<option value='{to}'>{said}</option>" for to, said in zip(options, words, strict=True))
    named = [way for way, sure in ways.ways(page(f"<select>{choice}</select>"), Listing()) if sure]
    assert named[0] == pager and (len(named) == 1 or "{2025-1}" in named[1])
    assert following(pager, f"<select>{choice}</select>") == f"https://x.example.edu{options[1]}"


def test_other_pages_are_none_of_its() -> None:
    site = catalogue.site("x", {"name": "X", "listings": [{"url": SEED, "pager": API}]}, "[x]")
    assert cursors.following(site, page("<i data-url='/news/rows?after=1'></i>", f"{SEED}/1")) is None
    assert numbered.named(site, API.replace("{}", "k")) and not numbered.named(site, f"{API.format('k')}&page=2")
    assert numbered.problem("https://x.example.edu/{}/{}") and numbered.problem("https://{}.example.edu/")


@pytest.mark.parametrize(
    ("script", "pager"),
    [
        ("fetch('/news/rows?after=' + cursor)", API),
        ("fetch(`/news/rows?after=${last}`)", API),
        ("fetch('/news/rows?page=' + page)", f"{SEED}/rows?page={{2}}"),
    ],
)
def test_scripts_name_ways(script: str, pager: str) -> None:
    shown = page(f"<script>{script}</script>")
    assert ways.ways(shown, Listing(items=(Item(url=f"{SEED}/1"),)))[0] == (pager, True)


@pytest.mark.parametrize(
    ("rest", "older", "said"),
    [
        ({"links": {"next": {"href": "?page%5Boffset%5D=10"}}}, "?page%5Boffset%5D=10", False),
        ({"next_page_url": "/news.json?page=2"}, "", False),
        ({"has_more": True}, None, True),
        ({"next_cursor": "k2"}, None, True),
        ({"total": 31}, None, True),
        ({"total": 3, "has_more": False, "next_cursor": None}, None, False),
    ],
)
def test_a_listing_in_json(rest: dict[str, object], older: str | None, said: bool) -> None:
    records = [{"title": f"The college opens its {n}th reading room", "url": f"/n/{n}1234", "date": f"2026-09-1{n}"}
               for n in range(3)]  # fmt: skip
    url = f"{SEED}.json"
    site = catalogue.site("x", {"name": "X", "listings": [url]}, "[x]")
    found = read_listing(page(json.dumps({"data": records} | rest), url), site)
    assert isinstance(found, Listing) and len(found.items) == 3
    assert found.older == (None if older is None else f"{url}{older or '?page=2'}")
    assert bool(found.unfollowed) == said


def test_data_that_a_page_names_for_its_script() -> None:
    shown = page(
        "<div data-feed='/_data/news.json' data-x='/about'></div><script>fetch('/api/news').then(f);"
        "fetch('https://other.example.org/api/x')</script><img data-src='/api/a.json'>"
    )
    assert ways.sources(shown) == ["https://x.example.edu/_data/news.json", "https://x.example.edu/api/news"]
