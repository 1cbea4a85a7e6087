"""Identifiers of colleges: what a ROR id and a Wikidata item look like, and whether a ROR id's check digits agree."""

from __future__ import annotations

import re

from archive.patterns import deferred

_ROR = deferred(r"(?:(?:https?://)?ror\.org/)?(0[0-9a-hjkmnp-tv-z]{6})(\d\d)/?", re.I)
_WIKIDATA = deferred(r"(?:https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d*)/?", re.I)
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32


def ror(text: str) -> str | None:
    """`03vek6s52`, or an address of it, as ROR writes it: https://ror.org/03vek6s52. None where it is none, or where
    its check digits (ISO 7064, modulo 97) do not agree."""
    match = _ROR.fullmatch(text.strip())
    if not match:
        return None
    number = 0
    for digit in match[1].lower():
        number = 32 * number + _DIGITS.index(digit)
    return f"https://ror.org/{match[1].lower()}{match[2]}" if 98 - number * 100 % 97 == int(match[2]) else None


def wikidata(text: str) -> str | None:
    """`Q49108`, alone or as an address; None where it is no item."""
    match = _WIKIDATA.fullmatch(text.strip())
    return match[1].upper() if match else None
