"""Dates as pages write them, to the precision they give; no clock but `now`, which callers take from the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive.article import Precision
from archive.instants import iso
from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.generic import ago, clock, digits, jalali, months, zones

ANY = "*"  # for a country: where it is only asked whether a date stands there, which the site's country will read
EARLIEST = 1990  # the web's own age: an older year is what a story is about, not when it was published


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as it stands on a page, in the page's own zone, with what was said of the time of day."""

    day: date
    precision: Precision = "day"
    hour: int = 0
    minute: int = 0
    second: int = 0
    zone: tzinfo | None = None  # only where the page itself names one

    @property
    def timed(self) -> bool:
        """Whether a time of day was given."""
        return self.precision in ("second", "minute")

    def iso(self, zone: tzinfo) -> str:
        """As `Article.published` holds it: a UTC instant where a time is known, else the local date."""
        if not self.timed:
            return self.day.isoformat()
        local = datetime(
            self.day.year, self.day.month, self.day.day, self.hour, self.minute, self.second, tzinfo=self.zone or zone
        )
        return iso(local)


_Y = r"(?P<y>(?:19|20)\d\d|25[3-9]\d)"  # 2567 is 2024 in Thailand
_M, _D = r"(?P<m>0?[1-9]|1[0-2])", r"(?P<d>0?[1-9]|[12]\d|3[01])"
_SEP = r"\s*(?P<sep>[-/._—])\s*"
_HAN_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "О": 0, "O": 0, "元": 1}
_HAN = "〇零○О0元一二三四五六七八九十百"
# a month's name: letters of any script with their marks, or as Thai shortens them (มี.ค.); µ is let in, since re.I
# takes it for Μ
_WORD = (
    r"(?P<w>(?:كانون|تشرين)\s(?:الأول|الثاني)|(?:Meán|Deireadh)\sFómhair"  # names of two words
    r"|[^\x00-@\[-`{-\xb4\xb6-\xbf\u2000-\u206f\u3000-\u303f\uff00-\uffef]{3,14}|[\u0900-\u0cff]{2}"
    r"|[\u0e01-\u0e2e][\u0e31-\u0e4e]?\.\s?[\u0e01-\u0e2e]\.)"
)
_ALONE = r"(?<![\d.,:/-])"  # the digit that follows belongs to no time, number or other date
_END = r"(?!\d|\s?[-/.:]\s?\d)"
_VIETNAMESE = r"(?P<w>tháng (?:mười một|mười hai|mười|một|hai|ba|tư|năm|sáu|bảy|tám|chín))"
# each form: a pattern whose groups name year, month, day (or a month's word)
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "ymd",
        compiled(
            rf"""
            (?<!\d){_Y}(?:
                {_SEP}{_M}\s*(?P=sep)\s*{_D}  # with the same sign twice
                |\s*[年년]\s*(?P<m2>0?[1-9]|1[0-2])\s*[月월]\s*(?P<d2>0?[1-9]|[12]\d|3[01])  # with words
            )(?!\d)\s*[日号號일]?
            """,
            re.X,
        ),
    ),
    (
        "packed",
        compiled(
            rf"""
            (?<!\d){_Y}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=  # 20260930
                T?(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?!\d)|T\d\d:|\D|$  # and perhaps a time behind it
            )
            """,
            re.X,
        ),
    ),
    (
        "dmy",
        compiled(
            rf"""
            {_ALONE}{_D}(?:st|nd|rd|th|er|º|\.)?[\s-]*(?:de\s+|of\s+|d['’]|ta['’]\s+)?  # 1st of, 3 de, 1er d', 3 ta'
            {_WORD}\.?[,،]?[\s-]*
            (?:de\s+|del\s+|[พค]\.ศ\.\s*)?{_Y}(?!\d)  # Thai years may name their era
            """,
            re.I | re.X,
        ),
    ),
    (
        "foreign",
        compiled(rf"{_ALONE}{_D}\s+(?:{_M}|(?P<m2>[一二三四五六七八九十]{{1,2}}))\s?月,?\s+{_Y}(?!\d)"),
    ),  # 05 三月 2024
    ("dmy", compiled(rf"{_ALONE}{_D}\s+(?:tháng\s+{_M})\s*,?\s*(?:năm\s+)?{_Y}(?!\d)", re.I)),
    ("dmy", compiled(rf"{_ALONE}{_D}\s+{_VIETNAMESE}\s*,?\s+(?:năm\s+)?{_Y}(?!\d)", re.I)),
    ("mdy", compiled(rf"{_VIETNAMESE}\s+{_D}\s*,?\s+(?:năm\s+)?{_Y}(?!\d)", re.I)),
    ("ymd", compiled(rf"(?<!\d){_Y}\.\s+gada\s+{_D}\.\s+{_WORD}", re.I)),  # Latvian
    ("mdy", compiled(rf"(?<![^\W\d_]){_WORD}\.?\s*{_D}(?:st|nd|rd|th|\.)?(?:\s*[,.]\s*|\s+){_Y}(?!\d)", re.I)),
    ("ymd", compiled(rf"(?<!\d){_Y}(?:ko)?[.,]?(?:\s+|-)(?:m\.\s+)?{_WORD}\.?(?:\s+|-){_D}(?!\d|:)", re.I)),
    ("foreign", compiled(rf"(?<!\d){_Y}\s?(?:ж\.|жылғы|жылы|жылдын)\s+{_D}[\s-]{_WORD}", re.I)),  # Kazakh
    ("foreign", compiled(rf"(?<!\d){_Y}\s+оны\s+{_M}(?:-?р)?\s+сарын\s+{_D}(?!\d)", re.I)),  # Mongolian
    (
        "ctime",
        compiled(
            rf"(?<![^\W\d_]){_WORD}\.?\s+{_D},?\s+{clock.TIME}{clock.ZONE}?,?\s+{_Y}(?!\d)(?P<z2>\s[+-]\d{{4}})?", re.I
        ),
    ),
    (
        "ctime",
        compiled(
            rf"{_ALONE}{_D}\s+{_WORD}\.?,?\s+{clock.TIME}{clock.ZONE}?,?\s+{_Y}(?!\d)(?P<z2>\s[+-]\d{{4}})?", re.I
        ),
    ),
    (
        "num",
        compiled(
            rf"{_ALONE}(?P<a>0?[1-9]|[12]\d|3[01])\s?(?P<sep>[./-])\s?(?P<b>0?[1-9]|[12]\d"
            rf"|3[01])\s?(?P=sep)\s?{_Y}(?!\d)"
        ),
    ),
    (
        "yy",
        compiled(rf"{_ALONE}{_D}\.{_M}\.(?P<yy>\d\d)(?=(?:\s*[|,–-]\s*|\s+)(?:um\s+)?[012]?\d:[0-5]\d)"),
    ),  # 25.04.24 | 14:07 Uhr
    ("yy", compiled(rf"{_ALONE}{_D}(?P<sep>[\s-]){_WORD}(?P=sep)(?P<yy>\d\d)(?=\s+[012]?\d:[0-5]\d)")),  # RFC 822
    ("yy", compiled(rf"{_ALONE}{_D}-{_WORD}-(?P<yy>\d\d)(?![\w-])")),
    ("yy", compiled(rf"{_ALONE}{_D}\s+{_WORD}\.?,?\s+['’](?P<yy>\d\d)(?!\w)")),
    ("yy", compiled(rf"(?<![^\W\d_]){_WORD}\.?\s+{_D},?\s+['’](?P<yy>\d\d)(?!\w)")),
    ("han", compiled(rf"(?P<y>[二一][{_HAN}]{{3}})年(?P<m>[{_HAN}]{{1,2}})月(?P<d>[{_HAN}]{{1,3}})[日号號]?")),
)
# years of reigns and republics, behind their names
_ERAS = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "พ.ศ.": -543}
_ERA = r"(?P<era>民[國国]|令和|平成|昭和|(?<![A-Za-z])[RH]|พ\.ศ\.)"
_BY_ERA: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("era", deferred(rf"{_ERA}\s*(?P<ey>元|\d{{1,4}})\s*年\s*{_M}\s*月\s*{_D}\s*日?(?!\d)")),
    ("era", deferred(rf"{_ERA}\s*(?P<ey>\d{{1,4}}){_SEP}{_M}\s*(?P=sep)\s*{_D}(?!\d)")),
    ("era", deferred(rf"{_ERA}(?P<ey>[{_HAN}]{{1,6}})年(?P<m>[{_HAN}]{{1,2}})月(?P<d>[{_HAN}]{{1,3}})日")),
)
_JALALI = (
    (
        "jalali",
        deferred(rf"{_ALONE}{_D}\s+(?P<w>{jalali.WORD})(?:\s{{1,3}}ماه)?\s{{0,3}}،?\s{{0,3}}(?P<y>1[34]\d\d)(?!\d)"),
    ),
)
_JALALI_NUMBERS = (  # where the country is known: 1445/03/12 is a day of the lunar calendar elsewhere
    ("jalali", deferred(rf"(?<![\d/.-])(?P<y>13[6-9]\d|14[0-2]\d)(?P<sep>[/-]){_M}(?P=sep){_D}{_END}")),
)
_REPUBLIC: tuple[tuple[str, re.Pattern[str]], ...] = (  # Taiwan's, where its name is left out
    ("era", deferred(rf"{_ALONE}(?P<ey>\d{{2,3}})\s*年\s*{_M}\s*月\s*{_D}\s*日?(?!\d)")),
    ("era", deferred(rf"{_ALONE}(?P<ey>1\d\d){_SEP}{_M}\s*(?P=sep)\s*{_D}{_END}")),
)
_THAI_SHORT = deferred(rf"{_ALONE}{_D}\s+{_WORD}\s*(?P<yy>\d\d)(?!\d|:)")  # 5 มี.ค. 67
_SHORT_YMD = deferred(
    rf"{_ALONE}(?P<yy>\d\d)(?P<sep>[-/.])(?P<m>0[1-9]|1[0-2])(?P=sep)(?P<d>0[1-9]|[12]\d|3[01]){_END}"
)
YEAR_FIRST = frozenset({"KR", "JP", "CN", "HK"})  # where 24.03.05 is the fifth of March 2024
# split over tags: believed where nothing else of a line is a date
_SPLIT: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "split",
        deferred(rf"(?<![\d.,:：/-]){_D}\s+{_Y}\s?[-./年]\s?{_M}{_END}(?!\s?月\s?\d)"),
    ),  # <span>17</span><span>2026-04</span>
    ("split", deferred(rf"(?<![\d.,:/-]){_M}[-./]{_D}\s+{_Y}(?!\d|\s?[-/.年:])")),  # 06-20<br>2025
    ("split", deferred(rf"(?<![\d.,:/-]){_D}\s+{_M}[-./]{_Y}{_END}")),
    ("american", deferred(rf"(?<![\d.,:/-]){_M}/{_D}/(?P<yy>\d\d)(?![\d/%])")),  # 3/5/24
)
_YEARLESS: tuple[re.Pattern[str], ...] = (
    deferred(rf"(?<![\d年/.-]){_M}\s*[月월]\s*{_D}\s*[日号號일]?(?!\d)"),
    deferred(rf"(?<![\d年/.:：-]){_M}\s?[-/.]\s?{_D}(?![\d/.:：-]|\s*[%％年])"),
    deferred(rf"(?<!\d){_D}(?:st|nd|rd|th|\.)?\s+{_WORD}(?![^\W\d_])", re.I),
    deferred(rf"(?<![^\W\d_]){_WORD}\.?\s+{_D}(?:st|nd|rd|th)?(?!\d)", re.I),
)
# behind it: the day is of that year, in a form nobody knows
_YEAR_NEAR = deferred(r"[\s,:.\dA-Za-z+()-]{0,24}?(?<!\d)(?:19|20)\d\d(?![\d:])")
_YEAR_MONTH = compiled(rf"(?<!\d){_Y}\s*(?:[-/.]|年|년)\s*{_M}(?!\d)(?!\s*[-/.月월]?\s*\d{{1,2}}(?!\d))\s*[月월]?")
_WORDS_AGO = (
    (deferred(r"今天|今日|刚刚|剛剛|오늘|\btoday\b|\bjust now\b", re.I), 0),
    (deferred(r"昨天|昨日|어제|\byesterday\b", re.I), 1),
    (deferred(r"前天", re.I), 2),
)
_SAID_AGO = tuple(pattern for pattern, _ in _WORDS_AGO)


