"""What a story names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

Kind = Literal["person", "org", "place"]
KINDS: tuple[Kind, ...] = ("person", "org", "place")


class CannotRead(Exception):
    """What is missing, and how it is had."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, an institution or a place, where a text names it."""

    kind: Kind
    name: str
    office: Annotated[str, "Of a person, as it stands there: 副校长, Dean of Engineering; empty if none"] = ""
    sure: Annotated[bool, "Whether this text alone shows it; else it is one where another text or a byline does"] = True
