"""Serve the sample college until it is interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from threading import Event

from tests.college.college import DEFAULT, College
from tests.college.families import FAMILIES


def main() -> None:
    """Print where everything is, serve, and end on SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.college", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of the pages; 0 = a free one")
    parser.add_argument("--control-port", type=int, default=0, help="port that changes the college; 0 = a free one")
    parser.add_argument("--state", type=Path, help="folder that remembers port, changes and requests")
    parser.add_argument("--sites", default=",".join(DEFAULT), help=f"'all' or some of {','.join(FAMILIES)}")
    parser.add_argument("--seed", type=int, default=1, help="another number, other stories")
    parser.add_argument("--scale", type=float, default=1.0, help="times as many stories")
    parser.add_argument("--sites-toml", type=Path, help="write a sites.toml for an archive of it here")
    asked = parser.parse_args()
    names = FAMILIES if asked.sites == "all" else asked.sites.split(",")
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with College(
        names, port=asked.port, control_port=asked.control_port, seed=asked.seed, scale=asked.scale, state=asked.state
    ) as college:
        if asked.sites_toml:
            asked.sites_toml.write_text(college.sites_toml(), "utf-8")
        for site in college.sites.values():
            sys.stdout.write(f"{site.id}\t{site.base}/\t{len(site.stories)} stories\n")
        sys.stdout.write(f"control\t{college.control}\n")
        sys.stdout.flush()
        ended.wait()


if __name__ == "__main__":
    main()
