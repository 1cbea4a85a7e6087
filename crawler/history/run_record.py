"""How a run began, as its WARC keeps it: what a later run or a rebuild has to know of it besides what it recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Annotated, Self

from archive.store.rows import Rows
from spiders.site import Site


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The record at urn:campuswarc:run; it follows that of the configuration, whose time is the run's, where that had
    changed."""

    run: int
    whole: Annotated[bool, "Listings are read to their end, even where a whole page is known"]
    warc: Annotated[str, "File of the record that holds the configuration"]
    offset: int
    listings: Annotated[tuple[str, ...], "First pages that were made due"]
    at: Annotated[str, "When it began, where the configuration is that of an earlier run, whose record it names"] = ""

    def payload(self) -> bytes:
        """As the record holds it."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def of(cls, payload: bytes) -> Self:
        """Of such a record; raises ValueError for any other."""
        told = json.loads(payload)
        try:
            return cls(
                int(told["run"]),
                bool(told["whole"]),
                str(told["warc"]),
                int(told["offset"]),
                tuple(map(str, told["listings"])),
                str(told.get("at", "")),
            )
        except (TypeError, KeyError) as problem:
            raise ValueError("not a record of a run's beginning") from problem


def begin(rows: Rows, beginning: RunRecord, sites: Iterable[Site], at: str) -> set[str]:
    """What a run makes of the rows when it begins, `at` that time; the listings of these sites that it makes due."""
    rows.runs.remember(beginning.run, at)
    rows.runs.began(beginning.run, whole=beginning.whole, warc=beginning.warc, offset=beginning.offset)
    due = set(beginning.listings)
    seeded = set()
    for site in sites:
        for seed in site.listings:
            if seed.url in due:
                seed_listing(rows, seed.url, site.id, at, whole=beginning.whole)
                seeded.add(seed.url)
    return seeded


def seed_listing(rows: Rows, url: str, site: str, at: str, *, whole: bool) -> None:
    """Make the first page of a listing due for a run that begins: whole where its end has not been reached, or is asked
    for."""
    afresh = whole or not (rows.listings.complete(url) or rows.frontier.backfilling(url))
    rows.frontier.seed(url, site, at, afresh=afresh)
