"""What a worker does: one shard crawled by a process of its own. Knows nothing of who gave the order.

The lock of the shard's folder is the truth. Where another process holds it, the task waits, and gives way in the end.
"""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from os import getpid
from pathlib import Path
from signal import SIGTERM
from tempfile import TemporaryFile
from typing import IO, Annotated, Literal

from archive.sqlite import connect
from archive.store.lock import held
from crawler import __version__
from crawler.exits import NOTHING_DONE, OK
from crawler.shards import derived
from spiders.tables import ConfigError

State = Literal["ended", "busy", "stopped", "killed", "refused", "lost"]
_LOOK, _TELL = 0.2, 5.0  # seconds between two looks at the process, and between two words about it
_AGAIN = 2.0  # seconds before a folder that is locked is tried once more
_KILLS = 3  # times that a crawl which was killed (memory, an operator) is begun again
_SAID = 60  # lines of what a crawl said that go into the report
_children: dict[str, subprocess.Popen[bytes]] = {}  # by shard: what this worker has begun
_stopped: set[str] = set()  # runs that are to end


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One shard to be crawled."""

    run: Annotated[str, "Name of the run of all shards"]
    shard: str
    folder: Annotated[str, "Where it lies, on the machine of the worker"]
    files: Annotated[dict[str, bytes], "What its folder has to hold"]
    words: Annotated[tuple[str, ...], "Options of `campuswarc crawl`"] = ()
    patience: Annotated[float, "Seconds to wait for another process that holds its lock"] = 600.0
    version: str = __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How that ended."""

    shard: str
    state: Annotated[State, "ended: the crawl itself says how, by its status"]
    status: Annotated[int, "Exit status"] = NOTHING_DONE
    seconds: float = 0.0
    articles: Annotated[int, "Articles in the shard"] = 0
    fresh: Annotated[int, "Of these, new since the task began"] = 0
    begun: Annotated[int, "Times that the crawl was begun"] = 0
    machine: str = ""
    said: Annotated[tuple[str, ...], "Last lines of what it said, or what is wrong"] = field(default=())


def crawl(order: Order, tell: Callable[[str, int], object] = lambda shard, articles: None) -> Outcome:
    """Crawl it; `tell` hears of the number of its articles now and then."""
    folder, at = Path(order.folder), time.monotonic()
    before, begun = articles(folder), 0

    def outcome(state: State, status: int, *said: str) -> Outcome:
        now = articles(folder)
        return Outcome(
            shard=order.shard,
            state=state,
            status=status,
            seconds=round(time.monotonic() - at, 1),
            articles=now,
            fresh=max(0, now - before),
            begun=begun,
            machine=socket.gethostname(),
            said=said[-_SAID:],
        )

    if order.version != __version__:
        return outcome("refused", NOTHING_DONE, f"this worker has campuswarc {__version__}, not {order.version}")
    lock = folder / "news.lock"
    while order.run not in _stopped:
        if not held(lock):
            try:
                derived.write(folder, order.files)
            except ConfigError as problem:
                return outcome("refused", NOTHING_DONE, str(problem))
            begun += 1
            status, said = _process(order, tell)
            if status < 0 and begun < _KILLS and order.run not in _stopped:
                continue  # killed by itself; what was acknowledged is on disk, and the frontier knows the rest
            if status < 0:
                return outcome("killed", NOTHING_DONE, *said, f"the crawl was ended by signal {-status}")
            if status != NOTHING_DONE or not _was_locked(lock, said):
                return outcome("stopped" if order.run in _stopped else "ended", status, *said)
        if time.monotonic() - at > order.patience:
            return outcome("busy", NOTHING_DONE, f"another process holds it: {_owner(lock)}")
        time.sleep(_AGAIN)
    return outcome("stopped", OK)


def stop(run: str) -> None:
    """End what this worker does for a run, in order."""
    _stopped.add(run)
    for child in list(_children.values()):
        child.send_signal(SIGTERM)


def _process(order: Order, tell: Callable[[str, int], object]) -> tuple[int, list[str]]:
    """A crawl of its own that dies with this process; its exit status, and the last lines of what it said."""
    tethered = [sys.executable, "-m", "crawler.shards.tethered", str(getpid())]
    command = [*tethered, "-C", order.folder, "crawl", "--quiet", *order.words]
    with TemporaryFile() as out:
        child = _children[order.shard] = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            if order.run in _stopped:  # asked while it was being begun
                child.send_signal(SIGTERM)
            told = time.monotonic()
            while child.poll() is None:
                time.sleep(_LOOK)
                if time.monotonic() - told > _TELL:
                    tell(order.shard, articles(Path(order.folder)))
                    told = time.monotonic()
        finally:
            del _children[order.shard]
            if child.poll() is None:  # this thread is being ended: so is what it began
                child.send_signal(SIGTERM)
        return child.returncode, _last_lines(out)


def _last_lines(out: IO[bytes]) -> list[str]:
    out.seek(max(0, out.seek(0, 2) - 64_000))
    return out.read().decode("utf-8", "replace").splitlines()[-_SAID:]


def _was_locked(lock: Path, said: list[str]) -> bool:
    """Whether a crawl began nothing since another process wrote there, who may have let go meanwhile."""
    return held(lock) or any("is being written by" in line for line in said)


def _owner(lock: Path) -> str:
    try:
        return lock.read_text(encoding="utf-8", errors="replace").strip() or "unknown"
    except OSError as problem:
        return str(problem)


def articles(folder: Path) -> int:
    """How many a shard has; 0 while there is no database that can be asked."""
    try:
        with closing(connect(f"{(folder / 'news.db').absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as db:
            return int(db.execute("select count(*) from articles").fetchone()[0])
    except sqlite3.Error:
        return 0
