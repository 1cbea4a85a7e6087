"""The time of day that stands beside a date: 9:05, 下午3:10, 14h30, 9.05 p.m. EST, 10:00:00 GMT+0800."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.generic import zones

_HALF = "上午|早上|早晨|清晨|凌晨|中午|下午|傍晚|晚上|晚间|晚間|夜间|午前|午後|오전|오후"
_AFTER = r"[ap]\.?\s?m\b\.?|[πμ]\.?\s?μ\.|ص|م(?!\w)|ÖÖ|ÖS"
TIME = (
    rf"(?:(?P<half>{_HALF})\s?)?(?P<h>[01]?\d|2[0-4])(?:\s?:\s?|\s?[时時点點시h]\s?"
    rf"|\.(?=[0-5]\d(?:\.[0-5]\d)?\s?(?:Uhr\b|น\.|hrs?\b|[ap]\.?\s?m\b)))"
    rf"(?:(?P<mi>[0-5]\d)|(?P<one>\d)(?=\s?[分분]))(?:\s?[:.]\s?(?P<s>[0-5]?\d)(?:[.,]\d{{1,9}})?(?!\d)"
    rf"|\s?[分분]\s?(?:(?P<s2>[0-5]?\d)\s?[秒초])?)?(?![:\d])"
    rf"(?:\s?(?P<ap>{_AFTER}))?(?:\s?(?:Uhr|hrs?|น\.)(?![a-z]))?"
)
ZONE = rf"(?:\s?[(\[]?{zones.PATTERN})"
_SAID_AS = (
    r"(?:(?:at|um|à|alle(?:\s+ore)?|ore|a\s+las|às|kl|klo|klokken|godz|saat|pukul|jam|lúc|om|u|v|o|в|о|στις"
    r"|ώρα|เวลา|الساعة|time)\.?\s*:?\s*)?"
)
_BEHIND = compiled(rf"[\sT,|/·•()–-]{{0,6}}{_SAID_AS}{TIME}{ZONE}?", re.I)
_WEEKDAY = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|mié|mie|jeu|jue|ven|vie|sam|sáb|sab|dim|dom|seg|ter|qua|qui|sex"
    r"|die|mit|don|fre|son|maa|din|woe|zat|zon|"
    r"man|tir|ons|tor|lør|søn|mån|tis|lör|sön|pon|wto|śro|czw|pią|sob|nie|пон|вто|сре|чет|пят|суб|вос|pzt|sal|çar|per"
    r"|cum|paz|th[ứu]|ch[ủu])[^\W\d_]{0,9}\.?"
    r"|(?:星期|周|週)[一二三四五六日天]|[(\[][日月火水木金土월화수목금토일一二三四五六][)\]]|[(\[](?:星期|周"
    r"|週)[一二三四五六日天][)\]])"
)
_BETWEEN = deferred(rf"[\s,]{{0,3}}{_WEEKDAY}(?=[\s,，])", re.I)  # 2024年3月5日 星期二 10:00
_AHEAD = deferred(
    rf"(?<![\d.-])(?<!\d:){TIME}{ZONE}?[\s,|·•()–-]{{1,4}}(?:(?:on|le|den|el|am|op"
    rf"|на)\s+)?(?:{_WEEKDAY}[\s,]{{1,3}})?$",
    re.I,
)
_NEAR = 60  # characters
_LATE = ("下午", "傍晚", "晚上", "晚间", "晚間", "夜间", "午後", "오후")
_LETTERS = deferred(r"[A-Za-z]{2,4}$")
PACKED = deferred(r"T?(?P<h>[01]\d|2[0-3])(?P<mi>[0-5]\d)(?P<s>[0-5]\d)(?:[.,]\d{1,9})?(?P<z>Z)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `zone` only where it is stated."""

    hour: int
    minute: int
    second: int | None = None
    zone: tzinfo | None = None


def behind(text: str, at: int, day: datetime, country: str) -> Clock | None:
    """The time that follows a date which ends at `at`; None if none does, or if it is not sure which."""
    rest = text[at : at + _NEAR]
    if weekday := _BETWEEN.match(rest):
        rest = rest[weekday.end() :]
    if match := _BEHIND.match(rest):
        return told(match, day, country, iso=rest.startswith("T"))
    if match := PACKED.match(rest):
        return Clock(
            int(match["h"]), int(match["mi"]), int(match["s"]), zones.named("Z", "", day) if match["z"] else None
        )
    return None


def ahead(text: str, at: int, day: datetime, country: str) -> Clock | None:
    """The time that stands before a date which begins at `at`."""
    match = _AHEAD.search(text[max(0, at - _NEAR) : at])
    return told(match, day, country) if match else None


def told(match: re.Match[str], day: datetime, country: str, *, iso: bool = False) -> Clock | None:
    """The clock that the groups of TIME and ZONE tell; None where they contradict each other, or may mean two
    things."""
    group = match.groupdict()
    hour, minute = _hour(group), int(group["mi"] or group["one"])
    said = group["s"] or group["s2"]
    second = int(said) if said else None
    if hour is None or (hour == 24 and (minute or second)):
        return None
    if not group.get("zone"):
        return Clock(hour, minute, second)
    try:
        zone = _zone(group, hour, minute, day, country, exact=iso or second is not None)
    except zones.Unsure:
        return None
    return Clock(hour, minute, second, zone)


def _hour(group: dict[str, str | None]) -> int | None:
    hour, half, ap = int(group["h"] or 0), group["half"], (group["ap"] or "").lower().replace(" ", "")
    if half == "中午":
        return hour if hour >= 11 else hour + 12 if hour <= 2 else None
    if half in _LATE:
        if half not in ("下午", "午後", "오후") and hour % 12 == 0:
            return None  # 晚上12点: of which day is not said
        return hour if hour > 12 else hour % 12 + 12
    if half or ap:
        late = ap.startswith(("p", "μ")) or ap in ("م", "ös")
        if hour > 12:
            return hour if late else None
        return hour % 12 + (12 if late else 0)
    return hour


def _zone(
    group: dict[str, str | None], hour: int, minute: int, day: datetime, country: str, *, exact: bool
) -> tzinfo | None:
    """The zone; None where what looks like one is the end of an hour of opening (10:00-16:30). Raises Unsure."""
    said, sign = group["zone"] or "", group["sign"]
    if not sign:
        if not said.isupper() and said.isascii():  # 'est' and 'met' are words
            return None
        return zones.named(said, country, day.replace(hour=hour % 24, minute=minute))
    hours, minutes = group["oh"] or "", group["om"]
    if said[0] in "+- ":
        if not minutes and (len(hours) < 2 or said[0] == " "):
            return None
        if (
            not exact
            and sign == "-"
            and (group["colon"] or not minutes)
            and 60 * int(hours) + int(minutes or 0) > 60 * hour + minute
        ):
            if int(hours) > 12:
                return None
            raise zones.Unsure(said)  # 10:00-12:00 may be two hours, or half the world away
    return zones.numbered(sign, hours, minutes)
