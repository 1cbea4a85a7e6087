"""An export is whole at its place or not there; of a killed one nothing stays once the next has been made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive.exports.output import fresh
from tests.benchmarks.archive_folder import ROOT

_BEGUN = """
import os, signal, sys
from pathlib import Path
from archive.exports.output import fresh
with fresh(Path(sys.argv[1])) as made:
    made.write_text("half")
    if sys.argv[2] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    print("begun", flush=True)
    sys.stdin.readline()
"""


def scratch(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.endswith(".part"))


@pytest.mark.parametrize("name", ["articles.jsonl", "[新 闻]*"])
def test_what_a_killed_export_left_goes_with_the_next(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    for _ in range(2):
        subprocess.run([sys.executable, "-c", _BEGUN, str(out), "killed"], cwd=ROOT, check=False)
    assert len(scratch(tmp_path)) == 1 and not out.exists(), "the second took away what the first had left"
    (tmp_path / ".other.abcdefgh.part").mkdir()
    with fresh(out) as made:
        made.write_text("whole")
    assert scratch(tmp_path) == [".other.abcdefgh.part"] and out.read_text() == "whole"


def test_an_export_that_goes_on_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "articles.jsonl"
    with subprocess.Popen(
        [sys.executable, "-c", _BEGUN, str(out), "slow"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin is not None and other.stdout is not None
        assert other.stdout.readline() == "begun\n"
        with fresh(out) as made:
            made.write_text("sooner")
        assert out.read_text() == "sooner" and len(scratch(tmp_path)) == 1
        other.stdin.write("\n")
    assert other.returncode == 0 and scratch(tmp_path) == []
