"""How many statements of SQL a page costs: counted, since each of them is some hundredth of a page's time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from spiders.findings import Story, Unchanged
from tests.crawler.desk import HOST, Desk, story


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def read(body: str, path: str) -> Story:
    """A story with all that is asked of one."""
    made = story(body, path)
    return replace(made, gist=ord(body), article=replace(made.article, published="2026-11-01"))


def statements(desk: Desk, act: Callable[[], object]) -> list[str]:
    """What is asked of SQLite meanwhile; without what triggers do."""
    asked: list[str] = []
    connection = desk.rows.db.conn

    def note(sql: str) -> None:
        if not sql.startswith("--") and sql not in asked[-1:]:  # a trigger has the statement that set it off told again
            asked.append(sql)

    connection.set_trace_callback(note)
    try:
        act()
    finally:
        connection.set_trace_callback(None)
    return asked


def told(asked: list[str]) -> str:
    return "\n".join(one[:100] for one in asked)


def test_a_story_that_is_new_costs_as_many_statements_as_it_has_rows_and_doubts(desk: Desk) -> None:
    desk.listing("1", "2")
    desk.visit(f"{HOST}/1", read("a", "1"))
    asked = statements(desk, lambda: desk.visit(f"{HOST}/2", read("b", "2")))
    assert len(asked) <= 20, told(asked)


def test_a_story_that_is_as_it_was_costs_fewer(desk: Desk) -> None:
    desk.listing("1")
    desk.visit(f"{HOST}/1", read("a", "1"))
    asked = statements(desk, lambda: desk.visit(f"{HOST}/1", read("a", "1"), day=2))
    assert len(asked) <= 12, told(asked)
    asked = statements(desk, lambda: desk.visit(f"{HOST}/1", Unchanged(), day=3))
    assert len(asked) <= 9, told(asked)


def test_a_listing_costs_no_statement_for_each_of_its_rows(desk: Desk) -> None:
    few = statements(desk, lambda: desk.listing(*map(str, range(5))))
    many = statements(desk, lambda: desk.listing(*map(str, range(100, 200))))
    rows = [one for one in many if one.startswith("insert into frontier")]
    assert len(rows) == 100, "one statement, prepared once"
    assert len(many) - 100 <= len(few) - 5 <= 26, told(few)
