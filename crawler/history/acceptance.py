"""What a person says is right of what was held back, and of what listings seem to lack: kept in the WARC, so that a
rebuild decides the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Self

from archive.store.meant import meant
from archive.store.rows import Rows
from crawler.history.stored_answers import NoStoredAnswer, visit_of
from crawler.intake import Intake
from spiders.site import Site

ACCEPTED = "urn:campuswarc:accepted"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The record at urn:campuswarc:accepted."""

    records: Annotated[tuple[str, ...], "WARC-Record-ID of each capture that is to be believed"]
    listings: Annotated[tuple[str, ...], "Address of each listing that is right as it is now"] = ()

    def payload(self) -> bytes:
        """As the record holds it."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def of(cls, payload: bytes) -> Self:
        """Of such a record; raises ValueError for any other."""
        told = json.loads(payload)
        if not isinstance(told, dict) or not isinstance(told.get("records"), list):
            raise ValueError("not a record of an acceptance")
        return cls(tuple(map(str, told["records"])), tuple(map(str, told.get("listings", ()))))


def held_back(rows: Rows, names: Sequence[str]) -> tuple[Acceptance, list[str]]:
    """Captures held back at these addresses and on these sites, listings in doubt there; and the names of which nothing
    is. Raises archive.store.meant.Unclear."""
    found: dict[str, None] = {}
    listings: dict[str, None] = {}
    idle = []
    for name in names:
        url = name if "://" not in name else meant(rows.db, name)
        held = rows.db.conn.execute(
            "select c.record_id from suspects s join captures c on c.id = s.capture where s.url = ? or s.site = ?"
            " order by s.url",
            [url, name],
        ).fetchall()
        found |= {row[0]: None for row in held}
        doubted = rows.listings.in_doubt(url)
        listings |= dict.fromkeys(doubted)
        if not held and not doubted:
            idle.append(name)
    return Acceptance(tuple(found), tuple(listings)), idle


def accept(
    rows: Rows,
    folder: Path,
    intake: Intake,
    sites: Mapping[str, Site],
    acceptance: Acceptance,
    trouble: Callable[[str], object],
) -> int:
    """Take these captures as what they say, these listings as they are; how many captures. One that cannot be had, or
    whose site is not configured, is reported."""
    rows.run, taken = None, 0
    for url in acceptance.listings:
        rows.listings.dismiss(url)
    for record_id in acceptance.records:
        capture, id_ = rows.captures.by_record(record_id), rows.captures.row_of(record_id)
        try:
            visit = visit_of(rows, folder, id_, capture, sites) if capture is not None and id_ is not None else None
        except NoStoredAnswer as problem:
            trouble(str(problem))
            continue
        if visit is None:
            trouble(f"{record_id}: accepted, but it is not in the archive, or its site is not configured")
            continue
        intake.take(replace(visit, accepted=True))
        taken += 1
    return taken
