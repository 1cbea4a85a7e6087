"""A few of the families of `make hostile`: what grew out of proportion once, and one of each kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import documents, guests, measure, pages
from tests.hostile.measure import Cost, Family, measured

_WANTED = (
    "article: nested table><tr><td", "article: lines in the story", "article: attributes of one tag",
    "article: paragraphs with NUL before the story", "article: open title in a title", "listing: links",
    "listing: long base", "style sheet: blanks behind url(", "document: docx: empty paragraphs",
    "document: xlsx: cells far below", "guest: version lines", "body: empty gzip members",
)  # fmt: skip


@pytest.fixture(scope="module")
def families() -> dict[str, Family]:
    pages.warm()
    return {family.name: family for family in (*pages.families(), *documents.families(), *guests.families())}


@pytest.mark.slow
@pytest.mark.parametrize("name", _WANTED)
def test_cost_grows_as_the_input_does(families: dict[str, Family], name: str) -> None:
    costs, wrong = measured(families[name])
    assert not wrong, f"{name}: {costs}"


def _family(work: Callable[[bytes], object]) -> Family:
    return Family(name="made up", make=lambda size: b"x" * size, work=work, size=1)


def _spends(seconds: Callable[[int], float]) -> Callable[[bytes], object]:
    """Work of so many seconds, by the clock that the measure looks at."""

    def work(given: bytes) -> str:
        measure.time.process_time = lambda: seconds(len(given))  # type: ignore[attr-defined]  # of the child alone
        return "done"

    return work


def test_what_grows_too_fast_takes_too_much_or_breaks_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure.time, "process_time", lambda: 0.0)
    assert measured(_family(_spends(lambda n: float(n))))[1] == ""
    assert "superlinear" in measured(_family(_spends(lambda n: 0.2 * n * n)))[1]
    assert "more than" in measured(_family(_spends(lambda n: 5.0 * n)))[1]
    assert measured(_family(lambda given: len([bytearray(1 << 28) for _ in range(5)])))[1]
    assert "raised" in measured(_family(lambda given: 1 // 0))[1]


def test_what_outlasts_all_patience_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "_PATIENCE", 1)

    def for_ever(given: bytes) -> object:
        while True:
            pass

    costs, wrong = measured(_family(for_ever))
    assert costs == [Cost(1.0, 0, "killed")] and wrong == "killed"


def test_families_have_names_of_their_own(tmp_path: Path) -> None:
    names = [family.name for family in (*pages.families(), *documents.families(), *guests.families())]
    assert len(names) == len(set(names)) > 800
