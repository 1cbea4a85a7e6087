"""No pattern that looks at pages takes time that grows faster than the text does."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

import archive.encoding
import spiders
from tests.spiders.pumps import pumps

_FLOOR = 0.02  # seconds of CPU; what takes less in a long text stops nobody
_STEEP = 8.0  # times as long for four times the text: 4 is linear, 16 is quadratic
# asked only whether a text, or its beginning, is such a thing: from one place, not from each
ANCHORED = frozenset(
    "spiders.discover.words.ALL spiders.discover.words.MORE spiders.families.omni_cms._BEGIN"
    " spiders.generic.calendar._YEAR spiders.generic.calendar._MONTH"
    " spiders.generic.calendar._MONTH_OF spiders.generic.calendar._BEFORE spiders.generic.dates._RANGE"
    " spiders.generic.headline.READ spiders.generic.media._CALLED spiders.generic.numbers._NUMBER"
    " spiders.generic.numbers._RANGE spiders.generic.pager._ONE_ON spiders.generic.pager._FAR_ON"
    " spiders.generic.pager._NUMBER spiders.page._BY_CLASS".split()
)


def _patterns(value: object, name: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, (list, tuple, set, frozenset)) and depth < 4:
        for one in value:
            yield from _patterns(one, name, depth + 1)
    elif isinstance(value, dict) and depth < 4:
        for one in (*value, *value.values()):
            yield from _patterns(one, name, depth + 1)


def _collected() -> list[tuple[str, re.Pattern[Any]]]:
    modules = [archive.encoding]
    modules += [importlib.import_module(one.name) for one in pkgutil.walk_packages(spiders.__path__, "spiders.")]
    found: dict[re.Pattern[Any], str] = {}
    for module in modules:
        source = inspect.getsource(module)
        for key, value in vars(module).items():
            if re.search(rf"^_?{key.lstrip('_')}\b", source, re.M):  # made here, not imported
                for name, pattern in _patterns(value, f"{module.__name__}.{key}"):
                    found.setdefault(pattern, name)
    return [(name, pattern) for pattern, name in found.items()]


def _seconds(pattern: re.Pattern[Any], before: str, part: str, size: int) -> float:
    """Least CPU time of three searches through a text of that size."""
    made = before + part * (size // len(part)) + "\x01"
    subject: Any = made if isinstance(pattern.pattern, str) else made.encode()
    least = float("inf")
    for _ in range(3):
        begun = time.process_time()
        for _ in pattern.finditer(subject):
            pass
        least = min(least, time.process_time() - begun)
        if least < _FLOOR / 8:
            break
    return least


def slow(pattern: re.Pattern[Any]) -> str | None:
    """What makes a pattern take much time, out of proportion to its length; None where nothing does."""
    for before, part in pumps(pattern):
        for size, floor in ((1_000, _FLOOR / 8), (8_000, _FLOOR)):  # first what would take minutes at the full length
            long = _seconds(pattern, before, part, size)
            if long > floor and long > _STEEP * _seconds(pattern, before, part, size // 4):
                return f"{before!r} + {part!r} * n: {1000 * long:.0f} ms for {size}"
    return None


def test_a_pattern_that_is_slow_is_seen() -> None:
    assert slow(re.compile(r"a?\s*,"))
    assert slow(re.compile(r"\d+x"))
    assert not slow(re.compile(r"\d{1,9}x"))


def test_no_pattern_is_steeper_than_its_text_is_long() -> None:
    found = _collected()
    assert len(found) > 200
    told = {name: said for name, pattern in found if name not in ANCHORED and (said := slow(pattern))}
    assert told == {}


@pytest.mark.parametrize("name", sorted(ANCHORED))
def test_what_is_said_to_be_anchored_is_asked_so(name: str) -> None:
    module, _, key = name.rpartition(".")
    source = inspect.getsource(importlib.import_module(module))
    assert name in dict(_collected())
    assert not re.search(rf"\b{key}\.(?:search|finditer|findall|sub|split)\(", source)
