"""Countries, told by the host of an address or by a time zone, and the zone of those that keep one time."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.patterns import deferred

# country -> zone, for those whose colleges keep one time
_ZONES = {
    "cn": "Asia/Shanghai",
    "hk": "Asia/Hong_Kong",
    "mo": "Asia/Macau",
    "tw": "Asia/Taipei",
    "jp": "Asia/Tokyo",
    "kr": "Asia/Seoul",
    "sg": "Asia/Singapore",
    "my": "Asia/Kuala_Lumpur",
    "th": "Asia/Bangkok",
    "vn": "Asia/Ho_Chi_Minh",
    "ph": "Asia/Manila",
    "in": "Asia/Kolkata",
    "pk": "Asia/Karachi",
    "bd": "Asia/Dhaka",
    "lk": "Asia/Colombo",
    "np": "Asia/Kathmandu",
    "ae": "Asia/Dubai",
    "sa": "Asia/Riyadh",
    "il": "Asia/Jerusalem",
    "tr": "Europe/Istanbul",
    "ir": "Asia/Tehran",
    "uk": "Europe/London",
    "ie": "Europe/Dublin",
    "de": "Europe/Berlin",
    "fr": "Europe/Paris",
    "it": "Europe/Rome",
    "nl": "Europe/Amsterdam",
    "be": "Europe/Brussels",
    "ch": "Europe/Zurich",
    "at": "Europe/Vienna",
    "dk": "Europe/Copenhagen",
    "se": "Europe/Stockholm",
    "no": "Europe/Oslo",
    "fi": "Europe/Helsinki",
    "pl": "Europe/Warsaw",
    "cz": "Europe/Prague",
    "sk": "Europe/Bratislava",
    "hu": "Europe/Budapest",
    "ro": "Europe/Bucharest",
    "bg": "Europe/Sofia",
    "gr": "Europe/Athens",
    "ua": "Europe/Kyiv",
    "lt": "Europe/Vilnius",
    "lv": "Europe/Riga",
    "ee": "Europe/Tallinn",
    "hr": "Europe/Zagreb",
    "si": "Europe/Ljubljana",
    "rs": "Europe/Belgrade",
    "is": "Atlantic/Reykjavik",
    "eg": "Africa/Cairo",
    "ng": "Africa/Lagos",
    "ke": "Africa/Nairobi",
    "za": "Africa/Johannesburg",
    "gh": "Africa/Accra",
    "ma": "Africa/Casablanca",
    "nz": "Pacific/Auckland",
    "ar": "America/Argentina/Buenos_Aires",
    "co": "America/Bogota",
    "pe": "America/Lima",
    "uy": "America/Montevideo",
}
# country -> zones, for those whose colleges keep several: one for each that has a history of its own since 2010
_SEVERAL = {
    "US": (
        "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
        "America/Anchorage", "Pacific/Honolulu",
    ),
    "CA": (
        "America/St_Johns", "America/Halifax", "America/Toronto", "America/Winnipeg", "America/Regina",
        "America/Edmonton", "America/Vancouver",
    ),
    "AU": ("Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Darwin", "Australia/Perth"),
    "BR": ("America/Sao_Paulo", "America/Manaus", "America/Rio_Branco"),
    "MX": ("America/Mexico_City", "America/Cancun", "America/Hermosillo", "America/Tijuana"),
    "CL": ("America/Santiago", "America/Punta_Arenas"),
    "ES": ("Europe/Madrid", "Atlantic/Canary"),
    "PT": ("Europe/Lisbon", "Atlantic/Azores"),
    "RU": (
        "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
        "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok",
    ),
    "ID": ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
}  # fmt: skip
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


def zones(land: str) -> tuple[str, ...]:
    """IANA zones of a country, given by its ISO 3166-1 code; none where they are not known here."""
    single = _ZONES.get("uk" if land == "GB" else land.lower())
    return (single,) if single else _SEVERAL.get(land, ())


_AMERICAN = deferred(
    r"""
    US/|Pacific/Honolulu  # old names and islands
    |America/(?:  # cities and states of the mainland
        New_York|Chicago|Denver|Los_Angeles|Phoenix|Detroit|Boise|Anchorage|Juneau
        |Indiana/|Kentucky/|North_Dakota/|Menominee
    )
    """,
    re.X,
)
_BY_ZONE = {zone: top.upper() for top, zone in _ZONES.items()} | {"Europe/London": "GB"}


def country_of(zone: str) -> str:
    """ISO 3166-1 code of the country whose time an IANA zone is; empty for UTC and for zones not known here."""
    if _AMERICAN.match(zone):
        return "US"
    return "AU" if zone.startswith("Australia/") else _BY_ZONE.get(zone, "")
