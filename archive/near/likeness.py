"""Whether two texts say the same, whether one keeps words of the other, whether two headlines mean one story: counted,
not understood."""

from __future__ import annotations

import re
from hashlib import sha1

from archive.patterns import deferred

_LETTERS = deferred(r"[^\W_]+")
_UNNUMBERED = deferred(
    r"""
    [A-Za-z_./:%+~?&=#@-]*+[0-9][0-9A-Za-z_./:%+~?&=#@-]*+  # numbers, dates, addresses, ids: what a notice says of the
    |([^\W_\x00-\x7f]+|[A-Za-z]+)  # request; and all other letters
    """,
    re.X,
)
_CJK = "\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff"
_TOKEN = deferred(rf"[{_CJK}]|[^\W_{_CJK}]+")
_HAS_CJK = deferred(f"[{_CJK}]")
_KEPT = 0.3  # of the shorter text's three-word pieces: an edit leaves more, another text has hardly any
_SAME = 0.9
_AGREE = 0.5  # of the shorter headline's pieces: listings cut headlines and add kickers


def gist(body: str, *titles: str) -> int | None:
    """A number that texts share which differ only in numbers, addresses, marks, and in the headlines given; None where
    nothing is left."""
    plain = body
    for title in titles:
        if len(title) > 3:
            plain = plain.replace(title, " ")
    kept = _bare(plain) or _bare(body)
    return (
        int.from_bytes(sha1(kept.encode("utf-8", "replace"), usedforsecurity=False).digest()[:8]) >> 1 if kept else None
    )


def keeps_words(old: str, new: str) -> bool:
    """Whether one of two texts holds a good part of the other: shortened, continued or corrected, not replaced."""
    one, two = _pieces(old, 3), _pieces(new, 3)
    if not one or not two:
        return _bare(old) == _bare(new)
    return len(one & two) >= _KEPT * min(len(one), len(two))


def same_words(one: str, two: str) -> bool:
    """Whether two texts are one, but for a word here and there: nine in ten of the pieces of both are shared."""
    first, second = _pieces(one, 3), _pieces(two, 3)
    if not first or not second:
        return bool(_plain(one)) and _plain(one) == _plain(two)
    return len(first & second) >= _SAME * len(first | second)


def agree(one: str, two: str) -> bool:
    """Whether two headlines may be those of one story; where one is empty nothing speaks against it."""
    first, second = _plain(one), _plain(two)
    if not first or not second or first == second:
        return True
    size = 2 if _HAS_CJK.search(first) and _HAS_CJK.search(second) else 3
    a, b = ({text[n : n + size] for n in range(max(1, len(text) - size + 1))} for text in (first, second))
    return len(a & b) >= _AGREE * min(len(a), len(b))


def same_headline(title: str) -> str:
    """What two headlines share that are the same but for marks, spaces and case; empty where nothing is left."""
    return _plain(title)


def _bare(text: str) -> str:
    """Letters alone, of what holds no number; nearly all words hold nothing else, and need no pattern."""
    return "".join(
        [word if word.isalpha() else "".join(_UNNUMBERED.findall(word)) for word in text.split()]
    ).casefold()  # a blank ends what is numbered


def _plain(text: str) -> str:
    return "".join(_LETTERS.findall(text)).casefold()


def _pieces(text: str, size: int) -> set[tuple[str, ...]]:
    tokens = _TOKEN.findall(text.casefold())
    return (
        {tuple(tokens[n : n + size]) for n in range(len(tokens) - size + 1)}
        if len(tokens) >= size
        else ({tuple(tokens)} if tokens else set())
    )
