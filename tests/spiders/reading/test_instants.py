"""Instants: what is printed in any form is read back equal, and nothing is said that the page does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.generic import dates, rowdate

NOW = datetime(2031, 1, 1, tzinfo=UTC)
HERE = timezone(timedelta(hours=3))  # the site's zone: none of those that are printed

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "hi": "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
}
# how each language prints a day, and a time behind it
DAYS = {
    "en": ("{word} {d}, {y}", "{d} {word} {y}", "{d:02}-{short}-{y}", "{weekday}, {short} {d}, {y}"),
    "de": ("{d}. {word} {y}", "{d:02}.{m:02}.{y}"),
    "fr": ("{d} {word} {y}", "le {d} {word} {y}", "{d:02}/{m:02}/{y}"),
    "es": ("{d} de {word} de {y}", "{d:02}/{m:02}/{y}"),
    "pt": ("{d} de {word} de {y}", "{d:02}/{m:02}/{y}"),
    "tr": ("{d} {word} {y}", "{d:02}.{m:02}.{y}"),
    "ru": ("{d} {word} {y}", "{d:02}.{m:02}.{y}"),
    "ar": ("{d} {word} {y}",),
    "th": ("{d} {word} {be}", "{d} {word} พ.ศ. {be}"),
    "hi": ("{d} {word} {y}",),
    "zh": ("{y}年{m}月{d}日", "{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y} 年 {m} 月 {d} 日",
           "民國{roc}年{m:02}月{d:02}日", "民国{roc}/{m:02}/{d:02}"),
    "ja": ("{y}年{m}月{d}日", "令和{reiwa}年{m}月{d}日"),
    "ko": ("{y}년 {m}월 {d}일", "{y}.{m:02}.{d:02}"),
    "vi": ("{d:02}/{m:02}/{y}", "ngày {d} tháng {m} năm {y}"),
    "iso": ("{y}-{m:02}-{d:02}",),
}  # fmt: skip
TIMES = {
    "en": (" {H}:{M:02}", " at {h}:{M:02} {ap}", ", {h}:{M:02}{ap}"),
    "de": (", {H}:{M:02} Uhr", " um {H}.{M:02} Uhr"),
    "fr": (" à {H}h{M:02}", " {H}:{M:02}"),
    "es": (" a las {H}:{M:02}",),
    "zh": (" {H}:{M:02}", " {H}时{M}分", " {H}点{M:02}分"),
    "ko": (" {H}:{M:02}",),
    "th": (" เวลา {H:02}.{M:02} น.",),
    "iso": ("T{H:02}:{M:02}:{S:02}", " {H:02}:{M:02}:{S:02}", " {H:02}:{M:02}:{S:02}.123"),
}  # fmt: skip
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９")
INSTANTS = st.datetimes(datetime(2019, 5, 1), datetime(2030, 12, 31)).map(lambda at: at.replace(microsecond=0))
# quarters of an hour, as zones are; printed as the world prints them
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: quarters * 15)
WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
LETTERS = {
    "EST": -300,
    "EDT": -240,
    "CDT": -300,
    "PST": -480,
    "PDT": -420,
    "MST": -420,
    "GMT": 0,
    "UTC": 0,
    "CET": 60,
    "CEST": 120,
    "JST": 540,
    "KST": 540,
}


def printed(form: str, at: datetime, language: str = "en") -> str:
    word = MONTHS.get(language, MONTHS["en"]).split()[at.month - 1]
    return form.format(
        y=at.year,
        be=at.year + 543,
        roc=at.year - 1911,
        reiwa=at.year - 2018,
        m=at.month,
        d=at.day,
        word=word,
        short=word[:3],
        weekday=WEEKDAYS[at.weekday()],
        H=at.hour,
        h=at.hour % 12 or 12,
        M=at.minute,
        S=at.second,
        ap="AM" if at.hour < 12 else "p.m.",
    )


def signed(minutes: int, form: str) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return form.format(sign="-" if minutes < 0 else "+", h=hours, m=rest)


def read(text: str, country: str = "") -> dates.Moment:
    found = dates.parse(text, NOW, country=country)
    assert found is not None, text
    return found


def instant(text: str, country: str = "") -> str:
    return read(text, country).iso(HERE)


def utc(at: datetime, minutes: int) -> str:
    return (at - timedelta(minutes=minutes)).isoformat() + "Z"


@settings(max_examples=150, deadline=None)
@given(
    INSTANTS,
    st.sampled_from([(language, form) for language, forms in DAYS.items() for form in forms]),
    st.sampled_from(DIGITS),
)
def test_a_day_in_any_language_and_digits(at: datetime, how: tuple[str, str], digits: str) -> None:
    text = printed(how[1], at, how[0]).translate(str.maketrans("0123456789", digits))
    found = read(f"x {text} y")
    assert (found.day, found.precision) == (at.date(), "day"), text


@settings(max_examples=150, deadline=None)
@given(
    INSTANTS,
    st.sampled_from(
        [(language, day, time) for language, times in TIMES.items() for time in times for day in DAYS[language]]
    ),
)
def test_a_time_behind_a_day(at: datetime, how: tuple[str, str, str]) -> None:
    language, day, time = how
    found = read(printed(day + time, at, language))
    assert (found.day, found.hour, found.minute, found.zone) == (at.date(), at.hour, at.minute, None), printed(
        day + time, at, language
    )
    assert found.second == (at.second if "{S" in time else 0)


@settings(max_examples=150, deadline=None)
@given(
    INSTANTS,
    OFFSETS,
    st.sampled_from(
        [
            "{sign}{h:02}:{m:02}",
            "{sign}{h:02}{m:02}",
            " {sign}{h:02}{m:02}",
            " GMT{sign}{h:02}{m:02}",
            " (UTC{sign}{h:02}:{m:02})",
            " UTC{sign}{h}:{m:02}",
            " {sign}{h}:{m:02}",
            " GMT{sign}{h:02}{m:02} (X)",
        ]
    ),
)
def test_an_offset_is_believed_in_every_form(at: datetime, minutes: int, form: str) -> None:
    zone = signed(minutes, form)
    for day in (
        "{y}-{m:02}-{d:02} {H:02}:{M:02}:{S:02}",
        "{weekday} {short} {d:02} {y} {H:02}:{M:02}:{S:02}",
        "{weekday}, {d:02} {short} {y} {H:02}:{M:02}:{S:02}",
    ):
        assert instant(printed(day, at) + zone) == utc(at, minutes), printed(day, at) + zone


@settings(max_examples=60, deadline=None)
@given(INSTANTS, st.integers(-12, 14), st.sampled_from([" GMT{sign}{h}", " UTC{sign}{h}", "{sign}{h:02}"]))
def test_an_offset_of_hours_alone(at: datetime, hours: int, form: str) -> None:
    assert instant(printed("{y}-{m:02}-{d:02} {H:02}:{M:02}:{S:02}", at) + signed(60 * hours, form)) == utc(
        at, 60 * hours
    )


@settings(max_examples=100, deadline=None)
@given(
    INSTANTS,
    st.sampled_from(sorted(LETTERS)),
    st.sampled_from(
        [
            "{weekday}, {d:02} {short} {y} {H:02}:{M:02}:{S:02} ZONE",
            "{word} {d}, {y} {H}:{M:02}:{S:02} ZONE",
            "{y}-{m:02}-{d:02} {H:02}:{M:02}:{S:02} ZONE",
            "{weekday} {short} {d:02} {H:02}:{M:02}:{S:02} ZONE {y}",
            "{H:02}:{M:02}:{S:02} ZONE, {d} {word} {y}",
            "{d:02}.{m:02}.{y}, {H}:{M:02}:{S:02} Uhr (ZONE)",
        ]
    ),
)
def test_letters_of_zones(at: datetime, letters: str, form: str) -> None:
    assert instant(printed(form, at).replace("ZONE", letters)) == utc(at, LETTERS[letters]), printed(form, at)


@settings(max_examples=60, deadline=None)
@given(
    INSTANTS,
    st.sampled_from(
        [
            "{H}:{M:02} {y}-{m:02}-{d:02}",
            "{h}:{M:02} {ap}, {word} {d}, {y}",
            "{H:02}:{M:02}:{S:02} {d:02}/{m:02}/{y}",
            "时间：{H:02}:{M:02} {y}/{m}/{d}",
            "{H}:{M:02} | {d} {word} {y}",
        ]
    ),
)
def test_a_time_before_a_day(at: datetime, form: str) -> None:
    found = read(printed(form, at))
    assert (found.day, found.hour, found.minute) == (at.date(), at.hour, at.minute), printed(form, at)


@settings(max_examples=60, deadline=None)
@given(
    INSTANTS,
    OFFSETS,
    st.sampled_from(
        ["{weekday} {short} {d:02} {H:02}:{M:02}:{S:02} {y}", "{weekday} {short} {d} {H:02}:{M:02}:{S:02} {y}"]
    ),
)
def test_the_year_last_as_c_and_java_print_it(at: datetime, minutes: int, form: str) -> None:
    assert instant(printed(form, at) + signed(minutes, " {sign}{h:02}{m:02}")) == utc(at, minutes)
    shown = rowdate.find(f"Title of a story {printed(form, at)} and more")
    assert shown and read(shown.text).day == at.date()


@pytest.mark.parametrize(("text", "country", "expected"), [
    ("2024-03-05 10:00 CST", "CN", "2024-03-05T02:00:00Z"),
    ("2024-03-05 10:00 CST", "US", "2024-03-05T16:00:00Z"),
    ("2024-03-05 10:00 CST", "", "2024-03-05"),  # of which land is not known: the day is
    ("2024-03-05 10:00 IST", "IN", "2024-03-05T04:30:00Z"),
    ("2024-03-05 10:00 IST", "", "2024-03-05"),
    ("2024-07-05 10:00 ET", "US", "2024-07-05T14:00:00Z"),
    ("2024-03-05 10:00 EST", "AU", "2024-03-05T00:00:00Z"),
    ("2024-03-05 10:00-12:00", "", "2024-03-05"),  # two hours of an event, or half the world away
    ("2024-03-05 24:00", "", "2024-03-05T21:00:00Z"),
    ("2024-03-05 24:30", "", "2024-03-05"),
    ("2024-03-05 晚上12:10", "", "2024-03-05"),
    ("2024-03-05 中午12:30", "", "2024-03-05T09:30:00Z"),
    ("2024-03-05 15:30 AM", "", "2024-03-05"),
    ("2024-03-05 10:30 est arrivé", "", "2024-03-05T07:30:00Z"),
    ("113/09/01", "TW", "2024-09-01"), ("99年9月1日", "TW", "2010-09-01"),
    ("民國一百一十三年九月一日", "", "2024-09-01"),
    ("05/03/2567", "TH", "2024-03-05"), ("5 มี.ค. 67", "", "2024-03-05"), ("R6.3.5", "JP", "2024-03-05"),
    ("平成元年12月1日", "", "1989-12-01"),
    ("24.03.05", "KR", "2024-03-05"), ("Tue, 05 Mar 24 10:00:00 GMT", "", "2024-03-05T10:00:00Z"),
    ("05-MAR-24", "", "2024-03-05"),
])  # fmt: skip
def test_what_is_sure_is_said_and_no_more(text: str, country: str, expected: str) -> None:
    assert instant(text, country) == expected


@pytest.mark.parametrize("text", [
    "10:30 March 2024", "浏览次数：30 2024-09", "9:05 2024/9", "12 06-20 2025-07", "20240305993000", "05/03/2567",
    "113/09/01", "R6.3.5", "24.03.05", "March 202024",
    "Mar 05 at 10 in 2019", "2024-09/10", "阅读 12 2024/25",
])  # fmt: skip
def test_no_day_is_put_together_from_digits_of_several_things(text: str) -> None:
    found = dates.parse(text, None)
    assert found is None or found.precision == "month"


@settings(max_examples=300, deadline=None)
@given(INSTANTS, st.integers(0, 59), st.integers(0, 23), st.text(alphabet="0123456789:/.- \u3000点击次", max_size=8))
def test_digits_around_a_whole_date_are_no_part_of_it(at: datetime, minute: int, hour: int, around: str) -> None:
    """Whatever stands around it, parted by words: the day is the one that is printed, or none is."""
    for form in ("{y}-{m:02}-{d:02}", "{y}年{m}月{d}日", "{word} {d}, {y}", "{d} {word} {y}"):
        for text in (
            f"{hour}:{minute:02} {printed(form, at)}",
            f"{printed(form, at)} {hour}:{minute:02}",
            f"点击：{minute} {printed(form, at)}",
        ):
            assert read(text).day == at.date(), text
        found = dates.parse(f"{around}浏览 {printed(form, at)}", None)
        assert found is None or found.day == at.date() or dates.parse(around, None), around


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        " ",
        "2024",
        "2024-",
        "12:",
        "12:30 ",
        "Mar ",
        "5 Mar ",
        "年",
        "一",
        "ม.",
        "(",
        "1 ",
        "GMT+",
        "民國1",
        "-",
        "\xa0",
        "March5",
    ],
)
def test_the_time_to_read_grows_with_the_text(piece: str) -> None:
    """Counted in steps, not seconds: a line is cut before any pattern sees it."""
    seen: list[int] = []

    class Counted(str):
        def __getitem__(self, at: object) -> str:  # type: ignore[override]
            part = str.__getitem__(self, at)  # type: ignore[index]
            seen.append(len(part))
            return part

    dates.parse(Counted(piece * 100_000), NOW)
    assert seen and max(seen) <= 400
