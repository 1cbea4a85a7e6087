"""No pattern that looks at pages takes time that grows faster than the text does."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import archive.encoding
import spiders
from archive.patterns import Deferred
from tests.spiders.pumps import pumps

_FLOOR = 0.02  # seconds of CPU; what takes less in a long text stops nobody
_STEEP = 8.0  # times as long for four times the text: 4 is linear, 16 is quadratic
_LONG = 100  # characters written out in a pattern; a longer one is parted into lines
_MAKERS = ("re.compile", "deferred", "compiled")
_FROM_ONE_PLACE = ("match", "fullmatch")  # the other ways look from each place of a text


def _patterns(value: object, name: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, (re.Pattern, Deferred)):
        yield name, value
    elif isinstance(value, (list, tuple, set, frozenset)) and depth < 4:
        for one in value:
            yield from _patterns(one, name, depth + 1)
    elif isinstance(value, dict) and depth < 4:
        for one in (*value, *value.values()):
            yield from _patterns(one, name, depth + 1)


def _modules() -> dict[str, str]:
    """Names of the modules that look at pages, with their source."""
    modules = [archive.encoding]
    modules += [importlib.import_module(one.name) for one in pkgutil.walk_packages(spiders.__path__, "spiders.")]
    return {module.__name__: inspect.getsource(module) for module in modules}


@cache
def _collected() -> dict[re.Pattern[Any], str]:
    """Each pattern with its name."""
    found: dict[re.Pattern[Any], str] = {}
    for name, source in _modules().items():
        for key, value in vars(sys.modules[name]).items():
            if re.search(rf"^_?{key.lstrip('_')}\b", source, re.M):  # made here, not imported
                for called, pattern in _patterns(value, f"{name}.{key}"):
                    found.setdefault(pattern, called)
    return found


def _ways(name: str, sources: dict[str, str]) -> tuple[str, ...]:
    """How the pattern of that name is asked wherever it is named: from one place of a text, or from each as well."""
    module, _, key = name.rpartition(".")
    ways: set[str] = set()
    for where, source in sources.items():
        its_own = where != module and re.search(rf"^{key}\b[^=\n]*= ", source, re.M)  # another one of that name
        if where == module or not (key.startswith("_") or its_own):
            code = re.sub(r"^(?:from .*|import .*|#.*)$", "", source, flags=re.M)
            code = re.sub(rf"^{key}\b[^=\n]*= ", "", code, flags=re.M) if where == module else code
            ways.update(re.findall(rf"(?<![\w\"']){key}\b(?:\.(\w+))?(?!\([^()]*,)", code))
            ways.update(re.findall(rf"\b{key}\.(\w+\([^()]*,)", code))  # from a place that is given: perhaps from each
    return tuple(sorted(ways)) if ways and ways <= set(_FROM_ONE_PLACE) else ("finditer",)


def _seconds(ask: Callable[[Any], object], pattern: re.Pattern[Any], before: str, part: str, size: int) -> float:
    """Least CPU time of three looks at a text of that size."""
    made = before + part * (size // len(part)) + "\x01"
    subject: Any = made if isinstance(pattern.pattern, str) else made.encode()
    least = float("inf")
    for _ in range(3):
        begun = time.process_time()
        ask(subject)
        least = min(least, time.process_time() - begun)
        if least < _FLOOR / 8:
            break
    return least


def slow(pattern: re.Pattern[Any], way: str = "finditer") -> str | None:
    """What makes a pattern, asked in that way, take much time, out of proportion to its length; None where nothing
    does."""

    def ask(subject: Any) -> object:
        return deque(pattern.finditer(subject), 0) if way == "finditer" else getattr(pattern, way)(subject)

    for before, part in pumps(pattern):
        # most are done here: even as the cube of its length, it would not come to the floor at four times the length
        if _seconds(ask, pattern, before, part, 1_000) <= _FLOOR / 8 and (
            _seconds(ask, pattern, before, part, 2_000) <= _FLOOR / 64
        ):
            continue
        for size, floor in ((1_000, _FLOOR / 8), (8_000, _FLOOR)):  # first what would take minutes at the full length
            long = _seconds(ask, pattern, before, part, size)
            if long > floor and long > _STEEP * _seconds(ask, pattern, before, part, size // 4):
                return f"{way} {before!r} + {part!r} * n: {1000 * long:.0f} ms for {size}"
    return None


def test_a_pattern_that_is_slow_is_seen() -> None:
    assert slow(re.compile(r"a?\s*,"))
    assert slow(re.compile(r"\d+x"))
    assert not slow(re.compile(r"\d{1,9}x"))
    assert not slow(re.compile(r"\d+x"), "fullmatch"), "from one place it is linear"
    assert slow(re.compile(r"(?:\d\s?)+\d+x"), "match"), "there are others that are not"


def test_no_pattern_is_steeper_than_its_text_is_long() -> None:
    found, sources = _collected(), _modules()
    assert len(found) > 200
    told = {
        (name, way): said
        for pattern, name in found.items()
        for way in _ways(name, sources)
        if (said := slow(pattern, way))
    }
    assert told == {}


def test_a_pattern_is_pumped_as_it_is_asked() -> None:
    sources = {"a": "X = re.compile('x')\n_Y = re.compile('y')\n_Y.match(t)\nf(X.fullmatch, t)", "b": "X.search(t)"}
    assert _ways("a.X", {"a": sources["a"]}) == ("fullmatch",)
    assert _ways("a._Y", sources) == ("match",)
    assert _ways("a.X", sources) == ("finditer",), "elsewhere it looks from each place"
    assert _ways("a.X", {"a": sources["a"], "b": "X = 'x'\nf(X)"}) == ("fullmatch",), "another X"
    assert _ways("a.X", {"a": sources["a"] + "\nX.fullmatch(t, n)"}) == ("finditer",), "from many places"
    assert _ways("a.X", {"a": sources["a"] + "\nfor one in (X, _Y): one.search(t)"}) == ("finditer",)


def _in_one_piece(source: str) -> Iterator[tuple[int, str]]:
    """Lines and words of long patterns that are not written in lines with blanks and comments (`re.X`)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _MAKERS and node.args:
            parts = (part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant))
            words = "".join(part for part in parts if isinstance(part, str))
            if len(words) > _LONG and not re.search(r"\bre\.(?:X|VERBOSE)\b", ast.unparse(node)):
                yield node.lineno, words


def test_a_long_pattern_is_written_in_lines() -> None:
    assert [*_in_one_piece(f"x = re.compile(r'{'a|' * 60}b', re.I)")]
    assert not [*_in_one_piece(f"x = re.compile(r'{'a|' * 60}b', re.I | re.X)")]
    root = Path(spiders.__path__[0]).parent
    files = [path for room in ("archive", "crawler", "spiders") for path in sorted((root / room).rglob("*.py"))]
    assert len(files) > 300
    told = [(str(path.relative_to(root)), *one) for path in files for one in _in_one_piece(path.read_text("utf-8"))]
    assert told == []
