"""Garbage collection in processes that handle page after page."""

from __future__ import annotations

import gc


def ease() -> None:
    """Look for cyclic garbage more rarely, and never again among what is loaded by now.

    A page makes thousands of objects and next to no cycles, while Scrapy, lxml and our readers are some 200,000 objects
    that live as long as the process: Python's defaults walk them over and over.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
