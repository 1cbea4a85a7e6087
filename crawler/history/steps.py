"""A record in its turn, and what it means for the rows besides the page it may hold."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Self

from archive.capture import Capture
from archive.store.corrections import CORRECTION, Correction
from archive.store.withheld import RELEASED, WITHHELD, Release
from archive.store.withheld import Order as Withhold
from archive.warc.history import INGESTED, RUN, UNCHANGED, Recorded
from archive.warc.record import Record
from archive.warc.unchanged import Stills
from crawler.history.acceptance import ACCEPTED, Acceptance
from crawler.history.ingest import Order
from crawler.history.network_record import OWN_NETWORK, NetworkRecord
from crawler.history.run_record import RunRecord
from crawler.workers.readers import Readers
from spiders.findings import Answer, Reading
from spiders.site import Site

JOINED = "urn:campuswarc:merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The record at urn:campuswarc:merged: files of another archive that were taken in."""

    files: Annotated[tuple[str, ...], "Their names in the other archive"]
    source: Annotated[str, "Where it lay"] = ""

    def payload(self) -> bytes:
        """As the record holds it."""
        return json.dumps({"files": self.files, "from": self.source}, ensure_ascii=False).encode()

    @classmethod
    def of(cls, payload: bytes) -> Self:
        """Of such a record; raises ValueError for any other."""
        told = json.loads(payload)
        if not isinstance(told, dict) or not isinstance(told.get("files"), list):
            raise ValueError("not a record of a merge")
        return cls(files=tuple(map(str, told["files"])), source=str(told.get("from", "")))


Meaning = RunRecord | Order | Joined | Acceptance | Correction | Withhold | Release | Stills | NetworkRecord
# a new kind of record is a line here and a case in `RowBuilder._do`
MEANINGS: Mapping[str, Callable[[bytes], Meaning]] = {
    RUN: RunRecord.of,
    INGESTED: Order.of,
    JOINED: Joined.of,
    ACCEPTED: Acceptance.of,
    CORRECTION: Correction.of,
    WITHHELD: Withhold.of,
    RELEASED: Release.of,
    UNCHANGED: Stills.of,
    OWN_NETWORK: NetworkRecord.of,
}


def meaning_of(record: Record) -> Meaning | None:
    """What a resource record of ours says; None where it says nothing for the rows. Raises ValueError where it is not
    what its address says."""
    read = MEANINGS.get(record.url or "")
    try:
        return None if read is None else read(record.block)
    except RecursionError:  # a record of another archive may hold anything
        raise ValueError("it is nested without end") from None


@dataclass(slots=True, eq=False)
class Step:
    """One record, from when it is seen until its turn has come."""

    number: int
    told: Recorded
    sites: Annotated[Mapping[str, Site], "In force when it was written"]
    readers: Annotated[Readers, "Processes that know these sites"]
    configuration: Annotated[str | None, "A sites.toml that comes into force"] = None
    meaning: Meaning | None = None
    capture: Annotated[Capture | None, "None where it holds no page that is to be read"] = None
    id: int = 0
    url: Annotated[str, "As the frontier knows it"] = ""
    site: Annotated[Site | None, "None where the capture means nothing for the rows"] = None
    asked: Answer | None = None
    reading: asyncio.Future[Reading] | None = None
    bytes: Annotated[int, "What it holds in memory"] = 0

    @property
    def place(self) -> str:
        """For a person, who wants to look."""
        return f"{self.told.source.warc}, offset {self.told.offset}"
