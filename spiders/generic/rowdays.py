"""The days that a listing's rows mean, where one row alone does not say: 20.09.26 by its neighbours, `1 hr ago` by the
time at which the listing was fetched, `09-28` by both."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from archive.patterns import deferred
from spiders.facts import Item
from spiders.generic import dates, digits, rowyears

_SHORT = deferred(r"(\d{1,2})([./-])(\d{1,2})\2(\d{1,2})")
_ORDERS: dict[str, Callable[[str, str, str], tuple[str, str, str]]] = {  # to year, month, day
    "day": lambda a, b, c: (c, b, a),
    "month": lambda a, b, c: (c, a, b),
    "year": lambda a, b, c: (a, b, c),
}
_CLEARLY = 4  # times as long a stretch of time as the right order has, by any other
_ENOUGH = 3  # different days


def settled(
    items: Sequence[Item],
    now: datetime | None,
    zone: tzinfo,
    *,
    order: str | None,
    first: bool = True,
    headed: Mapping[int, int] = rowyears.NONE,
) -> tuple[Item, ...]:
    """The items with these dates as ISO 8601 writes them, and with none where it is not sure which day is meant.

    `now` is when the listing was fetched, in the zone of the site; `order` is what comes first in the country's dates
    ("day", "month" or "year"), None where the country is not known; `first`: the page is where the listing begins;
    `headed`: the years that headings above the rows name, by their places.
    """
    short = {n: match for n, item in enumerate(items) if item.date and (match := _SHORT.fullmatch(_plain(item.date)))}
    days = _days(list(short.values()), [items[n].sticky for n in short], now, order) if short else []
    told: dict[int, str | None] = {n: day.isoformat() if day else None for n, day in zip(short, days, strict=True)}
    for n, item in enumerate(items):
        if now and item.date and n not in told and dates.is_relative(item.date):
            moment = dates.parse(item.date, now)
            if moment is not None:
                told[n] = moment.iso(zone)[: 7 if moment.precision == "month" else None]
    if now:
        told = rowyears.settled(items, now, zone, first=first, headed=headed) | told
    return tuple(replace(item, date=told[n]) if n in told else item for n, item in enumerate(items))


def _plain(text: str) -> str:
    return digits.plain(text).strip().rstrip(".")


def _days(
    rows: Sequence[re.Match[str]], sticky: Sequence[bool], now: datetime | None, order: str | None
) -> Sequence[date | None]:
    """The days of rows by the one order of year, month and day that they, and the country, leave."""
    nothing: list[date | None] = [None] * len(rows)
    if len({row[2] for row in rows}) > 1:
        return nothing
    read = {name: days for name in _ORDERS if (days := _by(name, rows, now))}
    if not read:
        return nothing
    rowed = {name: [day for day, stuck in zip(days, sticky, strict=True) if not stuck] for name, days in read.items()}
    falling = [name for name, days in rowed.items() if _falls(days)] or list(read)
    spans = sorted((_span(rowed[name]), name) for name in falling)
    sure = spans[0][1] if len(read) == 1 or _is_clear(spans, rowed) else None
    if sure and order in read and order != sure:
        return nothing
    chosen = sure or (order if order in falling else None)
    return read[chosen] if chosen else nothing


def _by(name: str, rows: Sequence[re.Match[str]], now: datetime | None) -> list[date]:
    """Days of all rows in an order; none where one of them would be no day, or lie ahead."""
    days = []
    for row in rows:
        year, month, day = _ORDERS[name](row[1], row[3], row[4])
        if len(year) != 2:
            return []
        number = int(year)
        try:
            days.append(date(number + (1900 if number >= 90 else 2000), int(month), int(day)))
        except ValueError:
            return []
    return days if now is None or max(days) <= now.date() + timedelta(days=2) else []


def _falls(days: Sequence[date]) -> bool:
    """Whether the newest come first, give or take one in ten."""
    steps = list(pairwise(days))
    return sum(later > earlier for earlier, later in steps) * 10 <= len(steps)


def _span(days: Sequence[date]) -> int:
    return (max(days) - min(days)).days if days else 0


def _is_clear(spans: Sequence[tuple[int, str]], rowed: dict[str, list[date]]) -> bool:
    """Whether the rows lie much closer together in one order than in any other: what differs least is the year."""
    if len(set(rowed[spans[0][1]])) < _ENOUGH:
        return False
    return len(spans) == 1 or spans[0][0] * _CLEARLY <= spans[1][0]
