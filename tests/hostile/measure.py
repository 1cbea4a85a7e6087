"""What work costs in a process of its own: CPU seconds and memory, under the limits of the process that reads pages."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from crawler.workers.reader import MEMORY

FLOOR = 0.4  # seconds of CPU: below that nobody waits, and growth is noise
STEEP = 3.0  # times as long for twice the size: 2 is linear, 4 is quadratic
_TRIES = 3
_PATIENCE = 60  # seconds of CPU; then the kernel ends it
_AWAITED = 600  # seconds of the clock: who waits for what does not come uses no CPU


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one piece of work."""

    seconds: Annotated[float, "CPU"]
    bytes: Annotated[int, "Memory at its peak, above what the process began with"]
    outcome: Annotated[str, "What came of it, in a word"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Input that grows: made for a size in bytes, and what is done with it."""

    name: str
    make: Callable[[int], bytes]
    work: Callable[[bytes], object]
    size: Annotated[int, "The n of n, 2n, 4n"]
    most: Annotated[float, "CPU seconds that 4n may take"] = 10.0
    room: Annotated[int, "Bytes of memory that 4n may take"] = 1 << 30
    ready: Annotated[Callable[[], object], "Done in that process first, and not measured: threads survive no fork"] = (
        lambda: None
    )


def cost(work: Callable[[bytes], object], given: bytes, ready: Callable[[], object] = lambda: None) -> Cost:
    """Done in a child, which is killed past the patience."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        resource.setrlimit(resource.RLIMIT_CPU, (_PATIENCE, _PATIENCE))
        # a process that has run other tests has mapped more than a reader ever does
        room = MEMORY + _status("VmSize")
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
        signal.alarm(_AWAITED)
        ready()
        before, begun = _peak(), time.process_time()
        try:
            outcome = type(work(given)).__name__
        except BaseException as problem:  # noqa: BLE001 (whatever it is, the family is told of it)
            outcome = f"raised {type(problem).__name__}: {problem}"[:200]
        told = pickle.dumps(Cost(time.process_time() - begun, _peak() - before, outcome))
        with os.fdopen(into, "wb") as pipe:
            pipe.write(told)
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(said) if said else Cost(float(_PATIENCE), 0, "killed")


def _peak() -> int:
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _status(name: str) -> int:
    """Bytes, as the kernel has them of this process; 0 where it does not say."""
    with suppress(OSError), Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name + ":")) * 1024
    return 0


def measured(family: Family) -> tuple[list[Cost], str]:
    """Costs at n, 2n and 4n, and what is wrong with them; empty where nothing is."""
    wrong, least = "", list[Cost]()
    for _ in range(_TRIES):  # a machine that does other things makes one try of a size slow, not all of them
        costs: list[Cost] = []
        for times in (1, 2, 4):
            costs.append(cost(family.work, family.make(times * family.size), family.ready))
            if costs[-1].outcome == "killed":
                break
        if len(costs) == len(least):
            costs = [min(both, key=lambda one: one.seconds) for both in zip(costs, least, strict=True)]
        least = costs
        wrong = "; ".join(_wrong(family, costs))
        if not wrong:
            break
    return least, wrong


def _wrong(family: Family, costs: list[Cost]) -> Iterator[str]:
    last = costs[-1]
    if last.outcome == "killed" or last.outcome.startswith("raised"):
        yield last.outcome
        return
    if last.seconds > family.most:
        yield f"{last.seconds:.1f} s, more than {family.most:.0f}"
    if last.bytes > family.room:
        yield f"{last.bytes >> 20} MiB, more than {family.room >> 20}"
    if last.seconds > FLOOR and last.seconds > STEEP * costs[-2].seconds:
        yield f"superlinear: {costs[-2].seconds:.2f} -> {last.seconds:.2f} s for twice the size"
