"""Whoever hands out rows is told when there may be more of them, and looks only then."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.store.db import open_writer
from archive.store.frontier import Found, Frontier

AT, LATER = "2026-01-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z"
STORY = Found(url="https://x.edu/1", site="x", kind="article", hint={"part_of": "https://x.edu/0"})
LIST = Found(url="https://x.edu/list2", site="x", kind="older", listing="https://x.edu/list", walk="w1")


@pytest.fixture
def frontier(tmp_path: Path) -> Frontier:
    made = Frontier(open_writer(tmp_path / "news.db"))
    made.add([STORY, LIST], AT)
    return made


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.add([Found(url="https://x.edu/2", site="x", kind="article")], AT),
        lambda f: f.hand_over(
            [Found(url=STORY.url, site="x", kind="article", hint={"part_of": "https://x.edu/9"})], AT
        ),
        lambda f: f.walk(Found(url=LIST.url, site="x", kind="older", listing=LIST.listing, walk="w2"), AT),
        lambda f: f.retry(STORY.url, due=AT, reason="http_500"),
        lambda f: (f.settle(STORY.url, "failed", at=AT), f.revive([STORY.url], at=LATER, before=LATER)),
        lambda f: (f.hold(STORY.url), f.release(STORY.url)),
        lambda f: f.seed("https://x.edu/list", "x", AT, afresh=True),
    ],
)
def test_what_makes_rows_due_stirs(frontier: Frontier, change: Callable[[Frontier], object]) -> None:
    before = frontier.stirs
    change(frontier)
    assert frontier.stirs > before
    assert frontier.due("x", LATER, 10)


def test_what_makes_nothing_due_does_not(frontier: Frontier) -> None:
    before = frontier.stirs
    frontier.add([STORY, LIST], LATER)  # known
    frontier.revive([STORY.url], at=LATER, before=LATER)  # it has not failed
    frontier.hand_over([], AT)
    frontier.settle(STORY.url, "done", at=AT, due=LATER)
    assert frontier.stirs == before


def test_a_page_of_addresses_is_looked_up_and_not_searched_for_among_all_that_is_done(tmp_path: Path) -> None:
    """Without a table of statistics SQLite thinks little of a dozen addresses, and took the index by state: the whole
    of a large frontier."""
    db, plans = open_writer(tmp_path / "news.db"), []

    def note(statement: str) -> None:
        if "url in (" in statement and not statement.startswith("explain"):
            plans.append(statement)

    db.conn.set_trace_callback(note)
    urls = [f"https://x.edu/{n}" for n in range(14)]
    frontier = Frontier(db)
    frontier.known(urls)
    frontier.revive(urls, at=LATER, before=LATER)
    frontier.forget_external(urls)
    db.conn.set_trace_callback(None)
    assert len(plans) == 3
    for statement in plans:
        [(*_, plan)] = db.execute(f"explain query plan {statement}").fetchall()
        assert "url=?" in plan, f"{statement}: {plan}"
