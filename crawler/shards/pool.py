"""Where Dask runs the tasks: workers of this machine's own, or those of a scheduler that somebody else started."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

_DEATHS = 1000  # of workers, after which Dask itself calls a task bad; its own 3 is for tasks that kill workers


@contextmanager
def connected(workers: int, scheduler: str, patience: float) -> Iterator[Any]:
    """A Dask client. Raises ModuleNotFoundError without the extra `shards`, OSError where there is no scheduler."""
    import dask

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it complains of is told by the outcomes

    distributed: Any = import_module("distributed")

    with ExitStack() as ends:
        if scheduler:
            ends.enter_context(dask.config.set({"distributed.comm.timeouts.connect": patience}))
            yield ends.enter_context(distributed.Client(scheduler, timeout=patience, set_as_default=False))
            return
        ends.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": _DEATHS}))
        cluster = ends.enter_context(
            distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                memory_limit=0,  # what reads pages is not the worker, but the process that it begins
                silence_logs=logging.CRITICAL,
                resources={socket.gethostname(): workers},
            )
        )
        yield ends.enter_context(distributed.Client(cluster, set_as_default=False))


def offered(client: Any) -> tuple[int, set[str]]:
    """How many workers there are, and the names of what they offer."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    return len(workers), {name for worker in workers for name in worker.get("resources", {})}
