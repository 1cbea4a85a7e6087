"""What befalls the files of an operator ends in words and an exit status, never in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import main


@pytest.mark.parametrize("content", [b"", b"no database at all" * 600], ids=["empty", "garbage"])
@pytest.mark.parametrize("command", [["status"], ["search", "x"]], ids=lambda words: words[0])
def test_database_that_is_none_is_named_with_the_way_out(tmp_path: Path, content: bytes, command: list[str]) -> None:
    folder = tmp_path / "新 闻"
    assert CliRunner().invoke(main, ["init", str(folder), "--contact", "a@example.org"]).exit_code == 0
    (folder / "news.db").write_bytes(content)
    done = CliRunner().invoke(main, ["-C", str(folder), *command])
    assert done.exit_code == (5 if content else 1) and "rebuild`" in done.output, done.output


def test_empty_database_beside_records_is_not_begun_anew(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "a"), "--contact", "a@example.org"]).exit_code == 0
    (tmp_path / "a" / "news.db").touch()
    (tmp_path / "a" / "warc" / "2020").mkdir(parents=True)
    (tmp_path / "a" / "warc" / "2020" / "x.warc.gz").touch()
    done = CliRunner().invoke(main, ["-C", str(tmp_path / "a"), "crawl"])
    assert done.exit_code == 1 and "rebuild`" in done.output, done.output
