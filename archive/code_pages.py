"""Which encodings pages of a language or country come in where no label says, and by which letters they are known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from archive.patterns import deferred

_LANG = deferred(rb"""<html\b[^>]{0,500}?\slang\s{0,5}=\s{0,5}["']?\s{0,5}([a-z]{2})(?![a-z])[-_]?([a-z]{0,4})""", re.I)
_CODECS = {
    ("cp1250", "iso8859-2"): ("pl cs sk hu sl hr bs ro sq", "PL CZ SK HU SI HR BA RO AL"),
    ("cp1254",): ("tr az", "TR AZ"),
    ("cp1253", "iso8859-7"): ("el", "GR CY"),
    ("cp1251", "koi8-r", "iso8859-5"): ("ru be bg sr mk kk ky mn", "RU BY BG RS MK KZ KG MN SU"),
    ("cp1251", "koi8-u"): ("uk", "UA"),
    ("cp1255",): ("he iw yi", "IL"),
    ("cp1256",): ("ar fa ur", "EG SA IR IQ SY JO LB KW AE QA OM YE SD LY DZ MA TN PK AF"),
    ("cp874",): ("th", "TH"),
    ("cp1258",): ("vi", "VN"),
    ("cp1257",): ("lt lv", "LT LV"),
    ("cp932", "euc_jp"): ("ja", "JP"),
    ("cp949",): ("ko", "KR"),
    ("gb18030",): ("", "CN SG"),
    ("big5hkscs",): ("", "TW HK MO"),
}
_OF_LANGUAGE = {code: codecs for codecs, (languages, _) in _CODECS.items() for code in languages.split()}
_OF_LAND = {code: codecs for codecs, (_, lands) in _CODECS.items() for code in lands.split()}
_SIGNS = "’‘“”„–—…«»©®™·°§€\xa0"
_LATIN = "éèàçüöäßáíóúñ"  # of names from elsewhere
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯёіїє№" + _SIGNS
# of one code for many languages, each has its own: a text in one of the two codes is none of any of them in the other
_CENTRAL = (
    "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", "áäčďéíĺľňóôŕšťúýžÁČĎÉÍĽŇÓÔŠŤÚÝŽ",
    "áéíóöőúüűÁÉÍÓÖŐÚÜŰ", "čćđšžČĆĐŠŽ", "ăâîşţĂÂÎŞŢ",
)  # fmt: skip
_GREEK = "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ"
_VIETNAMESE = "àáâãèéêìíòóôõùúýăđơưÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐƠƯ\u0300\u0309\u0303\u0301\u0323"
_LETTERS = {
    "cp1254": "çğıöşüâîûÇĞİÖŞÜ" + _LATIN + _SIGNS,
    "cp1253": _GREEK + _SIGNS,
    "iso8859-7": _GREEK + "\xa0§©«»°·",
    "koi8-r": _CYRILLIC,
    "koi8-u": _CYRILLIC + "ґҐІЇЄ",
    "iso8859-5": _CYRILLIC,
    "cp1255": "אבגדהוזחטיכלמנסעפצקרשתךםןףץ״׳־" + _SIGNS,
    "cp1256": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئپچژگک،؛؟ـًٌٍَُِّْ\u200c\u200e\u200f" + _SIGNS,
    "cp874": "".join(map(chr, (*range(0xE01, 0xE3B), *range(0xE40, 0xE4D)))) + _SIGNS,
    "cp1258": _VIETNAMESE + _SIGNS,
    "cp1257": "ąčęėįšųūžāēģīķļņĄČĘĖĮŠŲŪŽĀĒĢĪĶĻŅõäöü" + _SIGNS,
}
# codecs of scripts whose letters stand in no word with those of ASCII
OTHER_LETTERS = frozenset(("cp1253", "iso8859-7", "iso8859-5", "cp1255", "cp1256", "cp874"))
ALPHABETS: dict[str, tuple[frozenset[str], ...]] = {
    **{codec: (frozenset(letters),) for codec, letters in _LETTERS.items()},
    "cp1250": tuple(frozenset(letters + _LATIN + _SIGNS) for letters in _CENTRAL),
    "iso8859-2": tuple(frozenset(letters + _LATIN + "\xa0§°") for letters in _CENTRAL),
}


@lru_cache(1024)
def codecs_of(language: str, land: str) -> tuple[str, ...]:
    """Codecs in which pages of a language (ISO 639-1) or else of a country (ISO 3166-1) come, likeliest first."""
    return _OF_LANGUAGE.get(language) or _OF_LAND.get(land) or ()


def of_site(language: str, land: str, url: str) -> tuple[str, ...]:
    """Codecs of a site's language and country, as its operator states them, and of the country that a page's host is
    in."""
    top = (urlsplit(url).hostname or "").rpartition(".")[2].upper()
    return in_order(codecs_of(language, land), codecs_of("", top))


def stated(content: bytes) -> tuple[str, ...]:
    """Codecs of the language that a page states itself in the `lang` of its root, whose letters are ASCII in all."""
    match = _LANG.search(content[:4096])
    if match is None:
        return ()
    language, rest = (part.decode("ascii").lower() for part in match.groups())
    if language == "zh":
        return ("big5hkscs",) if rest in ("tw", "hk", "hant", "mo") else ()
    return codecs_of(language, "")


def in_order(*several: Iterable[str]) -> tuple[str, ...]:
    """Codecs of several witnesses, each once, those of the first before those of the second."""
    return tuple(dict.fromkeys(codec for one in several for codec in one))
