"""How a run began, as its WARC keeps it: what a later run or a rebuild has to know of it besides what it recorded."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Annotated, Self

from archive.store.rows import Rows


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


def seed_listing(rows: Rows, url: str, site: str, at: str, *, whole: bool) -> None:
    """Make the first page of a listing due for a run that begins: whole where its end has not been reached, or is asked
    for."""
    afresh = whole or not (rows.listings.complete(url) or rows.frontier.backfilling(url))
    rows.frontier.seed(url, site, at, afresh=afresh)
