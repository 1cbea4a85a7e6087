"""Changes for the worse in what a listing's first page shows, against how it looked when it was well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

_FEW = 4  # rows below which shares say nothing
_MANY_PAGES = 3
_MOST, _LEAST = 80, 20  # percent of rows that make 'all' and 'none'


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a first page shows."""

    rows: int
    dated: Annotated[int, "Percent of the rows that show a date"]
    cut: Annotated[int, "Percent of the titles that are cut short"]
    alone: Annotated[bool, "It leads to no other page, and says of none"]


def decline(pages: int, dated: int | None, cut: int | None, now: Look) -> str | None:
    """What is worse than it was, as `name: sentence`; None where nothing is. `pages`: of the longest walk so far."""
    if pages >= _MANY_PAGES and now.alone:
        return f"pages_lost: walks of it read {pages} pages, now its first leads to no other"
    if now.rows < _FEW:
        return None
    if dated is not None and dated >= _MOST and now.dated <= _LEAST:
        return f"dates_lost: {dated} % of its rows showed a date, now {now.dated} %"
    if cut is not None and cut <= _LEAST and now.cut >= _MOST:
        return f"titles_cut: {cut} % of its titles were cut short, now {now.cut} %"
    return None
