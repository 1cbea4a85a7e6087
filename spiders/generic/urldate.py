"""The date that an address carries, and how far it can be believed: a running number looks like a day too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from archive.patterns import deferred

EARLIEST = 1990  # the web's own age
_Y, _M, _D = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>0[1-9]|1[0-2])", r"(?P<d>0[1-9]|[12]\d|3[01])"
# parted (2023/12/13, 2023-12-13, 202312/13), marked (t20231213_), or a folder of days with the story's own number in it
_SURE = (
    deferred(r"/(?P<y>(?:19|20)\d\d)(?P<s>[/-])(?P<m>0?[1-9]|1[0-2])[/-](?P<d>0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
    deferred(rf"/{_Y}-?{_M}/{_D}(?=[/_.-]|$)"),
    deferred(rf"(?<=[/_-]t){_Y}{_M}{_D}(?=[_.]|$)"),
    deferred(rf"(?<=[/_t-]){_Y}[_-]{_M}[_-]{_D}(?=[/_.T-]|$)"),
    deferred(rf"/{_Y}/?{_M}{_D}/(?=[^/]*\d)"),
    deferred(rf"(?<=[/_t-]){_Y}{_M}{_D}(?=[_T-][^/]*[^/\d])"),
)
# digits that run on, and are the last of the address: /2023/1012.html, /20231012/
_LIKE = (deferred(rf"/{_Y}/?{_M}{_D}(?=[/_.-]|$)"), deferred(rf"(?<=[/_t-]){_Y}[_-]?{_M}[_-]?{_D}(?=[/_.T-]|$)"))
_MONTH = deferred(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])(?=/)")


@dataclass(frozen=True, slots=True)
class Named:
    """The day an address names; not `sure` where its digits may as well be a running number."""

    day: date
    sure: bool


def find(url: str) -> Named | None:
    """The date an address carries (/2023/12/13/, /2023/1213/c1a2/, t20231213_); None if it carries no day."""
    path = _path(url)
    return _first(_SURE, path, sure=True) or _first(_LIKE, path, sure=False)


def _path(url: str) -> str:
    return url.split("//", 1)[-1].partition("?")[0][:400]


def _first(forms: Iterable[re.Pattern[str]], path: str, *, sure: bool) -> Named | None:
    for pattern in forms:
        for match in pattern.finditer(path):
            try:
                day = date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                continue
            if day.year >= EARLIEST:
                return Named(day, sure)
    return None


def year(url: str) -> int | None:
    """The year an address carries beside a month; None if none."""
    match = _MONTH.search(url)
    return int(match[1]) if match else None


def runs_on(url: str, others: Iterable[str]) -> bool:
    """Whether the digits at the end of an address are a running number, by the addresses beside it.

    They are where one of them names no day, or three of them follow each other without a gap.
    """
    head, number, tail = _parted(url)
    if not number:
        return False
    beside = {int(number)}
    for other in others:
        there, digits, end = _parted(other)
        if (there, end) != (head, tail):
            continue
        if len(digits) != len(number) or find(other) is None:
            return True
        beside.add(int(digits))
    return any({first, first + 1, first + 2} <= beside for first in range(int(number) - 2, int(number) + 1))


_LAST = deferred(r"(?P<number>\d{3,8})(?P<tail>/?[^/\d]*)$")


def _parted(url: str) -> tuple[str, str, str]:
    path = urlsplit(url).path[-200:]
    match = _LAST.search(path)
    return (path[: match.start()], match["number"], match["tail"]) if match else ("", "", "")
