"""Reposts are found, edited ones too; other stories are not; and the pointers depend on the texts alone."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.article import Article
from archive.near import duplicates, signatures
from archive.near.signatures import bands, resemblance, sign
from archive.store import schema
from archive.store.db import open_writer
from archive.store.rows import Rows
from crawler.history.rebuild import forget

pytest.importorskip("rensa", reason="the extra `duplicates` is not installed")


def text(seed: int, words: int = 300) -> str:
    choice = random.Random(seed)
    return " ".join(
        "".join(choice.choices("abcdefghijklmnop学院召开教学工作会议部署招生计划", k=4)) for _ in range(words)
    )


def edited(body: str, share: float) -> str:
    choice = random.Random(7)
    return " ".join("changed" if choice.random() < share else word for word in body.split())


def put(rows: Rows, name: str, body: str, seen: str) -> None:
    article = Article(url=f"https://{name}.example/1", site=name, title=name, body=body)
    rows.articles.save(article, digest=str(hash(body)), reader="1", capture=None, seen=seen)


def pointers(rows: Rows) -> dict[str, str | None]:
    found = rows.db.conn.execute(
        "select a.site, o.site from articles a left join articles o on o.id = a.near_duplicate_of"
    )
    return dict(found.fetchall())


def test_a_repost_points_to_the_earliest_whatever_the_order_they_were_read_in(tmp_path: Path) -> None:
    body = text(1)
    stories = [
        ("c", edited(body, 0.03), "2026-01-03"),
        ("a", body, "2026-01-01"),
        ("b", body + " 责任编辑", "2026-01-02"),
        ("x", text(2), "2026-01-01"),
        ("s", "短讯", "2026-01-01"),
        ("t", "短讯", "2026-01-02"),
    ]
    for n, order in enumerate((stories, stories[::-1])):
        rows = Rows(open_writer(tmp_path / f"{n}.db"))
        for name, words, seen in order:
            put(rows, name, words, seen)
            if n:
                rows.near.update()  # one by one, or all at once
        rows.near.update()
        assert pointers(rows) == {"a": None, "b": "a", "c": "a", "x": None, "s": None, "t": None}
        assert rows.near.update() == 0


def test_a_story_that_changes_is_no_copy_any_more(tmp_path: Path) -> None:
    rows = Rows(open_writer(tmp_path / "news.db"))
    put(rows, "a", text(1), "2026-01-01")
    put(rows, "b", text(1), "2026-01-02")
    rows.near.update()
    assert pointers(rows)["b"] == "a"
    put(rows, "a", text(3), "2026-01-03")
    rows.near.update()
    assert pointers(rows) == {"a": None, "b": None}


def test_resemblance_falls_with_editing() -> None:
    one = sign(text(1))
    assert one is not None
    found = [resemblance(one, other) for share in (0.0, 0.05, 0.3) if (other := sign(edited(text(1), share)))]
    assert found[0] == 1.0 > found[1] > found[2]
    other = sign(text(9))
    assert other is not None and resemblance(one, other) < 0.1


def test_estimates_are_near_the_true_resemblance_in_every_script() -> None:
    """Runs of four words against the signature's estimate: a word is one unit, and so is a CJK character."""
    english = [f"word{n * 7919 % 500}" for n in range(600)]
    chinese = [chr(0x4E00 + n * 7919 % 3000) for n in range(900)]
    for units in (english, chinese, english + chinese):
        cut = units[: len(units) * 3 // 4]
        runs, left = ({tuple(some[n : n + 4]) for n in range(len(some) - 3)} for some in (units, cut))
        one, other = sign(" ".join(units)), sign(" ".join(cut))
        assert one is not None and other is not None
        assert resemblance(one, other) == pytest.approx(
            len(left) / len(runs), abs=0.13
        )  # three standard errors of 128 values


def test_every_character_of_the_cjk_ranges_that_is_a_letter_stands_for_itself() -> None:
    ranges = ((0x3040, 0x3100), (0x3400, 0xA000), (0xF900, 0xFB00))
    for character in (chr(code) for code in range(0x110000)):
        cjk = any(first <= ord(character) < end for first, end in ranges)
        letter = character.isalnum() or character == "_"
        expected = [("", character) if cjk else (character, "")] if letter else []
        assert signatures._WORDS.findall(character) == expected


def test_characters_that_are_two_units_or_none_can_be_signed() -> None:
    assert sign("𠀀𠀁𠀂" * 50) is not None
    assert sign("\ud800" * 200) is not None


def test_work_ended_between_two_batches_goes_on_where_it_ended(tmp_path: Path) -> None:
    rows = Rows(open_writer(tmp_path / "news.db"))
    for n in range(130):
        put(rows, f"s{n}", text(n % 65), f"2026-01-01T00:{n // 60:02}:{n % 60:02}")
    batches = iter([False, True])
    first = rows.near.update(lambda: next(batches))
    assert 0 < first < 130
    assert first + rows.near.update() == 130
    assert pointers(rows) == {f"s{n}": None if n < 65 else f"s{n - 65}" for n in range(130)}


FORM = text(5, words=120).split()
# identical ones, notices of one form, ones that resemble a neighbour but not the neighbour's neighbour, others, a short
# one
WORDS = [
    text(1, 60),
    text(2, 60),
    "短讯",
    *(" ".join([*FORM[:n], f"甲{n}乙", *FORM[n + 1 :]]) for n in range(4)),
    *(" ".join(text(6, 60).split()[:keep] + text(7, 60).split()[keep:]) for keep in (0, 10, 20, 30, 40, 50, 60)),
]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 7), st.integers(0, len(WORDS) - 1), st.integers(1, 5)),
        st.tuples(st.just("delete"), st.sets(st.integers(0, 7), min_size=1, max_size=4)),
        st.just(("update",)),
    ),
    max_size=25,
)


