"""Stories of no meaning whose words are as frequent as in real text: Chinese and English in Zipf's proportions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

_CHARACTERS = 3500  # in common use
_WORDS = 30_000
_STREAM = 400_000  # words from which stories are cut
_CUT = 25  # words in a row from one place of it: no story is another one's near-duplicate
_IN_TITLE = 0.05  # of the stories that have a term
# terms that benchmarks ask for, with the part of the stories that have them
TERMS = {
    "学校": 0.70, "招生": 0.18, "学院": 0.30, "人工智能": 0.05, "奖学金": 0.02, "毕业典礼": 0.004,
    "科学技术大学": 0.01, "Nobel": 0.003, "research": 0.12, "MIT": 0.01, "5G网络": 0.002,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """What a story says."""

    language: str
    title: str
    paragraphs: list[str]
    words: int

    @property
    def body(self) -> str:
        """Paragraphs parted by a blank line."""
        return "\n\n".join(self.paragraphs)

    @property
    def html(self) -> str:
        """The body as a reader of pages leaves it."""
        return "".join(f"<p>{paragraph}</p>" for paragraph in self.paragraphs)


class Texts:
    """One story after another, the same for the same `random`."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._streams = {"zh": _stream(random, _chinese_word), "en": _stream(random, _english_word)}

    def next(self) -> Text:
        """A story: four of five are Chinese."""
        random = self._random
        language = "zh" if random.random() < 0.8 else "en"
        joint, stop = ("", "。") if language == "zh" else (" ", ".")
        size = random.randrange(120, 380) if language == "zh" else random.randrange(150, 400)
        words = [word for _ in range(-(-size // _CUT)) for word in self._cut(language, _CUT)]
        title = self._cut(language, 8)
        for term, rate in TERMS.items():
            if random.random() < rate:
                words[random.randrange(len(words))] = term
                if random.random() < _IN_TITLE:
                    title[random.randrange(len(title))] = term
        step = len(words) // 5 + 1
        paragraphs = [joint.join(words[at : at + step]) + stop for at in range(0, len(words), step)]
        return Text(language, joint.join(title), paragraphs, len(words))

    def _cut(self, language: str, size: int) -> list[str]:
        start = int(self._random.random() * (_STREAM - size))
        return self._streams[language][start : start + size]


def _stream(random: Random, word: Callable[[Random], str]) -> list[str]:
    words = [word(random) for _ in range(_WORDS)]
    return random.choices(words, [1 / rank for rank in range(3, _WORDS + 3)], k=_STREAM)


def _chinese_word(random: Random) -> str:
    return "".join(
        chr(0x4E00 + int(random.paretovariate(0.6) * 20) % _CHARACTERS)
        for _ in range(random.choice((1, 2, 2, 2, 3, 4)))
    )


def _english_word(random: Random) -> str:
    return "".join(random.choice("bcdfghklmnprstvw") + random.choice("aeiou") for _ in range(random.randrange(1, 5)))
