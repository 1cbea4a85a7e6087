"""Numbers and days as Chinese and English texts write them: 三千万 and 30 million, 3月5日 and March 5."""

from __future__ import annotations

from collections.abc import Iterator

from archive.patterns import deferred

Day = tuple[int, int]  # month and day of the month
_ONES = {
    word: n
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen".split()
    )
}
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_ORDINALS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ENGLISH = deferred(r"\d[\d,]*(?:\.\d+)?|[A-Za-z]+")
_MONTH = r"(Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_ENGLISH_DAY = deferred(rf"\b{_MONTH}\s+(\d{{1,2}})(?!\d)|\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}")
_DIGITS = {character: n for n, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_CHINESE = deferred(
    r"(\d[\d,]*(?:\.\d+)?)\s*((?:[百千](?![瓦克米升]))?[万亿]{0,2})|[零〇一二两三四五六七八九十百千万亿]+|首(?=[届次个批])"
)
_CHINESE_DAY = deferred(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]|(?<!\d)(\d{1,2})·(\d{1,2})(?!\d)")


def english_numbers(text: str) -> set[float]:
    """What an English text counts, in digits and words."""
    found, waiting = set[float](), [word.lower() for word in _ENGLISH.findall(text)][::-1]
    while waiting:
        word = waiting.pop()
        value = float(word.replace(",", "")) if word[0].isdigit() else _value(word)
        if value is None:
            continue
        if word in _TENS and waiting and (one := _ONES.get(waiting[-1], _ORDINALS.get(waiting[-1], 0))) in range(1, 10):
            value += one
            waiting.pop()
        while waiting and waiting[-1] in _SCALES:
            value *= _SCALES[waiting.pop()]
        found.add(round(value, 3))
    return found


def chinese_numbers(text: str) -> set[float]:
    """What a Chinese text in simplified characters counts."""
    found = set[float]()
    for match in _CHINESE.finditer(text):
        if match[1]:
            value = float(match[1].replace(",", ""))
            for character in match[2]:
                value *= _UNITS.get(character) or _MYRIADS[character]
            found.add(round(value, 3))
        elif match[0] == "首":
            found.add(1.0)
        elif match[0] not in ("千", *_MYRIADS):  # of 千瓦, or of a number in digits that is parted
            found.add(float(_spoken(match[0])))
    return found


def english_days(text: str) -> set[Day]:
    """Days of the year that an English text names."""
    return {
        (_MONTHS[(match[1] or match[4])[:3].lower()], int(match[2] or match[3]))
        for match in _ENGLISH_DAY.finditer(text)
    }


def chinese_days(text: str) -> set[Day]:
    """Days of the year that a Chinese text names."""
    return set(_days(text))


def _days(text: str) -> Iterator[Day]:
    for match in _CHINESE_DAY.finditer(text):
        yield int(match[1] or match[3]), int(match[2] or match[4])


def _value(word: str) -> float | None:
    for table in (_ONES, _TENS, _ORDINALS):
        if word in table:
            return float(table[word])
    return None


def _spoken(text: str) -> int:
    """三百八十六 -> 386, 二〇二四 -> 2024."""
    if len(text) > 1 and all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    whole, part, digit = 0, 0, None
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            part += (1 if digit is None else digit) * _UNITS[character]
            digit = None
        else:
            whole = (whole + part + (digit or 0)) * _MYRIADS[character]
            part, digit = 0, None
    return whole + part + (digit or 0)
