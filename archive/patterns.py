"""Patterns that are compiled when they are first asked."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = tuple(name for name in dir(re.Pattern) if not name.startswith("__"))


class Deferred:
    """Stands for a pattern and compiles it on first use: half the time that the readers took to load went into
    patterns, most of which no page of a crawl asks."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._made_of = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what copy, pickle and the like try on any object
            raise AttributeError(name)
        pattern = re.compile(*self._made_of)
        # kept here, so that the next look finds them without coming this way
        vars(self).update((one, getattr(pattern, one)) for one in _METHODS)
        return getattr(pattern, name)


def deferred(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile` whose work, and whose error, comes with the first use; for patterns that are made when a module is
    loaded. Ask it by its methods: functions of `re` do not know it."""
    return cast("re.Pattern[AnyStr]", Deferred(pattern, flags))
