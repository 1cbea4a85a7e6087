"""Garbage collection in processes that handle page after page."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def ease() -> None:
    """Look for cyclic garbage more rarely, and never again among what is loaded by now.

    A page makes thousands of objects and next to no cycles, while Scrapy, lxml and our readers are some 200,000 objects
    that live as long as the process: Python's defaults walk them over and over.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@contextmanager
def loading() -> Iterator[None]:
    """Modules are loaded inside the block, none of which is garbage: a tenth of the time goes into looking for some."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()
