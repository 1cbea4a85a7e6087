"""What an address and a home page say of a site: its id, name, country and time zone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from spiders.discover import words_score
from spiders.page import Page, one_line


def site_id(url: str) -> str:
    """`https://news.example.edu/` -> `news_example_edu`; `www.` is left out, a port too unless the host is a number."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    name = re.sub(r"[^a-z0-9]+", "_", host.lower()).strip("_")
    if host.replace(".", "").isdigit():
        name = f"{name}_{parts.port}" if parts.port else name
    return name if name[:1].isalpha() else f"site_{name}"


def site_name(page: Page) -> str:
    """Name of the publication: what the page calls its site, else the part of its title that names no section."""
    said = page.meta("og:site_name", "application-name", "sitename")
    if said:
        return " ".join(said.split())
    title = next((one_line(element) for element in page.tree.iter("title")), "")
    parts = [part.strip() for part in re.split(r"\s*[|｜_–—»]\s*|\s+-\s+|(?<=[\u3400-\u9fff])-|-(?=[\u3400-\u9fff])", title) if part.strip()]
    named = [part for part in parts if re.search(r"大学|学院|学校|university|college|institut|school|daily|times", part, re.I)]
    rest = [part for part in parts if not words_score(part) and not re.fullmatch(r"(?:网站)?首\s*页|home(?: ?page)?|welcome|欢迎.*", part, re.I)]
    return (named or rest or parts or [urlsplit(page.url).hostname or page.url])[0]


# country -> zone, for those whose colleges keep one time
_ZONES = {
    "cn": "Asia/Shanghai", "hk": "Asia/Hong_Kong", "mo": "Asia/Macau", "tw": "Asia/Taipei", "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "sg": "Asia/Singapore",
    "my": "Asia/Kuala_Lumpur", "th": "Asia/Bangkok", "vn": "Asia/Ho_Chi_Minh", "ph": "Asia/Manila", "in": "Asia/Kolkata", "pk": "Asia/Karachi", "bd": "Asia/Dhaka",
    "lk": "Asia/Colombo", "np": "Asia/Kathmandu", "ae": "Asia/Dubai", "sa": "Asia/Riyadh", "il": "Asia/Jerusalem", "tr": "Europe/Istanbul", "ir": "Asia/Tehran",
    "uk": "Europe/London", "ie": "Europe/Dublin", "de": "Europe/Berlin", "fr": "Europe/Paris", "it": "Europe/Rome", "nl": "Europe/Amsterdam", "be": "Europe/Brussels",
    "ch": "Europe/Zurich", "at": "Europe/Vienna", "dk": "Europe/Copenhagen", "se": "Europe/Stockholm", "no": "Europe/Oslo", "fi": "Europe/Helsinki", "pl": "Europe/Warsaw",
    "cz": "Europe/Prague", "sk": "Europe/Bratislava", "hu": "Europe/Budapest", "ro": "Europe/Bucharest", "bg": "Europe/Sofia", "gr": "Europe/Athens", "ua": "Europe/Kyiv",
    "lt": "Europe/Vilnius", "lv": "Europe/Riga", "ee": "Europe/Tallinn", "hr": "Europe/Zagreb", "si": "Europe/Ljubljana", "rs": "Europe/Belgrade", "is": "Atlantic/Reykjavik",
    "eg": "Africa/Cairo", "ng": "Africa/Lagos", "ke": "Africa/Nairobi", "za": "Africa/Johannesburg", "gh": "Africa/Accra", "ma": "Africa/Casablanca",
    "nz": "Pacific/Auckland", "ar": "America/Argentina/Buenos_Aires", "co": "America/Bogota", "pe": "America/Lima", "uy": "America/Montevideo",
}
_COUNTRIES = {"edu": "US", "uk": "GB", "gov": "US"}


def country(url: str) -> str:
    """ISO 3166-1 code that the host's top domain stands for; empty for com, org and numbers."""
    last = (urlsplit(url).hostname or "").rpartition(".")[2]
    if last in _COUNTRIES:
        return _COUNTRIES[last]
    return last.upper() if len(last) == 2 and last.isalpha() else ""


def timezone(url: str) -> str | None:
    """IANA zone of the host's country; None where the country has several, or is not known."""
    return _ZONES.get((urlsplit(url).hostname or "").rpartition(".")[2])


_AMERICAN = re.compile(r"US/|Pacific/Honolulu|America/(?:New_York|Chicago|Denver|Los_Angeles|Phoenix|Detroit|Boise|Anchorage|Juneau|Indiana/|Kentucky/|North_Dakota/|Menominee)")
_BY_ZONE = {zone: top.upper() for top, zone in _ZONES.items()} | {"Europe/London": "GB"}


def country_of(zone: str) -> str:
    """ISO 3166-1 code of the country whose time an IANA zone is; empty for UTC and for zones not known here."""
    if _AMERICAN.match(zone):
        return "US"
    return "AU" if zone.startswith("Australia/") else _BY_ZONE.get(zone, "")
