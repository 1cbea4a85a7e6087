"""`python -m crawler` is `campuswarc`."""

from __future__ import annotations

from crawler.workers.allocator import adopt


def start() -> None:
    """The command, from a process that has just begun."""
    adopt()
    from crawler.cli import main  # not before: it may be another process that needs it

    main(prog_name="campuswarc")


if __name__ == "__main__":
    start()
