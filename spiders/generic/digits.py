"""The digits of all scripts, and the signs of full width, as ASCII has them: one character for one, so that places
stay."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache

_SIGNS = dict(zip("／－．：，（）＋−‐‑‒　\xa0\u202f\u2009", "/-.:,()+----    ", strict=True))


@cache
def _table() -> dict[int, str]:
    digits = {
        code: str(value)
        for code in range(128, sys.maxunicode + 1)
        if (value := unicodedata.decimal(chr(code), None)) is not None
    }
    return digits | {ord(sign): plain for sign, plain in _SIGNS.items()}


def plain(text: str) -> str:
    """`text` with ASCII digits; as long as it was."""
    return text if text.isascii() else text.translate(_table())
