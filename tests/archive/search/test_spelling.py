"""Words are found by what people type, however a page, a PDF file or a machine wrote them."""

from __future__ import annotations

import re
import sqlite3
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.search import index
from archive.search.index import ArticleIndex
from archive.search.search import ids, search
from archive.store import schema
from tests.archive.search.conftest import EMPTY, Shelf

PAIRS = [
    ("the ﬁnal proﬁle", "final"), ("the ﬁnal proﬁle", "profile"), ("ofﬁcial", "official"), ("eﬀect", "effect"),
    ("ﬂow", "flow"), ("oﬄine", "offline"),
    ("uni\u00adver\u00adsity news", "university"), ("wo\u2060rd", "word"), ("Straße", "strasse"), ("STRASSE", "straße"),
    ("Œuvre", "oeuvre"), ("Łódź", "lodz"), ("Tromsø", "tromso"),
    ("①关于招生", "1"), ("第Ⅲ期", "III"), ("H₂O", "H2O"), ("x² growth", "x2"), ("MIT™", "MIT"), ("３０周年", "30"),
    ("ＭＩＴ", "mit"), ("㈱東京", "株"),
    ("ｶﾞｸｾｲ", "ガクセイ"), ("ガクセイ", "ｶﾞｸｾｲ"), ("プログラム", "ﾌﾟﾛｸﾞﾗﾑ"), ("コーヒー", "ｺｰﾋｰ"),
    ("مُحَمَّد", "محمد"), ("محمد", "مُحَمَّد"), ("الجامعة", "الجامعه"), ("أحمد", "احمد"), ("جـــامعة", "جامعة"),
    ("ﻣﺤﻤﺪ", "محمد"), ("کتاب", "كتاب"), ("שָׁלוֹם", "שלום"),
    ("Αθήνα", "αθηνα"), ("ΑΘΗΝΑ", "αθήνα"), ("λόγος", "ΛΟΓΟΣ"), ("ёлка", "елка"), ("İstanbul", "istanbul"),
    ("มหาวิทยาลัยเชียงใหม่", "วิทยาลัย"), ("มหาวิทยาลัยเชียงใหม่", "เชียงใหม่"), ("ໂຮງຮຽນໃຫມ່", "ຮຽນ"),
    ("ကျောင်းသား", "သား"), ("សាលារៀន", "រៀន"),
    ("हिन्दी विभाग", "हिन्दी"), ("தமிழ் துறை", "தமிழ்"), ("한국어 교육", "한국"), ("tiếng Việt", "tieng viet"),
    ("學院", "学院"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "typed"), PAIRS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_is_typed_finds_what_is_written(written: str, typed: str, form: str) -> None:
    shelf = Shelf.filled([f"x {unicodedata.normalize(form, written)} y", "something else"])  # type: ignore[arg-type]
    for query in (typed, unicodedata.normalize("NFD", typed), unicodedata.normalize("NFC", typed)):
        assert list(ids(shelf.db, f'"{query}"')) == [1], query
    assert shelf.index.problem() is None


@pytest.mark.parametrize(
    ("written", "typed"),
    [("มา", "ม้า"), ("हिन्दू", "हिन्दी"), ("한국", "하국"), ("가", "각"), ("ハス", "バス"), ("flow", "low")],
)
def test_what_is_another_word_is_not_found(written: str, typed: str) -> None:
    assert list(ids(Shelf.filled([written]).db, f'"{typed}"')) == []


WORDS = st.lists(
    st.sampled_from(
        [*"가한글がﾊﾟカé ßﬁ①Ⅲأม้हिя學的a1.", "final", "e\u0301", "\u00ad", "\u1112\u1161\u11ab", "\u200b", "マﾞ"]
    ),
    max_size=30,
).map("".join)


@given(WORDS, st.sampled_from(["final", "한", "が", "学", "1", "fi"]))
@settings(max_examples=200, deadline=None)
def test_what_is_shown_is_the_text_as_it_was_written(text: str, typed: str) -> None:
    body = f"{text} 的 final 한"
    for hit in search(Shelf.filled([body]).db, f'"{typed}"').hits:
        shown = "".join(piece for piece, _ in hit.snippet).strip("…")
        assert " ".join(shown.split()) in " ".join(body.split())
        assert any(marked for _, marked in hit.snippet)


def test_an_index_of_before_is_made_anew_and_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    db = Database(sqlite3.connect(":memory:"))
    with monkeypatch.context() as then:
        then.setattr(index, "TOKENIZE", "porter unicode61 remove_diacritics 2")
        then.setattr(index, "foldings", lambda: {"學": "学"})
        schema.steps.apply(db, stop_before="m017_spelling")
        db.table("articles").insert_all(
            EMPTY | {"id": n, "url": f"https://example.edu/{n}", "title": "-", "body": "the ﬁnal 學院"}
            for n in range(1, 8)
        )
        ArticleIndex(db).add(range(1, 8))
        assert list(ids(db, "学院"))
        assert not list(ids(db, "final"))
    monkeypatch.setattr(index, "_SAID", 3)
    schema.steps.apply(db)
    assert len(list(ids(db, "final"))) == len(list(ids(db, "学院"))) == 7
    assert ArticleIndex(db).problem() is None
    assert capsys.readouterr().err.splitlines()[-1] == "search index: 7 of 7 articles"
    settings_now = dict(db.execute("select k, v from articles_fts_config").fetchall())
    assert (settings_now["automerge"], settings_now["crisismerge"], settings_now["hashsize"]) == (16, 24, 8388608)


def test_captions_of_an_older_archive_are_searched_once_it_is_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    db = Database(sqlite3.connect(":memory:"))
    with monkeypatch.context() as then:
        then.setattr(index, "COLUMNS", index.COLUMNS[:-1])
        then.setattr(
            index,
            "_TEXT",
            re.sub(r",\s+coalesce\(\(select group_concat\(caption.*? as captions", "", index._TEXT, flags=re.S),
        )
        then.setattr(
            index,
            "_ADD",
            "insert into articles_fts(rowid, title, body, byline, source, attachments) values (?, ?, ?, ?, ?, ?)",
        )
        schema.steps.apply(db, stop_before="m035_captions")
        db.table("articles").insert(EMPTY | {"id": 1, "url": "https://example.edu/1", "body": "words"})
        db.table("images").insert({"article": 1, "n": 0, "url": "https://example.edu/1.jpg", "caption": "the lawn"})
        ArticleIndex(db).add([1])
    assert [hit.found_in for hit in search(db, "words").hits] == [("body",)]  # read as it is
    schema.steps.apply(db)
    assert list(ids(db, "caption:lawn")) == [1] and ArticleIndex(db).problem() is None
