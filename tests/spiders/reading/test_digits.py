"""Digits of every script, as Unicode has them."""

from __future__ import annotations

import sys
import unicodedata

from spiders.generic.digits import _SIGNS, _Plain, plain


def test_digits_of_all_scripts_become_ascii_and_nothing_else_but_signs_of_full_width() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        value = unicodedata.decimal(character, None)
        assert plain(character) == _SIGNS.get(character, character if value is None else str(value))


def test_unicode_is_asked_of_the_characters_that_are_met_alone() -> None:
    table = _Plain()
    assert "٢٠２5年１月".translate(table) == "2025年1月"
    assert set(table) == set(map(ord, "٢٠２5年１月"))
