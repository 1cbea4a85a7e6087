"""`campuswarc verify` as cron and a person call it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from archive.store.store import Archive
from crawler.cli import main
from tests.archive.warc.samples import INFO, exchange, only_file


def call(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(folder), "verify", *arguments])


def test_a_sound_and_a_torn_archive(tmp_path: Path) -> None:
    archive = Archive(tmp_path, info=INFO)
    archive.record(exchange())
    archive.close()
    sound = call(tmp_path)
    assert (sound.exit_code, sound.stdout) == (
        0,
        (
            f"1 files, 3 records ({only_file(tmp_path / 'warc').stat().st_size / 1e6:.1f} MB) and 1 rows looked at: all"
            " is well\n"
        ),
    )
    path = only_file(tmp_path / "warc")
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08")
    torn = call(tmp_path, "--quick")
    assert torn.exit_code == 5
    assert (
        f"torn: {path.relative_to(tmp_path / 'warc')}, offset {size}: the file is torn: the gzip member is cut off\n"
        in torn.stdout
    )
    told = call(tmp_path, "--json", "--sample", "5")
    assert told.exit_code == 5
    found = json.loads(told.stdout)
    assert (found["ok"], found["findings"][0]["kind"], found["findings"][0]["offset"]) == (False, "torn", size)
    mended = call(tmp_path, "--repair")
    assert mended.exit_code == 0
    assert "repaired: " in mended.output
    assert path.stat().st_size == size


def test_not_an_archive_or_one_in_use(tmp_path: Path) -> None:
    assert "this is no archive" in call(tmp_path).output
    archive = Archive(tmp_path, info=INFO)
    busy = call(tmp_path, "--repair")
    assert busy.exit_code == 1
    assert "is being written by pid" in busy.output
    archive.abandon()


def test_many_findings_are_a_few_lines_and_what_helps_is_said(tmp_path: Path) -> None:
    archive = Archive(tmp_path, info=INFO)
    for n in range(9):
        archive.record(exchange(b"<p>%d</p>" % n, url=f"http://news.example.edu.cn/{n}"))
    archive.close()
    path = only_file(tmp_path / "warc")
    other = path.rename(path.with_name("other.warc.gz"))
    said = call(tmp_path).stdout
    assert said.count("orphan: 2") == 5 and "and 4 more of kind orphan" in said
    assert "its records stand in" in said and "other.warc.gz: give that file this name again" in said
    assert f"what helps with orphan: `campuswarc -C {tmp_path} verify --repair`" in said
    assert len(json.loads(call(tmp_path, "--json").stdout)["findings"]) == 10
    other.rename(path)
    assert call(tmp_path).exit_code == 0
