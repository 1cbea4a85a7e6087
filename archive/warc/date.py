"""WARC-Date in every form that the standard allows, and in some that tools write, as times stand in the archive."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from archive.patterns import deferred

_OURS = deferred(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
# WARC/1.1 section 5.4, after W3C's note on dates: year, month, day, minute, second and fractions; offsets are in the
# note
_FORM = deferred(
    r"""
    (?P<date>\d{4}(-\d\d(-\d\d)?)?)  # year, month, day
    ([T ](?P<time>\d\d:\d\d(:\d\d)?)(?P<fraction>[.,]\d{1,9})?)?\s*(?P<zone>  # a time and its fraction
        Z|UTC|GMT|[+-]\d\d:?\d\d  # an offset
    )?
    """,
    re.ASCII | re.IGNORECASE | re.X,
)
_DIGITS = deferred(r"^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?=Z?$)", re.ASCII)  # as CDX and ARC files write them
_LEAP = deferred(r"(?<=:)60$")
_FRACTION = deferred(r"(?<=:\d\d)\.\d{1,9}Z$", re.ASCII)
_PRECISE = {"WARC/1.0": (20,), "WARC/1.1": (4, 7, 10, 17, 20)}  # characters of the legal forms without fractions


def utc(text: str) -> str:
    """The instant a WARC-Date names, its beginning where it names a longer time, in UTC to the second or as fine as it
    is told.

    What is written so already stays as it stands. Raises ValueError for what is no time.
    """
    if _OURS.fullmatch(text) and text[11:13] != "24" and text[17:19] != "60":
        datetime.fromisoformat(text[:19])
        return text
    found = _FORM.fullmatch(_DIGITS.sub(r"\1-\2-\3T\4:\5:\6", text.strip()))
    if found is None:
        return _of_mail(text)
    time = f"{found['time'] or '00:00'}:00"[:8]
    after = timedelta(days=1) if time == "24:00:00" else timedelta()  # ISO 8601: the end of the day
    time = _LEAP.sub("59", "00:00:00" if after else time)
    fraction = (found["fraction"] or "").replace(",", ".")
    zone = (found["zone"] or "Z").upper()
    offset = "+00:00" if zone in ("Z", "UTC", "GMT") else f"{zone[:3]}:{zone[-2:]}"
    try:
        instant = datetime.fromisoformat(f"{found['date']}-01-01"[:10] + f"T{time}{offset}").astimezone(UTC) + after
    except (ValueError, OverflowError):
        raise ValueError(f"WARC-Date {text[:40]!r} is no time") from None
    return f"{instant:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + f"{fraction}Z"


def _of_mail(text: str) -> str:
    """Of a date as HTTP and mail write them."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, TypeError, OverflowError):
        raise ValueError(f"WARC-Date {text[:40]!r} is no time") from None


def spelt(text: str | None) -> str | None:
    """A date as `utc` spells it; as it stands where it is no time."""
    try:
        return utc(text) if text else text
    except ValueError:
        return text


def of_headers(headers: list[tuple[str, str]]) -> str:
    """The time a server gives in its Date header, as `utc`; raises ValueError where it gives none."""
    for name, value in headers:
        if name.lower() == "date":
            try:
                return _of_mail(value)
            except ValueError:
                break
    raise ValueError("no Date header that is one")


def is_legal(text: str, version: str) -> bool:
    """Whether a record of that version of the standard may have it as WARC-Date."""
    try:
        named = utc(text)
    except ValueError:
        return False
    whole = _FRACTION.sub("Z", text)
    return (
        len(whole) in _PRECISE.get(version, (20,))
        and (len(whole) <= 10 or whole.endswith("Z"))
        and named.startswith(whole.rstrip("Z"))
    )
