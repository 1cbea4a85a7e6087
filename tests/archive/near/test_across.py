"""Reposts in other archives are those that one archive of all would point to."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.near.across import CannotCompare, reposts
from archive.near.duplicates import NearDuplicates
from archive.store.db import open_reader, open_writer
from archive.store.rows import Rows
from tests.archive.near.test_duplicates import edited, put, text

pytest.importorskip("rensa", reason="the extra `duplicates` is not installed")


def test_as_one_archive_points(tmp_path: Path) -> None:
    stories = [
        ("s0", "a", text(1), "2026-01-01"),
        ("s1", "b", edited(text(1), 0.03), "2026-01-02"),
        ("s1", "c", text(1), "2026-01-03"),
        ("s0", "d", text(2), "2026-01-04"),
        ("s0", "e", text(2), "2026-01-05"),
        ("s2", "f", text(3), "2026-01-01"),
        ("s2", "g", "短讯", "2026-01-01"),
        ("s1", "h", "短讯", "2026-01-02"),
        ("s1", "i", text(2), "2025-12-31"),
    ]
    names = ("all", "s0", "s1", "s2")
    archives = {name: Rows(open_writer(tmp_path / f"{name}.db")) for name in names}
    for shard, name, body, seen in stories:
        put(archives[shard], name, body, seen)
        put(archives["all"], name, body, seen)
    for rows in archives.values():
        NearDuplicates(rows.db).update()
        rows.db.conn.commit()
    shard_of = {f"https://{name}.example/1": shard for shard, name, _, _ in stories}
    expected = {
        (url, original)
        for url, original in archives["all"].db.execute(
            "select a.url, o.url from articles a join articles o on o.id = a.near_duplicate_of"
        )
        if shard_of[url] != shard_of[original]
    }
    found = list(reposts({name: open_reader(tmp_path / f"{name}.db") for name in names[1:]}))
    assert {(one.url, one.original) for one in found} == expected and len(expected) == 4
    assert all((one.name, one.of) == (shard_of[one.url], shard_of[one.original]) for one in found)


def test_signatures_of_another_method_are_not_compared(tmp_path: Path) -> None:
    rows = Rows(open_writer(tmp_path / "news.db"))
    NearDuplicates(rows.db).update()
    rows.db.execute("update near_method set method = 'other'")
    rows.db.conn.commit()
    with pytest.raises(CannotCompare, match="signatures of s0"):
        list(reposts({"s0": open_reader(tmp_path / "news.db")}))
