"""Reposts are found, edited ones too; other stories are not; and the pointers depend on the texts alone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive.article import Article
from archive.db import open_writer
from archive.near import resemblance, sign
from archive.rows import Rows

pytest.importorskip("rensa", reason="the extra `duplicates` is not installed")


def text(seed: int, words: int = 300) -> str:
    choice = random.Random(seed)
    return " ".join("".join(choice.choices("abcdefghijklmnop学院召开教学工作会议部署招生计划", k=4)) for _ in range(words))


def edited(body: str, share: float) -> str:
    choice = random.Random(7)
    return " ".join("changed" if choice.random() < share else word for word in body.split())


def put(rows: Rows, name: str, body: str, seen: str) -> None:
    article = Article(url=f"https://{name}.example/1", site=name, title=name, body=body)
    rows.articles.save(article, digest=str(hash(body)), reader="1", capture=None, seen=seen)


def pointers(rows: Rows) -> dict[str, str | None]:
    found = rows.db.conn.execute("select a.site, o.site from articles a left join articles o on o.id = a.near_duplicate_of")
    return dict(found.fetchall())


def test_a_repost_points_to_the_earliest_whatever_the_order_they_were_read_in(tmp_path: Path) -> None:
    body = text(1)
    stories = [("c", edited(body, 0.03), "2026-01-03"), ("a", body, "2026-01-01"), ("b", body + " 责任编辑", "2026-01-02"), ("x", text(2), "2026-01-01"),
               ("s", "短讯", "2026-01-01"), ("t", "短讯", "2026-01-02")]
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


def test_work_ended_between_two_batches_goes_on_where_it_ended(tmp_path: Path) -> None:
    rows = Rows(open_writer(tmp_path / "news.db"))
    for n in range(130):
        put(rows, f"s{n}", text(n % 65), f"2026-01-01T00:{n // 60:02}:{n % 60:02}")
    batches = iter([False, True])
    first = rows.near.update(lambda: next(batches))
    assert 0 < first < 130
    assert first + rows.near.update() == 130
    assert pointers(rows) == {f"s{n}": None if n < 65 else f"s{n - 65}" for n in range(130)}
