"""Dates as pages write them, to the precision they give; no clock but `now`, which callers take from the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive.article import Precision
from archive.instants import iso
from spiders.generic.months import MONTHS

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
        local = datetime(self.day.year, self.day.month, self.day.day, self.hour, self.minute, self.second, tzinfo=self.zone or zone)
        return iso(local)


_TIME = r"(?P<h>[01]?\d|2[0-4])\s*[:：时時点]\s*(?P<mi>[0-5]?\d)\s*分?(?:\s*[:：]?\s*(?P<s>[0-5]?\d)(?:[.,]\d{1,9})?(?=\D|$)秒?)?\s*(?P<ap>[ap]\.?m\b\.?)?"
_ZONE = r"\s*(?P<z>Z\b|UTC|GMT|[+-][01]\d:?[0-5]\d(?!\d))?"
_CLOCK = re.compile(rf"^[\sT,，|/·•()（-]{{0,6}}(?:at\s+|um\s+|à\s+|klokken\s+|kl\.?\s*|(?P<half>上午|下午|晚上|凌晨|中午|오전|오후)\s*)?{_TIME}{_ZONE}", re.I)
_SUNDAY = re.compile(r"^[\s,，]*[(（\[]?(?:星期|周|週)[一二三四五六日天][)）\]]?|^\s*\([日月火水木金土]\)|^\s*\([월화수목금토일]\)")
_Y = r"(?P<y>(?:19|20)\d\d)"
_M, _D = r"(?P<m>0?[1-9]|1[0-2])", r"(?P<d>0?[1-9]|[12]\d|3[01])"
_HAN_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "О": 0, "O": 0}
_WORD = r"(?P<w>[^\W\d_]{3,12})"
# each form: a pattern whose groups name year, month, day (or a month's word)
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ymd", re.compile(rf"(?<!\d){_Y}\s*(?:[-/.．－—_]|年|년)\s*{_M}\s*(?:[-/.．－—_]|月|월)\s*{_D}(?!\d)\s*[日号號일]?")),
    ("ymd", re.compile(rf"(?<![\d]){_Y}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=(?:T?\d{{6}}|T\d\d:|\D|$))")),
    ("dmy", re.compile(rf"(?<![\d.]){_D}(?:st|nd|rd|th|er|º|\.)?[\s-]*(?:de\s+|of\s+|d')?{_WORD}\.?,?[\s-]*(?:de\s+|del\s+)?{_Y}(?!\d)", re.I)),
    ("mdy", re.compile(rf"(?<![^\W\d_]){_WORD}\.?\s*{_D}(?:st|nd|rd|th|\.)?\s*[,，.]?\s*{_Y}(?!\d)", re.I)),
    ("num", re.compile(rf"(?<![\d.,/-])(?P<a>0?[1-9]|[12]\d|3[01])\s?(?P<sep>[./-])\s?(?P<b>0?[1-9]|[12]\d|3[01])\s?(?P=sep)\s?{_Y}(?!\d)")),
    ("short", re.compile(rf"(?<![\d.,/-]){_D}\.{_M}\.(?P<yy>\d\d)(?=(?:\s*[|,–-]\s*|\s+)(?:um\s+)?[012]?\d:[0-5]\d)")),  # 25.04.24 | 14:07 Uhr
    ("split", re.compile(rf"(?<!\d){_D}\s+{_Y}\s?[-./年]\s?{_M}(?!\d)")),  # <span>17</span><span>2026-04</span>
    ("split", re.compile(rf"(?<!\d){_M}[-./]{_D}\s+{_Y}(?!\d)")),  # 06-20<br>2025
    ("split", re.compile(rf"(?<!\d){_D}\s+{_M}[-./]{_Y}(?!\d)")),
    ("han", re.compile(r"(?P<y>[二一][〇○零ОO一二三四五六七八九]{3})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日")),
)
_YEARLESS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?<![\d年/.-]){_M}\s*[月월]\s*{_D}\s*[日号號일]?(?!\d)"),
    re.compile(rf"(?<![\d年/.:：-]){_M}\s?[-/.]\s?{_D}(?![\d/.:：-]|\s*[%％年])"),
    re.compile(rf"(?<!\d){_D}(?:st|nd|rd|th|\.)?\s+{_WORD}(?![^\W\d_])", re.I),
    re.compile(rf"(?<![^\W\d_]){_WORD}\.?\s+{_D}(?:st|nd|rd|th)?(?!\d)", re.I),
)
_YEAR_MONTH = re.compile(rf"(?<!\d){_Y}\s*(?:[-/.]|年|년)\s*{_M}(?!\d)(?!\s*[-/.月월]?\s*\d{{1,2}}(?!\d))\s*[月월]?")
_AGO = re.compile(
    r"(?P<n>\d{1,3}|an?|one|半)\s*(?P<u>秒|分钟|分鐘|分|小时|小時|個小時|个小时|天|日|周|个月|個月|seconds?|min(?:ute)?s?|hours?|days?|weeks?|months?)\s*(?:之?前|ago)",
    re.I,
)
_WORDS_AGO = ((re.compile(r"今天|今日|刚刚|剛剛|\btoday\b|\bjust now\b", re.I), 0), (re.compile(r"昨天|昨日|\byesterday\b", re.I), 1), (re.compile(r"前天", re.I), 2))
_UNIT = {"s": 1, "秒": 1, "m": 60, "分": 60, "h": 3600, "小": 3600, "个小": 3600, "天": 86400, "日": 86400, "d": 86400, "周": 604800, "w": 604800}


@cache
def _forms_with(year: bool, clock: bool, han: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    needs = {"short": clock, "han": han}
    return tuple((form, pattern) for form, pattern in _FORMS if needs.get(form, year))


def _forms(text: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The forms that a text may hold, by what each cannot do without: most lines have no year, and need no pattern."""
    return _forms_with("19" in text or "20" in text, ":" in text, "年" in text)


