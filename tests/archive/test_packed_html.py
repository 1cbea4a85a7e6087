"""HTML that rows keep deflated against their text comes back whole, costs little, and is none beside another text."""

from __future__ import annotations

import sqlite3
import zlib
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.packed_html import in_sql, packed, unpacked
from archive.sqlite import connect

TEXT = st.text(st.characters(codec="utf-8"), max_size=300)
TOLD = "\n\n".join(f"第{n}段：学校召开招生工作会议 & admissions < {n}，与会者{n * 7919}人。" for n in range(60))
MARKED = (
    "<div>" + "".join(f'<p><a href="/{n}">{escape(p)}</a></p>' for n, p in enumerate(TOLD.split("\n\n"))) + "</div>"
)


@given(TEXT, TEXT)
def test_what_is_packed_comes_back(html: str, body: str) -> None:
    for one in (html, body, f"<p>{body}</p>" * 5):
        kept = packed(one, body)
        assert (
            kept == one
            if isinstance(kept, str)
            else (unpacked(kept, body.encode()) == one and len(kept) < len(one.encode()))
        )


@pytest.mark.parametrize("often", [1, 30])
def test_what_the_text_says_is_not_kept_twice(often: int) -> None:
    """Also of a text that is longer than deflate looks back."""
    kept = packed(MARKED * often, TOLD * often)
    assert len(kept) < len(MARKED.encode()) * often / 8
    assert isinstance(kept, bytes) and unpacked(kept, (TOLD * often).encode()) == MARKED * often


@pytest.mark.parametrize(
    ("kept", "body"),
    [
        (packed(MARKED, TOLD), TOLD.replace("学", "字", 1).encode()),
        (packed(MARKED, TOLD), b""),
        (packed(MARKED, TOLD), b"\xff\xfe"),
        (bytes(packed(MARKED, TOLD)[:-6]) + b"\0" * 6, TOLD.encode()),  # type: ignore[arg-type]
        (b"", TOLD.encode()),
        (zlib.compress(b"\xff" * 40), TOLD.encode()),
    ],
)
def test_what_is_damaged_is_no_html(kept: bytes, body: bytes) -> None:
    assert unpacked(kept, body) == ""


def test_what_is_cut_off_or_swells_is_no_html(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = packed(MARKED, TOLD)
    assert isinstance(kept, bytes)
    assert unpacked(kept[: len(kept) // 2], TOLD.encode()) == ""
    monkeypatch.setattr("archive.packed_html._LONGEST", 1000)
    assert unpacked(kept, TOLD.encode()) == ""


def test_statements_have_the_html_of_rows_of_both_kinds(tmp_path: Path) -> None:
    db: sqlite3.Connection = connect(tmp_path / "x.db")
    db.execute("create table story (body text, body_html text)")
    rows = [(TOLD, MARKED), (TOLD, packed(MARKED, TOLD)), ("", "<img>"), (None, None)]
    db.executemany("insert into story values (?, ?)", rows)
    found = [row[0] for row in db.execute(f"select {in_sql()} from story order by rowid")]
    db.close()
    assert found == [MARKED, MARKED, "<img>", None]
