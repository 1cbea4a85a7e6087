"""The record at urn:campuswarc:unchanged: addresses that were as they had been, in place of a record for each."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import Annotated, Self


@dataclass(frozen=True, slots=True)
class Still:
    """An address that answered "not modified", or the bytes that it had answered last."""

    site: str
    url: Annotated[str, "As the frontier knows it"]
    kind: Annotated[str, "listing, older or article"]
    at: Annotated[str, "When it was asked"]


@dataclass(frozen=True, slots=True)
class Stills:
    """What such a record holds, in order."""

    addresses: tuple[Still, ...]

    def payload(self) -> bytes:
        """As the record holds them."""
        rows = [astuple(still) for still in self.addresses]
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def of(cls, payload: bytes) -> Self:
        """Of such a record; raises ValueError for any other."""
        try:
            return cls(tuple(Still(*map(str, one)) for one in json.loads(payload)))
        except TypeError as problem:
            raise ValueError("not a record of what had not changed") from problem
