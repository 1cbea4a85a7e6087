"""The index: Python and SQL segment alike, rows change and it stays true, plain SQL can use it."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.search.index import TOKENIZE, ArticleIndex, segmenter
from archive.search.segment import ALONE, SEPARATOR, foldings, segment_sql
from archive.store import schema

MIXED = st.text(
    st.one_of(
        st.sampled_from(
            "学院學招生在MIT第3届5G网络 abc，。\n\u200bＡ５⼤々〇かナ한글é🥰😀ßﬁ①がｶﾞ한e\u0301\u00adأُमีया™ม้ำ\ue000𠀀𬱖豈"
        ),
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from([c for pair in ALONE for c in pair]),
    ),
    max_size=300,
)


@given(MIXED)
@settings(max_examples=300, deadline=None)
def test_python_and_sql_segment_alike(text: str) -> None:
    assert DB.execute(f"select {segment_sql('?')}", [text]).fetchone()[0] == SEGMENTER.segment(text)


@pytest.mark.parametrize("length", [47, 48, 49, 2303, 2304, 2305, 10_000])
def test_long_texts_segment_alike_at_the_seams(length: int) -> None:
    text = "学A院b"[:4] * (length // 4) + "學" * (length % 4)
    assert DB.execute(f"select {segment_sql('?')}", [text]).fetchone()[0] == SEGMENTER.segment(text)


@given(MIXED)
@settings(max_examples=300, deadline=None)
def test_what_is_indexed_is_what_is_shown(text: str) -> None:
    """Parted by blanks or by characters without width: SQLite finds the same tokens in the same places."""
    _FTS.executemany(
        "insert into t(rowid, x) values (?, ?)", [(1, SEGMENTER.segment(text)), (2, SEGMENTER.tokens(text))]
    )
    found = [
        _FTS.execute("select term, offset from v where doc = ? order by offset", [doc]).fetchall() for doc in (1, 2)
    ]
    _FTS.execute("delete from t")
    assert found[0] == found[1]


_FTS = sqlite3.connect(":memory:")
_FTS.execute(f"create virtual table t using fts5(x, tokenize='{TOKENIZE}')")
_FTS.execute("create virtual table v using fts5vocab(t, 'instance')")


@given(MIXED)
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    folded = SEGMENTER.fold(text)
    assert len(folded) == len(text)
    assert SEGMENTER.fold(folded) == folded
    if "\0" not in text:
        assert sum(map(SEGMENTER.width, text)) == len(SEGMENTER.segment(text).replace(SEPARATOR, ""))


def test_foldings_name_what_people_type() -> None:
    folds = foldings()
    assert {c: folds[c] for c in "學臺５Ａ⼤薴"} == {
        "學": "学",
        "臺": "台",
        "５": "5",
        "Ａ": "A",
        "⼤": "大",
        "薴": "苎",
    }
    assert "学" not in folds
    assert "A" not in folds


DB = Database(memory=True)
schema.steps.apply(DB)
SEGMENTER = segmenter(DB)


def test_traditional_and_simplified_find_each_other(shelf) -> None:
    simple, traditional = shelf.put(title="计算机学院招生"), shelf.put(title="計算機學院招生")
    assert shelf.match('"学 院"') == [simple, traditional]


def test_changed_rows_leave_no_trace(shelf) -> None:
    kept, changed = (
        shelf.put(title="招生简章", body="first words"),
        shelf.put(title="毕业典礼", body="other words", files=[("a.pdf", "附件 plan")]),
    )
    with shelf.db.conn:
        shelf.index.forget([changed, 999])
        shelf.db.execute("update articles set body = 'nothing left' where id = ?", [changed])
        shelf.db.execute("delete from attachments where article = ?", [changed])
        shelf.index.add([changed, 999])
    assert shelf.match("words") == [kept]
    assert shelf.match("plan") == []
    assert shelf.match("nothing") == [changed]
    assert shelf.index.problem() is None


def test_twice_forgotten_or_added_is_once(shelf) -> None:
    one = shelf.put(title="招生")
    with shelf.db.conn:
        shelf.index.add([one])
        shelf.index.forget([one, one])
        shelf.index.forget([one])
        shelf.db.execute("update articles set title = 'other' where id = ?", [one])
        shelf.index.add([one])
    assert shelf.match('"招 生"') == []
    assert shelf.match("other") == [one]
    assert shelf.index.problem() is None


def test_a_row_changed_behind_its_back_is_found_and_mended(shelf) -> None:
    one = shelf.put(title="招生")
    shelf.db.execute("update articles set title = 'other' where id = ?", [one])
    assert "malformed" in (shelf.index.problem() or "")
    shelf.index.rebuild()
    assert shelf.index.problem() is None
    assert shelf.match("other") == [one]


def test_an_unindexed_row_is_a_problem(shelf) -> None:
    one = shelf.put(title="招生")
    shelf.index.forget([one])
    assert shelf.index.problem(compare=False) == "1 articles, but 0 in the index"


def test_words_of_a_whole_commit_are_gathered_in_memory(shelf) -> None:
    size = shelf.db.execute("select v from articles_fts_config where k = 'hashsize'").fetchone()
    assert size == (8 << 20,)


def test_pieces_are_merged_sixteen_at_a_time(shelf) -> None:
    for n in range(40):
        shelf.put(title=f"quantum {n}")
        shelf.db.conn.commit()
    assert 12 < shelf.db.execute("select count(distinct segid) from articles_fts_idx").fetchone()[0] <= 24
    assert len(shelf.match("quantum")) == 40


def test_rolled_back_with_its_rows(shelf) -> None:
    with pytest.raises(ZeroDivisionError), shelf.db.conn:
        shelf.db.conn.execute("insert into articles_fts(rowid, title) values (7, 'lost')")
        raise ZeroDivisionError
    assert shelf.match("lost") == []


def test_plain_sql_shows_snippets_and_checks(tmp_path, shelf) -> None:
    shelf.put(title="在MIT讲学", body="第3届5G网络大会", files=[("plan.pdf", "附件正文")])
    path = tmp_path / "news.db"
    shelf.db.execute("vacuum into ?", [str(path)])
    plain = sqlite3.connect(path)
    shown = plain.execute(
        "select replace(highlight(articles_fts, 0, '[', ']'), char(8203), ''), replace(snippet(articles_fts, 1, '[',"
        " ']', '…', 20), char(8203), '') from articles_fts where articles_fts match ?",
        ['mit AND "5g" AND "网 络"'],
    ).fetchone()
    assert shown == ("在[MIT]讲学", "第3届[5G][网络]大会")
    plain.execute("insert into articles_fts(articles_fts, rank) values ('integrity-check', 1)")
    assert plain.execute("select doc from articles_terms where term = '附'").fetchone() == (1,)


def test_an_older_archive_is_indexed_when_it_is_migrated() -> None:
    db = Database(memory=True)
    schema.m001_tables(db)
    from tests.archive.search.conftest import EMPTY

    db.table("articles").insert({"id": 5, "url": "https://example.edu/5"} | EMPTY | {"title": "老文章"})
    schema.m002_search(db)
    assert db.execute("select rowid from articles_fts where articles_fts match '\"老 文\"'").fetchall() == [(5,)]
    assert ArticleIndex(db).problem() is None
