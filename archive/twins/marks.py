"""What of a story can be found again in another language: its words' meanings, numbers, days, names and terms."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated

from archive.patterns import deferred
from archive.twins.lexicon import LONGEST, Lexicon, stems
from archive.twins.quantities import Day, chinese_days, chinese_numbers, english_days, english_numbers

MOST = 20_000  # characters of a story that are compared: the rest of a report of the year says no more of its event
_HAN = deferred("[\u3400-\u9fff]+")
_LATIN = deferred(r"[A-Za-z][A-Za-z0-9]+|[0-9]+[A-Za-z]+")
# QS, ROBOCON, ZmDRO3, 5G: what no translator translates
_TERM = deferred(r"\b(?=[A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*[A-Z])[A-Za-z0-9]{2,}\b")
_NAMES = deferred(r"\b[A-Z][A-Za-zü’']+(?:[ -][A-Za-zü’']+){0,3}")
_PARTS = deferred(r"[ -]")
_SYLLABLES = (2, 3, 4)  # of a name


@dataclass(frozen=True, slots=True)
class English:
    """What an English story holds."""

    stems: Annotated[dict[str, float], "Beginnings of its words that some Chinese word means, with their weights"]
    total: Annotated[float, "Of these weights"]
    numbers: frozenset[float]
    days: frozenset[Day]
    names: Annotated[dict[tuple[str, ...], str], "Syllables of what may be a name in pinyin, in either order"]
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chinese:
    """What a Chinese story holds."""

    meant: Annotated[frozenset[str], "Stems of all that its words may mean"]
    headline: Annotated[tuple[frozenset[str], ...], "Of each word of its headline what it may mean"]
    numbers: frozenset[float]
    days: frozenset[Day]
    terms: frozenset[str]
    places: Annotated[dict[str, list[int]], "Where each syllable stands"]

    def says(self, name: tuple[str, ...]) -> bool:
        """Whether characters that are read so stand side by side."""
        following = self.places.get(name[0], [])
        for distance, syllable in enumerate(name[1:], 1):
            there = self.places.get(syllable)
            if not there or not following:
                return False
            at = set(there)
            following = [place for place in following if place + distance in at]
        return bool(following)


def english(title: str, body: str, lexicon: Lexicon) -> English:
    """What an English story holds."""
    text = lexicon.simplified(f"{title}\n{body}"[:MOST])
    found = {stem for stem in stems(text) if stem in lexicon.weights}
    weights = {stem: lexicon.weights[stem] for stem in sorted(found)}
    return English(
        stems=weights,
        total=sum(weights.values()),
        numbers=frozenset(english_numbers(text)),
        days=frozenset(english_days(text)),
        names=_names(text, lexicon.syllables),
        terms=frozenset(term.upper() for term in _TERM.findall(text)),
    )


def chinese(title: str, body: str, lexicon: Lexicon) -> Chinese:
    """What a Chinese story holds."""
    text = lexicon.simplified(f"{title}\n{body}"[:MOST])
    meant = {stem for stem in stems(text) if stem in lexicon.weights}
    for word in _words(text, lexicon):
        meant |= lexicon.meanings[word]
    places = defaultdict[str, list[int]](list)
    for run in _HAN.finditer(text):
        for place, character in enumerate(run[0], run.start()):
            for reading in lexicon.readings.get(character, ()):
                places[reading].append(place)
    headline = sorted(word for word in _words(lexicon.simplified(title), lexicon) if len(word) > 1)
    return Chinese(
        meant=frozenset(meant),
        headline=tuple(lexicon.meanings[word] for word in headline),
        numbers=frozenset(chinese_numbers(text)),
        days=frozenset(chinese_days(text)),
        terms=frozenset(term.upper() for term in _LATIN.findall(text)),
        places=dict(places),
    )


def _words(text: str, lexicon: Lexicon) -> set[str]:
    """Words of the dictionary that stand in the text, also inside others; a character alone where no word has it."""
    found, meanings = set[str](), lexicon.meanings
    for run in _HAN.findall(text):
        covered = 0
        for begin in range(len(run)):
            for end in range(min(begin + LONGEST, len(run)), begin + 1, -1):
                if run[begin:end] in meanings:
                    found.add(run[begin:end])
                    covered = max(covered, end)
            if begin >= covered and run[begin] in meanings:
                found.add(run[begin])
    return found


def _names(text: str, syllables: frozenset[str]) -> dict[tuple[str, ...], str]:
    """Zhang Wei, WEI Zhang, Ouyang Ming, Huang Shu-fen: words with a capital that are made of syllables of pinyin."""
    found: dict[tuple[str, ...], str] = {}
    for match in _NAMES.finditer(text):
        words = _PARTS.split(match[0])
        parts = [_syllables(word.lower().replace("ü", "v"), syllables) for word in words]
        for begin, word in enumerate(words):
            if not word[0].isupper():
                continue
            for end in range(begin + 1, len(words) + 1):
                if not parts[end - 1]:
                    break
                name = sum(parts[begin:end], ())
                if len(name) in _SYLLABLES:
                    written = " ".join(words[begin:end])
                    found.setdefault(name, written)
                    if end - begin > 1:  # the family name last
                        found.setdefault(parts[end - 1] + sum(parts[begin : end - 1], ()), written)
    return found


def _syllables(word: str, syllables: frozenset[str]) -> tuple[str, ...]:
    """Those of a word, xi'an as xi and an; empty where it is not made of them."""
    parts = [_cut(part, syllables) for part in word.replace("’", "'").split("'")]
    return sum(parts, ()) if all(parts) else ()


def _cut(word: str, syllables: frozenset[str]) -> tuple[str, ...]:
    """The word in as few syllables as it has; empty where it is not made of them."""
    best: dict[int, tuple[str, ...]] = {0: ()}
    for begin in range(len(word)):
        if begin in best:
            for end in range(begin + 1, min(begin + 6, len(word)) + 1):
                longer = (*best[begin], word[begin:end])
                if word[begin:end] in syllables and (end not in best or len(longer) < len(best[end])):
                    best[end] = longer
    return best.get(len(word), ())
