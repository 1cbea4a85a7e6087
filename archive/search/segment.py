"""Text as the search index takes it: one spelling of each character, each CJK character a token of its own.

SQLite's `unicode61` tokenizer ends a token only at punctuation and space, so a Chinese sentence is one token and no
word
in it is found. A zero-width space on both sides of each character parts them (on one side, glued text such as 在MIT and
第3届 would still fuse). The same is written twice, in Python for speed and in SQL so that `sqlite3` alone can show
snippets and check the index; a test holds them equal.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from archive.patterns import deferred

SEPARATOR = "\u200b"
# first and last character of each range whose members stand alone. The last three tokenise as letters in SQLite
# although
# they are icons or emoji, and would fuse with the word they touch
ALONE = (
    ("\u0e01", "\u0e3a"),  # Thai, Lao, Burmese and Khmer, which are written without spaces: letters and their marks
    ("\u0e40", "\u0e4e"),
    ("\u0e81", "\u0ecd"),
    ("\u1000", "\u103f"),
    ("\u1780", "\u17d3"),
    ("\u2e80", "\u2fdf"),  # CJK radicals, which PDF files write for ideographs
    ("\u3005", "\u3007"),  # 々 〆 〇
    ("\u3021", "\u3029"),  # Hangzhou numerals
    ("\u3031", "\u3035"),  # kana repeat marks
    ("\u3040", "\u9fff"),  # kana, bopomofo, ideographs
    ("\uac00", "\ud7af"),  # Hangul syllables
    ("\uff66", "\uffdc"),  # half-width kana and jamo
    ("\U0001b000", "\U0001b2ff"),  # old kana
    ("\U00020000", "\U0003ffff"),  # ideographs, extensions B and on
    ("\ue000", "\ufaff"),  # private use (icon fonts); compatibility ideographs
    ("\U0001f000", "\U0001faff"),  # pictographs newer than SQLite's table
    ("\U000f0000", "\U0010ffff"),  # private use planes
)
_BOUNDS = sorted(code for first, last in ALONE for code in (ord(first), ord(last) + 1))


def stands_alone(character: str) -> bool:
    """Whether this character is a token of its own."""
    return bisect_right(_BOUNDS, ord(character)) % 2 == 1


@cache
def foldings() -> dict[str, str]:
    """Each character that has a plainer spelling, with it: 學 -> 学, Ａ -> A, ﬁ -> fi, ß -> ss, é -> e; empty for what
    is not written in searching.

    A spelling of several characters holds the separators between them: が -> か and its mark, as text in NFD and of
    half width has them; a Hangul syllable its letters, which stay one token. From OpenCC's t2s table and Unicode's
    compatibility
    mappings; an archive stores the table it was made with, since an index entry can be taken out again only with
    exactly
    the text that was put in.
    """
    lines = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text("utf-8").splitlines()
    simple = {
        traditional: others.split()[0] for traditional, _, others in (line.partition("\t") for line in lines) if others
    }
    simple = {
        traditional: plain for traditional, plain in simple.items() if stands_alone(traditional) and len(plain) == 1
    }
    folded = {  # by far the most, and all alike: made of letters that have no plainer spelling
        syllable: f"{SEPARATOR}{unicodedata.normalize('NFKD', syllable)}{SEPARATOR}"
        for syllable in map(chr, range(0xAC00, 0xD7A4))
    }
    for character in sorted({*simple, *_compatible()}):
        known = character in simple or character in _TYPED or _UNWRITTEN.match(character)
        if (
            not known and unicodedata.is_normalized("NFKD", character) and _parted(character) == character
        ) or unicodedata.category(character) in ("Cn", "Cs", "Co"):
            continue
        plain = _spelled(character, simple)
        if plain != character:
            folded[character] = plain
    return folded


# letters that people type otherwise, beyond what Unicode decomposes: final and hamza forms, ligatures, strokes
_TYPED = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
    "Đ": "D", "ı": "i", "ς": "σ",
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "\u3099": "ﾞ", "\u309a": "ﾟ", "゛": "ﾞ", "゜": "ﾟ",
}  # fmt: skip
# soft hyphens, joiners, directions, tatweel; accents and the vowel signs of Arabic and Hebrew
_UNWRITTEN = deferred(
    "[\u00ad\u034f\u0640\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
)


def _spelled(character: str, simple: Mapping[str, str]) -> str:
    """The plain spelling of a character, with separators where it becomes several tokens or was one of its own."""
    if character in ("゛", "゜"):  # which Unicode decomposes to a blank and a mark
        return _TYPED[character]
    parts: list[str] = []
    for part in _UNWRITTEN.sub("", unicodedata.normalize("NFKD", character)):
        for _ in range(2):  # 薴 -> 苧 -> 苎
            part = simple.get(part, part)
        parts += _TYPED.get(part, part)
    if len(parts) == 1 and stands_alone(parts[0]):
        return parts[0]
    whole = "".join(_parted(part) for part in parts)
    kind, how = unicodedata.category(character)[0], unicodedata.decomposition(character)
    own = (kind == "S" and not how.startswith(("<font", "<wide"))) or (
        kind == "N" and not how.startswith(("<font", "<wide", "<sup", "<sub"))
    )
    # ①abc is 1 and abc
    return f"{SEPARATOR}{whole}{SEPARATOR}" if own and whole.strip() and whole != character else whole


def _parted(part: str) -> str:
    """A character with the separators around it; a letter of Hangul begins or ends a syllable."""
    if "\u1100" <= part <= "\u115f":
        return SEPARATOR + part
    if "\u11a8" <= part <= "\u11ff":
        return part + SEPARATOR
    return f"{SEPARATOR}{part}{SEPARATOR}" if stands_alone(part) else part


def _compatible() -> Iterator[str]:
    """Characters for which Unicode may know a plainer one; unified ideographs are none of them."""
    spans = [
        (0xA0, 0x33FF),
        (0xA640, 0xABFF),
        (0xF900, 0xFFEF),
        (0x1D400, 0x1D7FF),
        (0x1F100, 0x1F1FF),
        (0x2F800, 0x2FA1F),
    ]
    return (chr(code) for first, last in spans for code in range(first, last + 1) if chr(code) != SEPARATOR)


class Segmenter:
    """Folds and segments with the table an archive has."""

    def __init__(self, folds: Mapping[str, str]) -> None:
        self.table = folds
        self._folds = {ord(c): ord(f) for c, f in folds.items() if len(f) == 1}
        self._parted, self._spaced = _Table(folds, SEPARATOR), _Table(folds, " ")

    def fold(self, text: str) -> str:
        """The text in plain spelling, as far as that has as many characters as before."""
        return text.translate(self._folds)

    def segment(self, text: str) -> str:
        """The text in plain spelling with its CJK characters parted; ends at a NUL, as SQLite's own functions do."""
        return text.partition("\0")[0].translate(self._parted)

    def tokens(self, text: str) -> str:
        """As `segment`, parted by blanks: to SQLite the same tokens, found in three quarters of the time, but not to be
        shown."""
        return text.partition("\0")[0].translate(self._spaced)

    def width(self, character: str) -> int:
        """How many characters of `segment` a character becomes, separators not counted."""
        return len(self._parted[ord(character)].replace(SEPARATOR, ""))


