"""The years of rows that show none (`09-28`, `28 Sep`): by the time at which the listing was fetched and by the order
of the rows, which begin with the newest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from itertools import pairwise
from types import MappingProxyType

from spiders.facts import Item
from spiders.generic import dates
from spiders.generic.dates import Moment

NONE: Mapping[int, int] = MappingProxyType({})
_BACK = 183  # days: a row that much newer than the one above it is of a year before
_PINNED = 3  # rows that may be pinned above the newest
_NEXT = (
    3  # times the usual distance of two rows that may lie between the last of a year and the first of the one before
)
_LEAST = 3  # days
_YEARLY = 3  # rows between two turns of the year, below which a list is in no order


def settled(
    items: Sequence[Item], now: datetime, zone: tzinfo, *, first: bool, headed: Mapping[int, int] = NONE
) -> dict[int, str | None]:
    """Days of the rows without a year, by their places; None where it is not sure which year is meant. `headed`: the
    years that headings above the rows name.

    `first`: the page is where the listing begins, so that rows above the newest may be pinned there.
    """
    read = {n: moment for n, item in enumerate(items) if item.date and (moment := _without_year(item.date, now))}
    if not read:
        return {}
    shown = [
        (n, read[n].day if n in read else _day(item)) for n, item in enumerate(items) if not item.sticky and item.date
    ]
    told = _in_order([(n, day) for n, day in shown if day is not None], read, first=first) if not headed else {}
    told |= {n: _of_year(moment.day, headed[n]) for n, moment in read.items() if n in headed}
    made: dict[int, str | None] = {}
    for n, moment in read.items():
        day = told.get(n, moment.day)
        made[n] = replace(moment, day=day).iso(zone) if day else None
    return made


def _in_order(rows: Sequence[tuple[int, date]], read: dict[int, Moment], *, first: bool) -> dict[int, date | None]:
    """The days by the order of the rows: those behind a leap from January to December are of the year before."""
    told: dict[int, date | None] = {}
    days = [day for _, day in rows]
    leaps = [at for at in range(1, len(rows)) if (days[at] - days[at - 1]).days > _BACK and rows[at][0] in read]
    if any(b - a < _YEARLY for a, b in pairwise(leaps)) or not all(
        _falls(days[a:b]) for a, b in pairwise([0, *leaps, len(days)])
    ):
        return told  # in no order that tells
    from statistics import median  # here: few lists come so far

    falls = [(a - b).days for a, b in pairwise(days) if a >= b]
    usual = max(median(falls), 1) if falls else _LEAST
    years = 0
    for at, until in pairwise([*leaps, len(rows)]):
        earlier = _years_before(days[at], 1)
        follows = earlier is not None and (days[at - 1] - earlier).days <= max(_NEXT * usual, _LEAST)
        above = at == leaps[0] <= _PINNED  # few rows: perhaps they stand there for another reason than their day
        if above and first and not follows:
            continue
        unsure = above and (first or not follows)
        years += 1
        for n, day in rows[at:until]:
            if n in read:
                told[n] = None if unsure else _years_before(day, years)
    return told


def _falls(days: Sequence[date]) -> bool:
    steps = list(pairwise(days))
    return sum(later > earlier for earlier, later in steps) * 10 <= len(steps)


def _without_year(text: str, now: datetime) -> Moment | None:
    """What a row says of its day where it leaves out the year, as of the last year in which that lay not ahead."""
    if dates.parse(text, None) is not None or dates.is_relative(text):
        return None
    moment = dates.parse(text, now)
    return moment if moment is not None and moment.precision != "month" else None


def _day(item: Item) -> date | None:
    moment = dates.parse(item.date or "", None)
    return moment.day if moment is not None else None


def _years_before(day: date, years: int) -> date | None:
    return _of_year(day, day.year - years)


def _of_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return None
