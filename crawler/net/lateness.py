"""By how much the event loop has been late: time in which answers that had come were not looked at."""

from __future__ import annotations

import asyncio

_PULSE_S = 0.25


class Lateness:
    """`total` seconds so far; measured from its first use on."""

    def __init__(self) -> None:
        self._total = 0.0
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def total(self) -> float:
        """Including the delay of the pulse that is due, which may be what keeps us."""
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._beat(loop)
        return self._total + max(0.0, loop.time() - self._due)

    def stop(self) -> None:
        """Measure no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is not None:
            self._total += max(0.0, loop.time() - self._due)
        self._due = loop.time() + _PULSE_S
        self._timer = loop.call_at(self._due, self._beat, loop)
