"""The gate under a clock that only moves when the test says so."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any

import pytest

from crawler.net.politeness import Answer, CircuitOpen, GateClosed, HostGate, retry_after_s

WALL = 1_700_000_000.0


class FakeTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class FakeTime:
    """Time that passes when nobody has anything left to do now."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._timers: list[tuple[float, int, FakeTimer]] = []
        self._n = 0

    def call_later(self, seconds: float, callback: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(callback)
        self._n += 1
        heapq.heappush(self._timers, (self.now + seconds, self._n, timer))
        return timer

    async def settle(self, steps: int = 50) -> None:
        for _ in range(steps):
            await asyncio.sleep(0)

    async def sleep(self, seconds: float) -> None:
        done = asyncio.get_running_loop().create_future()
        self.call_later(seconds, lambda: done.set_result(None))
        await done

    async def run(self, until: Awaitable[Any]) -> Any:
        """The result of `until`, time passing as it must."""
        task = asyncio.ensure_future(until)
        await self.settle(500)
        while not task.done():
            assert self._timers, "everybody waits for somebody"
            at, _, timer = heapq.heappop(self._timers)
            if timer.callback is not None:
                self.now = max(self.now, at)
                timer.callback()
            await self.settle(500)  # more than any test's own, which must not see time pass
        return task.result()


def gate(time: FakeTime, delay: float = 1.0, **options: Any) -> HostGate:
    return HostGate(
        lambda host: delay,
        clock=lambda: time.now,
        wall=lambda: WALL + time.now - 1000,
        call_later=time.call_later,
        **options,
    )


def play(test: Callable[[FakeTime], Awaitable[None]]) -> None:
    async def main() -> None:
        time = FakeTime()
        await time.run(test(time))

    asyncio.run(main())


async def visit(
    gate: HostGate,
    time: FakeTime,
    starts: list[float],
    answer: Answer = Answer(200),  # noqa: B008 (frozen)
    takes: float = 0.0,
    host: str = "h",
    delay: float | None = None,
) -> None:
    await gate.enter(host, delay)
    starts.append(time.now - 1000)
    if takes:
        await time.sleep(takes)
    gate.leave(host, Answer(answer.status, answer.retry_after, takes, answer.failed))


def test_starts_are_a_delay_apart_and_one_at_a_time() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time), []
        await asyncio.gather(*(visit(polite, time, starts, takes=0.4) for _ in range(4)))
        assert starts == [0, 1, 2, 3]

    play(test)


def test_hosts_do_not_wait_for_each_other() -> None:
    async def test(time: FakeTime) -> None:
        polite = gate(time)
        starts: dict[str, list[float]] = {f"127.0.0.{n}": [] for n in range(1, 201)}
        paces = {host: 0.5 + n for n, host in enumerate(starts)}
        await asyncio.gather(
            *(visit(polite, time, starts[host], host=host, delay=paces[host]) for host in starts for _ in range(3))
        )
        for host, seen in starts.items():
            assert seen == pytest.approx([0, paces[host], 2 * paces[host]])

    play(test)


def test_robots_can_slow_down_but_not_speed_up() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time), []
        polite.at_least("h", 10)
        await asyncio.gather(*(visit(polite, time, starts) for _ in range(3)))
        assert starts == [0, 10, 20]
        starts.clear()
        polite.at_least("g", 0.1)
        begun = time.now - 1000
        await asyncio.gather(*(visit(polite, time, starts, host="g") for _ in range(3)))
        assert starts == [begun, begun + 1, begun + 2]

    play(test)


def test_a_crawl_delay_learned_later_counts_from_the_last_start() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time), []
        await visit(polite, time, starts)
        polite.at_least("h", 7)
        await visit(polite, time, starts)
        assert starts == [0, 7]

    play(test)


def test_an_absurd_crawl_delay_closes_the_host() -> None:
    async def test(time: FakeTime) -> None:
        polite = gate(time)
        polite.at_least("h", 1e6)
        with pytest.raises(CircuitOpen, match="in this run"):
            await polite.enter("h")

    play(test)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_and_as_a_date(status: int) -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time), []
        await visit(polite, time, starts, Answer(status, "120"))
        await visit(polite, time, starts, Answer(status, formatdate(WALL + 120 + 300, usegmt=True)))
        await visit(polite, time, starts)
        assert starts == [0, 120, 420]

    play(test)


