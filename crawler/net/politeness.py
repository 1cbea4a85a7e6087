"""One connection to a host, at the pace it can bear.

Between the starts of two requests lies the site's delay, or what robots.txt asks if that is more. A server that answers
slowly rests for as long as it took. One that says 429 or 503, or does not answer, is left alone for longer each time;
after some failures in a row, or where it asks for a long rest, the host is closed for a while, so that a dead one does
not hold the crawl.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Protocol
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

BUSY = frozenset({429, 503})
SLOW_S = 5.0  # seconds after which a request that is not answered gives its place to another
MOST_REST_S = 30.0  # seconds a slow server rests at most between two requests


class Timer(Protocol):
    """What `call_later` returns."""

    def cancel(self) -> None:
        """Do not call."""


class CircuitOpen(Exception):
    """The host is left alone. `until` is when it may be tried again, UTC; None when not in this run."""

    kind, again = "host_closed", True

    def __init__(self, host: str, reason: str, until: datetime | None) -> None:
        when = "in this run" if until is None else f"before {until:%Y-%m-%dT%H:%M:%SZ}"
        super().__init__(f"{host} is not asked again {when}: {reason}")
        self.host, self.reason, self.until = host, reason, until


class GateClosed(Exception):
    """The crawl is ending: who still waited is sent home, and no request was sent."""

    kind, again = "shutdown", True


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request ended, as far as the host's pace depends on it."""

    status: int | None = None
    retry_after: str | None = None  # the header as sent
    latency_s: float = 0.0
    failed: bool = False  # no answer: refused, reset, timed out


@dataclass(slots=True)
class _Host:
    """The state of one host; times are the gate's clock."""

    busy: bool = False
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    started: float = -math.inf
    next: float = -math.inf  # no request starts before
    delay: float = 0.0  # of the request under way
    floor: float = 0.0  # robots.txt asks for it
    extra: float = 0.0  # grown by 429, 503 and failures, shrunk by answers
    latency: float = 0.0
    failures: int = 0  # in a row
    openings: int = 0  # of the circuit, since the last answer
    closed_until: float = -math.inf
    reason: str = ""
    slow: bool = False  # the request under way has given its place to another


