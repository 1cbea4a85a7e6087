"""`python -m crawler.shards.tethered PID WORDS…`: campuswarc WORDS… for as long as process PID, which began it, lives.

A worker that is killed cannot end the crawl that it began. This asks the kernel to: SIGTERM comes with the death of the
parent, also across the exec of another program in this process, and the crawl stops in order.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def tether(parent: int) -> None:
    """Have SIGTERM come when the parent dies; exit where it has died already.

    Only Linux does that: elsewhere the crawl goes on to its end, and whoever comes next waits for its lock.
    """
    if sys.platform == "linux":
        if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM):
            sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
        if os.getppid() != parent:
            sys.exit("the process that began this one is no more")


def main() -> None:
    """The command."""
    tether(int(sys.argv.pop(1)))
    runpy.run_module("crawler", run_name="__main__")


if __name__ == "__main__":
    main()
