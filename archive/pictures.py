"""Where a picture's true address stands in its element: one rule for who reads a page, who fetches what it shows, and
who shows it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from archive.patterns import deferred

# where lazy loaders and editors keep it, best first
SOURCES = (
    "original-src",
    "orisrc",
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-orig-file",
    "data-url",
    "data-echo",
    "src",
)
SETS = ("srcset", "data-srcset")
_PLACEHOLDER = deferred(
    r"""
    ^data:
    # counting pixels and empty ones
    |/(?:icon_\w+|blank|spacer|loading|placeholder|grey|1x1|pixel|_visitcount\w*)\b[^/]*$
    |fileTypeImages|/dialogs/attachment/  # icons of a file's type, of an editor
    """,
    re.I | re.X,
)


def candidates(attribute: Callable[[str], str | None]) -> Iterator[str]:
    """What an element names as its picture, likeliest first; spacers, icons of file types and counting pixels are left
    out."""
    for name in SOURCES:
        value = attribute(name)
        if value and not _PLACEHOLDER.search(value):
            yield value
    for name in SETS:
        if value := attribute(name):
            yield _widest(value)


def _widest(srcset: str) -> str:
    """The largest picture of a srcset."""
    best, address = -1.0, ""
    for candidate in re.split(r",\s+|,(?=https?:|/)", srcset):
        parts = candidate.split()
        if not parts:
            continue
        size = re.match(r"([\d.]+)[wx]$", parts[-1])
        width = float(size[1]) if size and size[1].count(".") < 2 and size[1] != "." else 0.0
        if width > best:
            best, address = width, parts[0]
    return address