class HostGate:
    """Lets one request a host through at a time. No task per host: whoever waits is the one that sleeps."""

    def __init__(
        self,
        delay_of: Callable[[str], float],
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        call_later: Callable[[float, Callable[[], None]], Timer] | None = None,
        longest_wait_s: float = 3600.0,
        patience_s: float = math.inf,
        first_backoff_s: float = 1.0,
        failures_to_open: int = 5,
        open_s: float = 300.0,
        most: int | None = None,
    ) -> None:
        """At most `most` requests are let through at a time, over all hosts; as many again may be under way beside them
        that have waited for `SLOW_S`, so that hosts that never answer do not hold the others up. `delay_of` a host is
        the least seconds between starts; `wall` is the Unix time, for dates in Retry-After. `clock` and `call_later`
        are the event loop's unless a test keeps its own time.

        A busy host is waited for, but one that is to be left alone for more than `patience_s` is closed until then: who
        asks for it has better things to do. One that asks for more than `longest_wait_s` is closed for the run; after
        `failures_to_open` failures in a
        row it is closed for `open_s`, twice as long each further time.
        """
        self._delay_of, self._clock, self._wall, self._call_later = delay_of, clock, wall, call_later
        self._longest_wait_s, self._first_backoff_s = longest_wait_s, first_backoff_s
        self._failures_to_open, self._open_s, self._patience_s = failures_to_open, open_s, patience_s
        self._hosts: dict[str, _Host] = {}
        self._sleeping: set[asyncio.Future[None]] = set()
        self._free = self._room_for_slow = math.inf if most is None else most
        self._crowd: deque[asyncio.Future[None]] = deque()  # whose host may be asked, but who are too many
        self._brisk: dict[str, _Host] = {}  # under way for less than `SLOW_S`, as far as anybody has asked, by start
        self._relief: Timer | None = None  # when the first of these will be slow
        self._closed = False

    async def enter(self, host: str, delay: float | None = None) -> None:
        """Wait for the host's turn; `delay` in place of `delay_of(host)`. Pair it with `leave`.

        Raises CircuitOpen when the host is left alone, GateClosed when the crawl ends; then nothing is to be left.
        """
        state = self._hosts.get(host)
        if state is None:
            state = self._hosts[host] = _Host()
        if state.busy:
            await self._queue(state)
        state.busy = True
        try:
            self._check_open(host, state)
            # the delay in force is this request's: a stricter one than the last request had counts from its start
            state.delay = max(self._delay_of(host) if delay is None else delay, state.floor)
            now = self._clock()
            wait = max(state.next, state.started + state.delay) - now
            if wait > 0:
                await self._sleep(wait)
                self._check_open(host, state)
            await self._squeeze_in(host, state)
            # when it is sent: to wait for others counts neither as the host's time nor as its rest
            state.started = self._clock()
            self._brisk[host] = state
        except BaseException:
            self._pass_on(state)
            raise

    async def _queue(self, state: _Host) -> None:
        turn = asyncio.get_running_loop().create_future()
        state.waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on(state)  # the turn came at the same moment: it must not be lost
            raise

    async def _squeeze_in(self, host: str, state: _Host) -> None:
        if self._free > 0:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        self._crowd.append(place)
        self._relieve()
        try:
            await place
            self._check_open(host, state)
        except BaseException:
            if place.done() and not place.cancelled():
                self._make_room()
            raise

    def _make_room(self) -> None:
        while self._crowd:
            place = self._crowd.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    def _relieve(self) -> None:
        """While somebody waits for room, let in another for each request that has become slow."""
        if self._relief is not None:
            self._relief.cancel()
            self._relief = None
        while self._crowd and self._brisk and self._room_for_slow > 0:
            host, state = next(iter(self._brisk.items()))
            left = state.started + SLOW_S - self._clock()
            if left > 0:
                loop = asyncio.get_running_loop()
                self._relief = (self._call_later or loop.call_later)(left, self._relieve)
                return
            del self._brisk[host]
            state.slow = True
            self._room_for_slow -= 1
            self._make_room()

    async def _sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        awake = loop.create_future()
        timer = (self._call_later or loop.call_later)(seconds, partial(_wake, awake))
        self._sleeping.add(awake)
        try:
            await awake
        finally:
            timer.cancel()
            self._sleeping.discard(awake)

    def _pass_on(self, state: _Host) -> None:
        while state.waiting:
            turn = state.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        state.busy = False

    def leave(self, host: str, answer: Answer | None) -> None:
        """The request that entered has ended so, None where that says nothing of the host; the next one may come in
        when it is time."""
        state = self._hosts[host]
        now = self._clock()
        if state.slow:
            state.slow = False
            self._room_for_slow += 1
            self._relieve()
        else:
            self._brisk.pop(host, None)
            self._make_room()
        if answer is None:
            state.next = max(state.next, state.started + state.delay)
        elif answer.failed or answer.status in BUSY:
            self._slow_down(host, state, answer, now)
        else:
            state.failures = state.openings = 0
            if state.extra:
                state.extra = state.extra * 0.7 if state.extra > 0.1 else 0.0
            rest = 0.0
            if state.delay > 0:  # without a delay the operator wants speed: a site of his own
                state.latency = answer.latency_s if not state.latency else (state.latency + answer.latency_s) / 2
                rest = min(state.latency, MOST_REST_S)
            state.next = max(state.started + state.delay + state.extra, now + rest)
        self._pass_on(state)

    def _slow_down(self, host: str, state: _Host, answer: Answer, now: float) -> None:
        state.failures += 1
        state.extra = min(max(self._first_backoff_s, state.delay, 2 * state.extra), self._longest_wait_s)
        state.next = now + state.extra
        what = "no answer" if answer.failed else f"status {answer.status}"
        asked = retry_after_s(answer.retry_after, self._wall()) if not answer.failed else None
        if asked is not None:
            state.next = max(now + asked, state.started + state.delay)
            if asked > self._longest_wait_s:
                self.shut(host, f"{what} and Retry-After of {asked:.0f} s")
                return
        if state.failures >= self._failures_to_open:
            pause = min(self._open_s * 2**state.openings, self._longest_wait_s)
            state.openings += 1
            state.closed_until = max(now + pause, state.next)
            state.reason = f"{state.failures} failures in a row, the last one: {what}"
        elif state.next - now > self._patience_s:
            state.closed_until = state.next
            state.reason = what if asked is None else f"{what} and Retry-After of {asked:.0f} s"

    def at_least(self, host: str, seconds: float) -> None:
        """robots.txt asks for this many seconds between two requests; more than `longest_wait_s` closes the host."""
        if seconds > self._longest_wait_s:
            self.shut(host, f"robots.txt asks for {seconds:.0f} s between requests")
            return
        state = self._hosts.setdefault(host, _Host())
        state.floor = seconds

    def shut(self, host: str, reason: str) -> None:
        """Leave the host alone for the rest of the run."""
        state = self._hosts.setdefault(host, _Host())
        state.closed_until, state.reason = math.inf, reason

    def close(self) -> None:
        """The crawl ends: nobody is let in any more, and everybody who waits is sent home now."""
        self._closed = True
        for awake in list(self._sleeping):
            _wake(awake)  # each wakes the next of its host
        for place in list(self._crowd):
            _wake(place)

    def _check_open(self, host: str, state: _Host) -> None:
        if self._closed:
            raise GateClosed("the crawl is ending")
        left = state.closed_until - self._clock()
        if left > 0:
            until = None if math.isinf(left) else datetime.fromtimestamp(self._wall() + left, UTC)
            raise CircuitOpen(host, state.reason, until)


def _wake(awake: asyncio.Future[None]) -> None:
    if not awake.done():
        awake.set_result(None)


def gate_of(crawler: Crawler) -> HostGate:
    """The gate of a Scrapy crawler, made on first use from its settings."""
    gate = _GATES.get(crawler)
    if gate is None:
        settings = crawler.settings
        delay = settings.getfloat("CAMPUSWARC_DELAY", 1.0)
        gate = _GATES[crawler] = HostGate(
            lambda host: delay,
            longest_wait_s=settings.getfloat("CAMPUSWARC_MAX_RETRY_AFTER", 3600.0),
            failures_to_open=settings.getint("CAMPUSWARC_GIVE_UP_AFTER", 10),
            first_backoff_s=settings.getfloat("CAMPUSWARC_FIRST_BACKOFF", 1.0),
            patience_s=settings.getfloat("CAMPUSWARC_PATIENCE", 10.0),
            most=settings.getint("CAMPUSWARC_EXCHANGES") or None,
        )
    return gate


_GATES: WeakKeyDictionary[Crawler, HostGate] = WeakKeyDictionary()


def retry_after_s(value: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110 section 10.2.3); `now` is Unix time. None if it says
    nothing."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now)