@cache
def _forms_with(
    year: bool, clocks: bool, short: bool, han: bool, era: bool, country: str, thai: bool, arabic: bool, foreign: bool
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    needs = {"yy": clocks or short, "han": han, "ctime": year and clocks, "foreign": year and foreign}
    forms = [(form, pattern) for form, pattern in _FORMS if needs.get(form, year)]
    if era:
        forms += _BY_ERA
    if country in ("TW", ANY):
        forms += _REPUBLIC
    if arabic:
        forms += _JALALI
    if country in ("IR", "AF", ANY):
        forms += _JALALI_NUMBERS
    if thai:
        forms.append(("yy", _THAI_SHORT))
    if country in YEAR_FIRST:
        forms.append(("yy", _SHORT_YMD))
    return tuple(forms)


def _forms(text: str, country: str = "") -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The forms that a text may hold, by what each cannot do without: most lines have no year, and need no pattern."""
    year = "19" in text or "20" in text or "25" in text
    if text.isascii():
        return _forms_with(
            year, ":" in text, "-" in text or "'" in text, False, country == "JP", country, False, False, False
        )
    era = country == "JP" or any(name in text for name in ("民", "令和", "平成", "昭和", "พ.ศ."))
    return _forms_with(
        year,
        ":" in text,
        "-" in text or "'" in text or "’" in text,
        "年" in text,
        era,
        country,
        _THAI.search(text) is not None,
        _ARABIC.search(text) is not None,
        any(name in text for name in ("月", "ж", "оны")),
    )


_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))  # of direction, which say nothing
_THAI = deferred("[\u0e01-\u0e2e]")
_ARABIC = deferred("[\u0621-\u06cc]")  # the letters
_PERSIAN_DIGIT = deferred("[\u06f0-\u06f9]")


def parse(
    text: str, now: datetime | None = None, *, day_first: bool = True, year: int | None = None, country: str = ""
) -> Moment | None:
    """First date in `text`. Forms without a year, and relative ones, need `year` or `now`; None if there is none.

    `day_first` settles 03/04/2023; 25/12/2023 and 12/25/2023 settle themselves. `country` (ISO 3166-1) says which years
    are
    counted otherwise, and what CST is. `now` is local: in the zone of the site.
    """
    if not country and _PERSIAN_DIGIT.search(text[:400]):
        country = "IR"
    text = digits.plain(text[:400].replace("&nbsp;", " ").translate(_MARKS))
    for forms in (_forms(text, country), _SPLIT):
        best: tuple[int, Moment] | None = None
        for form, pattern in forms:
            if best is not None and best[0] == 0:
                break  # none begins before it
            for match in pattern.finditer(text):
                if best is not None and match.start() >= best[0]:
                    break
                moment = _moment(form, match, day_first, country)
                if moment is not None:
                    best = (match.start(), _with_clock(moment, form, match, country))
                    break
        if best is not None:
            return best[1]
    return _yearless(text, now, year, country) or (_relative(text, now, country) if now else None) or _month_only(text)


def _moment(form: str, match: re.Match[str], day_first: bool, country: str = "") -> Moment | None:
    group = match.groupdict()
    if form == "num":
        a, b = int(group["a"]), int(group["b"])
        first = day_first or group["sep"] == "."
        if a > 12 or b > 12:
            first = a > 12
        return _made(_gregorian(group["y"], match.string, country), b if first else a, a if first else b)
    if form == "han":
        return _made(_han_year(group["y"]), _han(group["m"]), _han(group["d"]))
    if form == "jalali":
        month = _number(group.get("m")) or jalali.month(group.get("w") or "")
        found = jalali.gregorian(int(group["y"]), month, _number(group["d"]))
        return Moment(found) if found else None
    month = _number(group.get("m") or group.get("m2")) or months.month(group.get("w") or "", country)
    day = _number(group.get("d") or group.get("d2"))
    if form == "era":
        if (group.get("era") in ("R", "H")) and country != "JP":
            return None
        return _made(_ERAS[group.get("era") or "民國"] + _number(group["ey"]), month, day)
    if form == "american" and (day_first or country in YEAR_FIRST):
        return None  # of whom nobody knows which number is which
    if form in ("yy", "american"):
        if _THAI.match(group.get("w") or ""):
            return _made(2500 + int(group["yy"]) - 543, month, day)
        return _made(int(group["yy"]) + (1900 if int(group["yy"]) >= 90 else 2000), month, day)
    return _made(_gregorian(group["y"], match.string, country), month, day)


def _gregorian(year: str, text: str, country: str) -> int:
    """2567 is 2024 in Thailand, and no year elsewhere."""
    if not year.startswith("25"):
        return int(year)
    return int(year) - 543 if country == "TH" or _THAI.search(text) else 0


def _number(text: str | None) -> int:
    if not text:
        return 0
    return int(text) if text.isdigit() else _han(text)


def _made(year: int, month: int, day: int) -> Moment | None:
    try:
        return Moment(date(year, month, day))
    except ValueError:
        return None


def _han(text: str) -> int:
    """十二, 二十一, 一百一十三; digits one by one (一一三) too."""
    if "十" not in text and "百" not in text:
        return _han_year(text)
    hundreds, hundred, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = _HAN_DIGITS.get(ones.lstrip("零〇"), 0) + (
        10 * (_HAN_DIGITS.get(tens.lstrip("零〇"), 1) if tens else 1) if ten else 0
    )
    return value + (100 * _HAN_DIGITS.get(hundreds, 1) if hundred else 0)


def _han_year(text: str) -> int:
    return int("".join(str(_HAN_DIGITS.get(char, 0)) for char in text))


def _with_clock(moment: Moment, form: str, match: re.Match[str], country: str) -> Moment:
    """The time of day that follows a date, if one does, else the one that stands before it."""
    day = datetime(moment.day.year, moment.day.month, moment.day.day)
    if form == "ctime":
        found = clock.told(match, day, country)
        if found and match["z2"]:
            found = replace(found, zone=zones.numbered(match["z2"][1], match["z2"][2:4], match["z2"][4:]))
    else:
        found = clock.behind(match.string, match.end(), day, country) or clock.ahead(
            match.string, match.start(), day, country
        )
    return _at(moment, found) if found else moment


def _at(moment: Moment, found: clock.Clock) -> Moment:
    # 24:00 is the end of a day
    day, hour = (moment.day + timedelta(days=1), 0) if found.hour == 24 else (moment.day, found.hour)
    return Moment(
        day, "minute" if found.second is None else "second", hour, found.minute, found.second or 0, found.zone
    )


def _yearless(text: str, now: datetime | None, year: int | None, country: str) -> Moment | None:
    """12-21, 12月21日 or Dec 21, in `year` or else in the last year in which it was not the future."""
    if now is None and year is None:
        return None
    for pattern in _YEARLESS:
        for match in pattern.finditer(text):
            group = match.groupdict()
            month = int(group["m"]) if group.get("m") else months.month(group["w"], country)
            found = _made(year or (now.year if now else 0), month, int(group["d"])) if month else None
            if found is None:
                continue
            if year is None and now is not None and found.day > now.date() + timedelta(days=2):
                found = _made(now.year - 1, month, int(group["d"]))
            if found and not _YEAR_NEAR.match(text, match.end()):
                return _with_clock(found, "", match, country)
    return None


def _relative(text: str, now: datetime, country: str) -> Moment | None:
    """3小时前, yesterday: reckoned from when the page was fetched."""
    if found := ago.find(text):
        day = (now - found.span).date()
        return Moment(day.replace(day=1), "month") if found.coarse else Moment(day)
    for pattern, days in _WORDS_AGO:
        if match := pattern.search(text):
            return _with_clock(Moment((now - timedelta(days=days)).date()), "", match, country)
    return None


def is_relative(text: str) -> bool:
    """Whether all that a text says of its day is how long ago it was when the page was fetched."""
    said = ago.PATTERN.search(text) or any(pattern.search(text) for pattern, _ in _WORDS_AGO)
    return bool(said) and parse(text, None) is None


def starts_ago(text: str, now: datetime | None) -> bool:
    """Whether `text` begins by saying how long ago its day was: behind a label, that is what is dated."""
    if now is None:
        return False
    text = digits.plain(text[:40])
    return any((match := one.search(text)) is not None and match.start() <= 3 for one in (ago.PATTERN, *_SAID_AGO))


def _month_only(text: str) -> Moment | None:
    match = _YEAR_MONTH.search(text)
    return Moment(date(int(match["y"]), int(match["m"]), 1), "month") if match else None


def plausible(moment: Moment, now: datetime | None) -> bool:
    """Neither before the web nor more than two days after the page was fetched."""
    if moment.day.year < EARLIEST:
        return False
    return now is None or moment.day <= now.date() + timedelta(days=2)


@cache
def zone_named(name: str) -> tzinfo:
    """The IANA zone of that name; UTC for `unknown`, and for what the check of sites.toml reports."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def starts(text: str, now: datetime | None, country: str = ANY) -> bool:
    """Whether `text` begins with a date, give or take a few characters; of which country's, where that is known."""
    text = digits.plain(text[:40])
    for _, pattern in (*_forms(text, country), *_SPLIT):
        if (match := pattern.search(text)) and match.start() <= 8:
            return True
    return (
        any((match := pattern.search(text)) is not None and match.start() <= 4 for pattern in _YEARLESS[:2])
        if now
        else False
    )


def stamp(text: str) -> str:
    """The instant, in ISO 8601, of which a text gives the seconds or milliseconds since 1970 and no more; empty if it
    does not."""
    digits_alone = text.strip()
    if not _STAMP.fullmatch(digits_alone):
        return ""
    return datetime.fromtimestamp(int(digits_alone[:10]), UTC).isoformat()


_STAMP = deferred(r"1[0-8]\d{8}(?:\d{3})?(?:\.0*)?")  # from 2001 to 2030
_RANGE = deferred(r"\s{0,20}[-–—~～至]\s{0,20}\d{1,2}(?![\d:：])")


def span(text: str) -> int:
    """Length of the full date in `text`; 0 if it holds none, or only days of an event (11.-12. May, 7/11-12)."""
    text = digits.plain(text)
    for form, pattern in (*_forms(text, ANY), *_SPLIT):
        for match in pattern.finditer(text):
            if _moment(form, match, True, ANY) is not None:
                return 0 if _RANGE.match(text, match.end()) else match.end() - match.start()
    return 0
