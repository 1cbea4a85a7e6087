"""The databases of all shards, opened for reading; which of them could not be, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.shadows import Shown
from archive.store.db import NoDatabase, open_reader
from crawler.archive_folder import ArchiveFolder
from crawler.shards.plan import Plan

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(slots=True)
class Opened:
    """What can be read of an archive in shards."""

    dbs: dict[str, Database] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)  # in words: shards that are not in what is shown
    empty: list[str] = field(default_factory=list)  # names of shards in which nothing has been crawled yet


def readers(top: ArchiveFolder, plan: Plan, *, older: bool = True, shown: Shown = "listed") -> Opened:
    """All that this machine reaches, as far as it is `shown`. Raises NoDatabase where that is nothing."""
    found = Opened()
    for shard in plan.shards.values():
        if not shard.here:
            found.missing.append(f"{shard.name} lies on {shard.machine} ({shard.folder}) and is not in this")
            continue
        try:
            found.dbs[shard.name] = open_reader(shard.home(top).database, older=older, shown=shown)
        except NoDatabase:
            found.empty.append(shard.name)
    if not found.dbs:
        said = found.missing or ["nothing has been crawled yet: campuswarc shards crawl"]
        raise NoDatabase(f"{top.folder}: no shard can be read here: {'; '.join(said)}")
    return found
