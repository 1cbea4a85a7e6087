"""The new database of a rebuild is checked and held against the old one before it counts."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier

import pytest

from archive.store.db import open_writer
from crawler.archive_folder import ArchiveFolder
from crawler.history import rebuild, replacing
from tests.patience import PATIENCE


@pytest.fixture
def home(tmp_path: Path) -> ArchiveFolder:
    """Two databases that differ in one field."""
    home = ArchiveFolder(tmp_path)
    for path in (home.database, rebuild.new_database(home)):
        db = open_writer(path)
        db.execute(
            "insert into captures (url, site, kind, fetched_at, status, mime, record_type, record_id, warc, offset,"
            " length) values ('http://127.0.0.1/1', 'one', 'article', '2026', 200, ?, 'response', 'urn:1', '1.warc.gz',"
            " 0, 1)",
            [path.name],
        )
        db.conn.commit()
        db.close()
    return home


@pytest.mark.parametrize("processes", [0, 2])
def test_what_differs_is_told_of_a_sound_database(home: ArchiveFolder, processes: int) -> None:
    found = replacing.checked(home, processes=processes)
    assert found is not None
    assert {row.table: (row.added, row.removed, row.changed, row.fields) for row in found}["captures"] == (
        0,
        0,
        1,
        {"mime": 1},
    )


@pytest.mark.parametrize("processes", [0, 2])
def test_an_unsound_database_is_refused(home: ArchiveFolder, processes: int) -> None:
    db = open_writer(rebuild.new_database(home))
    db.execute("pragma foreign_keys = off")
    db.execute("insert into images (article, n, url, caption) values (99, 0, 'http://127.0.0.1/1.png', '')")
    db.conn.commit()
    db.close()
    with pytest.raises(replacing.Unsound, match="a row of images refers to a missing row of articles"):
        replacing.checked(home, processes=processes)


def test_what_is_wrong_with_the_database_is_told_before_what_the_comparison_stumbled_over(
    home: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsound(path: Path) -> None:
        raise replacing.Unsound("page 7 is wrong")

    def stumbles(old: Path, new: Path) -> None:
        raise OSError("page 7 cannot be read")

    monkeypatch.setattr(replacing, "check", unsound)
    monkeypatch.setattr(replacing, "differences", stumbles)
    with pytest.raises(replacing.Unsound, match="page 7 is wrong"):
        replacing.checked(home, processes=2)


def test_an_unsound_database_is_compared_with_nothing(home: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsound(path: Path) -> None:
        raise replacing.Unsound("page 7 is wrong")

    asked: list[Path] = []
    monkeypatch.setattr(replacing, "check", unsound)
    monkeypatch.setattr(replacing, "check_index", asked.append)
    monkeypatch.setattr(replacing, "differences", lambda old, new: asked.append(old))
    with pytest.raises(replacing.Unsound):
        replacing.checked(home, processes=1)
    assert home.database not in asked


def test_both_are_done_at_the_same_time(home: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    both = Barrier(2, timeout=PATIENCE)  # broken when one waits for the other to end
    monkeypatch.setattr(replacing, "check", lambda path: both.wait())
    monkeypatch.setattr(replacing, "differences", lambda old, new: [both.wait()])
    assert replacing.checked(home, processes=2) is not None


def test_without_an_old_database_there_is_nothing_to_compare(home: ArchiveFolder) -> None:
    home.database.unlink()
    assert replacing.checked(home, processes=2) is None
