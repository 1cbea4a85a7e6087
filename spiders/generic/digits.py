"""The digits of all scripts, and the signs of full width, as ASCII has them: one character for one, so that places
stay."""

from __future__ import annotations

import unicodedata

_SIGNS = dict(zip("／－．：，（）＋−‐‑‒　\xa0\u202f\u2009", "/-.:,()+----    ", strict=True))


class _Plain(dict[int, int | str]):
    """What each character becomes, worked out when it is first met: to ask Unicode of all costs a process as much as
    reading fifty pages."""

    def __missing__(self, code: int) -> int | str:
        value = unicodedata.decimal(chr(code), None)
        self[code] = code if value is None else str(value)
        return self[code]


_table = _Plain({ord(sign): plain for sign, plain in _SIGNS.items()})


def plain(text: str) -> str:
    """`text` with ASCII digits; as long as it was."""
    return text if text.isascii() else text.translate(_table)
