"""The words in which two texts differ; a CJK character counts as a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "deleted", "added"]
Piece = tuple[Kind, str]
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"\n\n|[{_CJK}]|[^\W{_CJK}]+|\s|[^\w\s]|_")
_MOST_TOKENS = 6000  # of one changed stretch: matching takes their square at worst


def pieces(old: str, new: str) -> list[Piece]:
    """Both texts as one, in reading order: what stayed, what only the old one has, what only the new one has.

    The pieces that are not "added" make the old text, those that are not "deleted" the new one. Paragraphs are matched
    first, so that a long story with one changed line costs little.
    """
    before, after = _paragraphs(old), _paragraphs(new)
    out: list[Piece] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            out.append(("same", "".join(before[i1:i2])))
        else:
            out += _words("".join(before[i1:i2]), "".join(after[j1:j2]))
    return _joined(out)


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > _MOST_TOKENS:
        yield ("deleted", old)
        yield ("added", new)
        return
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield ("same", "".join(before[i1:i2]))
        else:
            yield ("deleted", "".join(before[i1:i2]))
            yield ("added", "".join(after[j1:j2]))


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
