"""Reading beside the crawl: in order, and no page takes the crawl down."""

from __future__ import annotations

import asyncio
import errno
import os
import pickle
import select
import signal
import subprocess
import time
from collections.abc import Awaitable
from contextlib import closing
from typing import Any

import pytest

from archive.article import words
from crawler.workers import readers, reading_times
from crawler.workers.reader import read_safely
from crawler.workers.readers import Readers
from spiders import catalogue, reading
from spiders.facts import Block
from spiders.findings import Answer, Story, Trouble
from tests.patience import PATIENCE

SITE = catalogue.parse('[example]\nname = "Example"\nlistings = ["https://a.example/"]', "sites.toml")["example"]
TEXT = (
    "<p>The board of trustees voted on Tuesday to approve a renovation of the library, college officials said in a"
    " statement.</p>" * 5
)


def answer(title: str) -> Answer:
    body = (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><article>{TEXT}</article></body></html>"
    ).encode()
    return Answer(
        url=f"https://a.example/{title}",
        kind="article",
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body,
        fetched_at="2026-11-23T00:00:00Z",
        hint={},
    )


def run(work: Awaitable[Any]) -> Any:
    async def bounded() -> Any:
        return await asyncio.wait_for(work, PATIENCE)

    return asyncio.run(bounded())


def send(pool: Readers, number: signal.Signals) -> None:
    """A signal to the first process of the pool."""
    child = pool._processes[0]._child
    assert child is not None
    os.kill(child.pid, number)


def test_a_process_reads_what_this_one_would_read_in_order() -> None:
    async def work() -> list[Any]:
        with closing(Readers({SITE.id: SITE}, 2)) as pool:
            return await asyncio.gather(*(pool.read(answer(f"Story {n}"), SITE) for n in range(20)))

    found = run(work())
    assert found == [read_safely(answer(f"Story {n}"), SITE) for n in range(20)]
    assert all(isinstance(story, Story) and not isinstance(story, Block) for story in found)
    assert all(story.word_count == words(story.article.body) for story in found)


def test_a_process_that_reads_lets_the_crawl_go_first_and_hears_no_ctrl_c() -> None:
    async def places() -> list[tuple[int, int, int]]:
        with closing(Readers({"example": SITE}, 1)) as pool:
            await pool.read(answer("a"), SITE)
            child = pool._processes[0]._child
            assert child is not None
            return [
                (os.getsid(pid), os.getpgid(pid), os.getpriority(os.PRIO_PROCESS, pid))
                for pid in (child.pid, os.getpid())
            ]

    (session, group, nice), (our_session, our_group, our_nice) = run(places())
    assert session == our_session, (
        "Linux may schedule each session as a group, beside which a nice of its own counts for nothing"
    )
    assert group != our_group
    assert nice == min(our_nice + 5, 19)


def test_a_killed_process_costs_one_page_and_is_replaced() -> None:
    async def work() -> list[Any]:
        with closing(Readers({SITE.id: SITE}, 1)) as pool:
            first = await pool.read(answer("First"), SITE)
            pending = [pool.read(answer(f"Next {n}"), SITE) for n in range(3)]
            send(pool, signal.SIGKILL)
            return [first, *await asyncio.gather(*pending)]

    found = run(work())
    assert isinstance(found[0], Story)
    troubles = [one for one in found if isinstance(one, Trouble)]
    assert [one.kind for one in troubles] in ([], ["reader_died"])  # none where the process was quicker than the signal
    assert sum(isinstance(one, Story) for one in found) == 4 - len(troubles)


def test_pages_a_process_had_answered_when_it_died_are_not_to_blame() -> None:
    """A crawl that was busy meanwhile learns of the death when it sends the next page, with answers still to be
    taken."""

    async def work() -> list[Any]:
        with closing(Readers({SITE.id: SITE}, 1)) as pool:
            await pool.read(answer("First"), SITE)
            pending = [pool.read(answer(f"Next {n}"), SITE) for n in range(10)]
            time.sleep(2)  # a long commit: nothing is sent or taken, and all is answered
            send(pool, signal.SIGKILL)
            time.sleep(0.2)
            pending.append(pool.read(answer("Last"), SITE))
            return [*await asyncio.gather(*pending), await pool.read(answer("After"), SITE)]

    *answered, last, after = run(work())
    assert [type(one) for one in answered] == [Story] * 10
    assert isinstance(last, Trouble) and isinstance(after, Story)


def test_a_page_that_was_called_off_before_its_process_died_holds_nothing_up() -> None:
    async def work() -> Any:
        with closing(Readers({SITE.id: SITE}, 1)) as pool:
            await pool.read(answer("First"), SITE)
            send(pool, signal.SIGSTOP)
            pool.read(answer("Off"), SITE).cancel()
            send(pool, signal.SIGKILL)
            return await pool.read(answer("Next"), SITE)

    assert isinstance(run(work()), Story)


def test_what_is_read_is_handed_out_while_a_later_page_hangs() -> None:
    async def work() -> list[Any]:
        with closing(Readers({SITE.id: SITE}, 1)) as pool:
            first = await pool.read(answer("First"), SITE)
            send(pool, signal.SIGSTOP)
            pending = [pool.read(answer(f"Next {n}"), SITE) for n in range(20)]
            await asyncio.sleep(0.2)
            assert not any(one.done() for one in pending)
            send(pool, signal.SIGCONT)
            while sum(one.done() for one in pending) < 3:
                await asyncio.sleep(0)
            send(pool, signal.SIGSTOP)
            await asyncio.sleep(1)
            done = [one.done() for one in pending]
            send(pool, signal.SIGCONT)
            assert done == sorted(done, reverse=True)
            return [first, *await asyncio.gather(*pending)]

    assert [one.article.title for one in run(work())] == ["First", *(f"Next {n}" for n in range(20))]


