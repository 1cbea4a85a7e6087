"""Tables that are gone from sites.toml: told once, and no crawl begins where all are."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from archive.store.db import open_writer
from crawler.archive_folder import ArchiveFolder
from crawler.engine.session import Session
from spiders.tables import ConfigError
from tests.benchmarks.archive_folder import sudy
from tests.crawler.box import Box

ONE, TWO = (sudy(name, f"https://{name}.example.edu/list.htm") for name in ("one", "two"))


def vanished(folder: Path, sites: str) -> list[str]:
    """What a crawl that begins with this sites.toml says of others."""
    box = Box(folder, sites)
    with closing(open_writer(box.folder / "news.db").conn) as db, db:
        for name in ("one", "two"):
            db.execute("insert into sites (id, state, first_seen) values (?, 'active', '')", [name])
            db.execute("insert into listings (url, site) values (?, ?)", [f"https://{name}.example.edu/list.htm", name])
    session = Session(ArchiveFolder(box.folder), strict=False, readers=0)
    try:
        return [line.partition(":")[0] for line in session.noticed]
    finally:
        session.close("finished", 0)


@pytest.mark.parametrize(
    ("sites", "told"),
    {
        "both": (ONE + TWO, []),
        "one is gone": (ONE, ["two"]),
        "one is retired": (ONE + "".join(f"# {line}\n" for line in TWO.splitlines()), []),
        "one has another id": (ONE + TWO.replace("[two]", "[second]"), []),
        "one is wrong": (ONE + TWO.replace("sudy_webplus", "sudi_webplus"), []),
        "those of a shard": ("# made by `campuswarc shards` from the file above\n" + ONE, []),
    }.values(),
)
def test_a_table_that_is_gone_is_told(tmp_path: Path, sites: str, told: list[str]) -> None:
    assert vanished(tmp_path / "archive", sites) == told


@pytest.mark.parametrize("sites", ["", "# nothing\n"])
def test_no_crawl_begins_where_all_tables_are_gone(tmp_path: Path, sites: str) -> None:
    with pytest.raises(ConfigError, match="names no site, and this archive crawls 2"):
        vanished(tmp_path / "archive", sites)
    assert vanished(tmp_path / "again", "".join(f"# {line}\n" for line in (ONE + TWO).splitlines())) == []
