"""Bytes in every encoding that college pages come in, labelled rightly, wrongly and not at all."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.code_pages import codecs_of, of_site
from archive.encoding import decode
from archive.replay.entity import Entity

HANS = "学院召开新学期教学工作布置会议，各系部负责人参加会议。会议总结了上学期的工作，并对本学期的重点任务作出部署。"
HANT = "學院召開新學期教學工作會議，各系部負責人參加了會議。會議總結了上學期的工作，並對本學期的重點任務作出安排。"
KANJI = "本日、大学は新しい学期の会議を開きました。学生と教員がこれに参加して、いろいろな発表を行いました。"
HANGUL = "대학은 오늘 새 학기를 시작하는 회의를 열었다. 학생과 교수들이 참가하여 여러 가지 의견을 나누었다고 한다."
WESTERN = "L’université a ouvert ses portes à de nombreux étudiants étrangers cette année, déclare la présidente."
CYRILLIC = "Университет провёл торжественное собрание для новых студентов, сообщает пресс-служба ректора."


def page(text: str, codec: str, label: str = "") -> bytes:
    meta = f'<meta charset="{label}">' if label else ""
    return f"<html><head>{meta}<title>{text[:9]}</title></head><body><p>{text}</p></body></html>".encode(codec)


@pytest.mark.parametrize(
    ("text", "codec", "label", "expected"),
    [
        (HANS, "gb2312", "gb2312", "gb18030"),
        (HANS + "朱镕基、喆、㙍", "gb18030", "gb2312", "gb18030"),  # beyond GB 2312, as names often are
        (HANT, "big5", "big5", "big5hkscs"),
        (KANJI, "shift_jis", "Shift_JIS", "cp932"),
        (KANJI, "euc_jp", "euc-jp", "euc_jp"),
        (HANGUL, "euc_kr", "euc-kr", "cp949"),
        (WESTERN, "cp1252", "iso-8859-1", "cp1252"),
        (CYRILLIC, "cp1251", "windows-1251", "cp1251"),
        (HANS, "utf-8", "gb2312", "utf-8"),  # a template's old label
        (HANS, "gbk", "utf-8", "gb18030"),  # the other way round
        (HANS, "gbk", "iso-8859-1", "gb18030"),  # a server's default
        (HANS, "gbk", "no-such-encoding", "gb18030"),
        (HANS, "gbk", "", "gb18030"),
        (HANT, "big5", "", "big5hkscs"),
        (KANJI, "shift_jis", "", "cp932"),
        (KANJI, "euc_jp", "", "euc_jp"),
        (HANGUL, "euc_kr", "", "cp949"),
        (WESTERN, "cp1252", "", "cp1252"),
        (CYRILLIC, "cp1251", "", "cp1251"),
        (HANS, "utf-16-le", "", "utf-16-le"),
        (WESTERN, "utf-16-be", "", "utf-16-be"),
    ],
)
def test_what_is_read_is_what_was_written(text: str, codec: str, label: str, expected: str) -> None:
    decoded, used = decode(page(text, codec, label))
    assert used == expected
    assert text in decoded


def test_the_header_beats_the_page() -> None:
    content = page(HANT, "big5", "gb2312")
    assert decode(content, "text/html; charset=big5")[1] == "big5hkscs"


@pytest.mark.parametrize(
    ("bom", "codec"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_beats_every_label(bom: bytes, codec: str) -> None:
    decoded, used = decode(bom + page(HANS, codec, "gb2312"), "text/html; charset=big5")
    assert used == codec and decoded.startswith("<html>") and HANS in decoded


@pytest.mark.parametrize("where", [60, 400, -20])
def test_one_broken_byte_does_not_change_the_encoding(where: int) -> None:
    content = bytearray(page(HANS * 20, "utf-8", "gb2312"))
    content[where] = 0xFF
    decoded, used = decode(bytes(content))
    assert used == "utf-8" and decoded.count("\ufffd") <= 3 and HANS in decoded


def test_one_broken_byte_in_gbk_neither() -> None:
    content = bytearray(page(HANS * 20, "gbk", "gb2312"))
    content[-21] = 0xFF
    decoded, used = decode(bytes(content))
    assert used == "gb18030" and decoded.count(HANS) >= 18


def test_a_long_page_may_break_its_beginning() -> None:
    content = page("学院\ufffd" * 30, "utf-8").replace("\ufffd".encode(), b"\xff") + page(HANS * 100, "utf-8", "gb2312")
    assert decode(content)[1] == "utf-8"  # 30 wrong bytes among 5000 characters
    assert decode(content[: len(content) // 4])[1] == "utf-8"  # and among 1300


GERMAN = "Die Universität eröffnet für die Studierenden größere Räume; die Schlüssel gibt es später im Hörsaalgebäude."
LABELS = ["utf-8", "", "gb2312", "windows-1251", "iso-8859-1"]


def cut(text: bytes, rnd: Random) -> bytes:
    """Without a stretch here and there, as a page of parts that were cut by bytes."""
    at = sorted(rnd.sample(range(len(text)), 24))
    return b"".join(text[begin:end] for begin, end in zip([0, *at[1::2]], [*at[::2], len(text)], strict=True))


def spliced(text: bytes, rnd: Random) -> bytes:
    """With pieces of ASCII put in anywhere, as a template does that counts bytes."""
    at = [0, *sorted(rnd.sample(range(len(text)), len(text) // 40)), len(text)]
    return b"...".join(text[begin:end] for begin, end in pairwise(at))


def damaged(text: bytes, rnd: Random) -> bytes:
    """With three bytes of a hundred that are another."""
    return bytes(rnd.randrange(256) if rnd.random() < 0.03 else byte for byte in text)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("harm", [cut, spliced, damaged])
@pytest.mark.parametrize("text", [HANS, CYRILLIC, GERMAN, HANGUL], ids=["zh", "ru", "de", "ko"])
def test_utf_8_that_came_to_harm_is_utf_8_still(text: str, harm: Callable[[bytes, Random], bytes], label: str) -> None:
    for seed in range(20):
        broken = harm((text * 6).encode(), Random(seed))
        content = f'<meta charset="{label}"><p>'.encode() + broken + b"</p>"
        decoded, used = decode(content)
        assert used == "utf-8", seed
        assert sum(one not in text + "." for one in decoded[decoded.index("<p>") + 3 : -4]) < len(broken) / 8


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    ("text", "codec"),
    [(HANS, "gbk"), (HANT, "big5"), (KANJI, "cp932"), (KANJI, "euc_jp"), (HANGUL, "cp949"), (CYRILLIC, "cp1251"),
     (WESTERN, "cp1252"), (GERMAN, "cp1252")],
)  # fmt: skip
def test_what_is_no_utf_8_never_becomes_it(text: str, codec: str, label: str) -> None:
    content = f'<meta charset="{label}"><p>{text}</p>'.encode(codec)
    assert decode(content)[1] != "utf-8"
    assert decode(damaged(content, Random(1)))[1] != "utf-8"


def test_the_operator_has_the_last_word() -> None:
    assert decode(page(HANS, "utf-8"), "", "gbk")[1] == "gb18030"


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["", "text/html; charset=utf-7", "text/html; charset=hex", "charset=\udcff"]),
)
def test_any_bytes_are_text(content: bytes, header: str) -> None:
    decoded, used = decode(content, header)
    assert isinstance(decoded, str) and codecs.lookup(used)


TITLES = {
    "gbk": "学院召开期末教学检查工作布置会 材料学院举办研究生论坛 后勤处开展消防演练 首页 学校概况 通知公告 招生就业",
    "big5": "學生會舉辦迎新活動 圖書館延長開放時間 招生資訊 首頁 學校概況 教務處公告 榮獲程式設計競賽金獎",
    "shift_jis": "入試情報 学部案内 お知らせ一覧 キャンパスライフ 図書館の開館時間について",
    "euc_jp": "入試情報 学部案内 お知らせ一覧 キャンパスライフ 図書館の開館時間について",
    "euc_kr": "입학 안내 학사 일정 공지사항 도서관 개관 시간 변경 대학원 소식",
    "cp1251": "Новости Университета Приём документов Студентам и преподавателям Расписание Библиотека",
    "cp1252": "Actualités Événements à l’université – Résultats des élections étudiantes, décès d’un professeur",
}


@pytest.mark.parametrize("label", ["", "utf-8", "iso-8859-1"])
@pytest.mark.parametrize("codec", TITLES)
def test_menus_and_titles_are_told_without_running_text(codec: str, label: str) -> None:
    rows = "".join(f"<li><a href='/info/{n}.htm'>{words}</a>" for n, words in enumerate(TITLES[codec].split(" ")))
    assert TITLES[codec].split(" ")[0] in decode(f"<meta charset='{label}'><ul>{rows}</ul>".encode(codec))[0]


@pytest.mark.parametrize("codec", ["gbk", "big5", "shift_jis", "euc_kr", "cp1251"])
def test_a_few_words_are_enough(
    codec: str,
) -> None:  # of EUC-JP only where there are kana: kanji alone are Chinese as well
    words = TITLES[codec].split(" ")
    told = [
        decode(f"<title>{one} {two}</title>".encode(codec))[0] == f"<title>{one} {two}</title>"
        for one, two in pairwise(words)
    ]
    assert sum(told) >= 0.8 * len(told), told


def test_letters_of_seven_bits_are_read_between_their_escapes() -> None:
    assert KANJI in decode(page(KANJI, "iso2022_jp", "iso-2022-jp"))[0]
    assert KANJI in decode(page(KANJI, "iso2022_jp"))[0]


@pytest.mark.parametrize(
    ("label", "text", "codec"),
    [("x-sjis", KANJI, "cp932"), ("windows-31j", KANJI, "cp932"), ("x-euc-jp", KANJI, "euc_jp"),
     ("cseuckr", HANGUL, "cp949"), ("csbig5", HANT, "big5"),
     ("csgb2312", HANS, "gbk"), ("x-cp1251", CYRILLIC, "cp1251"), ("koi8", CYRILLIC, "koi8-r"),
     ("iso88595", CYRILLIC, "iso8859-5"), ("x-mac-cyrillic", CYRILLIC, "mac-cyrillic")],
)  # fmt: skip
def test_labels_of_browsers_are_known_to_reader_and_replay(label: str, text: str, codec: str) -> None:
    content = page(text, codec, label)
    assert text in decode(content)[0]
    assert text in Entity(status=200, headers=(("Content-Type", "text/html"),), body=content, raw=content).text()


POLISH = "Uczelnia ogłosiła wyniki rekrutacji; źródła podają, że na studia dostało się więcej osób niż rok wcześniej."
CZECH = "Univerzita zveřejnila výsledky přijímacího řízení; na šest fakult nastoupí nejvíce žáků z Brna a Ostravy."
TURKISH = "Üniversitemizin öğrencileri ışık üzerine yaptıkları çalışmayla şehrin büyük ödülünü kazandı, dedi rektör."
GREEK = "Το πανεπιστήμιο ανακοίνωσε τα αποτελέσματα των εξετάσεων· οι φοιτητές γιόρτασαν ως το βράδυ της Κυριακής."
HEBREW = "האוניברסיטה הודיעה על תוצאות הבחינות והסטודנטים חגגו עד שעות הערב המאוחרות ביום ראשון האחרון"
ARABIC = "أعلنت الجامعة نتائج الامتحانات واحتفل الطلاب حتى ساعات المساء المتأخرة من يوم الأحد الماضي"
THAI = "มหาวิทยาลัยประกาศผลสอบ นักศึกษาฉลองกันจนถึงเย็นวันอาทิตย์ที่ผ่านมา"
LITHUANIAN = (
    "Universitetas paskelbė rezultatus: į šešis fakultetus priimta daugiausia žmonių, džiaugėsi mūsų dėstytojai."
)
OF_PLACES = [
    (POLISH, "cp1250", "pl", "PL"),
    (POLISH, "iso8859-2", "pl", "PL"),
    (CZECH, "cp1250", "cs", "CZ"),
    (CZECH, "iso8859-2", "cs", "CZ"),
    (TURKISH, "cp1254", "tr", "TR"),
    (GREEK, "cp1253", "el", "GR"),
    (GREEK, "iso8859-7", "el", "CY"),
    (HEBREW, "cp1255", "he", "IL"),
    (ARABIC, "cp1256", "ar", "EG"),
    (THAI, "cp874", "th", "TH"),
    (LITHUANIAN, "cp1257", "lt", "LT"),
    (CYRILLIC, "koi8-r", "ru", "RU"),
    (CYRILLIC, "cp1251", "bg", "BG"),
    ("大学案内 入試情報 図書館", "euc_jp", "ja", "JP"),  # kanji alone are Chinese as well
    ("大学案内 入試情報 図書館", "cp932", "ja", "JP"),
    ("招生資訊 圖書館", "big5", "", "TW"),
    ("招生简章 图书馆", "gbk", "zh", "CN"),
]


@pytest.mark.parametrize("label", ["", "utf-8", "iso-8859-1"])
@pytest.mark.parametrize(("text", "codec", "language", "land"), OF_PLACES)
def test_the_place_settles_what_bytes_leave_open(text: str, codec: str, language: str, land: str, label: str) -> None:
    meta = f"<meta charset={label}>" if label else ""
    content = f"{meta}<title>{text}</title>".encode(codec)
    for likely in (
        codecs_of("", land),
        of_site(language, land, ""),
        of_site("", "", f"https://x.example.{land.lower()}/"),
    ):
        assert f"<title>{text}</title>" in decode(content, likely=likely)[0]


@pytest.mark.parametrize(("text", "codec", "language"), [one[:3] for one in OF_PLACES if one[2] not in ("", "zh")])
def test_so_does_the_language_that_the_page_states(text: str, codec: str, language: str) -> None:
    content = f"<html class=x lang='{language}'><title>{text}</title></html>".encode(codec)
    assert text in decode(content)[0]


@pytest.mark.parametrize("land", ["PL", "TR", "GR", "JP", "CN", "RU", "TH", "EG"])
@pytest.mark.parametrize("text", [GERMAN, WESTERN])
def test_a_place_makes_no_text_of_what_is_none(text: str, land: str) -> None:
    """Nor does it change what a label or UTF-8 says."""
    likely = codecs_of("", land)
    assert decode(page(text, "utf-8", "gb2312"), likely=likely)[1] == "utf-8"
    assert decode(page(text.replace("’", "'"), "iso8859-15", "iso-8859-15"), likely=likely)[1] == "iso8859-15"
    if land in ("JP", "CN", "GR", "RU", "TH", "EG"):
        assert text in decode(page(text, "cp1252"), likely=likely)[0]
