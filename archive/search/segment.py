"""Text as the search index takes it: one spelling of each character, each CJK character a token of its own.

SQLite's `unicode61` tokenizer ends a token only at punctuation and space, so a Chinese sentence is one token and no
word
in it is found. A zero-width space on both sides of each character parts them (on one side, glued text such as 在MIT and
第3届 would still fuse). The same is written twice, in Python for speed and in SQL so that `sqlite3` alone can show
snippets and check the index; a test holds them equal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from importlib.resources import files

SEPARATOR = "\u200b"
# first and last character of each range whose members stand alone. The last three tokenise as letters in SQLite
# although
# they are icons or emoji, and would fuse with the word they touch
ALONE = (
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
_CODES = tuple((ord(first), ord(last)) for first, last in ALONE)


def stands_alone(character: str) -> bool:
    """Whether this character is a token of its own."""
    code = ord(character)
    return any(first <= code <= last for first, last in _CODES)


def foldings() -> dict[str, str]:
    """Each character that has a plainer spelling, with it: 學 -> 学, Ａ -> A, ⼤ -> 大.

    One character always gives one character, so that places in folded text are places in the text itself. From
    OpenCC's t2s table and Unicode's compatibility mappings; an archive stores the table it was made with, since an
    index entry can be taken out again only with exactly the text that was put in.
    """
    lines = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text("utf-8").splitlines()
    simple = {
        traditional: others.split()[0] for traditional, _, others in (line.partition("\t") for line in lines) if others
    }
    folded: dict[str, str] = {}
    for character in sorted({*filter(stands_alone, simple), *_compatible()}):
        plain = unicodedata.normalize("NFKC", character)
        if len(plain) != 1 or unicodedata.category(character) == "Cn":
            continue
        for _ in range(2):  # 薴 -> 苧 -> 苎
            plain = simple[plain] if len(simple.get(plain, "")) == 1 else plain
        if plain != character:
            folded[character] = plain
    return folded


def _compatible() -> Iterator[str]:
    """Characters for which Unicode may know a plainer one; unified ideographs are none of them."""
    spans = [(0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0xFF01, 0xFF5E), (0x2F800, 0x2FA1F)]
    return (chr(code) for first, last in spans for code in range(first, last + 1))


class Segmenter:
    """Folds and segments with the table an archive has."""

    def __init__(self, folds: Mapping[str, str]) -> None:
        self._folds = {ord(c): ord(f) for c, f in folds.items()}
        self._parted, self._spaced = _Table(folds, SEPARATOR), _Table(folds, " ")

    def fold(self, text: str) -> str:
        """The text in plain spelling; as many characters as before."""
        return text.translate(self._folds)

    def segment(self, text: str) -> str:
        """The text in plain spelling with its CJK characters parted; ends at a NUL, as SQLite's own functions do."""
        return text.partition("\0")[0].translate(self._parted)

    def tokens(self, text: str) -> str:
        """As `segment`, parted by blanks: to SQLite the same tokens, found in three quarters of the time, but not to be
        shown."""
        return text.partition("\0")[0].translate(self._spaced)


class _Table(dict[int, str]):
    """Grows by the characters it meets: a language uses some thousands of a million."""

    def __init__(self, folds: Mapping[str, str], separator: str) -> None:
        super().__init__()
        self._folds, self._separator = folds, separator

    def __missing__(self, code: int) -> str:
        character = self._folds.get(chr(code), chr(code))
        self[code] = f"{self._separator}{character}{self._separator}" if stands_alone(character) else character
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
        select o + {_STEP * _STEP}, substr(x, o + {_STEP * _STEP} + 1, {_STEP * _STEP}) from block, given where length(h) = {_STEP * _STEP}
      ),
      piece(o, h) as materialized (select o + j * {_STEP}, substr(h, j * {_STEP} + 1, {_STEP}) from block cross join steps where j * {_STEP} < length(h)),
      plain(o, c) as (
        select o + j, coalesce((select folded from {folds} where character = substr(h, j + 1, 1)), substr(h, j + 1, 1))
        from piece cross join steps where j < length(h)
      )
    select coalesce(group_concat(case when {alone} then char(8203) || c || char(8203) else c end, ''), '')
    from (select c from plain order by o))"""
