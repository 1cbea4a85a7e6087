"""One command in every shard's folder, as processes of their own, some at a time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from shlex import join
from types import MappingProxyType
from typing import Annotated

from crawler.archive_folder import ArchiveFolder
from crawler.exits import BROKEN_SITES, DAMAGED, NOTHING_DONE, OK, STORAGE
from crawler.shards.plan import Plan, Shard

# the worse, the further behind; what is not here is worse than all of them
_BY_WEIGHT = (OK, BROKEN_SITES, NOTHING_DONE, DAMAGED, STORAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended in one shard."""

    shard: str
    status: Annotated[int, "Exit status; NOTHING_DONE for a shard that lies elsewhere"]
    out: Annotated[str, "What it printed"]
    err: Annotated[str, "What it complained of"]


def run(
    top: ArchiveFolder,
    plan: Plan,
    words: Sequence[str],
    *,
    at_once: int,
    told: Callable[[Ended], object],
    own: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[Ended]:
    """Run `campuswarc -C FOLDER WORDS…` in all of them, with further words of a shard's `own`; `told` hears of each as
    it ends, in the order of the plan."""

    def one(shard: Shard) -> Ended:
        if not shard.here:
            there = join(["campuswarc", "-C", shard.folder, *words])
            where = f"it lies on {shard.machine}: {there} does it there"
            return Ended(shard=shard.name, status=NOTHING_DONE, out="", err=where)
        if not shard.home(top).warc.is_dir():
            return Ended(shard=shard.name, status=OK, out="", err="nothing has been crawled here yet")
        command = [sys.executable, "-m", "crawler", "-C", str(shard.home(top).folder), *words, *own.get(shard.name, ())]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        return Ended(shard=shard.name, status=done.returncode, out=done.stdout, err=done.stderr)

    found = []
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        for ended in pool.map(one, plan.shards.values()):
            told(ended)
            found.append(ended)
    return found


def worst(statuses: Iterable[int]) -> int:
    """The status that says most of several: what was not begun before sites that are broken, the disk before all."""
    return max(statuses, key=lambda status: _BY_WEIGHT.index(status) if status in _BY_WEIGHT else 99, default=OK)
