"""The time zone of a site: its country's, where that keeps one time, else the one on which its pages agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from archive.patterns import deferred
from spiders import countries
from spiders.page import Page
from spiders.site import UNKNOWN_ZONE, same_domain

_ENOUGH = 3  # different instants: fewer may be of one widget
_MOST_WRONG = 0.1  # share of instants that another clock may have stated
_MANY = 2000  # instants of a page that are looked at
_ISO = deferred(r"(?<!\d)(20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d(?::[0-5]\d)?)(?:\.\d{1,9})?([+-]\d\d:?\d\d)(?!\d)")
_MAIL = deferred(r"(?<!\d)\d{1,2} [A-Z][a-z]{2} 20\d\d [0-2]\d:[0-5]\d(?::[0-5]\d)? (?:[+-]\d{4}|[ECMP][SD]T)(?![\w:])")
_HTML = ("html", "xhtml+xml")
_AMERICAN = ("", "com", "org", "net")  # top-level domains whose English, where it names no country, is mostly American


def proposed(url: str, pages: Iterable[Page]) -> tuple[str, str]:
    """The IANA zone of the site at an address, or `unknown`; and a sentence that says by what, empty where its country
    tells.

    An offset of zero is no witness: it is what software writes that was never told where it stands.
    """
    if single := countries.timezone(url):
        return single, ""
    host = urlsplit(url).hostname or ""
    own = [page for page in pages if same_domain(urlsplit(page.url).hostname or "", host)]
    stated = {instant for page in own for instant in _instants(page) if instant.utcoffset()}
    land = countries.country(url) or _by_language(own, host)
    possible = countries.zones(land)
    fitting = [zone for zone in possible if sum(_fits(zone, one) for one in stated) >= (1 - _MOST_WRONG) * len(stated)]
    if len(stated) >= _ENOUGH and len(fitting) == 1:
        return fitting[0], f"time zone: {fitting[0]}, by {len(stated)} times that its pages state with their offset"
    if len(stated) < _ENOUGH:
        why = "neither the address nor the pages tell it"
    elif fitting:
        why = f"it may be {' or '.join(fitting)}"
    else:
        offsets = sorted({f"{one:%z}" for one in stated})
        why = f"the pages state {', '.join(offsets[:4])}" + f", which is no one zone of {land}" * bool(possible)
    return UNKNOWN_ZONE, (
        f"time zone: not known, {why}; times of day that name no zone are left out until `timezone` is set"
    )


def _fits(zone: str, instant: datetime) -> bool:
    return instant.astimezone(ZoneInfo(zone)).utcoffset() == instant.utcoffset()


def _by_language(pages: Iterable[Page], host: str) -> str:
    """The one country that the languages of the pages name (en-AU); for English without a country the United States,
    where the host's top-level domain is nobody's."""
    said = {
        (page.tree.get("lang") or "").replace("_", "-").lower()
        for page in pages
        if not page.mime or page.mime.endswith(_HTML)
    }
    lands = {lang.partition("-")[2].upper() for lang in said if re.fullmatch(r"[a-z]{2}-[a-z]{2}", lang)}
    if len(lands) == 1:
        return lands.pop()
    return "US" if not lands and said <= {"", "en"} and host.rpartition(".")[2] in _AMERICAN else ""


def _instants(page: Page) -> Iterator[datetime]:
    for number, text in enumerate(_statements(page)):
        if number >= _MANY:
            return
        for day, offset in _ISO.findall(text):
            yield from _read(f"{day}{offset}")
        for mail in _MAIL.findall(text):
            yield from _read(mail)


def _statements(page: Page) -> Iterator[str]:
    """What a page says to programs: of a feed or an answer in JSON all of it."""
    if page.mime and not page.mime.endswith(_HTML):
        yield page.text
        return
    for element in page.tree.iter("meta", "time", "script"):
        if element.tag != "script":
            yield element.get("content") or element.get("datetime") or ""
        elif (element.get("type") or "").lower() == "application/ld+json":
            yield element.text or ""


def _read(text: str) -> Iterator[datetime]:
    try:
        found = datetime.fromisoformat(text) if "T" in text[:11] else parsedate_to_datetime(text)
    except ValueError:  # the thirty-first of February
        return
    if found.tzinfo is not None:
        yield found
