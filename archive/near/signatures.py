"""MinHash signatures of texts (Broder 1997): what near-duplicates are told by. Pure: made wherever a text is read."""

from __future__ import annotations

import re
import struct
from array import array
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

from archive.patterns import deferred

PERMUTATIONS = 128
BANDS = 24  # of 4 values each; one in common makes a pair be compared: .96 of pairs at .6 have one, .998 at .7
SHORTEST = 120  # characters of body below which stories resemble each other without being copies
# words that are written in letters, and runs of CJK characters: \w without the ranges, \w within them, spelled out
# since a set of plain ranges is looked up at once
_WORDS = deferred(
    r"""
    ([^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+)  # a word of letters
    |(  # a run of kana and Chinese characters
        [\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufa6d\ufa70-\ufad9]+
    )
    """,
    re.X,
)
_LONG = 50  # letters: a longer word is no word of a language, and not remembered
_HAN_FIRST, _HAN_SIZE = 0x3000, 0x7000  # code units left to CJK characters; the others stand for words here
_VALUES = struct.Struct(f"<{PERMUTATIONS}I")
_BANDS = struct.Struct(f"<{BANDS}I")


def sign(text: str) -> bytes | None:
    """Signature of a text, one byte a permutation; None where it is too short to tell, or the extra `duplicates` is not
    installed.

    Its parts are runs of four words; a CJK character counts as one.
    """
    rensa = _rensa()
    if rensa is None or len(text) < SHORTEST:
        return None
    units = "".join(
        [
            signs or (_known(word) if len(word) < _LONG else _as_character(word))
            for word, signs in _WORDS.findall(text.lower())
        ]
    )
    words = units.encode("utf-16-le").ljust(8, b"\0")
    runs = array("Q")
    for first in range(0, 8, 2):
        runs.frombytes(words[first : len(words) - (len(words) - first) % 8])
    values = rensa.RMinHash.digest_matrix_from_flat_token_hashes(runs, [0, len(runs)], PERMUTATIONS, 1).to_rows()[0]
    # the low byte tells two values apart but once in 256 times (b-bit MinHash, Li and König 2010)
    return _VALUES.pack(*values)[::4]


def _as_character(word: str) -> str:
    """A word that is written in letters as one code unit, so that four units are four words and one 64-bit number.

    Empty for the words whose unit is no letter: the first signatures left these out, and later ones are compared with
    them.
    """
    unit = crc32(word.encode()) % (0x10000 - _HAN_SIZE)
    character = chr(unit if unit < _HAN_FIRST else unit + _HAN_SIZE)
    return character if character.isalnum() or character == "_" else ""


_known = lru_cache(1 << 14)(_as_character)  # a language has few words that are used often


def resemblance(one: bytes, two: bytes) -> float:
    """Estimated Jaccard similarity of the texts two signatures were made of, 0 to 1."""
    differing = int.from_bytes(one, "little") ^ int.from_bytes(two, "little")
    equal = differing.to_bytes(PERMUTATIONS, "little").count(0) / PERMUTATIONS
    return max(0.0, (equal - 1 / 256) / (1 - 1 / 256))  # values that agree by chance are taken off


def bands(signature: bytes) -> list[int]:
    """One number a band, told apart from those of other bands; texts of a similarity s share one with probability s **
    4."""
    return [band << 32 | value for band, value in enumerate(_BANDS.unpack_from(signature))]


def method() -> str | None:
    """How signatures are made: those of different methods cannot be compared. None where none can be made."""
    rensa = _rensa()
    return (
        None
        if rensa is None
        else f"RMinHash {getattr(rensa.RMinHash, 'ALGORITHM_VERSION', 1)}, runs of 4 words as numbers, {BANDS} bands"
    )


@cache
def _rensa() -> Any:
    try:
        import rensa
    except ImportError:
        return None
    return rensa
