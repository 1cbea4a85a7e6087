"""How much was published when: the counts behind the charts, and the charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from archive.web import charts, months
from archive.web.cards import one
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

_BEHIND = "\U0010ffff"  # sorts behind whatever follows a month in a date


def by_month(db: Database, site: str | None = None) -> dict[str, int]:
    """Articles of each month of publication; those dated by the year alone are left out.

    Month by month along the index of dates, which costs less than to cut and sort the date of every article.
    """
    of_site, values = ("site = ? and ", [site]) if site is not None else ("", [])
    next_date = f"select min(published) from articles where {of_site}published >= ?"
    count = f"select count(*) from articles where {of_site}published >= ? and published < ?"
    counts: dict[str, int] = {}
    date = one(db, next_date, [*values, ""])
    while date is not None:
        month = date[:7]
        behind = month + _BEHIND if len(month) == 7 else date + "\0"
        if len(month) == 7 and month[:4].isdigit() and "01" <= month[5:] <= "12":
            counts[month] = one(db, count, [*values, month, behind])
        date = one(db, next_date, [*values, behind])
    return counts


def years(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Articles of each year: the chart for those who read it as a list."""
    sums: dict[str, int] = {}
    for month, n in sorted(counts.items()):
        sums[month[:4]] = sums.get(month[:4], 0) + n
    return list(sums.items())


def chart(counts: Mapping[str, int], visit: PageRequest, query: str = "") -> Markup:
    """Articles by month; each bar leads to a search of its span within `query`."""

    def href(first: str, last: str) -> str:
        return visit.link("/search", q=f"{query} after:{first} before:{last}".strip(), sort="newest")

    def title(label: str, n: int) -> str:
        return f"{label}: {visit.word('results_one') if n == 1 else visit.word('results', n=f'{n:,}')}"

    return charts.bars(months.as_bars(counts, title=title, href=href), title=visit.word("by_month"))


def trend(counts: Mapping[str, int], last: str, visit: PageRequest) -> Markup:
    """The three years up to the month `last` as a small row of bars."""
    span = months.between(f"{int(last[:4]) - 3:04}{last[4:]}", last)[1:]
    values = [counts.get(month, 0) for month in span]
    return charts.sparkline(values, title=f"{visit.word('trend')}: {sum(values):,}")