def parse(text: str, now: datetime | None = None, *, day_first: bool = True, year: int | None = None) -> Moment | None:
    """First date in `text`. Forms without a year, and relative ones, need `year` or `now`; None if there is none.

    `day_first` settles 03/04/2023; 25/12/2023 and 12/25/2023 settle themselves.
    """
    text = text[:400].replace("\xa0", " ").replace("\u3000", " ").replace("&nbsp;", " ")
    best: tuple[int, Moment] | None = None
    for form, pattern in _forms(text):
        for match in pattern.finditer(text):
            moment = _moment(form, match, day_first)
            if moment is not None:
                if best is None or match.start() < best[0]:
                    best = (match.start(), _with_clock(moment, text[match.end() :]))
                break
    if best is not None:
        return best[1]
    return _yearless(text, now, year) or (_relative(text, now) if now else None) or _month_only(text)


def _moment(form: str, match: re.Match[str], day_first: bool) -> Moment | None:
    group = match.groupdict()
    if form == "num":
        a, b = int(group["a"]), int(group["b"])
        first = day_first or group["sep"] == "."
        if a > 12 or b > 12:
            first = a > 12
        return _made(int(group["y"]), b if first else a, a if first else b)
    if form == "short":
        return _made(2000 + int(group["yy"]), int(group["m"]), int(group["d"]))
    if form == "han":
        return _made(_han_year(group["y"]), _han(group["m"]), _han(group["d"]))
    month = int(group["m"]) if group.get("m") else MONTHS.get(group["w"].lower().rstrip("."), 0)
    return _made(int(group["y"]), month, int(group["d"]))


def _made(year: int, month: int, day: int) -> Moment | None:
    try:
        return Moment(date(year, month, day))
    except ValueError:
        return None


