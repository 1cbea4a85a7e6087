"""The words in which two texts differ; a CJK character counts as a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Literal

from archive.patterns import deferred

Kind = Literal["same", "deleted", "added"]
Piece = tuple[Kind, str]
CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = deferred(rf"\n\n|[{CJK}]|[^\W{CJK}]+|\s|[^\w\s]|_")
_MOST_TOKENS = 6000  # of one changed stretch, or paragraphs of a text: matching takes their square at worst
_MOST_PAIRS = 2_000_000  # of equal ones: difflib finds what a person would, and takes their number times the changes


def pieces(old: str, new: str) -> list[Piece]:
    """Both texts as one, in reading order: what stayed, what only the old one has, what only the new one has.

    The pieces that are not "added" make the old text, those that are not "deleted" the new one. Paragraphs are matched
    first, so that a long story with one changed line costs little.
    """
    before, after = _paragraphs(old), _paragraphs(new)
    out: list[Piece] = []
    for kind, i1, i2, j1, j2 in _changes(before, after):
        if kind == "equal":
            out.append(("same", "".join(before[i1:i2])))
        else:
            out += _words("".join(before[i1:i2]), "".join(after[j1:j2]))
    return _joined(out)


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    for kind, i1, i2, j1, j2 in _changes(before, after):
        if kind == "equal":
            yield ("same", "".join(before[i1:i2]))
        else:
            yield ("deleted", "".join(before[i1:i2]))
            yield ("added", "".join(after[j1:j2]))


def _changes(before: list[str], after: list[str]) -> Iterable[tuple[str, int, int, int, int]]:
    """As difflib's opcodes, in a time that no text can make long; too long a one is other in whole."""
    if max(len(before), len(after)) > _MOST_TOKENS:
        return [("equal" if before == after else "replace", 0, len(before), 0, len(after))]
    times = Counter(before)
    if sum(times[part] for part in after) <= _MOST_PAIRS:
        return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    from rapidfuzz.distance import Indel  # here, since few texts need it

    return (
        (step.tag, step.src_start, step.src_end, step.dest_start, step.dest_end)
        for step in Indel.opcodes(before, after)
    )


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=\n\n)", text) if part]


def _joined(found: list[Piece]) -> list[Piece]:
    """Neighbours of one kind as one, nothing empty."""
    out: list[Piece] = []
    for kind, text in found:
        if text and out and out[-1][0] == kind:
            out[-1] = (kind, out[-1][1] + text)
        elif text:
            out.append((kind, text))
    return out
