"""What a program costs: seconds, CPU of its whole process tree, peak memory of the tree."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cost:
    """`cpu` is user and system time of the process and all its waited-for children; `rss` bytes resident in the tree at
    its peak."""

    seconds: float
    cpu: float
    rss: int
    status: int

    @staticmethod
    def middle(costs: Sequence[Cost]) -> Cost:
        """Median of each number."""
        return Cost(
            median(c.seconds for c in costs),
            median(c.cpu for c in costs),
            int(median(c.rss for c in costs)),
            max(c.status for c in costs),
        )


def cost(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None, output: Path | None = None
) -> Cost:
    """Run a program to its end in `folder` and say what it cost; its words go to `output`.

    Python keeps the modules it has compiled, as it does where programs are installed: pip has compiled those of the
    peers.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with (output or Path(os.devnull)).open("ab") as words:
        begun = time.perf_counter()
        process = subprocess.Popen(
            arguments,
            cwd=folder,
            env={**inherited, **(environment or {})},
            stdout=words,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        ended, peaks = Event(), [0]
        watch = Thread(target=_watch, args=(process.pid, ended, peaks), daemon=True)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watch.join()
    return Cost(seconds, usage.ru_utime + usage.ru_stime, max(peaks[0], usage.ru_maxrss * 1024), process.returncode)


def _watch(pid: int, ended: Event, peaks: list[int]) -> None:
    while not ended.wait(0.1):
        peaks[0] = max(peaks[0], sum(map(_resident, tree(pid))))


def tree(pid: int) -> list[int]:
    """A process and its descendants that are alive."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return [pid]
    return [pid, *(one for child in children for one in tree(int(child)))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (FileNotFoundError, ProcessLookupError):
        return 0


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under their heads, the first column to the left, the others to the right."""
    widths = [max(len(row[n]) for row in [heads, *rows]) for n in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(widths[0]) if n == 0 else cell.rjust(widths[n]) for n, cell in enumerate(row))
        for row in [heads, *rows]
    )
