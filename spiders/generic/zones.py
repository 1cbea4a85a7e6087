"""Time zones as they stand behind a time: +08:00, GMT+8, EST. What letters mean depends on the land; some mean nothing
sure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MOST = 14 * 60  # minutes: no clock on earth is further from UTC
# letters -> hours from UTC by country (ISO 3166-1), "" for all others. Without "" they say nothing where the land is
# not known.
_LETTERS: dict[str, dict[str, float]] = {
    **{name: {"": hours} for name, hours in {
        "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "MET": 1, "CEST": 2, "MESZ": 2, "MEST": 2,
        "EET": 2, "EEST": 3, "MSK": 3,
        "MDT": -6, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "ADT": -3, "NDT": -2.5, "JST": 9, "KST": 9, "HKT": 8,
        "SGT": 8, "PHT": 8, "MYT": 8,
        "ICT": 7, "WIB": 7, "WITA": 8, "WIT": 9, "PKT": 5, "NPT": 5.75, "AEST": 10, "AEDT": 11, "ACST": 9.5,
        "ACDT": 10.5, "AWST": 8, "NZST": 12,
        "NZDT": 13, "SAST": 2, "EAT": 3, "CAT": 2, "WAT": 1, "BRT": -3, "TRT": 3, "北京时间": 8, "北京時間": 8,
    }.items()},
    "EST": {"": -5, "AU": 10}, "EDT": {"": -4, "AU": 11}, "CDT": {"": -5, "CU": -4, "AU": 10.5},  # RFC 822, section 5.1
    "CST": {"US": -6, "CA": -6, "MX": -6, "CR": -6, "GT": -6, "CN": 8, "TW": 8, "HK": 8, "MO": 8, "AU": 9.5, "CU": -5},
    "MST": {"": -7, "MY": 8}, "PST": {"": -8, "PH": 8}, "BST": {"": 1, "BD": 6},
    "AST": {"CA": -4, "PR": -4, "US": -4, "BB": -4, "TT": -4, "SA": 3, "KW": 3, "QA": 3, "BH": 3, "IQ": 3, "YE": 3},
    "IST": {"IN": 5.5, "LK": 5.5, "IE": 1, "IL": 2}, "GST": {"AE": 4, "OM": 4},
}  # fmt: skip
_REGIONS = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}  # summer time or not: by the day
PATTERN = (
    r"(?P<zone>Z(?![A-Za-z])|(?:UTC|GMT)?\s?(?P<sign>[+-])(?P<oh>\d{1,2})(?:(?P<colon>:)?(?P<om>[0-5]\d))?(?![\d:])"
    rf"|(?:{'|'.join(sorted([*_LETTERS, *_REGIONS], key=len, reverse=True))})(?![A-Za-z]))"
)


class Unsure(ValueError):
    """A zone stands there, and it is not sure which."""


def named(text: str, country: str, local: datetime) -> tzinfo:
    """The zone that letters mean at a local time in a country; raises Unsure."""
    if text == "Z":
        return UTC
    if text in _REGIONS:
        if country not in ("", "US", "CA"):
            raise Unsure(text)
        offset = ZoneInfo(_REGIONS[text]).utcoffset(local)
        return timezone(offset or timedelta())
    hours = _LETTERS[text].get(country, _LETTERS[text].get(""))
    if hours is None:
        raise Unsure(text)
    return timezone(timedelta(hours=hours)) if hours else UTC


def numbered(sign: str, hours: str, minutes: str | None) -> tzinfo:
    """+0800 and its like; raises Unsure where no clock on earth is so far from UTC."""
    offset = 60 * int(hours) + int(minutes or 0)
    if offset > _MOST or offset % 15:
        raise Unsure(f"{sign}{hours}{minutes or ''}")
    return timezone(timedelta(minutes=-offset if sign == "-" else offset)) if offset else UTC
