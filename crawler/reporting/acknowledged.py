"""What an operator has seen and does not want to hear of for a while: acknowledged.jsonl of the archive folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from archive.instants import iso
from archive.store.problems import Problem
from spiders.tables import ConfigError, text_of

if TYPE_CHECKING:
    from archive.store.health import SiteHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """One line of the file; the last one about a name counts."""

    name: Annotated[str, "A site, or the address of a listing"]
    at: Annotated[str, "When, UTC"]
    until: Annotated[str, "Until when, UTC; empty = until it is well again"] = ""
    note: Annotated[str, "Why"] = ""

    def quiets(self, problem: Problem, at: str) -> bool:
        """Whether it is about that problem, and still holds. One without an end is over with the problem it was made
        for."""
        if self.name not in (problem.site, problem.url):
            return False
        return at < self.until if self.until else (problem.since or "") <= self.at


def load(path: Path) -> list[Acknowledged]:
    """What is acknowledged; raises ConfigError where the file is damaged."""
    found: dict[str, Acknowledged] = {}
    lines = text_of(path).splitlines() if path.exists() else []
    try:
        for line in lines:
            one = Acknowledged(**json.loads(line))
            found[one.name] = one
    except (ValueError, TypeError) as problem:
        raise ConfigError(f"{path}: not a list of what was acknowledged: {problem}") from None
    return list(found.values())


def add(path: Path, one: Acknowledged) -> None:
    """Write one more down."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")


def loud(problems: Iterable[Problem], known: Sequence[Acknowledged], at: datetime) -> list[Problem]:
    """Problems that nobody has acknowledged."""
    now = iso(at)
    return [problem for problem in problems if not any(one.quiets(problem, now) for one in known)]


def without(rows: list[SiteHealth], known: list[Acknowledged], at: datetime) -> list[SiteHealth]:
    """The same sites, without what is acknowledged."""
    return [replace(row, found=tuple(loud(row.found, known, at))) for row in rows] if known else rows
