"""Patterns that a page of blanks does not stop."""

from __future__ import annotations

import re

from archive.patterns import deferred

_MOST = 40  # blanks in a row that a pattern looks over; texts of elements have one
_WITHOUT_END = deferred(r"(?<!\\)((?:\\\\)*)(?:\\s|\[\\s\])([*+])(?![+])")


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""`deferred` with an end to each `\s*` and `\s+`: where a pattern may begin at each of ten thousand blanks, or
    share them out among two, it would walk to the last of them from each."""
    return deferred(_WITHOUT_END.sub(_bounded, pattern), flags)


def _bounded(match: re.Match[str]) -> str:
    return rf"{match[1]}\s{{{'01'[match[2] == '+']},{_MOST}}}"
