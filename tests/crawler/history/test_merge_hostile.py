"""`campuswarc merge` where it is misused, repeated, crossed or killed: nothing is there twice, and a rebuild gives the
same rows."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.archive_folder import CAMPUSWARC, ROOT
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.history.test_ingest import verify
from tests.crawler.history.test_merge import merge
from tests.crawler.history.test_rebuild import rebuild, unequal
from tests.crawler.stories import stories


@pytest.fixture(scope="module")
def college() -> Iterator[College]:
    with College(["sudy", "wordpress"], scale=0.1) as college:
        yield college


@pytest.fixture(scope="module")
def crawled(college: College, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Box]:
    boxes = {
        name: Box(tmp_path_factory.mktemp("merge") / name, college.sites_toml(name)) for name in ("sudy", "wordpress")
    }
    for box in boxes.values():
        box.crawl()
    return boxes


def copied(box: Box, folder: Path, sites: str) -> Box:
    copy = Box(folder, sites)
    for name in ("news.db", "warc"):
        (shutil.copytree if (box.folder / name).is_dir() else shutil.copy)(box.folder / name, folder / name)
    return copy


def rows(box: Box) -> dict[str, list[dict[str, Any]]]:
    return {
        table: box.rows(f"select * from {table} order by id")
        for table in ("articles", "versions", "captures", "frontier")
    }


def well(box: Box) -> None:
    """Verify and rebuild have nothing to say."""
    assert "all is well" in verify(box)
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []
    for path in box.folder.glob("news.db.rebuilding*"):
        path.unlink()


def test_two_archives_merged_into_each_other_again_and_again(
    college: College, crawled: dict[str, Box], tmp_path: Path
) -> None:
    a, b = (copied(crawled[name], tmp_path / name, college.sites_toml()) for name in ("sudy", "wordpress"))
    own = {box.folder: [path.relative_to(box.folder / "warc") for path in box.warcs()] for box in (a, b)}
    for here, there in ((a, b), (b, a), (a, b), (b, a)):
        merge(here, there.folder)
    for box in (a, b):
        assert not [
            path
            for path in (box.folder / "warc" / "merged").rglob("*.warc.gz")
            if any(path.as_posix().endswith(name.as_posix()) for name in own[box.folder])
        ], "own files come back"
        assert len(stories(box)) == sum(len(stories(one)) for one in crawled.values())
    assert stories(a) == stories(b)
    before = rows(a)
    words = merge(a, b.folder, b.folder)
    assert " 0 captures" in words and "nothing new" in words, (
        "once more it is told what b has been merged with, and no more"
    )
    assert rows(a) == before
    well(a)
    well(b)


def test_a_copy_that_was_crawled_further_gives_only_what_is_new(
    college: College, crawled: dict[str, Box], tmp_path: Path
) -> None:
    here, there = (copied(crawled["sudy"], tmp_path / name, college.sites_toml("sudy")) for name in ("here", "there"))
    college.add("sudy", 1)
    there.crawl()
    old = len(here.rows("select id from captures"))
    merge(here, there.folder)
    assert stories(here) == stories(there)
    assert len(stories(here)) == len(stories(crawled["sudy"])) + 1
    assert here.rows("select * from captures where id <= ?", old) == crawled["sudy"].rows("select * from captures")
    well(here)


def test_none_is_merged_where_one_cannot_be(college: College, crawled: dict[str, Box], tmp_path: Path) -> None:
    here = copied(crawled["sudy"], tmp_path / "here", college.sites_toml())
    link = tmp_path / "link"
    link.symlink_to(here.folder)
    (tmp_path / "empty").mkdir()
    for bad, said in (
        (here.folder, "is this archive itself"),
        (link, "is this archive itself"),
        (tmp_path / "empty", "no warc/ folder"),
    ):
        before = rows(here), here.warcs()
        assert said in merge(here, crawled["wordpress"].folder, bad, expect=1)
        assert (rows(here), here.warcs()) == before
    well(here)


def test_what_is_damaged_there_is_told_and_the_rest_merged(
    college: College, crawled: dict[str, Box], tmp_path: Path
) -> None:
    there = copied(crawled["sudy"], tmp_path / "there", college.sites_toml("sudy"))
    victim = there.rows(
        "select c.* from captures c join versions v on v.capture = c.id where c.kind = 'article' order by c.id limit 1"
    )[0]
    path = there.folder / "warc" / victim["warc"]
    data = bytearray(path.read_bytes())
    data[victim["offset"] + 30 : victim["offset"] + 60] = bytes(30)
    path.write_bytes(data)
    here = Box(tmp_path / "here", college.sites_toml())
    assert f"offset {victim['offset']}: " in merge(here, there.folder, expect=5)
    assert set(stories(crawled["sudy"])) - set(stories(here)) == {victim["url"]}
    assert f"offset {victim['offset']}: " in verify(here, expect=5)
    rebuild(here, expect=5)
    assert unequal(here.folder / "news.db", here.folder / "news.db.rebuilding") == []


def test_a_site_that_has_another_family_here_was_read_as_it_was_there(
    college: College, crawled: dict[str, Box], tmp_path: Path
) -> None:
    sites = college.sites_toml("sudy")
    assert 'family = "sudy_webplus"' in sites
    here = Box(tmp_path / "here", sites.replace('family = "sudy_webplus"', 'family = "wordpress"'))
    merge(here, crawled["sudy"].folder)
    assert stories(here) == stories(crawled["sudy"])
    assert here.column("select family from sites") == ["wordpress"]
    well(here)


def test_killed_at_any_time_and_repeated(college: College, crawled: dict[str, Box], tmp_path: Path) -> None:
    there = crawled["wordpress"]
    for n, files in enumerate((0, 1, 1)):
        here = Box(tmp_path / str(n), college.sites_toml())
        process = subprocess.Popen(
            [*CAMPUSWARC, "-C", str(here.folder), "merge", str(there.folder)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None and len(list((here.folder / "warc").rglob("*.warc*"))) < files + n // 2:
            pass  # until the files are linked; then, until the archive's own file is there
        process.send_signal(signal.SIGKILL)
        process.wait()
        merge(here, there.folder)
        assert stories(here) == stories(there)
        assert "nothing new" in merge(here, there.folder)
        well(here)
