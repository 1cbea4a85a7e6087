"""Where a page is from, which its dates depend on: the country, and whether 03/04 is the third of April there."""

from __future__ import annotations

from urllib.parse import urlsplit

from archive.patterns import deferred
from spiders import countries
from spiders.page import Page
from spiders.site import Site

_MONTH_FIRST = {"US", "PH"}  # where 03/04 is the fourth of March
_AMERICAN = {"com", "org", "net", "edu", "gov", "us", "io", ""}  # top-level domains whose English is mostly American
# where a language is at home whose dates are read otherwise than elsewhere; no template says these by habit
_OF_LANGUAGE = {"ko": "KR", "ja": "JP", "hr": "HR", "bs": "BA", "pl": "PL", "cs": "CZ", "th": "TH", "fa": "IR"}
# regions that templates do not name by habit either
_OF_REGION = {"zh-tw": "TW", "zh-hant-tw": "TW"}
_LOCALE = deferred(r"/([a-z]{2}-[a-zA-Z]{2})/")


def country(page: Page, site: Site) -> str:
    """ISO 3166-1 code: the site's, else that of its time zone, of the host or of the page's
    own language; empty where none is sure."""
    return (
        site.country
        or countries.country_of(site.timezone)
        or countries.country(page.url)
        or _OF_LANGUAGE.get(page.declared_language, "")
        or _OF_REGION.get((page.tree.get("lang") or "").replace("_", "-").lower(), "")
    )


def day_first(page: Page, site: Site) -> bool:
    """Whether 03/04 is the third of April here: by the site's country, the page's locale, else the top-level domain."""
    if site.country:
        return site.country not in _MONTH_FIRST
    in_path = _LOCALE.search(page.url)  # /en-gb/news/...
    said = (in_path[1] if in_path else page.tree.get("lang") or page.meta("og:locale") or "").replace("_", "-").lower()
    if said in ("", "en"):
        return (urlsplit(page.url).hostname or "").rpartition(".")[2] not in _AMERICAN
    return said != "en-us"
