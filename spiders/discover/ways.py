"""Ways to page 2 that no link shows: what scripts, buttons and forms of a page name, and what most sites answer. Pure;
a survey tries them and writes the one that a proof holds for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders import cursors, numbered
from spiders.discover.proof import order
from spiders.facts import Listing
from spiders.generic import calendar
from spiders.generic.rows import shape
from spiders.page import Page, one_line
from spiders.paging import with_query
from spiders.site import same_domain
from spiders.urls import canonical

_NAMES = (
    r"(?:cur(?:rent)?|go|now|to|req)?[_-]?(?:page(?:[_-]?(?:num|no|index|number|idx|id))?|paged|pg|p|pagina|seite|sayfa"
    r"|strona)"
)
_OFFSETS = r"(?:offset|start|skip|from|limitstart|startrow|begin)"
_FIELD = deferred(_NAMES, re.I)
_OFFSET = deferred(_OFFSETS, re.I)
_TURNS = deferred(r"pag|pg|cur|pn|^p$", re.I)  # in a name of a parameter that holds the number of a page
_YEARS = r"(?:19|20)\d\d"
_YEAR = deferred(_YEARS)
_ENDPOINTS = ("data-endpoint", "data-url", "data-next-url", "data-next", "data-href", "data-ajax-url", "data-load-url",
              "data-ajax", "data-src", "data-api", "data-load-more-url", "hx-get", "data-hx-get")  # fmt: skip
_ADDRESS = deferred(r"(?:https?:/)?/?[\w./~%-]+(?:\?[\w=&%.\[\]-]*)?", re.ASCII)
_GLUED = deferred(
    rf"""
    # ?page= at the end of a string, then a number
    ["'`]([^"'`\s<>]{{1,200}}?[?&]({_NAMES}|{_OFFSETS})=)(?:["'`]\s*\+|\$\{{)
    |["'`]([^"'`\s<>]{{1,160}}/(?:page|p)/)(?:["'`]\s*\+|\$\{{)  # /page/ likewise
    """,
    re.I | re.X,
)
_CALLED = deferred(
    r"""
    (?:\$\.(?:get|getJSON)\(\s*|axios\.get\(\s*|\burl\s*:\s*)["'`]([^"'`\s<>]{1,200})  # the address
    ["'`]\s*,[^{}]{0,120}\{([^{}]{0,300})  # its parameters
    """,
    re.I | re.X,
)
_CURSOR = deferred(rf"[?&](?:{cursors.NAMES})=([\w.~%+/=:-]{{1,400}})(?=&|$)", re.I)
_GLUED_CURSOR = deferred(rf"""["'`]([^"'`\s<>]{{1,200}}?[?&](?:{cursors.NAMES})=)(?:["'`]\s*\+|\$\{{)""", re.I)
_DATA = deferred(
    r"""
    ^(?:https?:)?/[^\s<>"']{0,300}(?:\.json(?:$|[?#])|/api/|/jsonapi/|/wp-json/|/_api/|/graphql|[?&]format=json)
    """,
    re.I | re.X,
)
_FETCHED = deferred(
    r"""
    (?:\bfetch|\$\.(?:get|getJSON)|axios\.get|axios)\(\s*["'`]([^"'`\s<>${]{1,300})["'`]\s*[,)]  # what is asked
    """,
    re.I | re.X,
)
_SAID = "91827365"  # stands for a value while an address is put together
_PAIR = deferred(r"""["']?(\w{1,30})["']?\s*:\s*(?:["']([^"']{0,60})["']|(\w[\w.+ ]{0,30}))""")
_MOST = 4  # ways tried of one listing
_FEW = 3  # items that make a page of their own, where nothing named its address


def ways(page: Page, listing: Listing) -> list[tuple[str, bool]]:
    """Pagers of a listing's first page, likeliest first, and whether the page names them: guesses until tried."""
    found: dict[str, bool] = {}
    for named in (_by_value, _endpoints, _scripts, _forms) if page.mime.endswith("html") else (_of_data,):
        for pager in named(page, len(listing.items)):
            if numbered.problem(pager) is None:
                found.setdefault(pager, True)
    guessed = _with_hole(page.url, "page", 2)
    if not re.search(r"[?&](?:page|offset|start)[^&=]{0,20}=", page.url) and numbered.problem(guessed) is None:
        found.setdefault(guessed, False)
    return list(found.items())[:_MOST]


def holds(first: Listing, second: Listing, *, named: bool, fetched: datetime | None) -> bool:
    """Whether what an address shows is page 2: rows that page 1 has not, of the same kind, and older where dated."""
    known, shapes = {item.url for item in first.items}, {shape(item.url) for item in first.items}
    new = [item for item in second.items if item.url not in known]
    if len(new) < (1 if named else _FEW) or sum(shape(item.url) in shapes for item in new) < 0.6 * len(new):
        return False
    return not order(first.items, second.items, fetched, strict=True)


def others(first: Listing, second: Listing, fetched: datetime | None) -> int:
    """How many items an address shows that page 1 has not, where they may be more of the same list for all we know."""
    known = {item.url for item in first.items}
    new = sum(1 for item in second.items if item.url not in known)
    return new if new >= _FEW and not order(first.items, second.items, fetched) else 0


def _with_hole(url: str, name: str, number: int, step: int = 1) -> str:
    """The address with a parameter that holds the number of page 2."""
    hole = f"{{{number}}}" if step == 1 else f"{{{number}{'+' if step > 0 else '-'}{abs(step)}}}"
    return with_query(url, **{name: "91827365"}).replace("91827365", hole)


def _counted(url: str, name: str, rows: int) -> str:
    return _with_hole(url, name, rows, rows) if _OFFSET.fullmatch(name) else _with_hole(url, name, 2)


def _by_value(page: Page, rows: int) -> Iterator[str]:
    """Addresses with a value that this page names for the next one: cursors, months and years of a drop-down."""
    for element in page.tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("img", "iframe", "source", "script"):
            continue
        for name in (*_ENDPOINTS, "href"):
            said = (element.get(name) or "").strip()
            if (name != "href" or element.tag == "button") and (cursor := _CURSOR.search(said)):
                yield f"{page.absolute(said[: cursor.start(1)]) or ''}{numbered.HOLE}{said[cursor.end(1) :]}"
    for script in page.tree.iter("script"):
        for glued in _GLUED_CURSOR.finditer((script.text or "")[:200_000]) if not script.get("src") else ():
            if (url := page.absolute(glued[1])) and "{" not in url:
                yield f"{url}{numbered.HOLE}"
    for field in page.tree.iter("select"):
        values = [(one.get("value") or "").strip() or one_line(one) for one in field.iter("option")]
        when = [one for one in field.iter("option") if calendar.read(one_line(one))]
        form, name = next(field.iterancestors("form"), None), field.get("name") or ""
        if len(when) < 2 or len(when) < len(values) - 2:
            continue
        if led := _led_to(page, [one.get("value") or "" for one in when]):
            yield led
        elif name and form is not None:
            yield with_query(_asked(page, form, name), **{name: _SAID}).replace(_SAID, numbered.HOLE)
        elif name:
            yield with_query(page.url, **{name: _SAID}).replace(_SAID, numbered.HOLE)


def _led_to(page: Page, values: list[str]) -> str:
    """The address that those of a drop-down have in common but for one part; empty where they are none."""
    urls = [url for value in values if "/" in value and (url := page.absolute(value))]
    if len(urls) < len(values) or len(urls) < 2:
        return ""
    before = _alike(urls)
    before = before[: max(before.rfind(mark) for mark in "/=") + 1]
    behind = _alike([url[len(before) :][::-1] for url in urls])[::-1]
    behind = behind[min((at for mark in "/.&" if (at := behind.find(mark)) >= 0), default=len(behind)) :]
    pager = f"{before}{numbered.HOLE}{behind}"
    return pager if all(numbered.named_value(pager, canonical(url)) for url in urls) else ""


def _alike(texts: list[str]) -> str:
    """The beginning that some texts share."""
    shortest = min(texts, key=len)
    return next(
        (shortest[:n] for n in range(len(shortest), 0, -1) if all(one.startswith(shortest[:n]) for one in texts)), ""
    )


def _of_data(page: Page, rows: int) -> Iterator[str]:
    """An answer in JSON: the number that its address holds, or a row's place."""
    for name, said in parse_qsl(urlsplit(page.url).query):
        if said.isdigit() and len(said) < 6 and _FIELD.fullmatch(name):
            yield _with_hole(page.url, name, int(said) + 1)
        elif said.isdigit() and len(said) < 6 and _OFFSET.fullmatch(re.sub(r"^page\[|\]$", "", name)):
            yield _with_hole(page.url, name, int(said) + rows, rows)


def sources(page: Page) -> list[str]:
    """Addresses of data that a page without a list names for its script to fetch, in page order."""
    found: dict[str, None] = {}
    for element in page.tree.iter():
        if element.tag == "link" and element.get("as") == "fetch" and _DATA.search(element.get("href") or ""):
            found[element.get("href") or ""] = None
        if isinstance(element.tag, str) and element.tag not in ("img", "iframe", "source", "a"):
            for name, said in element.attrib.items():
                if str(name).startswith("data-") and _DATA.search(str(said)):
                    found[str(said)] = None
    for script in page.tree.iter("script"):
        text = (script.text or "")[:200_000] if not script.get("src") else ""
        found |= dict.fromkeys(one[1] for one in _FETCHED.finditer(text))
    urls = dict.fromkeys(url for said in found if "{" not in said and (url := page.absolute(said.strip())))
    own = urlsplit(page.url).hostname or ""
    return [url for url in urls if same_domain(urlsplit(url).hostname or "", own)][:_MOST]


def _endpoints(page: Page, rows: int) -> Iterator[str]:
    """What a button or a growing list names: an address with a number of its own, or one that takes `page`."""
    for element in page.tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("img", "iframe", "source", "script"):
            continue
        for name in _ENDPOINTS:
            said = (element.get(name) or "").strip()
            if not said or not _ADDRESS.fullmatch(said) or not ("/" in said or "?" in said) or _CURSOR.search(said):
                continue
            url = page.absolute(said)
            if url is None or re.search(r"\.(?:jpe?g|png|gif|webp|svg|mp4|pdf)$", url, re.I):
                continue
            inside = re.search(
                rf"[?&]({_NAMES}|{_OFFSETS})=(\d{{1,6}})(?=&|$)|/(?:page|p)/(\d{{1,4}})(?=[/?.]|$)", url, re.I
            )
            if inside is None and (asked := _by_its_number(url)):
                yield asked
            elif inside is None:
                yield _counted(url, element.get("data-param") or "page", rows)
            elif inside[1]:
                yield _counted(url, inside[1], rows)
            else:
                yield f"{url[: inside.start(3)]}{{2}}{url[inside.end(3) :]}"


def _by_its_number(url: str) -> str:
    """The address of a button for more with the one number 2 that it asks for, whatever the name (`PAGEN_1=2`); empty
    where it asks for none, or for several."""
    asked = [(name, said) for name, said in parse_qsl(urlsplit(url).query) if said == "2" and _TURNS.search(name)]
    return _with_hole(url, asked[0][0], 2) if len(asked) == 1 else ""


def _scripts(page: Page, rows: int) -> Iterator[str]:
    """Addresses that a script puts together with a number."""
    for script in page.tree.iter("script"):
        text = (script.text or "")[:200_000]
        for glued in _GLUED.finditer(text) if not script.get("src") else ():
            url = page.absolute(glued[1] or glued[3])
            if url is None or "{" in url:
                continue
            hole = f"{{{rows}+{rows}}}" if glued[2] and _OFFSET.fullmatch(glued[2]) else "{2}"
            yield f"{url}{hole}"
        for called in _CALLED.finditer(text) if not script.get("src") else ():
            around = text[max(0, called.start() - 120) : called.end() + 120]
            url = page.absolute(called[1])
            if url is None or re.search(r"(?:type|method)\s*:\s*[\"']post", around, re.I):
                continue
            pairs = {pair[1]: pair[2] if pair[2] is not None else pair[3] for pair in _PAIR.finditer(called[2])}
            turned = next((key for key in pairs if _FIELD.fullmatch(key) or _OFFSET.fullmatch(key)), None)
            if turned:
                fixed = {key: said for key, said in pairs.items() if key != turned and (said or "").isalnum()}
                yield _counted(with_query(url, **fixed), turned, rows)


def _forms(page: Page, rows: int) -> Iterator[str]:
    """Forms with a field for the page or a drop-down of years, as a GET; those that post as well, which many answer."""
    for field in page.tree.iter("input", "select"):
        form = next(field.iterancestors("form"), None)
        name = field.get("name") or ""
        if field.tag == "select":
            yield from _chosen(page, field, form)
        elif form is None or (field.get("type") or "text").lower() not in ("hidden", "text", "number"):
            continue
        elif _FIELD.fullmatch(name) or _OFFSET.fullmatch(name):
            yield _counted(_asked(page, form, name), name, rows)


def _chosen(page: Page, field: HtmlElement, form: HtmlElement | None) -> Iterator[str]:
    options = [
        (one.get("value") if one.get("value") is not None else one_line(one), one) for one in field.iter("option")
    ]
    at = next((n for n, (_, one) in enumerate(options) if one.get("selected") is not None), 0)
    name, values = field.get("name") or "", [(value or "").strip() for value, _ in options]
    later = values[at + 1 :]
    if not later:
        return
    years = [value for value in later if _YEAR.fullmatch(value) and int(value) <= date.max.year]
    falls = len(years) == len(later) and all(int(a) - int(b) == 1 for a, b in pairwise(years))
    pages = [value for value in values if value.isdigit()]
    base = _asked(page, form, name) if form is not None else page.url
    if name and falls and years:
        yield _with_hole(base, name, int(years[0]), -1)
    elif name and _FIELD.fullmatch(name) and len(pages) == len(values) and later[0] in ("1", "2"):
        yield _with_hole(base, name, int(later[0]))
    elif (url := page.absolute(later[0])) and "/" in later[0]:  # the options are addresses
        if year := re.search(rf"(?<=[/=_-])({_YEARS})(?=[/.&]|$)", later[0]):
            falling = [later[0].replace(year[0], str(int(year[0]) - n), 1) for n in range(len(later))]
            if falling == later:  # nothing but the year: months have more in their addresses
                yield url.replace(year[0], f"{{{year[0]}-1}}", 1)
        elif number := re.search(r"(?<=[/=_-])2(?=[/.&]|$)", url):
            yield f"{url[: number.start()]}{{2}}{url[number.end() :]}"


def _asked(page: Page, form: HtmlElement, but: str) -> str:
    """The address of a form with what its fields hold, but for one."""
    held = {
        name: field.get("value") or ""
        for field in form.iter("input")
        if (name := field.get("name"))
        and name != but
        and (field.get("type") or "").lower() == "hidden"
        and field.get("value")
        and len(field.get("value") or "") < 60
        and not re.search(r"csrf|token|viewstate|eventvalidation", name, re.I)
    }
    url = (page.absolute(form.get("action")) or page.url).partition("#")[0]
    return with_query(url, **held) if held and urlencode(held) else url
