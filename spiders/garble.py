"""Bytes that are no text, though they were decoded as one: compressed, encrypted, binary, or in an encoding that is not
theirs."""

from __future__ import annotations

_CONTROLS = bytes({*range(1, 32)} - {*b"\t\n\f\r\x1b"})  # NULs pad honest pages, ESC shifts ISO-2022
_PAGE, _WORDS = 50, 20  # one in so many characters of a page, of a text of a few words, may be wrong


def of_page(content: bytes, text: str, encoding: str) -> str:
    """Why a page is no text, in words; empty where it is. A compressed stream has 8 control characters in 100, a text
    none."""
    wide = encoding.startswith(("utf-16", "utf-32"))
    held = not wide and any(map(content.__contains__, _CONTROLS))
    controls = len(content) - len(content.translate(None, _CONTROLS)) if held else 0
    return _said(controls + text.count("\ufffd"), len(text), _PAGE)


def of_words(*texts: str) -> str:
    """Why words that were found on a page are none, in words; empty where they are."""
    said = "".join(texts)
    wrong = said.count("\ufffd")
    if not said.replace("\n", " ").replace("\xa0", " ").replace("\u3000", " ").isprintable():  # as nearly all are
        wrong += sum(1 for character in said if character < " " and character not in "\t\n\f\r")
    return _said(wrong, len(said), _WORDS)


def _said(wrong: int, size: int, one_in: int) -> str:
    return f"{wrong} of {size} characters are none" if wrong > 3 and wrong * one_in > size else ""