def test_a_longer_retry_after_than_we_wait_for_closes_the_host() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time, longest_wait_s=600), []
        await visit(polite, time, starts, Answer(503, "601"))
        with pytest.raises(CircuitOpen) as closed:
            await polite.enter("h")
        assert closed.value.until is None and "601" in closed.value.reason
        await visit(polite, time, starts, host="other")

    play(test)


def test_busy_answers_without_a_date_double_the_wait_and_good_ones_ease_it() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time), []
        for _ in range(4):
            await visit(polite, time, starts, Answer(503))
        for _ in range(30):
            await visit(polite, time, starts)
        gaps = [round(b - a, 6) for a, b in itertools.pairwise(starts)]
        assert gaps[:4] == [1, 2, 4, 8]
        eased = gaps[4:]
        assert eased == sorted(eased, reverse=True)
        assert eased[0] > 5 and eased[-1] == 1

    play(test)


def test_a_slow_server_rests_as_long_as_it_works() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time), []
        for _ in range(3):
            await visit(polite, time, starts, takes=5)
        assert starts == [0, 10, 20]
        assert all(b - a >= 1 for a, b in itertools.pairwise(starts))

    play(test)


def test_without_delay_nobody_waits() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time, delay=0.0), []
        await asyncio.gather(*(visit(polite, time, starts, takes=0.25) for _ in range(3)))
        assert starts == [0, 0.25, 0.5]

    play(test)


def test_a_dead_host_is_left_alone_then_tried_once() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time, failures_to_open=3, open_s=300), []
        outcomes = await asyncio.gather(
            *(visit(polite, time, starts, Answer(failed=True)) for _ in range(10)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [type(None)] * 3 + [CircuitOpen] * 7
        assert starts == [0, 1, 3]
        closed = outcomes[-1]
        assert isinstance(closed, CircuitOpen) and closed.until is not None
        assert closed.until.timestamp() == WALL + 303
        time.now = 1000 + 303
        await visit(polite, time, starts, Answer(failed=True))  # still dead: closed at once, for twice as long
        with pytest.raises(CircuitOpen) as again:
            await polite.enter("h")
        assert again.value.until is not None and again.value.until.timestamp() == WALL + 303 + 600
        time.now = 1000 + 903
        await visit(polite, time, starts)
        await visit(polite, time, starts)  # alive again: open as before
        assert starts[-2] == 903

    play(test)


def test_a_failed_parse_of_ours_is_not_held_against_the_host() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time, failures_to_open=2), []
        for _ in range(5):
            await visit(polite, time, starts, Answer())
        assert starts == [0, 1, 2, 3, 4]

    play(test)


def test_a_cancelled_wait_gives_its_turn_away() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time), []
        await polite.enter("h")
        first = asyncio.ensure_future(polite.enter("h"))
        second = asyncio.ensure_future(visit(polite, time, starts))
        await time.settle()
        polite.leave("h", Answer(200))
        first.cancel()  # in the moment its turn has come
        await second
        assert starts == [1]
        sleeper = asyncio.ensure_future(polite.enter("h"))
        await time.settle()
        sleeper.cancel()
        await visit(polite, time, starts)
        assert starts == [1, 2]

    play(test)


def test_closing_sends_everybody_home_at_once() -> None:
    async def test(time: FakeTime) -> None:
        polite = gate(time)
        polite.at_least("h", 1000)
        await polite.enter("g")
        waiting = [asyncio.ensure_future(visit(polite, time, [], host=host)) for host in ("h", "h", "h", "g", "g")]
        await time.settle()
        polite.close()
        polite.leave("g", Answer(200))
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes[1:]] == [GateClosed] * 4
        assert time.now == 1000
        with pytest.raises(GateClosed):
            await polite.enter("new")

    play(test)


def test_retry_after_says_seconds_or_a_date_or_nothing() -> None:
    assert retry_after_s("120", WALL) == 120
    assert retry_after_s(" 0 ", WALL) == 0
    assert retry_after_s(formatdate(WALL + 90, usegmt=True), WALL) == 90
    assert retry_after_s(formatdate(WALL - 90, usegmt=True), WALL) == 0
    for nothing in (None, "", "soon", "-5", "1.5", "１２"):
        assert retry_after_s(nothing, WALL) is None


