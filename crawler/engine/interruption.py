"""SIGTERM and Ctrl-C from the first moment of a crawl on: noted until the event loop hears them itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from crawler.exits import INTERRUPTED_TWICE

SIGNALS = (signal.SIGTERM, signal.SIGINT)
_FOLDER = ("-C", "--home")  # options before the command that take a word
_noted: list[int] = []


def crawls(words: Sequence[str]) -> bool:
    """Whether that command line is one of `crawl`."""
    left = iter(words)
    for word in left:
        if word in _FOLDER:
            next(left, None)
        elif not word.startswith("-"):
            return word == "crawl"
    return False


def hold() -> None:
    """Let a signal wait until `listen`, also across the exec of another program in this process."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def listen() -> None:
    """Note the first signal, which the crawl looks for between its steps; end at once at the second."""
    for number in SIGNALS:
        signal.signal(number, _note)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def asked() -> bool:
    """Whether a signal has come before the event loop listened."""
    return bool(_noted)


def _note(number: int, _: object) -> None:
    if _noted:
        os._exit(INTERRUPTED_TWICE)  # what was acknowledged is on disk, the next start mends the rest
    _noted.append(number)
