"""What a walk over a listing's pages shows beside what was known of it: whether it began with the newest, whether it
came to something known, and what of it stays unread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any, Literal

from archive.store.frontier import Task
from archive.store.rows import Rows
from crawler.intake.visit import Visit
from spiders.facts import Item

Turned = Literal["", "pinned", "turned"]

_FEW = 4  # rows below which a page says nothing of a listing
_NEWER = 3  # stories newer than all of a page: fewer may have been taken down
_RISES = 5  # one story in so many that is younger than the one above it: no order of time, newest first
_MIXED, _WIDE = 3, timedelta(days=30)  # one in so many, over more days than that: the list has another order
_SHORT = 50  # pages that are walked at each look for that alone


class Walks:
    """Compares pages of a walk with the rows as they stand, and keeps what stays unread with the listing."""

    def __init__(self, archive: Rows) -> None:
        self.archive = archive

    def turned(self, visit: Visit, listing: str, items: Sequence[Item]) -> Turned:
        """Whether a page whose stories are all known shows none of the listing's newest: old ones stand pinned before
        them, or it is not in order of time, newest first. Empty where it begins with them, or has no dates."""
        plain = [item.url for item in items if not item.sticky]
        days = self.archive.listings.days_of(plain if len(plain) >= _FEW - 1 else [item.url for item in items])
        newer = self.archive.listings.newest(visit.site.id, listing, _NEWER, until=visit.at)
        if len(days) < _FEW - 1 or len(newer) < _NEWER:
            return ""
        rises = sum(later > earlier for earlier, later in pairwise(days))
        if max(days) + timedelta(days=1) >= newer[-1]:
            mixed = rises * _MIXED >= len(days) and len(days) >= _FEW and max(days) - min(days) > _WIDE
            return "turned" if mixed and self.archive.listings.pages(listing) <= _SHORT else ""
        return "turned" if rises * _RISES >= len(days) else "pinned"

    def met(self, items: Sequence[Item], known: set[str], task: Task, *, read_before: bool) -> dict[str, Any]:
        """What to remember of the walk so far, for the page behind this one: `unmet` where a listing that was read
        before has shown nothing that was known, `open` where this page ends among what is new."""
        rows = [item.url for item in items if not item.sticky]
        # of a walk that is the first of all, the page before this one has been read, and says nothing of earlier walks
        begins = read_before and len(rows) >= _FEW if "page" not in task.hint else "unmet" in task.hint
        unmet = begins and not any(url in known for url in rows)
        return ({"unmet": True} if unmet else {}) | ({"open": True} if rows and rows[-1] not in known else {})

    def broke_off(self, visit: Visit, task: Task, why: str, *, end: bool, ahead: bool = False) -> bool:
        """A page of a walk could not be had, or the one `ahead` of it. Whether items that nobody has read may lie
        there; then the listing says so until they are. `end`: the listing may as well end here."""
        if visit.kind != "older" or not task.listing:
            return False
        page = int(task.hint.get("page", 1)) + ahead
        if task.hint.get("backfill"):
            lost = not end or page <= self.archive.listings.pages(task.listing)
        else:
            lost = bool(task.hint.get("open"))
        if lost:
            self.archive.listings.breaks_off(task.listing, visit.url, f"page {page} of its walk: {why}")
        return lost

    def ended(self, visit: Visit, listing: str, remembered: Mapping[str, Any], begun: str) -> None:
        """A walk that began at that time has come to the listing's last page."""
        if remembered.get("unmet") and visit.site.family != "sitemap":  # an index leads to a new child by and by
            # since its first page: its own items were not known before
            self.archive.listings.is_another(listing, begun)
