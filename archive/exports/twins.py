"""What the formats of pairs have in common: the columns one is made of, and each pair once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from archive.exports.columns import Column, TextForm
from archive.exports.selection import EmptySelection, Row

_MEMBERS = ("url", "title", "site", "published", "body")
_CHINESE = "coalesce((select chinese from twins where english = a.url), a.url)"
_OF = {"chinese": _CHINESE, "english": f"(select english from twins where chinese = {_CHINESE})"}
_COLUMNS = (
    *(
        Column(
            name=f"{side}_{member}",
            kind="text",
            text=f"`{member}` of the {side.title()} story",
            sql=address if member == "url" else f"(select {member} from articles where url = {address})",
        )
        for side, address in _OF.items()
        for member in _MEMBERS
    ),
    *(
        Column(name=name, kind="text", text=name, sql=f"(select {name} from twins where chinese = {_CHINESE})")
        for name in ("confidence", "evidence")
    ),
)


def columns(text: TextForm = "plain") -> tuple[Column, ...]:
    """The columns a pair is made of, whichever of its stories the row is of."""
    return _COLUMNS


class Pairs:
    """The pairs that rows of `columns()` belong to, each once; `count` says how many there were. At the end of none
    raises EmptySelection."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        seen = set[str]()
        for row in self._rows:
            chinese, english = row[: len(_MEMBERS)], row[len(_MEMBERS) : 2 * len(_MEMBERS)]
            confidence, evidence = row[2 * len(_MEMBERS) :]
            if confidence is None or None in (chinese[1], english[1]) or chinese[0] in seen:
                continue
            seen.add(chinese[0])
            self.count += 1
            yield {
                "chinese": dict(zip(_MEMBERS, chinese, strict=True)),
                "english": dict(zip(_MEMBERS, english, strict=True)),
                "confidence": confidence,
                "evidence": json.loads(evidence),
            }
        if not self.count:
            raise EmptySelection("none of these stories has a twin; they are looked for by: campuswarc twins --find")