def by_definition(rows: Rows, most: int) -> dict[str, str | None]:
    """Every text held against the first `most` of each of its bands, one by one, without an index."""
    stories = sorted(rows.db.conn.execute("select first_seen, url, site, body from articles").fetchall())
    signed = [(site, signature) for *_, site, body in stories if (signature := sign(body))]
    texts = list(dict.fromkeys(signature for _, signature in signed))  # a text stands where the first story of it does
    first = {signature: next(site for site, other in signed if other == signature) for signature in texts}
    found: dict[str, str | None] = {site: None for _, _, site, _ in stories}
    for site, signature in signed:
        earliest = {other for band in bands(signature) for other in [one for one in texts if band in bands(one)][:most]}
        earlier = texts[: texts.index(signature)]
        original = next(
            (first[one] for one in earlier if one in earliest and resemblance(one, signature) >= duplicates.SIMILAR),
            first[signature],
        )
        found[site] = None if original == site else original
    return found


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, most=st.sampled_from([1, 2, 100]), batch=st.sampled_from([1, 3, 100]))
def test_pointers_depend_on_the_texts_as_they_stand(steps: list[tuple[Any, ...]], most: int, batch: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "MOST", most)
        patch.setattr(duplicates, "_BATCH", batch)
        rows = Rows(open_writer(Path(folder) / "news.db"))
        for step in steps:
            match step:
                case "put", n, words, day:
                    put(rows, f"s{n}", WORDS[words], f"2026-01-0{day}T00:00:00Z")
                case "delete", some:
                    rows.commit()
                    rows.db.conn.execute("commit")
                    forget(rows.db, [f"s{n}" for n in some])
                    rows.db.conn.execute("begin")
                case _:
                    rows.near.update()
        rows.near.update()
        assert pointers(rows) == by_definition(rows, most)
        rows.db.close()


