"""One site does not keep the others waiting, whatever its pages are. Judged by what is read before what."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.workers import readers, reading_times
from crawler.workers.readers import Readers
from crawler.workers.reading_times import ALLOWED, CREDIT, LEAST_PATIENCE, PATIENCE, ReadingTimes
from spiders.findings import Story, Trouble
from tests.crawler.workers.test_readers import SITE, answer, run

BAD, WORSE = replace(SITE, id="bad"), replace(SITE, id="worse")
SITES = {site.id: site for site in (SITE, BAD, WORSE)}


class Work:
    """A clock that goes as the processes of this test work: a machine that is busy with other things makes no page
    slow."""

    def __init__(self) -> None:
        self._latest = 0.0

    def __call__(self) -> float:
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = ended.ru_utime + ended.ru_stime
        for task in Path("/proc/self/task").iterdir():
            for child in (task / "children").read_text().split():
                with suppress(FileNotFoundError, ProcessLookupError):  # it ends at this moment
                    fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
                    seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        self._latest = max(self._latest, seconds)
        return self._latest


@pytest.fixture
def _slow_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that read are tests.crawler.workers.slow_reader; patience is short."""
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nshift 2\nexec {sys.executable} -m tests.crawler.workers.slow_reader "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(readers.sys, "executable", str(program))
    monkeypatch.setattr(readers, "monotonic", Work())
    monkeypatch.setattr(readers, "_LOOK_S", 0.2)
    monkeypatch.setattr(readers, "HASTE", 0.6)
    monkeypatch.setattr(reading_times, "PATIENCE", 2.4)
    monkeypatch.setattr(reading_times, "LEAST_PATIENCE", 0.6)
    monkeypatch.setattr(reading_times, "ALLOWED", ALLOWED / 4)
    monkeypatch.setattr(reading_times, "CREDIT", CREDIT / 4)


async def read_all(pool: Readers, *asked: tuple[str, str]) -> tuple[list[str], dict[str, Any]]:
    """Titles in the order in which their readings came, and these."""
    order: list[str] = []
    found: dict[str, Any] = {}

    async def one(site: str, title: str) -> None:
        found[title] = await pool.read(answer(title), SITES[site])
        order.append(title)

    await asyncio.gather(*(one(site, title) for site, title in asked))
    return order, found


@pytest.mark.usefixtures("_slow_reader")
def test_pages_that_hang_keep_no_other_site_waiting() -> None:
    hostile = [("bad", f"HANGS {n}") for n in range(3)]
    honest = [("example", f"Story {n}") for n in range(20)]

    async def work() -> tuple[list[str], dict[str, Any], list[str], bool]:
        with closing(Readers(SITES, 1)) as pool:
            await pool.read(answer("First"), SITE)
            order, found = await read_all(pool, hostile[0], *honest[:10], *hostile[1:], *honest[10:])
            later, _ = await read_all(pool, ("bad", "HANGS again"), ("bad", "Quick"), ("example", "Last"))
            return order, found, later, pool.full

    order, found, later, full = run(work())
    assert order == [title for _, title in honest + hostile]
    assert {type(found[title]) for _, title in honest} == {Story}
    assert {found[title] for _, title in hostile} == {
        Trouble("reader_timeout", "the page stopped the process that read it")
    }
    assert later == ["Last", "HANGS again", "Quick"]
    assert not full


@pytest.mark.usefixtures("_slow_reader")
def test_of_two_sites_that_hang_each_has_its_turn() -> None:
    async def work() -> list[str]:
        with closing(Readers(SITES, 1)) as pool:
            await pool.read(answer("First"), SITE)
            for site in ("bad", "worse"):
                pool._times.held_up(site)
            bad = [("bad", f"HANGS {n}") for n in range(3)]
            order, _ = await read_all(pool, *bad, ("worse", "Quick 1"), ("worse", "Quick 2"))
            return order

    assert run(work()) == ["HANGS 0", "Quick 1", "Quick 2", "HANGS 1", "HANGS 2"]


@pytest.mark.usefixtures("_slow_reader")
def test_a_site_whose_pages_take_long_but_end_is_read_apart_and_loses_none() -> None:
    async def work() -> tuple[bool, list[Any], bool]:
        with closing(Readers(SITES, 1)) as pool:
            pages = 0
            while not pool.apart("bad"):
                assert isinstance(await pool.read(answer(f"SLOW {pages}"), BAD), Story)
                pages += 1
                assert pages < 1 + CREDIT / (1 - ALLOWED)
            return (
                pool.apart("example"),
                await asyncio.gather(*(pool.read(answer(f"Story {n}"), BAD) for n in range(5))),
                pool.apart("bad"),
            )

    others, found, apart = run(work())
    assert not others and {type(one) for one in found} == {Story}
    assert not apart, "quick pages have paid for the slow ones"


def test_patience_shrinks_with_each_page_that_was_given_up_and_is_each_site_s_own() -> None:
    times = ReadingTimes()
    seen = []
    for _ in range(40):
        seen.append(times.patience("bad"))
        times.timed_out("bad", seen[-1])
    assert seen[:4] == [PATIENCE, PATIENCE / 2, PATIENCE / 4, PATIENCE / 8]
    assert seen == sorted(seen, reverse=True) and seen[-1] == LEAST_PATIENCE
    assert times.apart("bad") and not times.apart("good") and times.patience("good") == PATIENCE


def test_a_large_site_of_quick_pages_is_never_read_apart() -> None:
    times = ReadingTimes()
    for _ in range(100_000):
        times.took("good", 0.05)
    times.took("good", CREDIT)
    assert not times.apart("good") and times.spent("good") > 100 * CREDIT
