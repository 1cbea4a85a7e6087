"""The words in which two versions of a story differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

from markupsafe import Markup, escape

Kind = Literal["same", "deleted", "added"]
Piece = tuple[Kind, str]
# A CJK character is compared as a word is; a paragraph's end too, so that one may be seen to be split.
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"\n\n|[{_CJK}]|[^\W{_CJK}]+|\s|[^\w\s]")
_MOST_TOKENS = 6000  # of one changed stretch; matching takes the square of them at worst


def pieces(old: str, new: str) -> list[Piece]:
    """Both texts as one: what stayed, what is only in the old one, what is only in the new one, in reading order.

    Paragraphs are matched first, so that a long story with one changed line costs little.
    """
    before, after = _paragraphs(old), _paragraphs(new)
    out: list[Piece] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            out.append(("same", "".join(before[i1:i2])))
        else:
            out += _words("".join(before[i1:i2]), "".join(after[j1:j2]))
    return _joined(out)


def marked(found: list[Piece]) -> list[Markup]:
    """The pieces as paragraphs of HTML with <ins> and <del>."""
    paragraphs = [Markup()]
    for kind, text in found:
        for place, part in enumerate(text.split("\n\n")):
            if place:
                paragraphs.append(Markup())
            if part:
                tag = {"added": "<ins>{}</ins>", "deleted": "<del>{}</del>", "same": "{}"}[kind]
                paragraphs[-1] += Markup(tag).format(escape(part))
    return [paragraph for paragraph in paragraphs if paragraph.strip()]


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
        if not text:
            continue
        if out and out[-1][0] == kind:
            out[-1] = (kind, out[-1][1] + text)
        else:
            out.append((kind, text))
    return out
