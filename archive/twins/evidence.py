"""How much speaks for two stories being one told twice, and how sure that makes."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from archive.twins.marks import Chinese, English
from archive.twins.quantities import Day

_CAP = 10.0  # what numbers and days together count at most
# fitted to the pairs of docs/twins.md; how sure one may be of a pair with all of it at nought
_NOUGHT = -13.0
_WORDS, _HEADLINE, _FOUND, _UNMET, _NAMES, _TERMS, _PICTURE = 19.0, 4.5, 0.6, -4.0, 0.3, 1.0, 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What two stories have in common."""

    words: Annotated[float, "Share of the English words that Chinese ones mean, the rarer the more, 0 to 1"]
    headline: Annotated[float, "Share of the words of the Chinese headline that the English story has, 0 to 1"]
    numbers: Annotated[tuple[str, ...], "Numbers of the English story that the Chinese one has"] = ()
    days: Annotated[tuple[str, ...], "Days of it that the Chinese one names, as month-day"] = ()
    unmet: Annotated[tuple[str, ...], "Numbers and days of it that the Chinese one does not have"] = ()
    names: Annotated[tuple[str, ...], "Names in pinyin that are read in the Chinese one"] = ()
    terms: Annotated[tuple[str, ...], "Terms in Latin letters that both write"] = ()
    picture: Annotated[bool, "Both show a photo that few others show"] = False
    link: Annotated[str, "Which page names the other as its translation: both, chinese, english; empty for none"] = ""
    apart: Annotated[int | None, "Days between their dates; negative where the English one is the earlier"] = None

    @property
    def facts(self) -> tuple[tuple[str, ...], ...]:
        """What is told, however it is worded."""
        return self.numbers, self.days, self.unmet, self.names, self.terms

    @property
    def logit(self) -> float:
        """How sure that makes, on a scale without bounds."""
        found = min(_CAP, sum(map(_weight_of, self.numbers)) + len(self.days))
        unmet = sum(map(_weight_of, self.unmet))
        return (
            _NOUGHT
            + _WORDS * self.words
            + _HEADLINE * self.headline
            + _FOUND * found
            + (_UNMET * unmet / (found + unmet) if unmet else 0.0)
            + _NAMES * min(4, len(self.names))
            + _TERMS * min(4, len(self.terms))
            + _PICTURE * self.picture
        )

    def as_json(self) -> dict[str, Any]:
        """What there is of it."""
        return {name: value for name, value in asdict(self).items() if value not in ((), "", None, False)}


def share(chinese: Chinese, english: English) -> float:
    """How much of the English words Chinese ones may mean, 0 to 1: what is asked of every pair, before all else."""
    meant = chinese.meant
    met = sum([weight for stem, weight in english.stems.items() if stem in meant])
    return round(met / english.total, 3) if met else 0.0


def compare(chinese: Chinese, english: English, *, years: frozenset[int] = frozenset()) -> Evidence:
    """What an English story has in common with a Chinese one; numbers of `years` say nothing: they came out then."""
    told = [number for number in english.numbers if number > 2 and number not in years]
    shared = english.days & chinese.days
    of_days = {float(part) for day in shared for part in day}
    numbers = sorted(number for number in told if number in chinese.numbers and number not in of_days)
    named = {number for day in english.days for number in map(float, day)}
    unmet = sorted(number for number in told if number not in chinese.numbers and number not in named)
    return Evidence(
        words=share(chinese, english),
        headline=_headline(chinese, english),
        numbers=tuple(map(_written, numbers)),
        days=tuple(map(_day, sorted(shared))),
        unmet=(*map(_written, unmet), *map(_day, sorted(english.days - chinese.days))),
        names=_names(chinese, english),
        terms=tuple(sorted(english.terms & chinese.terms)),
    )


def sure(logit: float) -> float:
    """The confidence, 0 to 1, that a scale without bounds stands for."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))), 3)


def _headline(chinese: Chinese, english: English) -> float:
    if not chinese.headline:
        return 0.0
    return round(sum(not meant.isdisjoint(english.stems) for meant in chinese.headline) / len(chinese.headline), 3)


def _names(chinese: Chinese, english: English) -> tuple[str, ...]:
    """Those that are read there, none that is a part of another."""
    found = {written for name, written in english.names.items() if chinese.says(name)}
    return tuple(sorted(one for one in found if not any(one != other and one in other for other in found)))


def _weight_of(written: str) -> float:
    """A small number stands in many stories by chance, a large one in few."""
    if "-" in written:
        return 1.0
    number = float(written)
    return 0.5 if number <= 12 else 1.0 if number <= 31 else 2.0


def _written(number: float) -> str:
    return f"{number:.15g}"


def _day(day: Day) -> str:
    return f"{day[0]:02}-{day[1]:02}"
