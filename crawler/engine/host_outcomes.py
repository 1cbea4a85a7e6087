"""How the hosts of stories fared in one run: one on which nothing could be read is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.store.frontier import Task
from spiders.facts import Block
from spiders.findings import Reading, Trouble
from spiders.site import Site

_SOME = 3  # so many stories that could not be read are no accident; nor is one that could not be read before
# nothing is known of the host that was not known before
_NOT_ASKED = frozenset({"guard", "robots", "shutdown", "host_closed"})


@dataclass(slots=True)
class _Tally:
    lost: set[str] = field(default_factory=set)  # stories that could not be read
    read: bool = False
    again: bool = False  # one of them could not be read in an earlier try either
    last: str = ""


class HostOutcomes:
    """A tally for each site and origin (scheme, host and port) that was asked for stories."""

    def __init__(self) -> None:
        self._tallies: dict[tuple[str, str], _Tally] = {}

    def note(self, site: Site, task: Task, reading: Reading) -> None:
        """What came of one row; rows that are no stories do not matter."""
        if task.kind != "article" or (isinstance(reading, Trouble) and reading.kind in _NOT_ASKED):
            return
        parts = urlsplit(task.url)
        tally = self._tallies.setdefault((site.id, f"{parts.scheme}://{parts.netloc}"), _Tally())
        if isinstance(reading, Trouble | Block):
            tally.lost.add(task.url)
            tally.again |= task.attempts > 0
            tally.last = f"{reading.kind}: {reading.detail if isinstance(reading, Trouble) else reading.evidence}"
        else:
            tally.read = True

    @property
    def origins(self) -> set[str]:
        """All that were asked for stories."""
        return {f"{origin}/" for _, origin in self._tallies}

    def failing(self) -> list[tuple[str, str, str]]:
        """Site, origin and what is wrong, of each host none of whose stories could be read. One flaky answer makes
        none."""
        return [
            (site, origin, f"none of {len(tally.lost)} stories could be read; {tally.last}")
            for (site, origin), tally in self._tallies.items()
            if not tally.read and (len(tally.lost) >= _SOME or tally.again)
        ]
