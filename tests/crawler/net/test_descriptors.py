"""How many requests may be under way follows from how many files may be open."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.benchmarks.archive_folder import ROOT


@pytest.mark.parametrize(("soft", "hard", "most"), [(64, 4096, 500), (256, 1024, 224), (200, 200, 18), (32, 32, 1)])
def test_the_limit_is_raised_to_the_hard_one_and_no_more_is_asked_of_it(soft: int, hard: int, most: int) -> None:
    asked = (
        f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard})); from crawler.net.descriptors"
        f" import exchanges;"
        " print(exchanges(500), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(most), str(hard), str(hard)]
