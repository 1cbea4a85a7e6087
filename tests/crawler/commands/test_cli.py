"""The command as such."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.store.store import Archive
from crawler import __version__
from crawler.cli import main
from tests.benchmarks import archive_folder


def test_the_version_names_reader_and_schema() -> None:
    """What a report of trouble has to say: which program, which reader, which tables."""
    done = CliRunner().invoke(main, ["--version"])
    assert done.exit_code == 0
    assert re.fullmatch(rf"campuswarc {re.escape(__version__)} \(reader \d+, schema m\d{{3}}[a-z]?\)\n", done.output)


def test_demo_without_the_source_says_where_it_is(tmp_path: Path) -> None:
    """Another project has a folder `tests` too."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "__init__.py").write_text("")
    lines = (
        "import sys; sys.path.insert(0, sys.argv[1]); from crawler.cli import main; main(['demo', sys.argv[1] + '/a'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", lines, tmp_path], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "make demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_where_it_cannot_run_it_says_so() -> None:
    lines = "import sys; sys.platform = 'win32'; from crawler.__main__ import start; start()"
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "WSL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["search", "accept"])
def test_bytes_that_are_no_text_are_one_sentence(command: str, tmp_path: Path) -> None:
    """Python gives a byte of a command line that is not UTF-8 as half a surrogate pair."""
    folder = archive_folder.make(tmp_path / "archive", archive_folder.sudy("one", "http://127.0.0.1:9/"))
    Archive(folder, info={"software": "test"}).close()
    done = CliRunner().invoke(main, ["-C", str(folder), command, "\udcff"])
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit)
    assert "not UTF-8" in done.output, done.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands_and_options(shell: str) -> None:
    """By click's own protocol: what docs/operating.md has an operator write into the shell's startup file."""

    def ask(**more: str) -> str:
        env = {**os.environ, "_CAMPUSWARC_COMPLETE": f"{shell}_{more.pop('what')}", **more}
        code = "from crawler.cli import main; main(prog_name='campuswarc')"
        return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False).stdout

    assert "_CAMPUSWARC_COMPLETE" in ask(what="source")
    words = "campuswarc ack" if shell != "fish" else "campuswarc"
    assert "ack" in ask(what="complete", COMP_WORDS=words, COMP_CWORD="1" if shell != "fish" else "ack")
    words = "campuswarc crawl --log"
    asked = {"COMP_WORDS": words, "COMP_CWORD": "2" if shell != "fish" else "--log"}
    assert "--log-requests" in ask(what="complete", **asked)


@pytest.mark.parametrize(("typed", "meant"), [(["searchh"], "search"), (["shards", "stauts"], "status")])
def test_the_nearest_command_is_named(typed: list[str], meant: str) -> None:
    done = CliRunner().invoke(main, typed)
    assert done.exit_code == 2 and f"did you mean {meant!r}?" in done.output


def test_an_id_that_no_site_can_have_is_said(tmp_path: Path) -> None:
    (tmp_path / "sites.toml").write_text(archive_folder.sudy("one", "https://news.example.edu/"))
    before = (tmp_path / "sites.toml").read_bytes()
    done = CliRunner().invoke(main, ["-C", str(tmp_path), "rename", "one", "a b"])
    assert done.exit_code == 1 and "'a b': a site's id is lower case letters" in done.output
    assert (tmp_path / "sites.toml").read_bytes() == before
