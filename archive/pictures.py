"""Where a picture's true address stands in its element: one rule for who reads a page, who fetches what it shows, and
who shows it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

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
SETS = ("srcset", "data-srcset", "data-lazy-srcset")
# another attribute that holds nothing but a picture's address: loaders name theirs as they like
_OTHER = deferred(r"data-|_?(?:old|lazy)?-?src$|v-lazy|(?:zoom)?file$|.*-(?:data|src)$", re.I)
_ADDRESS = deferred(
    r"""
    \s*(?:https?:)?/?[^\s"'<>{}()\[\],;:]{1,500}
    \.(?:jpe?g|png|gif|webp|avif|bmp)  # a picture's suffix
    (?:\?[^\s"'<>{}]*)?\s*
    """,
    re.I | re.X,
)
_PLACEHOLDER = deferred(
    r"""
    ^data:
    # counting pixels and empty ones
    |/(?:icon_\w+|blank|spacer|loading|placeholder|grey|1x1|pixel|_visitcount\w*)\b[^/]*$
    |fileTypeImages|/dialogs/attachment/  # icons of a file's type, of an editor
    """,
    re.I | re.X,
)


def candidates(attributes: Mapping[str, str]) -> Iterator[str]:
    """What an element names as its picture, likeliest first; spacers, icons of file types and counting pixels are left
    out."""
    for name in SOURCES:
        value = attributes.get(name)
        if value and not _PLACEHOLDER.search(value):
            yield value
    for name in SETS:
        if value := attributes.get(name):
            yield _widest(value)
    for name, value in attributes.items():
        if name in SOURCES or name in SETS or not _OTHER.match(name):
            continue
        if _ADDRESS.fullmatch(value) and not _PLACEHOLDER.search(value):
            yield value.strip()


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
