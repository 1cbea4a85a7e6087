"""Counts over time: months without gaps, years where months would be too many."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from archive.web.charts import Bar

MOST_BARS = 180


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of months without an article."""

    first: str
    last: str
    months: int


def between(first: str, last: str) -> list[str]:
    """All months from `2023-11` to `2024-02`, both included."""
    year, month = int(first[:4]), int(first[5:7])
    out = []
    while (text := f"{year:04}-{month:02}") <= last:
        out.append(text)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return out


def gaps(counts: Mapping[str, int]) -> list[Gap]:
    """Where a site fell silent, or the archive missed it; oldest first."""
    filled = sorted(month for month, count in counts.items() if count)
    found = []
    for before, after in pairwise(filled):
        empty = between(before, after)[1:-1]
        if empty:
            found.append(Gap(empty[0], empty[-1], len(empty)))
    return found


def as_bars(
    counts: Mapping[str, int], *, title: Callable[[str, int], str], href: Callable[[str, str], str | None]
) -> list[Bar]:
    """A bar for each month, or each year where the months are too many; `href` gets first and last day of the bar."""
    filled = sorted(month for month, count in counts.items() if count)
    if not filled:
        return []
    months = between(filled[0], filled[-1])
    if len(months) > MOST_BARS:
        years: dict[str, int] = {}
        for month in months:
            years[month[:4]] = years.get(month[:4], 0) + counts.get(month, 0)
        return [
            Bar(
                label=year,
                title=title(year, n),
                parts=(("n", n),),
                href=href(f"{year}-01-01", f"{year}-12-31"),
                tick=True,
            )
            for year, n in years.items()
        ]
    yearly = len(months) > 18
    return [
        Bar(
            label=month[:4] if yearly else month,
            title=title(month, counts.get(month, 0)),
            parts=(("n", counts.get(month, 0)),),
            href=href(f"{month}-01", f"{month}-{monthrange(int(month[:4]), int(month[5:]))[1]}"),
            tick=month.endswith("-01") or not yearly,
        )
        for month in months
    ]
