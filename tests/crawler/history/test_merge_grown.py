"""`campuswarc merge` of an archive that goes on with its WARC file: each time what is new comes, nothing twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.sharing import merge
from archive.sharing.merge import NotMerged, join
from crawler.cli import main
from tests.benchmarks import archive_folder
from tests.crawler.diary import TOML, College, Diary


def say(folder: Path, *words: str) -> str:
    done = CliRunner().invoke(main, ["-C", str(folder), *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def merged(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "warc" / "merged").rglob("*.warc.gz"))


def test_copies_of_a_growing_archive_are_merged_again_and_again(tmp_path: Path) -> None:
    """As by rsync from the machine that crawls."""
    college = College(3)
    there = Diary(archive_folder.make(tmp_path / "there", TOML), college, month=True)
    here = Diary(archive_folder.make(tmp_path / "here", TOML), college)
    for n in range(3):
        college.add()
        there.day(n)
        shutil.rmtree(tmp_path / "copy", ignore_errors=True)
        shutil.copytree(there.home.folder, tmp_path / "copy")
        say(here.home.folder, "merge", "--processes", "0", str(tmp_path / "copy"))
        assert len(merged(here.home.folder)) == n + 1
        assert here.texts() == there.texts()
    [own] = there.home.warc.rglob("*.warc.gz")
    parts = sorted(
        (here.home.warc / "merged").rglob("*.warc.gz"), key=lambda path: int(path.name.rpartition("-from-")[2][:-8])
        if "-from-" in path.name else 0
    )  # fmt: skip
    assert b"".join(path.read_bytes() for path in parts) == own.read_bytes()
    assert "nothing new" in say(here.home.folder, "merge", "--processes", "0", str(tmp_path / "copy"))
    assert "all is well" in say(here.home.folder, "verify")
    counts = [diary.rows("select count(*), count(distinct record_id) from captures") for diary in (here, there)]
    assert counts[0] == counts[1]
    assert here.unlike_rebuilt() == []
    # and back: what had come from there does not come again, under whatever name
    before = there.rows("select count(*) from captures")
    say(there.home.folder, "merge", "--processes", "0", str(here.home.folder))
    assert merged(there.home.folder) == [path.name for path in here.home.warc.glob("2*/*/*.warc.gz")]
    assert there.rows("select count(*) from captures") == before
    assert there.unlike_rebuilt() == []
    assert "all is well" in say(there.home.folder, "verify")


def test_a_merge_that_shares_the_file_is_left_alone_by_the_next_run(tmp_path: Path) -> None:
    there = Diary(archive_folder.make(tmp_path / "there", TOML), College(3), month=True)
    here = archive_folder.make(tmp_path / "here", TOML)
    for n in range(2):
        there.day(n)
        say(here, "merge", "--processes", "0", str(there.home.folder))
    assert len(merged(here)) == 2 and not [name for name in merged(here) if "-from-" in name]
    assert "all is well" in say(here, "verify")


def test_a_copy_of_an_archive_and_the_archive_that_grew_are_one_history(tmp_path: Path) -> None:
    college = College(3)
    here = Diary(archive_folder.make(tmp_path / "here", TOML), college, month=True)
    here.day(0)
    there = here.copy(tmp_path / "there")
    archive_folder.make(tmp_path / "there", TOML)
    college.add()
    here.day(1)
    there = Diary(there.home.folder, college, month=True)
    there.day(2)
    assert len(list(here.home.warc.rglob("*.warc.gz"))) == 1
    assert len(list(there.home.warc.rglob("*.warc.gz"))) == 2  # it goes on with no file of which another may grow
    for one, other in ((here, there), (there, here), (here, there)):
        say(one.home.folder, "merge", "--processes", "0", str(other.home.folder))
    for diary in (here, there):
        assert "all is well" in say(diary.home.folder, "verify")
        assert diary.unlike_rebuilt() == []


@pytest.mark.parametrize("what", ["another", "shorter and another"])
def test_another_file_of_the_name_is_refused(tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Diary(archive_folder.make(tmp_path / "there", TOML), College(3))
    here = archive_folder.make(tmp_path / "here", TOML)
    there.day(0)
    monkeypatch.setattr(merge.os, "link", lambda *_: (_ for _ in ()).throw(OSError("another file system")))
    (here / "warc").mkdir(exist_ok=True)
    [name] = join(here, there.home.folder).own
    target = here / "warc" / name
    content = target.read_bytes()
    target.write_bytes(content[:-1] + b"!" if what == "another" else content[:100] + b"!")
    with pytest.raises(NotMerged, match="is not"):
        join(here, there.home.folder)