def _han(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    value = _HAN_DIGITS.get(ones, 0)
    return value + 10 * (_HAN_DIGITS.get(tens, 1) if tens else 1) if ten else value


def _han_year(text: str) -> int:
    return int("".join(str(_HAN_DIGITS.get(char, 0)) for char in text))


def _with_clock(moment: Moment, rest: str) -> Moment:
    """The time of day that follows a date, if one does."""
    rest = rest[:60]
    if weekday := _SUNDAY.match(rest):
        rest = rest[weekday.end() :]
    match = _CLOCK.match(rest)
    if not match or (":" not in match[0] and "：" not in match[0] and "时" not in match[0] and "時" not in match[0] and "点" not in match[0]):
        return _packed(moment, rest)
    hour, minute = int(match["h"]), int(match["mi"])
    if match["ap"] or match["half"]:
        late = (match["ap"] or "").lower().startswith("p") or match["half"] in ("下午", "晚上", "오후")
        hour = hour % 12 + (12 if late else 0)
    if hour == 24:
        hour = 0
    second = match["s"]
    return replace(
        moment, hour=hour, minute=minute, second=int(second or 0), precision="second" if second else "minute", zone=_zone(match["z"])
    )


def _packed(moment: Moment, rest: str) -> Moment:
    """20260918153000 and 20260918T153000Z: the digits run on."""
    match = re.match(r"T?([01]\d|2[0-3])([0-5]\d)([0-5]\d)(Z)?(?!\d)", rest)
    if not match:
        return moment
    zone = UTC if match[4] else None
    return replace(moment, hour=int(match[1]), minute=int(match[2]), second=int(match[3]), precision="second", zone=zone)


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _yearless(text: str, now: datetime | None, year: int | None) -> Moment | None:
    """12-21, 12月21日 or Dec 21, in `year` or else in the last year in which it was not the future."""
    if now is None and year is None:
        return None
    for pattern in _YEARLESS:
        for match in pattern.finditer(text):
            group = match.groupdict()
            month = int(group["m"]) if group.get("m") else MONTHS.get(group["w"].lower(), 0)
            found = _made(year or (now.year if now else 0), month, int(group["d"])) if month else None
            if found is None:
                continue
            if year is None and now is not None and found.day > now.date() + timedelta(days=2):
                found = _made(now.year - 1, month, int(group["d"]))
            if found:
                return _with_clock(found, text[match.end() :])
    return None


def _relative(text: str, now: datetime) -> Moment | None:
    """3小时前, yesterday: reckoned from when the page was fetched."""
    if match := _AGO.search(text):
        count = {"半": 0.5, "a": 1, "an": 1, "one": 1}.get(match["n"].lower()) or float(match["n"]) if not match["n"].isdigit() else int(match["n"])
        unit = match["u"].lower().lstrip("個个")
        seconds = 2592000 if unit.startswith(("月", "mo")) else _UNIT.get(unit[0], 86400)
        return Moment((now - timedelta(seconds=float(count) * seconds)).date())
    for pattern, days in _WORDS_AGO:
        if match := pattern.search(text):
            return _with_clock(Moment((now - timedelta(days=days)).date()), text[match.end() :])
    return None


def _month_only(text: str) -> Moment | None:
    match = _YEAR_MONTH.search(text)
    return Moment(date(int(match["y"]), int(match["m"]), 1), "month") if match else None


def plausible(moment: Moment, now: datetime | None) -> bool:
    """Neither before the web nor more than two days after the page was fetched."""
    if moment.day.year < EARLIEST:
        return False
    return now is None or moment.day <= now.date() + timedelta(days=2)


_URL_FORMS = (
    re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
    re.compile(r"/((?:19|20)\d\d)/?(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
    re.compile(r"/((?:19|20)\d\d)-?(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
    re.compile(r"(?<=[/_t-])((?:19|20)\d\d)[_-]?(0[1-9]|1[0-2])[_-]?(0[1-9]|[12]\d|3[01])(?=[/_.T-]|$)"),
)
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])(?=/)")


def in_url(url: str) -> Moment | None:
    """The date an address carries (/2023/12/13/, /2023/1213/, t20231213_); None if it carries no day."""
    path = url.split("//", 1)[-1].partition("?")[0]
    for pattern in _URL_FORMS:
        for match in pattern.finditer(path):
            found = _made(int(match[1]), int(match[2]), int(match[3]))
            if found and found.day.year >= EARLIEST:
                return found
    return None


def year_in_url(url: str) -> int | None:
    """The year an address carries beside a month; None if none."""
    match = _URL_MONTH.search(url)
    return int(match[1]) if match else None


@cache
def zone_named(name: str) -> tzinfo:
    """The IANA zone of that name; UTC for a name that is none, which the check of sites.toml reports."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def starts(text: str, now: datetime | None) -> bool:
    """Whether `text` begins with a date, give or take a few characters."""
    text = text[:40]
    for _, pattern in _forms(text):
        if (match := pattern.search(text)) and match.start() <= 8:
            return True
    return any((match := pattern.search(text)) is not None and match.start() <= 4 for pattern in _YEARLESS[:2]) if now else False


_RANGE = re.compile(r"\s*[-–—~～至]\s*\d{1,2}(?![\d:：])")


def span(text: str) -> int:
    """Length of the full date in `text`; 0 if it holds none, or only days of an event (11.-12. May, 7/11-12)."""
    for form, pattern in _forms(text):
        for match in pattern.finditer(text):
            if _moment(form, match, True) is not None:
                return 0 if _RANGE.match(text, match.end()) else match.end() - match.start()
    return 0
