"""Bytes of a page to text: one decision, for reading and for replay."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache

from archive import code_pages
from archive.patterns import deferred

_META = deferred(rb"""<meta[^>]{0,300}?charset\s{0,40}=\s{0,40}["']?\s{0,40}([\w.:-]{2,40})""", re.I)
_XML = deferred(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.I)
_HEADER = deferred(r"""charset\s{0,40}=\s{0,40}["']?\s{0,40}([\w.:-]{2,40})""", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# WHATWG Encoding section 4.2: these labels name a superset of what they say, or are unknown to Python
_LABELS = {
    "gb18030": "gb2312 gbk gb_2312-80 gb_2312 x-gbk cp936 chinese csgb2312 csiso58gb231280 iso-ir-58",
    "cp1252": ("iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 latin-1 latin1 l1 ascii us-ascii"
        " ansi_x3.4-1968 cp819 ibm819 csisolatin1 iso-ir-100 x-cp1252"),
    "cp932": "shift_jis shift-jis x-sjis sjis csshiftjis windows-31j ms_kanji",
    "euc_jp": "x-euc-jp cseucpkdfmtjapanese",
    "big5hkscs": "big5 big5-hkscs x-x-big5 cn-big5 csbig5",
    "cp949": ("euc-kr euckr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 cseuckr csksc56011987 iso-ir-149 korean"
        " windows-949"),
    "utf-8": "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "utf-16-le": "unicode ucs-2 iso-10646-ucs-2 csunicode unicodefeff utf-16",
    "utf-16-be": "unicodefffe",
    "cp1254": "iso-8859-9 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 latin5 l5 csisolatin5 iso-ir-148 x-cp1254",
    "cp874": "tis-620 dos-874 windows-874 iso-8859-11 iso8859-11 iso885911",
    "iso8859-6": "iso-8859-6-e iso-8859-6-i csiso88596e csiso88596i", "iso8859-7": "sun_eu_greek",
    "iso8859-8": "iso-8859-8-e iso-8859-8-i csiso88598e csiso88598i visual logical", "iso8859-15": "csisolatin9",
    "koi8-r": "koi koi8", "koi8-u": "koi8-ru", "mac-roman": "mac x-mac-roman csmacintosh",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
}  # fmt: skip
_SUPERSET = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
_GLUED = deferred(r"(?:x-)?(?:iso8859(\d{1,2})|cp(125\d))")  # iso88592, x-cp1250
_ASCII = bytes(range(128))
_UTF_8 = deferred(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_RUN = deferred("[\x80-\xff]{3,}")
_FEW = 100  # a label may be wrong about one in so many characters: broken bytes, cut in two by a template
_SAMPLE = 1 << 16  # bytes that are looked at where no label helps
_GUESSES = ("cp949", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp1251", "cp1252")
_PLACE = 0.2  # what the language or country of a page weighs, of 1 for a text whose characters are all everyday ones
_SHIFTED = deferred(rb"\x1b\$[@B]|\x1b\(J")  # ISO-2022-JP: letters of seven bits, between escapes


def _plane(codec: str, first: int, last: int, trails: Sequence[int]) -> str:
    """The characters of a double-byte code whose first byte is one of these."""
    return bytes(byte for lead in range(first, last + 1) for trail in trails for byte in (lead, trail)).decode(
        codec, "ignore"
    )


_HIGH = range(0xA1, 0xFF)
_HANS = "，。、：；！？“”‘’《》（）【】—…·　"
_EVERYDAY = {
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯёіїє«»—–“”„…№",
    "cp1252": "éèàçüöäßñóáíãõêôâîûåøæúëïìòùýðþœšžÉÈÀÇÜÖÄÑÓÁÍÃÕÊÔÂÎÛÅØÆÚ’‘“”„–—…•£€§«»©®™·°½¼¾²³±µ¿¡ºª\xa0",
}  # fmt: skip


@cache
def _everyday_of(codec: str) -> frozenset[str]:
    """The everyday characters of an encoding: of the double-byte codes those of the first level, which are sorted by
    use. Whoever decodes a text wrongly sees few of them. Kana weigh more than kanji, since Chinese has as many."""
    match codec:
        case "gb18030":
            return frozenset(_plane("gb2312", 0xB0, 0xD7, _HIGH) + _HANS)
        case "big5hkscs":
            return frozenset(_plane("big5", 0xA4, 0xC6, [*range(0x40, 0x7F), *_HIGH]) + _HANS + "「」")
        case "cp932" | "euc_jp":
            return frozenset(_plane("euc_jp", 0xA4, 0xA5, _HIGH) + "、。「」・ー（）　")
        case "cp949":
            return frozenset(_plane("euc_kr", 0xB0, 0xC8, _HIGH) + "·“”‘’…")
    return frozenset(_EVERYDAY.get(codec, ""))


@cache
def _kanji() -> frozenset[str]:
    return frozenset(_plane("euc_jp", 0xB0, 0xCF, _HIGH))


@cache
def _later() -> frozenset[str]:
    """Of the first level, by pinyin, from s to z: two in five of a Chinese text, none of a Korean one."""
    return frozenset(_plane("gb2312", 0xC9, 0xD7, _HIGH))


_NO_WORD = deferred(
    r"""
    [A-Za-z][А-Яа-яё]|[А-Яа-яё][A-Za-z]|[а-яё][А-ЯЁ]  # two scripts, or a capital, within a word
    |[А-Яа-яё][^А-Яа-яёіїєІЇЄ\x00-\x7f«»—–“”„…№’\xa0]  # a sign that Cyrillic text does not hold behind a letter
    |[^А-Яа-яёіїєІЇЄ\x00-\x7f«»—–“”„…№’\xa0][А-Яа-яё]  # or before one
    """,
    re.X,
)

_BEYOND = r"(?:[^\W\d_\x00-\x7f]|[\u0e31-\u0e4e])"  # marks of Thai are no letters to Python
_MIXED_WORD = deferred(rf"[A-Za-z]{_BEYOND}|{_BEYOND}[A-Za-z]")  # letters of two scripts


def decode(content: bytes, content_type: str = "", sure: str = "", likely: Sequence[str] = ()) -> tuple[str, str]:
    """Text and the codec it was read with: BOM, then UTF-8 where it fits, then the header's label, the page's, a guess.

    UTF-8 that fits, give or take broken bytes, beats every label, since other encodings hardly ever look like it
    (WHATWG Encoding; measured on campus sites, where templates keep old labels). Another label is believed when it
    decodes the bytes, but for Western ones, which decode anything. `sure` is a label that beats them all: the
    operator's word for a site whose pages lie. `likely` are codecs of the language and country of the site, asked where
    neither UTF-8 nor a label fits (`archive.code_pages`). Wrong bytes become U+FFFD.
    """
    if sure and (codec := _codec(sure)):
        return content.decode(codec, "replace"), codec
    for bom, codec in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(codec, "replace"), codec
    if wide := _wide(content):
        return content.decode(wide, "replace"), wide
    if b"\x1b" in content and _SHIFTED.search(content):
        return content.decode("iso2022_jp_ext", "replace"), "iso2022_jp_ext"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if (_UTF_8.search(content) and not _wrong(content)) or (
        not _breaks_early(content) and _fitting(content, "utf-8") is not None
    ):
        return _unbroken(content), "utf-8"
    labels = [codec for label in _labels(content, content_type) if (codec := _codec(label))]
    if _mostly_utf_8(content, labels):
        return _unbroken(content), "utf-8"
    for codec in labels:
        if codec not in ("utf-8", "cp1252") and (text := _fitting(content, codec)) is not None:
            return text, codec
    codec = _guess(content, labels, code_pages.in_order(code_pages.stated(content), likely))
    return content.decode(codec, "replace"), codec


def undoubled(text: str) -> str:
    """A text that was written as UTF-8 twice (`Ã©` for é, `â€™` for ’), read once more; any other as it stands.

    Each of its characters has to be a byte of Windows-1252, and all of them together UTF-8: no honest text is.
    """
    first = None if text.isascii() else _BEYOND_ASCII.search(text)
    if first is None or _DOUBLED.match(text, first.start()) is None:  # as nearly all are: no more is looked at
        return text
    try:
        once = text.translate(_bytes_of_western()).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
    return once if len(text) - len(once) >= _DOUBLED_LEAST else text


_BEYOND_ASCII = deferred(r"[^\x00-\x7f]")
_DOUBLED = deferred("[\xc2-\xf4][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_DOUBLED_LEAST = 3


@cache
def _bytes_of_western() -> dict[int, int]:
    """What Windows-1252 has in the place of control characters -> its byte."""
    return {ord(bytes([byte]).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(0x80, 0xA0)}


# of Windows-1252, pasted into a page in UTF-8: quotation marks, dashes, dots, euro and trade mark between ASCII
_PASTED = deferred(rb"(?<=[\x00-\x7f])[\x80\x85\x91-\x97\x99]+(?=[\x00-\x7f])")


def _wrong(content: bytes) -> bool:
    """Whether signs of Windows-1252 are not all that keeps it from being UTF-8."""
    try:
        _PASTED.sub(b"", content).decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _unbroken(content: bytes) -> str:
    """UTF-8 with wrong bytes: a sign of Windows-1252 that stands alone is that, all others are U+FFFD."""
    return _PASTED.sub(lambda signs: signs[0].decode("cp1252").encode(), content).decode("utf-8", "replace")


def _labels(content: bytes, content_type: str) -> list[str]:
    head = content[:4096]
    found = _HEADER.findall(content_type)
    found += [match.group(1).decode("ascii", "replace") for pattern in (_XML, _META) if (match := pattern.search(head))]
    return found


def _codec(label: str) -> str | None:
    """Python's name of a text encoding; None for a label that names none."""
    label = label.strip().lower()
    label = _SUPERSET.get(label, label)
    if glued := _GLUED.fullmatch(label):
        label = f"iso8859-{glued[1]}" if glued[1] else f"cp{glued[2]}"
    try:
        info = codecs.lookup(label)
    except LookupError:
        return None
    return (
        info.name
        if getattr(info, "_is_text_encoding", True) and info.name not in ("idna", "punycode", "undefined", "utf-7")
        else None
    )


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: markup in it has a NUL in every other byte."""
    head = content[:1024]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 6 < len(head) or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _breaks_early(content: bytes) -> bool:
    """Whether a page's beginning breaks UTF-8 more often than all of it may: to replace every wrong byte takes longer
    than to read the page."""
    most = len(content.translate(None, _ASCII))  # characters that are not ASCII, at most
    for size in (1 << 12, 1 << 14, 1 << 16):
        wrong = content[:size].decode("utf-8", "replace").count("\ufffd") - 1  # the last may only be cut
        if wrong > 1 and wrong * _FEW > most:
            return True
    return False


def _fitting(content: bytes, codec: str) -> str | None:
    """The text, where the bytes are text in this codec but for a few broken ones."""
    text = content.decode(codec, "replace")
    wrong = text.count("\ufffd")
    foreign = len(text) - len(content) + len(content.translate(None, _ASCII))  # characters that are not ASCII
    return text if wrong * _FEW <= foreign or wrong <= 1 < foreign - wrong else None


def _mostly_utf_8(content: bytes, labels: list[str]) -> bool:
    """Whether it is UTF-8 that was cut, spliced or damaged: most of its bytes beyond ASCII stand in whole characters.

    In a long text of a double-byte code two in five do by chance, in three words of it up to three in four; in a
    Western or Cyrillic one hardly any.
    """
    sample = _foreign(content)
    foreign = len(sample.translate(None, _ASCII))
    least = (0.7 if "utf-8" in labels else 0.8) + (0.1 if foreign < 60 else 0.0)
    return 0 < least * foreign <= sum(map(len, _UTF_8.findall(sample)))


def _guess(content: bytes, labels: list[str], likely: Sequence[str] = ()) -> str:
    """The codec in which most characters beyond ASCII are everyday ones; a label is believed in doubt, and so is the
    place that a page is from."""
    high = _foreign(content)
    best, most = (labels or ["cp1252"])[0], 0.0
    for codec in dict.fromkeys([*_GUESSES, *labels, *likely]):
        text = high.decode(codec, "replace")
        foreign = len(text) - len(text.encode("ascii", "ignore"))
        value = _everyday(text, codec) / (foreign or 1)
        value += (0.05 if codec in labels else 0.0) + (_PLACE if codec in likely and value > 0.5 else 0.0)
        if value > most:
            best, most = codec, value
    return best


def _everyday(text: str, codec: str) -> float:
    """Everyday characters of a text that was decoded so; less what no text in it would have."""
    counts = Counter(text)
    alphabets = (_everyday_of(codec),) if codec in _GUESSES else code_pages.ALPHABETS.get(codec, ())
    good = 0.0 + max((sum(counts[one] for one in counts.keys() & known) for known in alphabets), default=0)
    good -= 4.0 * counts["\ufffd"]
    if codec in ("cp932", "euc_jp"):
        good += 0.8 * sum(counts[character] for character in counts.keys() & _kanji())
    elif codec == "gb18030" and sum(counts[character] for character in counts.keys() & _later()) * 10 < good:
        good *= 0.9
    elif codec in ("cp1251", "koi8-r", "koi8-u"):  # words begin with a capital or have none, and hold no signs
        good -= 2 * len(_NO_WORD.findall(text))
    elif codec in code_pages.OTHER_LETTERS:
        good -= 2 * len(_MIXED_WORD.findall(text))
    elif codec == "cp1252":  # in Western words letters beyond ASCII stand alone or in pairs
        good -= 2 * sum(len(run) for run in _RUN.findall(text))
    return good


def _foreign(content: bytes) -> bytes:
    """The stretches of a page around bytes beyond ASCII, so that markup does not use up the sample."""
    pieces = re.findall(rb"[^\x00-\x7f<>][^<>]{0,400}", content[: 16 * _SAMPLE])
    return b"\n".join(pieces)[:_SAMPLE]


def decode_name(raw: bytes) -> str:
    """Bytes of a name as text: UTF-8, else GB 18030 where most characters beyond ASCII are of its everyday plane, else
    windows-1252; empty where they are none of these."""
    name, chinese = in_charset(raw, "utf-8"), in_charset(raw, "gb18030")
    if (name and not _mixed(name)) or not raw:
        return name
    beyond = [character for character in chinese if not character.isascii()]
    everyday = sum(1 for character in beyond if character.encode("gb2312", "ignore"))
    if beyond and 2 * everyday >= len(beyond) and (not name or everyday == len(beyond)):
        return chinese
    return name or in_charset(raw, "cp1252")


def _mixed(name: str) -> bool:
    """Whether letters of several small scripts stand in a name, as they do where pairs of GBK are UTF-8 by chance."""
    beyond = [character for character in name if not character.isascii()]
    if not beyond or max(beyond) >= "\u0800":
        return False
    return len({unicodedata.name(character, "?").split()[0] for character in beyond}) > 1


def in_charset(raw: bytes, charset: str) -> str:
    """Bytes as text of that charset; empty where they are none, or nobody knows the charset."""
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return ""
