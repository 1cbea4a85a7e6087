"""Forty simulated days of twenty sites: what `make year` prints of two hundred and a year."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.rhythm import BEGIN, DAY
from tests.benchmarks.sites_of_a_year import CAUSES, World
from tests.benchmarks.year import false_alarms, judged, lived

_DAYS = 40
_SOON = 2  # days from the first look that met a breakage


def test_each_breakage_is_told_once_and_soon_by_its_cause_and_nothing_else_is(tmp_path: Path) -> None:
    world = World(20, _DAYS)
    year = lived(tmp_path / "archive", world, _DAYS, None)
    verdicts = judged(world, year, BEGIN + _DAYS * DAY)
    assert {one.kind for one in verdicts} == set(CAUSES)
    assert [one for one in verdicts if not one.right] == []
    assert [one for one in verdicts if not one.once] == []
    assert [one for one in verdicts if one.kind != "frozen" and (one.days is None or one.days > _SOON)] == []
    assert false_alarms(world, year) == []
    assert year.mails < 2 + 2 * len(verdicts)
    assert year.looks < len(world.sites) * _DAYS * 4 / 3, "under a third of what a look in each run would be"
