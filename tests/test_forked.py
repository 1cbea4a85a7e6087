"""A command from a process that is forked ends as one that is begun."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import forked


@pytest.mark.parametrize("words", [["--version"], ["crawl", "--nothing-of-that-name"], ["show", "https://a.example/"]])
def test_status_and_words_are_those_of_a_process_that_was_begun(words: list[str], tmp_path: Path) -> None:
    words = ["-C", str(tmp_path), *words]
    begun = subprocess.run([sys.executable, "-m", "crawler", *words], cwd=forked.ROOT, capture_output=True, text=True)
    ended = forked.run(words)
    assert (ended.returncode, ended.stdout, ended.stderr) == (begun.returncode, begun.stdout, begun.stderr)


def test_it_has_the_environment_of_the_test_that_asks(tmp_path: Path) -> None:
    said = forked.run(["show", "https://a.example/"], env={"CAMPUSWARC_HOME": str(tmp_path / "elsewhere")})
    assert str(tmp_path / "elsewhere") in said.stderr


def test_one_that_takes_too_long_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        forked.run(["--version"], timeout=0.0)
