"""The date a listing row shows, as it stands there; `spiders.generic.dates` makes a day of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.patterns import deferred
from spiders.generic import ago, zones
from spiders.generic.months import MONTHS

_Y, _M, _D = r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_ZONE = rf"(?:\s?\(?{zones.PATTERN}\)?(?![\w:]))"
_TIME = r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?"
_CLOCK = rf"(?:[ T]{{1,3}}{_TIME}{_ZONE}?)?"
_WORD = r"[^\W\d_]{3,12}"
# whole dates, then those split over tags, then those without a year; `word` forms count only with the name of a month
_FORMS = (
    deferred(
        rf"(?P<word>{_WORD})\.?\s{_D},?\s{_TIME}{_ZONE}?\s{_Y}(?!\d)(?:\s[+-]\d{{4}})?"
    ),  # Java's and C's: Tue Mar 05 10:00:00 CST 2019
    deferred(rf"(?<!\d){_Y}\s?[-/.年]\s?{_M}\s?[-/.月]\s?{_D}(?!\d)日?{_CLOCK}"),
    deferred(rf"(?<![\d.:]){_D}(?:st|nd|rd|th|\.)?[\s-](?:de )?(?P<word>{_WORD})\.?,?[\s-](?:de )?{_Y}(?!\d)"),
    deferred(rf"(?P<word>{_WORD})\.?\s{_D}(?:st|nd|rd|th)?\s?,?\s{_Y}(?!\d)"),
    deferred(rf"(?<![\d./-]){_D}(?P<s>[./-]){_D}(?P=s){_Y}(?!\d)"),
    deferred(rf"(?:民[國国]|令和|平成)\s?(?:元|\d{{1,3}})\s?年\s?{_M}\s?月\s?{_D}\s?日?(?!\d)"),
    deferred(
        rf"(?:(?:民[國国]|令和|平成)\s?\d{{1,3}}|(?<![\w./:-])1\d\d)(?P<s>[./-]){_M}(?P=s){_D}(?![\d./-])"
    ),  # Taiwan's years
    deferred(rf"(?<!\d)\d{{2,3}}\s?年\s?{_M}\s?月\s?{_D}\s?日"),
    deferred(rf"(?<![\d./:-])(?P<day>{_D})\s?/?\s(?P<month>{_Y}\s?[-/.年]\s?{_M})月?(?![\d./-])"),
    deferred(rf"(?<!\d)(?P<month>{_Y}\s?[-/.年]\s?{_M})月?\s(?P<day>{_D})日?(?!\d|\s?[-/.:])"),
    deferred(rf"(?<![\d./:-]){_M}[-./]{_D}\s{_Y}(?![\d./-])"),
    deferred(rf"(?<![\d./:-]){_D}\s{_M}[-./]{_Y}(?![\d./-])"),
    deferred(rf"(?<![\d年]){_M}\s?月\s?{_D}\s?日"),
    deferred(
        r"""
        (?<![\w./:-])(?:
            \d{1,2}(?P<s>[./-])\d{1,2}(?P=s)\d\d|\d\d(?P<t>[./-])\d{1,2}(?P=t)\d{1,2}  # day or year last
        )(?!\.?\w|[/:%％-])
        """,
        re.X,
    ),  # 20.09.26: in which order, spiders.generic.rowdays finds out
    ago.PATTERN,
    deferred(rf"(?:昨天|前天|어제|\byesterday\b){_CLOCK}", re.I),
    deferred(rf"(?<![\w./:-]){_M}[-./]{_D}(?![\w./:%％-])"),
    deferred(rf"(?<![\w./:-]){_D}\.{_M}\.(?!\d)"),
    deferred(r"今[天日]\s?\d{1,2}:\d\d"),
    deferred(rf"\b(?P<word>{_WORD})\.?\s{_D}(?:st|nd|rd|th)?(?![\d:])"),
    deferred(rf"(?<![\d.:]){_D}(?:st|nd|rd|th|\.)?\s(?P<word>{_WORD})\b"),
    deferred(rf"(?<!\d){_Y}\s?(?:[-/.]|年)\s?{_M}月?(?![\d./-])"),
)
# what each of them needs: a year, a sign or word of dates, two numbers or a number and a word beside each other
_MAYBE = deferred(
    r"""
    (?:19|20)\d\d|1\d\d[./-]|[月前昨今民令平전어]  # a year, a sign of dates
    |ago|yesterday|\d[-./]\d  # English; two numbers
    |назад  # Russian
    # how long ago; a word and a number
    |vor|il\ y\ a|hace|há|atrás|fa\b|[^\W\d_]\.?\s\d|\d(?:st|nd|rd|th|\.)?\s[^\W\d_]
    """,
    re.I | re.X,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A date and where it stands in the text."""

    text: str
    start: int
    end: int


def find(text: str) -> Shown | None:
    """First date of the fullest form; `17/ 2026-04` and `2026.04 17`, split over tags, are given as `17 2026-04`."""
    if not _MAYBE.search(text):
        return None
    for pattern in _FORMS:
        for match in pattern.finditer(text):
            named = match.groupdict()
            if named.get("word") and named["word"].lower() not in MONTHS:
                continue
            said = f"{named['day']} {named['month'].replace(' ', '')}" if named.get("day") else match[0].strip()
            return Shown(said, match.start(), match.end())
    return None
