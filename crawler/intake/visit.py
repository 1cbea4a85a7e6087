"""One look at an address, and when it is looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from archive.instants import iso, parse
from archive.store.frontier import Kind
from spiders.findings import Reading
from spiders.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When an address is looked at again."""

    recheck_days: tuple[int, ...] = (1, 7, 30, 90)
    attempts: int = 4
    retry_minutes: float = 15.0

    def next_look(self, first_seen: str, looks: int, at: str) -> tuple[str | None, int]:
        """Time of the next look and its number; days count from when the address was first seen."""
        born = parse(first_seen)
        for n in range(looks, len(self.recheck_days)):
            due = iso(born + timedelta(days=self.recheck_days[n]))
            if due > at:
                return due, n + 1
        return None, len(self.recheck_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One address asked for, and what came of it."""

    url: str
    site: Site
    kind: Kind
    at: str
    reading: Reading
    capture_id: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    accepted: bool = False  # a person says that it is to be believed
