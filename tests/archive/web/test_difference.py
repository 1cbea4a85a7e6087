"""Word-level differences as they are shown."""

from __future__ import annotations

import pytest

from archive.difference import pieces
from archive.web.story import changed


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("招收1200人。", "招收1350人。", ["招收<del>1200</del><ins>1350</ins>人。"]),
        ("the old words", "the new words", ["the <del>old</del><ins>new</ins> words"]),
        ("one\n\ntwo", "one\n\n2\n\ntwo", ["one", "<ins>2</ins>", "two"]),
        ("a <b>", "a <i>", ["a &lt;<del>b</del><ins>i</ins>&gt;"]),
        ("same", "same", ["same"]),
        ("", "x", ["<ins>x</ins>"]),
        ("", "", []),
    ],
)
def test_what_is_shown(old: str, new: str, shown: list[str]) -> None:
    assert changed(pieces(old, new)) == shown