class _Table(dict[int, str]):
    """Grows by the characters it meets: a language uses some thousands of a million."""

    def __init__(self, folds: Mapping[str, str], separator: str) -> None:
        super().__init__()
        self._folds, self._separator = folds, separator

    def __missing__(self, code: int) -> str:
        character = self._folds.get(chr(code), chr(code))
        alone = len(character) == 1 and stands_alone(character)
        self[code] = (
            f"{self._separator}{character}{self._separator}" if alone else character.replace(SEPARATOR, self._separator)
        )
        return self[code]


_STEP = 48  # SQLite finds a character by counting from the start: pieces keep long texts linear


def segment_sql(text: str, folds: str = "search_folds") -> str:
    """An SQL expression for `Segmenter.segment(text)`, where `text` is itself an SQL expression."""
    steps = ",".join(f"({n})" for n in range(_STEP))
    alone = " or ".join(f"c between '{first}' and '{last}'" for first, last in ALONE)
    return f"""(
    with recursive given(x) as materialized (select {text}),
      steps(j) as materialized (values {steps}),
      block(o, h) as (
        select 0, substr(x, 1, {_STEP * _STEP}) from given
        union all
        select o + {_STEP * _STEP}, substr(x, o + {_STEP * _STEP} + 1, {_STEP * _STEP}) from block, given
          where length(h) = {_STEP * _STEP}
      ),
      piece(o, h) as materialized (select o + j * {_STEP}, substr(h, j * {_STEP} + 1, {_STEP}) from block
        cross join steps where j * {_STEP} < length(h)),
      plain(o, c) as (
        select o + j, coalesce((select folded from {folds} where character = substr(h, j + 1, 1)), substr(h, j + 1, 1))
        from piece cross join steps where j < length(h)
      )
    select coalesce(group_concat(case when {alone} then char(8203) || c || char(8203) else c end, ''), '')
    from (select c from plain order by o))"""