def test_a_page_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_times, "PATIENCE", 10.0)

    async def work() -> Any:
        with closing(Readers({SITE.id: SITE}, 1)) as pool:
            await pool.read(answer("First"), SITE)
            send(pool, signal.SIGSTOP)
            hung = await pool.read(answer("Hangs"), SITE)
            return hung, await pool.read(answer("Next"), SITE)

    hung, following = run(work())
    assert hung == Trouble("reader_timeout", "the page stopped the process that read it")
    assert isinstance(following, Story)


def test_a_page_answered_in_time_is_not_given_up_for_a_crawl_that_was_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(readers, "monotonic", lambda: clock[0])

    async def work() -> Any:
        with closing(Readers({SITE.id: SITE}, 1)) as pool:
            await pool.read(answer("First"), SITE)
            process = pool._processes[0]
            child = process._child
            pending = pool.read(answer("Next"), SITE)
            assert select.select([process._socket], [], [], PATIENCE)[0], (
                "the answer has come; the loop has not looked yet"
            )
            clock[0] += 2 * readers.PATIENCE
            process._look()  # a loop may come to this first
            return await pending, process._child is child

    found, same = run(work())
    assert isinstance(found, Story) and same


def refuse(times: int) -> Any:
    """In place of Popen: that often there is no room for another process."""
    popen, left = subprocess.Popen, [times]

    def launch(*given: Any, **more: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")
        return popen(*given, **more)

    return launch


async def after_a_death(monkeypatch: pytest.MonkeyPatch, refusals: int) -> list[Any]:
    """What becomes of three pages that wait when their process dies, and of one asked for when they are settled."""
    with closing(Readers({SITE.id: SITE}, 1)) as pool:
        await pool.read(answer("First"), SITE)
        send(pool, signal.SIGSTOP)
        pending = [pool.read(answer(f"Next {n}"), SITE) for n in range(3)]
        monkeypatch.setattr(subprocess, "Popen", refuse(refusals))
        send(pool, signal.SIGKILL)
        return [*await asyncio.gather(*pending, return_exceptions=True), await pool.read(answer("After"), SITE)]


def test_a_process_that_cannot_be_started_at_once_is_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_PAUSES_S", (0.01, 0.02))
    blamed, *others = run(after_a_death(monkeypatch, 2))
    assert isinstance(blamed, Trouble)
    assert [one.article.title for one in others] == ["Next 1", "Next 2", "After"]


def test_no_page_is_to_blame_where_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_PAUSES_S", (0.01, 0.02))
    blamed, one, two, after = run(after_a_death(monkeypatch, 3))
    assert isinstance(blamed, Trouble) and isinstance(after, Story)
    assert isinstance(one, OSError) and isinstance(two, OSError)


def test_no_page_is_to_blame_for_a_process_that_dies_while_it_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_PAUSES_S", (0.01, 0.02))

    async def work() -> list[Any]:
        with closing(Readers({SITE.id: SITE}, 1)) as pool:
            send(pool, signal.SIGKILL)
            read = await asyncio.gather(*(pool.read(answer(f"Story {n}"), SITE) for n in range(3)))
            await asyncio.sleep(0)
            monkeypatch.setattr(readers.sys, "executable", "/bin/false")
            send(pool, signal.SIGSTOP)
            pending = [pool.read(answer(f"Next {n}"), SITE) for n in range(3)]
            send(pool, signal.SIGKILL)
            return [*read, *await asyncio.gather(*pending, return_exceptions=True)]

    *read, blamed, one, two = run(work())
    assert [story.article.title for story in read] == [f"Story {n}" for n in range(3)]
    assert isinstance(blamed, Trouble) and isinstance(one, OSError) and isinstance(two, OSError)


def test_an_answer_that_cannot_be_taken_is_that_page_s_trouble_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, taken = pickle.loads, [0]

    def short(data: bytes) -> Any:
        taken[0] += 1
        if taken[0] == 2:
            raise MemoryError
        return whole(data)

    monkeypatch.setattr(readers.pickle, "loads", short)

    async def work() -> list[Any]:
        with closing(Readers({SITE.id: SITE}, 1)) as pool:
            return await asyncio.gather(*(pool.read(answer(f"Story {n}"), SITE) for n in range(4)))

    first, lost, *others = run(work())
    assert lost == Trouble("reader_error", "MemoryError: ")
    assert [one.article.title for one in (first, *others)] == ["Story 0", "Story 2", "Story 3"]


def test_pages_go_to_whoever_has_the_fewest() -> None:
    async def work() -> list[Any]:
        with closing(Readers({SITE.id: SITE}, 2)) as pool:
            await asyncio.gather(*(pool.read(answer(f"First {n}"), SITE) for n in range(2)))
            send(pool, signal.SIGSTOP)
            held = [pool.read(answer("Held"), SITE)]
            free = [await pool.read(answer(f"Next {n}"), SITE) for n in range(6)]
            assert not held[0].done()
            send(pool, signal.SIGCONT)
            return [*free, *await asyncio.gather(*held)]

    assert [one.article.title for one in run(work())] == [*(f"Next {n}" for n in range(6)), "Held"]


def test_our_own_mistake_is_a_failure_of_that_page_with_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "read_page", lambda *_: 1 / 0)
    assert read_safely(answer("T"), SITE) == Trouble("reader_error", "ZeroDivisionError: division by zero")
