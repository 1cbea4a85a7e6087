"""A crawl that is asked to stop ends in order from its first moment, whatever waits; judged by the order of events."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from crawler.engine import interruption, run
from crawler.engine.interruption import crawls
from crawler.workers.readers import LEFT, Readers
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.engine.test_crawl_interrupted import wait_for_captures
from tests.crawler.history.test_rebuild import rebuild
from tests.crawler.whole import only_in_one
from tests.crawler.workers.test_readers import SITE, answer
from tests.patience import PATIENCE

NUMBERS = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])


def readers_of(process: subprocess.Popen[str]) -> list[int]:
    """Ids of the processes it has launched that read pages."""
    found = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True)
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "crawler.workers.reader" in line]


def when_opened(pipe: Path) -> int:
    """A descriptor to write with, once another process has opened that pipe to read."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads yet
            time.sleep(0.01)
    raise AssertionError(f"nobody reads {pipe}")


def test_pages_that_nobody_reads_hold_no_stop_and_are_read_by_the_next_run(tmp_path: Path) -> None:
    # one site: where another waits, a page that holds it up is read by a process apart
    with College(["sudy"]) as college:
        box = Box(tmp_path / "archive", college.sites_toml(), storage="commit_seconds = 0.2\n")
        process = box.start("--readers", "1")
        wait_for_captures(box, 8)
        (reader,) = readers_of(process)
        os.kill(reader, signal.SIGSTOP)  # whatever comes now waits for ever
        asked = len(college.requests())
        wait_for_captures(box, asked + 1)
        process.send_signal(signal.SIGTERM)
        words = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode in (0, 3), words[-3000:]
        assert "Traceback" not in words
        assert not Path(f"/proc/{reader}").exists()
        assert box.column("select count(*) from captures") == [len(college.requests())], "what was fetched is kept"
        assert box.column("select count(*) from unread")[0] > 0
        assert box.column("select reason from runs") == ["shutdown"]
        assert box.column("select count(*) from failures where kind = 'left'") == [0]
        assert not [path for path in box.warcs() if path.suffix == ".open"]
        box.crawl()
        assert box.column("select count(*) from unread") == [0]
        assert sorted(box.column("select url from articles")) == sorted(row.url for row in college.articles())
        urls = [seen.url for seen in college.requests() if "/page.htm" in seen.target]
        assert len(urls) == len(set(urls)), "no article was fetched twice"
        live = box.folder / "news.db"
        kept = tmp_path / "live.db"
        kept.write_bytes(live.read_bytes())
        rebuild(box, "--yes")
        assert only_in_one(kept, live) == []


@NUMBERS
def test_a_signal_while_the_configuration_is_read_ends_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with College(["sudy"], scale=0.2) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        configuration = box.folder / "campuswarc.toml"
        text = configuration.read_bytes()
        configuration.unlink()
        os.mkfifo(configuration)
        process = box.start()
        pipe = when_opened(configuration)
        process.send_signal(number)
        os.write(pipe, text)
        os.close(pipe)
        words = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 0, words
        assert words.splitlines() == ["stopped before the crawl began: nothing was asked for"]
        assert not (box.folder / "news.db").exists()
        assert college.requests() == []


def test_a_signal_while_the_run_begins_ends_it_before_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """The event loop takes over from the handler that was there from the start, and what that one has heard."""
    said: list[str] = []
    monkeypatch.setattr(interruption, "_noted", [signal.SIGTERM])
    monkeypatch.setattr(run, "stop", lambda crawler, reason: said.append(reason))
    monkeypatch.setattr(run, "gate_of", lambda crawler: SimpleNamespace(close=lambda: said.append("gate closed")))

    async def begin() -> None:
        conductor: Any = run._Conductor(cast(Any, None), cast(Any, None), None)
        conductor.begin()
        for number in interruption.SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(number)

    asyncio.run(begin())
    assert said == ["shutdown", "gate closed"]


def test_what_waits_and_what_comes_is_left_at_once() -> None:
    async def work() -> None:
        with closing(Readers({SITE.id: SITE}, 1)) as pool:
            waiting = [pool.read(answer(str(n)), SITE) for n in range(50)]
            pool.leave()
            assert all(one.done() for one in waiting)
            assert all(one.result() is LEFT for one in waiting)
            assert pool.read(answer("late"), SITE).result() is LEFT
            assert not pool.full

    asyncio.run(work())


@pytest.mark.parametrize(
    ("words", "whether"),
    [
        ("crawl", True),
        ("-C folder crawl site --quiet", True),
        ("--home crawl search x", False),
        ("--home=x crawl", True),
        ("search crawl", False),
        ("", False),
    ],
)
def test_only_a_crawl_ends_in_order(words: str, whether: bool) -> None:
    assert crawls(words.split()) is whether
