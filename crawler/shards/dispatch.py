"""All shards crawled by the workers of a Dask cluster: a task a shard, given anew as long as workers die.

What is true is said by the folders, never by Dask: a task that was given twice meets the lock, or a finished frontier.
So whatever is lost on the way here, workers, the scheduler, an answer, is made good by giving the order once more.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from crawler.exits import NOTHING_DONE, OK
from crawler.shards import task
from crawler.shards.pool import connected, offered
from crawler.shards.task import Order, Outcome

TOPIC = "campuswarc-shards"
_LOOK = 0.3  # seconds between two looks at the tasks
_DEATHS = 50  # of workers under one shard, after which something is wrong with it
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Dispatch:
    """One crawl of many shards."""

    orders: Sequence[Order]
    machines: dict[str, str]  # by shard: the machine where it lies; those without one lie within every worker's reach
    workers: int
    scheduler: str
    patience: float  # seconds without a scheduler, or without a worker that a shard needs
    ended: Callable[[Outcome], object]  # hears of each as it ends
    counted: Callable[[str, int], object]  # hears of the number of a shard's articles now and then
    stopping: bool = False
    _left: dict[str, Order] = field(default_factory=dict)
    _deaths: Counter[str] = field(default_factory=Counter)
    _given: int = 0

    def run(self) -> None:
        """Until every shard has an outcome. Raises ModuleNotFoundError, OSError where there never was a scheduler."""
        self._left = {order.shard: order for order in self.orders}
        until, met = 0.0, False
        while self._left:
            try:
                with connected(self.workers, self.scheduler, self.patience) as client:
                    until, met = 0.0, True
                    self._follow(client)
            except (OSError, _Lost) as problem:  # Dask's own are OSErrors
                if not met or not self.scheduler:
                    raise OSError(f"no Dask scheduler at {self.scheduler or 'this machine'}: {problem}") from None
                logger.warning("the scheduler is lost (%s): asking for it again", problem)
                until = until or time.monotonic() + self.patience
                if self.stopping or time.monotonic() > until:
                    self._give_up("the scheduler is gone, and what its workers do is not known here")
                time.sleep(_LOOK)

    def stop(self) -> None:
        """Have all tasks end in order; those that wait do not begin."""
        self.stopping = True

    def _follow(self, client: Any) -> None:
        """One scheduler's time: give the orders, take what comes. Raises _Lost when it is gone."""
        client.subscribe_topic(TOPIC, lambda event: self.counted(*event[1]))
        self._await_workers(client)
        futures = {name: self._give(client, order) for name, order in self._left.items()}
        told_to_stop = False
        while self._left:
            if self.stopping and not told_to_stop:
                asking = {"target": client.run, "args": (task.stop, self.orders[0].run)}
                Thread(**asking, kwargs={"on_error": "return"}, daemon=True).start()  # a frozen worker never answers
                told_to_stop = True
            for name in list(self._left):
                if self._look(name, futures[name]):
                    if self.stopping:
                        self._settle(Outcome(shard=name, state="stopped", status=OK))
                        continue
                    futures[name] = self._give(client, self._left[name])
            if client.status != "running":
                raise _Lost(client.status)
            time.sleep(_LOOK)

    def _look(self, name: str, future: Any) -> bool:
        """Take the outcome of a shard if there is one; whether its order has to be given once more."""
        status = future.status
        if status == "finished":
            try:
                self._settle(future.result(timeout=60))
            except (asyncio.CancelledError, concurrent.futures.CancelledError):
                return True  # its answer went with the worker or the scheduler that had it
        elif status == "error":
            problem = future.exception(timeout=60)
            self._deaths[name] += 1
            if type(problem).__name__ == "KilledWorker" and self._deaths[name] < _DEATHS:
                return True
            self._settle(Outcome(shard=name, state="lost", said=(f"{type(problem).__name__}: {problem}",)))
        else:
            return bool(status in ("cancelled", "lost"))
        return False

    def _settle(self, outcome: Outcome) -> None:
        del self._left[outcome.shard]
        self.ended(outcome)

    def _give(self, client: Any, order: Order) -> Any:
        self._given += 1
        machine = self.machines.get(order.shard)
        key = f"{order.run}-{order.shard}-{self._given}-{time.monotonic_ns()}"
        return client.submit(_on_worker, order, key=key, pure=False, resources={machine: 1} if machine else None)

    def _await_workers(self, client: Any) -> None:
        """Give those that need it the time to come; what still lacks one has its outcome."""
        until = time.monotonic() + self.patience
        while not self.stopping:
            number, resources = offered(client)
            lacking = {
                name: machine for name in self._left if (machine := self.machines.get(name, "")) not in resources | {""}
            }
            if number and not lacking:
                return
            if time.monotonic() > until:
                break
            time.sleep(_LOOK)
        if not number:
            self._give_up("the scheduler has no worker: dask worker ADDRESS --nthreads 1 starts one")
        for name, machine in lacking.items():
            if name in self._left:
                said = f"no worker offers {machine}: dask worker ADDRESS --resources {machine}=4 starts one there"
                self._settle(Outcome(shard=name, state="lost", said=(said,)))

    def _give_up(self, why: str) -> None:
        for name in list(self._left):
            self._settle(Outcome(shard=name, state="lost", status=NOTHING_DONE, said=(why,)))


class _Lost(Exception):
    """The scheduler is gone."""


def _on_worker(order: Order) -> Outcome:
    """Runs in a worker."""
    from distributed import get_worker

    worker = get_worker()
    return task.crawl(order, lambda shard, articles: worker.log_event(TOPIC, (shard, articles)))
