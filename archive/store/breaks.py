"""Sites that fall silent together rest together: terms end in a whole country, and that is no trouble of any site."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from archive.instants import parse
from archive.store.problems import RESTING, Problem

_TOGETHER = timedelta(days=7)  # between the last news of one site and another that rests with it
_LEAST, _SHARE = 3, 0.05  # sites of a country that do: by chance some always fall silent in the same days
_LONGEST = timedelta(days=100)  # a break; who is silent for longer is told of alone


def told_together(
    silences: Iterable[Problem], nearly: Mapping[str, str], countries: Mapping[str, str], at: datetime
) -> dict[str, list[Problem]]:
    """What is to be told of silent sites, by site: those of one country whose last news are of the same days have one
    remark, in the same words, until they are back or have rested for longer than any break. `nearly` has the last news
    of sites that are quiet for longer than they usually are, `countries` each active site."""
    found: dict[str, list[Problem]] = {}
    quiet: dict[str, list[tuple[datetime, str]]] = {}  # by country
    told = {one.site: one for one in silences}
    for site, last in {**nearly, **{site: str(one.since) for site, one in told.items()}}.items():
        day = parse(last)
        if day < at - _LONGEST:
            found.update({site: [told[site]]} if site in told else {})
        else:
            quiet.setdefault(countries[site], []).append((day, site))
    sites = Counter(countries.values())
    for country, members in quiet.items():
        members.sort()  # by day: thousands of colleges of one country rest in the same weeks
        among = sites[country]
        while members:
            centre, start, stop = _centre([day for day, _ in members])
            resting = members[start:stop]
            alone = len(resting) < max(_LEAST, _SHARE * among)
            for _, site in members if alone else resting:
                if site in told:
                    found[site] = [told[site] if alone else _resting(told[site], country, len(resting), among, centre)]
            members = [] if alone else members[:start] + members[stop:]
    return found


def _centre(days: Sequence[datetime]) -> tuple[datetime, int, int]:
    """Of days in order the one that most others are near to, the first of such, and from where to where these stand."""
    near = [(bisect_left(days, day - _TOGETHER), bisect_right(days, day + _TOGETHER)) for day in days]
    n = max(range(len(days)), key=lambda n: near[n][1] - near[n][0])
    return days[n], *near[n]


def _resting(one: Problem, country: str, resting: int, among: int, centre: datetime) -> Problem:
    where = f" in {country}" if country else ""
    said = (
        f"{resting} of {among} sites{where} have had no new article since about {centre:%Y-%m-%d}, as in a break"
        " between terms; who stays silent when the others are back, or for 100 days, is told of"
    )
    return Problem(
        site=one.site,
        url="",
        state=RESTING,
        reason=country or RESTING,
        detail=said,
        since=one.since,
        action="campuswarc sites --due",
        line=said,
    )
