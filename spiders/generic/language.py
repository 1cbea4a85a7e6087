"""The language a story is written in: by script where that settles it, by what the page says, by its words."""

from __future__ import annotations

import re

from archive.patterns import deferred
from spiders.page import Page

_KANA_RANGES, _HANGUL_RANGES = r"\u3041-\u3096\u30a1-\u30fa", r"\uac00-\ud7a3"
_KANA = deferred(f"[{_KANA_RANGES}]+")
_HANGUL = deferred(f"[{_HANGUL_RANGES}]+")
_KANA_OR_HANGUL = deferred(f"[{_KANA_RANGES}{_HANGUL_RANGES}]")
_HAN = deferred(r"[\u3400-\u9fff]+")
_LETTER = deferred(r"[^\W\d_]+")
# scripts that one language has to itself on college news
_RANGES = {
    "he": r"\u0590-\u05ff",
    "th": r"\u0e00-\u0e7f",
    "el": r"\u0370-\u03ff",
    "ka": r"\u10a0-\u10ff",
    "hy": r"\u0530-\u058f",
}
_SCRIPTS = tuple((deferred(f"[{ranges}]+"), code) for code, ranges in _RANGES.items())
_OWN = deferred(f"[{_KANA_RANGES}{_HANGUL_RANGES}{''.join(_RANGES.values())}]")
_ENGLISH = frozenset("the of and to in for was is at by with on that from".split())
_SAMPLE = 1500
_PHRASE = 3  # words: fewer may be a name in a text of any language
# languages that are written in letters of their own: none of a phrase in which there is none
_OTHER_LETTERS = frozenset(("zh", "ja", "ko", *_RANGES, "ru", "uk", "bg", "sr", "mk", "ar", "fa", "ur", "hi"))


def language(text: str, page: Page, usual: str = "") -> str | None:
    """ISO 639-1 code; None where there are no words. `usual` is the site's language, believed of short texts."""
    sample = text[:_SAMPLE]
    rest = _HAN.sub("", sample)
    han = len(sample) - len(rest)
    if han * 4 > len(sample) and not _KANA_OR_HANGUL.search(rest):
        return "zh"  # what most pages are is told without counting letters
    letters = _count(_LETTER, sample)
    if not letters:
        return usual or None
    own = _OWN.search(sample) is not None  # most texts have no letter of these scripts, and none of it is counted
    if own and _count(_KANA, sample) * 20 > letters:
        return "ja"
    if own and _count(_HANGUL, sample) * 4 > letters:
        return "ko"
    if han * 4 > letters:
        return "zh"
    for script, code in _SCRIPTS if own else ():
        if _count(script, sample) * 3 > letters:
            return code
    words = sample.lower().split()
    if sum(word in _ENGLISH for word in words) * 7 > len(words) > 12:
        return "en"  # English twins of sites often keep the lang of the other half
    said = page.declared_language
    if letters < 60:
        likely = said if said and said not in ("zh", "ja", "ko") else usual or said
        return "en" if likely in _OTHER_LETTERS and len(words) >= _PHRASE and sample.isascii() else likely
    if said and said not in ("zh", "ja", "ko", "en"):
        return said
    return guess(sample)


def _count(runs: re.Pattern[str], sample: str) -> int:
    return sum(map(len, runs.findall(sample)))


def guess(sample: str) -> str | None:
    """By its words (py3langid: loaded on first use, since it takes a second)."""
    import py3langid

    return str(py3langid.classify(sample)[0])
