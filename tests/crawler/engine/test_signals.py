"""Signals reach whoever listens, whenever they were connected."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from scrapy.signalmanager import SignalManager

from crawler.engine.signals import HeardSignals

PAGE, ITEM = object(), object()


class Listener:
    def __init__(self) -> None:
        self.heard: list[Any] = []

    def hear(self, page: str) -> str:
        self.heard.append(page)
        return f"heard {page}"


@pytest.fixture
def signals() -> HeardSignals:
    return HeardSignals(Listener())


def test_a_signal_that_nobody_hears_goes_nowhere(signals: HeardSignals) -> None:
    assert signals.send_catch_log(PAGE, page="1") == []
    assert asyncio.run(signals.send_catch_log_async(PAGE, page="2")) == []


def test_who_is_connected_after_the_first_signal_hears_the_second(signals: HeardSignals) -> None:
    one, other = Listener(), Listener()
    signals.send_catch_log(PAGE, page="1")
    signals.connect(one.hear, PAGE)
    assert [said for _, said in signals.send_catch_log(PAGE, page="2")] == ["heard 2"]
    signals.connect(other.hear, PAGE)
    assert [said for _, said in asyncio.run(signals.send_catch_log_async(PAGE, page="3"))] == ["heard 3", "heard 3"]
    assert (one.heard, other.heard) == (["2", "3"], ["3"])
    assert signals.send_catch_log(ITEM, page="4") == []


def test_who_was_connected_through_scrapys_own_manager_is_heard_too(signals: HeardSignals) -> None:
    listener = Listener()
    SignalManager(signals.sender).connect(listener.hear, PAGE)
    signals.send_catch_log(PAGE, page="1")
    assert listener.heard == ["1"]


def test_who_has_left_hears_no_more(signals: HeardSignals) -> None:
    listener = Listener()
    signals.connect(listener.hear, PAGE)
    signals.send_catch_log(PAGE, page="1")
    signals.disconnect(listener.hear, PAGE)
    assert signals.send_catch_log(PAGE, page="2") == []
    assert listener.heard == ["1"]
