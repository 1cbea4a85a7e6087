"""Bytes of a page to text: one decision, once."""

from __future__ import annotations

import codecs
import re

_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.I)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# WHATWG Encoding section 4.2: these labels name a superset of what they say
_SUPERSET = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "iso-8859-1": "cp1252",
    "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "sjis": "cp932", "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "utf8": "utf-8", "iso-8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
_ASCII = bytes(range(128))
_RUN = re.compile("[\x80-\xff]{3,}")
_FEW = 100  # a label may be wrong about one in so many characters: broken bytes, cut in two by a template
_SAMPLE = 1 << 16  # bytes that are looked at where no label helps
_GUESSES = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1251", "cp1252")
# the characters beyond ASCII of everyday text in each of them: whoever decodes it wrongly sees few of these
_EVERYDAY = {
    "gb18030": (
        "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经，"
        "。、：“”《》；（）　"
    ),
    "big5hkscs": (
        "的一是不了人我在有他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小心多天而能好都然沒日於起還發，"
        "。、：「」；（）　"
    ),
    "cp932": "のにはをたがでてとしれさるいなもっかりこまらんす日一国人年大会中本ーン、。「」（）　",
    "euc_jp": "のにはをたがでてとしれさるいなもっかりこまらんす日一国人年大会中本ーン、。「」（）　",
    "cp949": "이다는의에을를가고한하로지기도은있자사서대인어시일아리해제수전원정부학",
    "cp1251": "оеаинтсрвлкмдпуяыьгзбчйхжшюцОНПСВ",
    "cp1252": "éèàçüöäßñóáíãõêôâîûåøæúÉÜÖÄ’‘“”–—…£€«»©®·°",
}


def decode(content: bytes, content_type: str = "", sure: str = "") -> tuple[str, str]:
    """Text and the codec it was read with: BOM, then UTF-8 where it fits, then the header's label, the page's, a guess.

    UTF-8 that fits, give or take a broken byte, beats every label, since other encodings hardly ever look like it
    (WHATWG Encoding; measured on campus sites, where templates keep old labels). Another label is believed when it
    decodes the bytes, but for Western ones, which decode anything. `sure` is a label that beats them all: the
    operator's word for a site whose pages lie. Wrong bytes become U+FFFD.
    """
    if sure and (codec := _codec(sure)):
        return content.decode(codec, "replace"), codec
    for bom, codec in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(codec, "replace"), codec
    if wide := _wide(content):
        return content.decode(wide, "replace"), wide
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if not _breaks_early(content) and (text := _fitting(content, "utf-8")) is not None:
        return text, "utf-8"
    labels = [codec for label in _labels(content, content_type) if (codec := _codec(label))]
    for codec in labels:
        if codec not in ("utf-8", "cp1252") and (text := _fitting(content, codec)) is not None:
            return text, codec
    codec = _guess(content, labels)
    return content.decode(codec, "replace"), codec


def _labels(content: bytes, content_type: str) -> list[str]:
    head = content[:4096]
    found = _HEADER.findall(content_type)
    found += [match.group(1).decode("ascii", "replace") for pattern in (_XML, _META) if (match := pattern.search(head))]
    return found


def _codec(label: str) -> str | None:
    """Python's name of a text encoding; None for a label that names none."""
    label = label.strip().lower()
    try:
        info = codecs.lookup(_SUPERSET.get(label, label))
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


def _guess(content: bytes, labels: list[str]) -> str:
    """The codec in which most characters beyond ASCII are everyday ones; a label is believed in doubt."""
    high = _foreign(content)
    best, most = "cp1252", -1.0
    for codec in dict.fromkeys([*labels, *_GUESSES]):
        text = high.decode(codec, "replace")
        foreign = len(text) - len(text.encode("ascii", "ignore"))
        good = sum(map(text.count, frozenset(_EVERYDAY.get(codec, "")))) - 4 * text.count("\ufffd")
        if codec == "cp1252":  # in Western words letters beyond ASCII stand alone or in pairs
            good -= 2 * sum(len(run) for run in _RUN.findall(text))
        value = good / (foreign or 1) + (0.05 if codec in labels else 0.0)
        if value > most:
            best, most = codec, value
    return best


def _foreign(content: bytes) -> bytes:
    """The stretches of a page around bytes beyond ASCII, so that markup does not use up the sample."""
    pieces = re.findall(rb"[^\x00-\x7f<>][^<>]{0,400}", content[: 16 * _SAMPLE])
    return b"\n".join(pieces)[:_SAMPLE]
