"""Strings that make a regular expression work: derived from its own parse tree, for each part that may repeat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]  # what the standard library itself parses with
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MANY = 50  # a repeat bounded above this is as good as unbounded
_CATEGORY = {
    op.CATEGORY_DIGIT: "7", op.CATEGORY_NOT_DIGIT: "x", op.CATEGORY_SPACE: " ", op.CATEGORY_NOT_SPACE: "x",
    op.CATEGORY_WORD: "w", op.CATEGORY_NOT_WORD: "-",
}  # fmt: skip


def pumps(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str]]:
    """What leads up to a part that repeats, and what it repeats; of each such part, and of parts of it."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = _parser.parse(text, pattern.flags & ~re.DEBUG if isinstance(pattern.pattern, str) else pattern.flags)
    found = dict.fromkeys(_repeats(list(tree), ""))
    for before, part in found:
        yield before, part
        if before:
            yield "", before + part  # where the beginning is found again and again
    yield "", " "


def _repeats(nodes: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for kind, value in nodes:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            low, high, inner = value
            for sample in _samples(list(inner)):
                if sample and (high is op.MAXREPEAT or high > _MANY):
                    yield before, sample
            yield from _repeats(list(inner), before)
            before += _sample(list(inner)) * min(int(low), 5)
            continue
        for inner in _inside(kind, value):
            yield from _repeats(list(inner), before)
        before += _sample([(kind, value)])


def _inside(kind: Any, value: Any) -> list[Any]:
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind is op.BRANCH:
        return list(value[1])
    if kind is op.ATOMIC_GROUP:
        return [value]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    return []


def _samples(nodes: list[Any]) -> Iterator[str]:
    """A few strings that these match: one, and one of each alternative or end of a range."""
    yield _sample(nodes)
    if len(nodes) == 1:
        kind, value = nodes[0]
        if kind is op.IN and value[0][0] is not op.NEGATE:
            yield from (text for one in value if (text := _of_set([one])))
        for inner in _inside(kind, value):
            yield _sample(list(inner))


def _sample(nodes: list[Any]) -> str:
    """A string that these match, where one is easily found."""
    made = ""
    for kind, value in nodes:
        if kind is op.LITERAL:
            made += chr(value)
        elif kind is op.NOT_LITERAL:
            made += "x" if value != ord("x") else "y"
        elif kind is op.ANY:
            made += "x"
        elif kind is op.IN:
            made += _of_set(value)
        elif kind is op.BRANCH:
            made += _sample(list(value[1][0]))
        elif kind is op.SUBPATTERN:
            made += _sample(list(value[3]))
        elif kind is op.ATOMIC_GROUP:
            made += _sample(list(value))
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            made += _sample(list(value[2])) * min(int(value[0]), 5)
        elif kind is op.ASSERT and value[0] < 0:
            made += _sample(list(value[1]))
    return made


def _of_set(items: list[Any]) -> str:
    if items and items[0][0] is op.NEGATE:
        denied = re.compile(f"[{''.join(_spelled(one) for one in items[1:])}]")
        return next((character for character in " x7-,中\n" if not denied.match(character)), "")
    for kind, value in items:
        if kind is op.LITERAL:
            return chr(value)
        if kind is op.RANGE:
            return chr(value[0])
        if kind is op.CATEGORY:
            return _CATEGORY.get(value, "x")
    return ""


def _spelled(item: tuple[Any, Any]) -> str:
    kind, value = item
    if kind is op.LITERAL:
        return re.escape(chr(value))
    if kind is op.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return (
        {"7": r"\d", "x": r"\S", " ": r"\s", "w": r"\w", "-": r"\W"}[_CATEGORY[value]]
        if value != op.CATEGORY_NOT_DIGIT
        else r"\D"
    )
