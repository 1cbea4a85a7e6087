"""`python -m crawler` is `campuswarc`."""

from __future__ import annotations

import sys


def start() -> None:
    """The command, from a process that has just begun."""
    if sys.platform == "win32":  # locks, signals and processes here are those of Linux and macOS
        sys.exit("campuswarc runs on Linux and macOS; on Windows use it inside WSL 2, or the container of deploy/")
    from crawler.engine import interruption
    from crawler.workers.allocator import adopt

    crawls = interruption.crawls(sys.argv[1:])
    if crawls:
        interruption.hold()
    adopt()
    if crawls:
        interruption.listen()
    from crawler.cli import main  # not before: it may be another process that needs it

    main(prog_name="campuswarc")


if __name__ == "__main__":
    start()