def test_notices_of_one_form_are_not_all_held_against_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    monkeypatch.setattr(duplicates, "resemblance", lambda one, two: compared.append(one) or resemblance(one, two))
    rows, form = Rows(open_writer(tmp_path / "news.db")), text(1).split()
    half, same = len(form) // 2, len(form) * 55 // 100
    for n in range(250):
        at = f"2026-01-01T00:{n // 60:02}:{n % 60:02}Z"
        put(rows, f"same{n}", " ".join(form), at)
        put(rows, f"form{n}", " ".join([*form[:half], f"第{n}号", *form[half:]]), at)
        put(
            rows, f"half{n}", " ".join([*form[:same], *text(n + 2, len(form) - same).split()]), at
        )  # resembles the others, but is no copy
    rows.near.update()
    found = pointers(rows)
    assert (
        {found[f"same{n}"] for n in range(1, 250)}
        == {found[f"form{n}"] for n in range(1, 250)}
        == {"form0"}
        == {found["same0"]}
    )
    assert not any(found[f"half{n}"] for n in range(250))
    assert len(compared) < 250 * duplicates.MOST * 2  # 499 texts, of which every pair would be 124,251


def test_a_signature_made_with_the_reading_is_not_made_again_nor_believed_of_other_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(duplicates, "sign", lambda body: made.append(body) or sign(body))
    rows = Rows(open_writer(tmp_path / "news.db"))
    for n, words in enumerate((text(1), text(2), text(3))):
        put(rows, f"s{n}", words, f"2026-01-0{n + 1}")
        rows.near.signed(n + 1, sign(words))
    put(rows, "s1", text(1), "2026-01-04")
    rows.db.conn.execute("update articles set body = ? where id = 3", [text(1)])  # as when a further page comes in
    rows.near.update()
    assert made == [text(1), text(1)]
    assert pointers(rows) == {"s0": None, "s1": "s0", "s2": "s0"}


def test_an_older_database_keeps_its_pointers_until_they_are_found_anew(tmp_path: Path) -> None:
    db = Database(tmp_path / "news.db")
    schema.steps.apply(db, stop_before="m008_near_texts")
    empty = dict.fromkeys(
        ("subtitle", "byline", "authors", "editors", "photographers", "source", "section", "body_html"), ""
    )
    for n, words in enumerate((text(1), text(1), text(2))):
        seen = f"2026-01-0{n + 1}T00:00:00Z"
        row = {
            "url": f"https://s{n}.example/1",
            "site": f"s{n}",
            "kind": "article",
            "title": "",
            "body": words,
            "first_seen": seen,
            "last_seen": seen,
        }
        db.table("articles").insert(row | empty | {"word_count": 300, "confidence": 1})
    db.execute("update articles set near_duplicate_of = 1 where id > 1")  # of the third it is not true, or no longer
    db.close()
    rows = Rows(open_writer(tmp_path / "news.db"))
    assert pointers(rows) == {"s0": None, "s1": "s0", "s2": "s0"}
    assert rows.near.update() == 3
    assert pointers(rows) == {"s0": None, "s1": "s0", "s2": None}


def test_signatures_made_in_another_way_are_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Rows(open_writer(tmp_path / "news.db"))
    for n in range(3):
        put(rows, f"s{n}", text(n // 2), f"2026-01-0{n + 1}")
    rows.near.update()
    rows.db.conn.execute("update near_texts set signature = zeroblob(128) || signature")
    monkeypatch.setattr(duplicates, "method", lambda: "another")
    assert (rows.near.update(), rows.near.update()) == (3, 0)
    assert pointers(rows) == {"s0": None, "s1": "s0", "s2": None}


def test_without_the_extra_nothing_is_looked_at_and_nothing_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = Rows(open_writer(tmp_path / "news.db"))
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "rensa", None)
        signatures._rensa.cache_clear()
        for n in range(2):
            put(rows, f"s{n}", text(1), f"2026-01-0{n + 1}")
            rows.near.signed(n + 1, sign(text(1)))
        assert rows.near.update() == 0
    signatures._rensa.cache_clear()
    assert rows.near.update() == 2
    assert pointers(rows) == {"s0": None, "s1": "s0"}
