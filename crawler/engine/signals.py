"""Scrapy's signals, which most of the time nobody listens to."""

from __future__ import annotations

from typing import Any

from pydispatch.dispatcher import getAllReceivers
from scrapy.signalmanager import SignalManager


class HeardSignals(SignalManager):
    """Sends what somebody listens to. Scrapy's own manager looks for listeners in four tables, for each signal of each
    page."""

    def __init__(self, sender: Any) -> None:
        super().__init__(sender)
        self._heard: dict[Any, bool] = {}  # by signal, as far as it has been sent since somebody was connected

    def connect(self, receiver: Any, signal: Any, **given: Any) -> None:
        """As Scrapy's."""
        super().connect(receiver, signal, **given)
        self._heard.clear()

    def send_catch_log(self, signal: Any, **given: Any) -> list[tuple[Any, Any]]:
        """As Scrapy's."""
        return super().send_catch_log(signal, **given) if "sender" in given or self._is_heard(signal) else []

    async def send_catch_log_async(self, signal: Any, **given: Any) -> list[tuple[Any, Any]]:
        """As Scrapy's."""
        return (
            await super().send_catch_log_async(signal, **given) if "sender" in given or self._is_heard(signal) else []
        )

    def _is_heard(self, signal: Any) -> bool:
        heard = self._heard.get(signal)
        if heard is None:
            heard = self._heard[signal] = next(getAllReceivers(self.sender, signal), None) is not None
        return heard
