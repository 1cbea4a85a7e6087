"""Days of the Solar Hijri calendar (Iran, Afghanistan) as days of ours."""

from __future__ import annotations

from datetime import date, timedelta

_NEW_YEAR, _OF = date(2024, 3, 20), 1403  # a first of Farvardin
_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})  # of 33 years; so the calendar of Iran has run since 1244 (1865)
_NAMES = (
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
)
_PERSIAN = str.maketrans("يك", "یک")  # as keyboards for Arabic write them
_MONTHS = {name: n for names in _NAMES for n, name in enumerate(names.split(), 1)}
WORD = "|".join(
    sorted((name.replace("ی", "[یي]").replace("ک", "[کك]") for name in _MONTHS), key=len, reverse=True)
)  # a pattern


def month(name: str) -> int:
    """1 to 12; 0 for what names none."""
    return _MONTHS.get(name.translate(_PERSIAN), 0)


def gregorian(year: int, month: int, day: int) -> date | None:
    """The same day; None where there is none: Esfand has thirty days in leap years alone."""
    if not (1 <= month <= 12 and 1 <= day <= _length(year, month)):
        return None
    before = sum(_days(one) for one in range(_OF, year)) - sum(_days(one) for one in range(year, _OF))
    return _NEW_YEAR + timedelta(days=before + sum(_length(year, one) for one in range(1, month)) + day - 1)


def _days(year: int) -> int:
    return 366 if year % 33 in _LEAP else 365


def _length(year: int, month: int) -> int:
    if month == 12:
        return _days(year) - 336
    return 31 if month <= 6 else 30
