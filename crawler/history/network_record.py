"""A run in which our own network failed: what it is to be blamed for leaves no mark on any site, nor in a rebuild."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Self

from archive.store.rows import Rows

OWN_NETWORK = "urn:campuswarc:own-network"


@dataclass(frozen=True, slots=True)
class NetworkRecord:
    """The record at urn:campuswarc:own-network, the last one of its run."""

    run: int
    said: Annotated[str, "What says that it was our own network"]
    kinds: Annotated[tuple[str, ...], "Failures of that run that say nothing of their addresses"]
    listings: Annotated[
        Mapping[str, Mapping[str, Any]], "By address, how each that was spared had fared before the run"
    ]

    def payload(self) -> bytes:
        """As the record holds it."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def of(cls, payload: bytes) -> Self:
        """Of such a record; raises ValueError for any other."""
        told = json.loads(payload)
        try:
            listings = {str(url): dict(fate) for url, fate in told["listings"].items()}
            return cls(int(told["run"]), str(told["said"]), tuple(map(str, told["kinds"])), listings)
        except (TypeError, KeyError, AttributeError) as problem:
            raise ValueError("not a record of our own network") from problem


def spare(rows: Rows, record: NetworkRecord, at: str, *, ours: bool = True) -> None:
    """Have the listings fare as they did before that run, which ended `at`, and whatever else could not be had in it be
    asked for again; what is known of later stands. `ours` is false of a run of another archive."""
    if ours:
        rows.runs.remember(record.run, at)
        rows.runs.lost_network(record.run, record.said)
        rows.frontier.spare(rows.failures.of_network(record.run, record.kinds, record.listings), at)
    for url, fate in record.listings.items():
        rows.listings.fared(url, fate, at)
