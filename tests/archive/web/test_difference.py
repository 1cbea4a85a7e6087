"""Word-level differences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.web.difference import marked, pieces


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("招收1200人。", "招收1350人。", ["招收<del>1200</del><ins>1350</ins>人。"]), ("the old words", "the new words", ["the <del>old</del><ins>new</ins> words"]),
        ("one\n\ntwo", "one\n\n2\n\ntwo", ["one", "<ins>2</ins>", "two"]), ("a <b>", "a <i>", ["a &lt;<del>b</del><ins>i</ins>&gt;"]), ("same", "same", ["same"]), ("", "x", ["<ins>x</ins>"]), ("", "", []),
    ],
)
def test_what_is_shown(old: str, new: str, shown: list[str]) -> None:
    assert marked(pieces(old, new)) == shown


_TEXTS = st.text(alphabet="ab招生 \n。<", max_size=60)


@given(_TEXTS, _TEXTS)
def test_each_version_can_be_read_from_the_difference(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(text for kind, text in found if kind != "added") == old
    assert "".join(text for kind, text in found if kind != "deleted") == new


def test_a_long_story_is_answered_all_the_same() -> None:
    old = "\n\n".join(f"第{n}段 {'字' * 200}" for n in range(500))
    assert [text for kind, text in pieces(old, old.replace("第250段", "第250节")) if kind == "added"] == ["节"]
    found = pieces("甲" * 20_000, "乙" * 20_000)
    assert [kind for kind, _ in found] == ["deleted", "added"]
