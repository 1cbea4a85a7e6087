"""Addresses that pages name: remembered, and asked for unless a file of another tool holds their pages."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence

from archive.store.frontier import Found
from archive.store.rows import Rows


class Addresses:
    """What has been named, and which captures of other tools are to be read for it (by
    crawler.history.known_elsewhere)."""

    def __init__(self, archive: Rows) -> None:
        self.archive = archive
        self.recorded: deque[int] = deque()  # row ids of captures whose addresses have been named, oldest first of each
        # row id up to which captures are there yet: a rebuild of some sites has later ones too
        self.present = sys.maxsize

    def name(self, found: Sequence[Found], at: str) -> int:
        """Remember addresses; how many were new. New ones whose pages another tool had recorded wait until these are
        read."""
        if not found:
            return 0
        new = self.archive.frontier.add(found, at)
        if new:
            for url, ids in self.archive.captures.held([one.url for one in found], self.present).items():
                if self.archive.frontier.hold(url):
                    self.archive.captures.hold(ids)
                    self.recorded.extend(ids)
        return new
