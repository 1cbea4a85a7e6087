"""Sites that fall silent together rest together: terms end in a whole country, and that is no trouble of any site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from archive.instants import parse
from archive.store.problems import RESTING, Problem

_TOGETHER = timedelta(days=7)  # between the last news of one site and another that rests with it
_LEAST, _SHARE = 3, 0.05  # sites of a country that do: by chance some always fall silent in the same days
_LONGEST = timedelta(days=100)  # a break; who is silent for longer is told of alone


def told_together(silences: Iterable[Problem], countries: Mapping[str, str], at: datetime) -> dict[str, list[Problem]]:
    """What is to be told of silent sites, by site: those of one country whose last news are of the same days have one
    remark, in the same words, until they are back or have rested for longer than any break. `countries` has each active
    site."""
    found: dict[str, list[Problem]] = {}
    groups: dict[str, list[Problem]] = {}
    for one in silences:
        if parse(str(one.since)) < at - _LONGEST:
            found[one.site] = [one]
        else:
            groups.setdefault(countries[one.site], []).append(one)
    for country, members in groups.items():
        among = sum(1 for other in countries.values() if other == country)
        members.sort(key=lambda one: (str(one.since), one.site))
        while members:
            days = [parse(str(one.since)) for one in members]
            near = [sum(abs(day - other) <= _TOGETHER for other in days) for day in days]
            centre = days[near.index(max(near))]
            resting = [one for one, day in zip(members, days, strict=True) if abs(day - centre) <= _TOGETHER]
            if len(resting) < max(_LEAST, _SHARE * among):
                found.update((one.site, [one]) for one in members)
                break
            found.update((one.site, [_resting(one, country, len(resting), among, centre)]) for one in resting)
            members = [one for one in members if one not in resting]
    return found


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
