"""The subset database: which tables are in it, and that their rows are those of the archive."""

from __future__ import annotations

from pathlib import Path

from archive.exports.sqlite import LEFT, ROWS
from archive.store.db import open_reader, open_writer
from tests.archive.exports.conftest import Exporter


def test_every_table_is_exported_or_left_behind(tmp_path: Path) -> None:
    """A table that a migration adds must be one or the other."""
    made = open_writer(tmp_path / "made.db")
    tables = {name for name in made.table_names() if not name.startswith(("articles_fts", "_sqlite"))}
    made.close()
    assert tables == ROWS.keys() | LEFT
    assert not ROWS.keys() & LEFT


def test_an_exported_database_is_not_made_whole_in_memory(tmp_path: Path) -> None:
    made = open_writer(tmp_path / "made.db")
    assert made.execute("pragma temp_store").fetchone() == (0,), (
        "in memory, the vacuum at its end would take what the file takes"
    )
    made.close()


def test_all_of_an_archive_is_all_of_its_rows(exporter: Exporter, archive_folder: Path, tmp_path: Path) -> None:
    exporter("sqlite", tmp_path / "all.db", versions="all")
    ours, theirs = open_reader(archive_folder / "news.db"), open_reader(tmp_path / "all.db")
    for db in (ours, theirs):
        db.conn.text_factory = bytes  # one title is no UTF-8
    held = "id in (select capture from versions union select capture from attachments union select capture from parts)"
    for table, where in {
        **dict.fromkeys(("articles", "versions", "version_rows", "parts", "attachments", "images", "links"), "1"),
        "captures": held,
    }.items():
        rows = f"select * from {table} where {where}"
        assert theirs.execute(rows).fetchall() == ours.execute(rows).fetchall(), table
    assert theirs.execute("select count(*) from articles").fetchone()[0] > 20
    ours.close()
    theirs.close()
