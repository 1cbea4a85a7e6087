"""`python -m tests.crawler.explained OUT ARGUMENTS`: campuswarc, with SQLite asked for the plan of every statement
before it is run.

OUT gets one line of JSON a statement: its text and the steps of its plan. `listening` does the same in a process of a
test.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LISTS = re.compile(r"\(\s*\?(?:\s*,\s*\?)+\s*\)")
_KEYWORDS = {
    "on",
    "where",
    "using",
    "left",
    "join",
    "cross",
    "inner",
    "order",
    "group",
    "limit",
    "set",
    "union",
    "select",
    "values",
    "indexed",
    "not",
    "natural",
    "as",
    "returning",
}
_NAMED = re.compile(r"\b(?:from|join|update|into|,)\s+(?:main\.|temp\.|source\.)?(\w+)(?:\s+(?:as\s+)?(\w+))?", re.I)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of EXPLAIN QUERY PLAN."""

    id: int
    parent: int
    detail: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A statement and how SQLite would go about it."""

    sql: str
    plan: tuple[Step, ...]
    views: tuple[str, ...]  # texts of the views there are

    def table(self, name: str) -> str:
        """The table that a name in the plan stands for."""
        for text in (self.sql, *self.views):
            for table, alias in _NAMED.findall(text):
                if alias == name and alias.lower() not in _KEYWORDS:
                    return str(table)
        return name

    def repeated(self, step: Step) -> bool:
        """Whether a step is done once a row of another: it stands behind one in a join, or below a subquery that refers
        to it."""
        by_id = {one.id: one for one in self.plan}
        walks = [one for one in self.plan if one.parent == step.parent and one.detail.startswith(("SCAN", "SEARCH"))]
        above = by_id.get(step.parent)
        while above is not None:
            if above.detail.startswith("CORRELATED"):
                return True
            above = by_id.get(above.parent)
        return step in walks[1:]


_heard: dict[str, Explained] = {}


class _Hearing(sqlite3.Connection):
    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        self._hear(sql, parameters)
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> sqlite3.Cursor:
        self._hear(sql, [None] * sql.count("?"))
        return super().executemany(sql, parameters)

    def _hear(self, sql: str, parameters: Any) -> None:
        text = " ".join(_LISTS.sub("(?, ...)", sql).split())
        if text in _heard or not re.match(r"(?i)(select|with|insert|update|delete|replace)\b", text):
            return
        with suppress(sqlite3.Error):  # a statement that cannot be prepared is for whoever runs it
            plan = super().execute(f"explain query plan {sql}", parameters).fetchall()
            views = super().execute("select sql from sqlite_master where type = 'view'").fetchall()
            as_text = [(int(id_), int(parent), str(detail)) for id_, parent, _, detail in map(tuple, plan)]
            _heard[text] = Explained(text, tuple(Step(*step) for step in as_text), tuple(str(row[0]) for row in views))


@contextmanager
def listening() -> Iterator[dict[str, Explained]]:
    """Inside the block every connection explains what it runs; what was heard, by text."""
    connect = sqlite3.connect

    def heard(
        *arguments: Any, factory: type[sqlite3.Connection] = sqlite3.Connection, **given: Any
    ) -> sqlite3.Connection:
        kind = _Hearing if factory is sqlite3.Connection else type("_Hearing", (_Hearing, factory), {})
        return connect(*arguments, factory=kind, **given)

    sqlite3.connect = heard  # type: ignore[assignment]
    try:
        yield _heard
    finally:
        sqlite3.connect = connect


def read(path: Path) -> dict[str, Explained]:
    """What a process has written."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        sql, plan, views = json.loads(line)
        found[sql] = Explained(sql, tuple(Step(*step) for step in plan), tuple(views))
    return found


def main(out: Path, arguments: list[str]) -> None:
    """Run the command, then write."""
    from crawler.cli import main as campuswarc

    try:
        with listening():
            campuswarc(arguments, prog_name="campuswarc")
    finally:
        with out.open("a", encoding="utf-8") as file:
            for one in _heard.values():
                file.write(
                    json.dumps(
                        [one.sql, [(step.id, step.parent, step.detail) for step in one.plan], one.views],
                        ensure_ascii=False,
                    )
                    + "\n"
                )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
