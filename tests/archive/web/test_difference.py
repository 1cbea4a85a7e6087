"""Word-level differences as they are shown."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from archive import difference
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


HOSTILE = [
    ("a b " * 1400 + "x", "b a " * 1400 + "y"),
    ("a " * 2900 + "x", "y" + "a " * 2900),
    ("x\n\n" * 3000 + "q", "y\n\n" + "x\n\n" * 3000),
    ("x\n\n" * 30_000 + "q", "y\n\n" + "x\n\n" * 30_000),
    ("招" * 5000 + "生", "生" + "招" * 5000),
]


@pytest.mark.parametrize(("old", "new"), HOSTILE, ids=lambda text: repr(text[:8]))
def test_texts_made_to_be_slow_are_compared_by_a_method_that_is_not(
    old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def few(isjunk: None, before: list[str], after: list[str], *, autojunk: bool) -> SequenceMatcher[str]:
        assert sum(after.count(part) for part in before) < 1000  # it takes the cube of such texts
        return SequenceMatcher(isjunk, before, after, autojunk=autojunk)

    monkeypatch.setattr(difference, "SequenceMatcher", few)
    found = pieces(old, new)
    assert "".join(text for kind, text in found if kind != "added") == old
    assert "".join(text for kind, text in found if kind != "deleted") == new