def test_a_rest_longer_than_patience_is_not_waited_for_inside() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time, patience_s=10), []
        await visit(polite, time, starts, Answer(503, "9"))
        await visit(polite, time, starts, Answer(503, "240"))
        with pytest.raises(CircuitOpen) as closed:
            await polite.enter("h")
        assert starts == [0, 9] and time.now == 1009
        assert closed.value.until is not None and closed.value.until.timestamp() == WALL + 9 + 240
        await visit(polite, time, starts, host="other")
        time.now = 1000 + 249
        await visit(polite, time, starts)
        assert starts == [0, 9, 9, 249]

    play(test)


def test_patience_is_for_busy_hosts_and_not_for_what_robots_ask() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time, patience_s=10), []
        polite.at_least("h", 60)
        await visit(polite, time, starts)
        await visit(polite, time, starts)
        assert starts == [0, 60]

    play(test)


def test_no_more_than_so_many_are_let_through_and_waiting_for_them_is_no_hosts_time() -> None:
    async def test(time: FakeTime) -> None:
        polite, under_way, most = gate(time, most=3), 0, 0
        starts: list[float] = []

        async def exchange(host: str) -> None:
            nonlocal under_way, most
            await polite.enter(host)
            under_way, starts[len(starts) :] = under_way + 1, [time.now - 1000]
            most = max(most, under_way)
            await time.sleep(4)
            under_way -= 1
            polite.leave(host, Answer(200, None, 4.0))

        await asyncio.gather(*(exchange(f"h{n}") for n in range(12)))
        assert most == 3 and starts == [0] * 3 + [4] * 3 + [8] * 3 + [12] * 3
        again: list[float] = []
        await visit(polite, time, again, host="h11")
        assert again == [20], (
            "it rests for as long as it took itself, not for the twelve seconds before it was its turn"
        )

    play(test)


def test_hosts_that_never_answer_hold_nobody_up_for_long_and_are_bounded_too() -> None:
    async def test(time: FakeTime) -> None:
        polite, under_way, most = gate(time, most=3), 0, 0
        starts: dict[str, float] = {}

        async def exchange(host: str, takes: float) -> None:
            nonlocal under_way, most
            await polite.enter(host)
            starts[host], under_way = time.now - 1000, under_way + 1
            most = max(most, under_way)
            await time.sleep(takes)
            under_way -= 1
            polite.leave(host, Answer(None, None, takes, failed=True) if takes > 1 else Answer(200, None, takes))

        silent = [exchange(f"silent{n}", 60) for n in range(5)]
        await asyncio.gather(*silent, *(exchange(f"well{n}", 1) for n in range(6)))
        begun = [starts[f"well{n}"] for n in range(6)]
        assert begun == [5, 6, 7, 8, 9, 10], "five of six places are taken by hosts that never answer"
        assert most == 6
        await asyncio.gather(*(exchange(f"last{n}", 1) for n in range(9)))
        assert [starts[f"last{n}"] - starts["last0"] for n in range(9)] == [0] * 3 + [1] * 3 + [2] * 3, (
            "when they have left there is as much room as before"
        )

    play(test)


def test_who_waits_for_room_is_sent_home_at_the_end_and_nobody_keeps_its_place() -> None:
    async def test(time: FakeTime) -> None:
        polite = gate(time, most=1)
        await polite.enter("first")
        waiting = [asyncio.ensure_future(polite.enter(f"h{n}")) for n in range(3)]
        await time.settle()
        waiting[0].cancel()
        await time.settle()
        polite.leave("first", Answer(200))
        await waiting[1]
        polite.close()
        with pytest.raises(GateClosed):
            await waiting[2]

    play(test)


def test_what_was_our_own_fault_says_nothing_of_the_host() -> None:
    async def test(time: FakeTime) -> None:
        polite, starts = gate(time, failures_to_open=1), []
        await polite.enter("h")
        polite.leave("h", None)
        await visit(polite, time, starts)
        assert starts == [1]

    play(test)
