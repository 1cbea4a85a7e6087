"""Records that other tools wrote, seen one by one: which are pages, whose, and which are stories without a listing that
says so."""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.patterns import deferred
from archive.warc.captured import is_bare, profile
from archive.warc.history import Recorded
from archive.warc.record import Record
from spiders.findings import Reading, Story
from spiders.site import Site, owns
from spiders.urls import canonical

_METHOD = deferred(rb"[\r\n]{0,4}([A-Za-z]{1,20})[ \t]")
_PSEUDO = deferred(rb"^:method:[ \t]*([A-Za-z]{1,20})", re.MULTILINE)  # as some tools write what HTTP/2 carries
_MOST_HEAD = 1 << 16
_WORDS = 60  # characters below which a page that no listing names is not taken for a story


def owner(told: Recorded, sites: Mapping[str, Site]) -> tuple[Site, str] | None:
    """The site whose page it is, and the page's canonical address; None for the answer to a form, or to a question for
    the head alone."""
    if not was_asked_for(told):
        return None
    try:
        url = canonical(told.record.url)
    except ValueError:
        return None
    site = next((site for site in sites.values() if owns(site, url)), None)
    return (site, url) if site else None


def was_asked_for(told: Recorded) -> bool:
    """Whether it answers a GET, as far as is told: not a form, nor a question for the head alone."""
    return told.request is None or asks(told.request)


def asks(request: Record) -> bool:
    """Whether a request asks for a page and for nothing else; so does one that does not tell how it asks."""
    found = _PSEUDO.search(request.block, 0, _MOST_HEAD) or _METHOD.match(request.block)
    return found is None or found[1].upper() == b"GET"


def passed_over(record: Record) -> str | None:
    """Why nothing is taken of a record; None for an HTTP answer, and for a resource at a web address, as warcit makes
    them of files.

    What a crawler says of pages stands at addresses of its own (`dns:`, `urn:pageinfo:`, `metadata:`).
    """
    if not record.is_capture:
        return f"of type {record.type[:40]!r}" if record.type else "without a type"
    if not record.url[:8].lower().startswith(("http://", "https://")):
        scheme = record.url.partition(":")[0][:20]
        return f"no web address ({scheme}:)" if scheme.isalnum() else "no web address"
    if record.type == "revisit" and profile(record) is None:
        return "revisits of a profile that is not known"
    if record.type == "resource" or record.is_rendering or is_bare(record):
        return None
    if not record.is_http:
        return "no HTTP answers"
    return "without an HTTP status" if record.status is None else None


def certain(reading: Reading) -> bool:
    """Whether a page no listing names is a story: dated by itself, with a text of some length."""
    return isinstance(reading, Story) and reading.article.published is not None and len(reading.article.body) >= _WORDS


def shape(url: str) -> str:
    """`https://e.edu/2025/0925/c12a345/page.htm` -> `https://e.edu/0/0/c0a0/page.htm`; words of a slug are one."""
    return re.sub(r"[^/]*-[^/]*", "-", re.sub(r"[0-9]+", "0", url))
