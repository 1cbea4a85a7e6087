"""A site: who publishes, where its listings are, how its pages are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

UNKNOWN_ZONE = "unknown"  # a site's `timezone` where nobody has said which
Requisites = Literal["none", "body", "page"]
Browser = Literal["none", "listing", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingSeed:
    """The first page of one listing."""

    url: Annotated[str, "Address of its newest page, of its feed, API or sitemap"]
    section: Annotated[str, "Section of its articles; empty if the pages say it themselves"] = ""
    pager: Annotated[
        str,
        "Address of its page 2 where no link leads there; `{2}` is its number, `{10+10}` an offset, `{2025-1}` a year",
    ] = ""
    unfollowed: Annotated[
        str, "Why it holds more than it shows, or may, as `add` found it: `status` says so until it leads to a page 2"
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One table of sites.toml, checked."""

    id: Annotated[str, "Table name: lower case, digits and underscores"]
    name: Annotated[str, "Name of the publication"]
    listings: Annotated[tuple[ListingSeed, ...], "Where its news is listed"]
    college: Annotated[str, "Name of the college"] = ""
    family: Annotated[str, "CMS family, a module of spiders.families"] = "generic"
    homepage: Annotated[str, "Home page of the site"] = ""
    country: Annotated[str, "ISO 3166-1 code"] = ""
    language: Annotated[str, "ISO 639-1 code most articles are in; empty if mixed"] = ""
    timezone: Annotated[
        str, "IANA zone its dates are in; 'unknown': of a time of day that names no zone the day alone is kept"
    ] = "UTC"
    wikidata: Annotated[str, "Wikidata item of the college"] = ""
    ror: Annotated[str, "ROR id of the college, such as 03vek6s52 or its address"] = ""
    hosts: Annotated[
        tuple[str, ...], "Hosts whose pages are the site's own; the listings' hosts are always among them"
    ] = ()
    select: Annotated[dict[str, str], "Selectors that replace the family's"] = field(default_factory=dict)
    requisites: Annotated[Requisites, "What is fetched beside articles: none, body (images), page (also CSS)"] = "body"
    browser: Annotated[
        Browser, "What a browser draws where a page as sent holds nothing: none, listing, page (listings and stories)"
    ] = "none"
    interval: Annotated[
        int | None, "Seconds between two looks at a listing; 0 = on every run; left out = by its own rhythm"
    ] = None
    interval_min: Annotated[int, "Seconds between two looks at a listing at least, where its rhythm says"] = 3600
    interval_max: Annotated[
        int, "Seconds between two looks at most; up to four times as many where nothing has come for months"
    ] = 7 * 86400
    delay: Annotated[float | None, "Seconds between two requests to one host; None = the archive's"] = None
    encoding: Annotated[str, "Encoding of its pages where they lie about it; empty = found out"] = ""
    max_pages: Annotated[int, "Most pages of one listing in one walk"] = 100_000
    pages_a_day: Annotated[int, "Most answers of it in a day (UTC), the rest stays due; 0 = no bound"] = 0
    mb_a_day: Annotated[float, "Most MB of it in a day; 0 = no bound"] = 0.0
    minutes_a_day: Annotated[float, "Most minutes in which it is asked in a day; 0 = no bound"] = 0.0
    tags: Annotated[tuple[str, ...], "Words of the operator's own, by which sites are chosen and searched"] = ()
    paused: Annotated[bool, "Crawls leave it alone"] = False
    silent_days: Annotated[
        int | None,
        "Days without a new article after which status calls it silent; 0 = never; left out = by its own rhythm",
    ] = None
    alert_after: Annotated[
        int, "Runs in a row after which a report tells of trouble; 0 = three for what may pass by itself, else one"
    ] = 0


def owns(site: Site, url: str) -> bool:
    """Whether a page is the site's own: on one of its hosts, or on a sibling under the same registrable domain."""
    host = urlsplit(url).hostname or ""
    return host in site.hosts or any(same_domain(host, own) for own in site.hosts)


def same_domain(one: str, other: str) -> bool:
    """Whether two hosts stand under the same registrable domain; the list of public suffixes is asked only where it
    must be."""
    if one == other:
        return True
    ending, others = (host.rstrip(".").rpartition(".")[2] for host in (one, other))
    return ending == others and registrable(one) == registrable(other)


@cache
def registrable(host: str) -> str:
    """`news.example.edu.cn` -> `example.edu.cn` (Public Suffix List as shipped); a host without one is itself."""
    return _suffixes()(host).top_domain_under_public_suffix or host


@cache
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract  # loaded on first use, with an HTTP client that it is not to use

    return TLDExtract(suffix_list_urls=(), cache_dir=None)  # never asks the network
