"""The sample college crawled in three shards, one after the other, and in one archive; tests only read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from tests import forked
from tests.benchmarks import archive_folder
from tests.college import College
from tests.crawler.box import Box

FAMILIES = ("sudy", "wordpress", "trs", "vsb")


@dataclass(frozen=True, slots=True)
class Both:
    """The same sites in one archive and in shards."""

    one: Box
    top: ArchiveFolder

    def run(self, *words: str) -> Result:
        """`campuswarc -C TOP shards WORDS…`"""
        return CliRunner().invoke(main, ["-C", str(self.top.folder), "shards", *words])

    @property
    def folders(self) -> list[Path]:
        """Those of the shards."""
        return sorted(self.top.folder.glob("shards/*"))


@pytest.fixture(scope="package")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    place = tmp_path_factory.mktemp("shards")
    with College(FAMILIES, scale=0.3) as college:
        one = Box(place / "one", college.sites_toml())
        one.crawl("--quiet")
        both = Both(one, ArchiveFolder(archive_folder.make(place / "top", college.sites_toml())))
        assert both.run("init", "3").exit_code == 0
        for folder in both.folders:
            done = forked.run(["-C", str(folder), "crawl", "--quiet"])
            assert done.returncode == 0, done.stderr
    yield both
