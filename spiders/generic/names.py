"""Names of elements, which are their classes and ids: judged once, since the pages of a site share them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_KEPT = 1 << 13  # names remembered
_LONG = 300  # characters: a longer name is judged anew, so that no page can fill the memory


def judge(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """A function which says whether `pattern` stands in a name."""

    def search(name: str) -> bool:
        return pattern.search(name) is not None

    known = lru_cache(_KEPT)(search)
    return lambda name: known(name) if len(name) <= _LONG else search(name)
