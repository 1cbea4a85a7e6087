"""The record at urn:campuswarc:unchanged: addresses that were as they had been, in place of a record for each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Still:
    """An address that answered "not modified", or the bytes that it had answered last."""

    site: str
    url: Annotated[str, "As the frontier knows it"]
    kind: Annotated[str, "listing, older or article"]
    at: Annotated[str, "When it was asked"]


def written(stills: Iterable[Still]) -> bytes:
    """As the record holds them, in order."""
    return json.dumps([astuple(still) for still in stills], ensure_ascii=False, separators=(",", ":")).encode()


def told(payload: bytes) -> list[Still]:
    """Of such a record; raises ValueError for any other."""
    try:
        return [Still(*map(str, one)) for one in json.loads(payload)]
    except TypeError as problem:
        raise ValueError("not a record of what had not changed") from problem
