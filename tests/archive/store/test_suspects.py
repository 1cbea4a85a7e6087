"""What was not believed, as it is kept: held, confirmed by looks that lie apart, believed, remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.store.db import open_writer
from archive.store.suspects import Look, Suspects, Tally

PLACE = "https://news.example.edu:443"
LOOK = Look(
    url="https://news.example.edu/1",
    site="example",
    place=PLACE,
    listing="https://news.example.edu/list.htm",
    kind="changed",
    run=1,
    gist=7,
    capture=None,
    title="Notice",
    words=12,
    bare=False,
    at="2026-11-01T08:00:00Z",
)


def on(day: int, look: Look = LOOK, **more: object) -> Look:
    return replace(look, at=f"2026-11-{day:02}T08:00:00Z", **more)  # type: ignore[arg-type]


@pytest.fixture
def suspects(tmp_path: Path) -> Suspects:
    return Suspects(open_writer(tmp_path / "news.db"))


def test_three_looks_that_lie_apart_and_say_the_same_confirm_it(suspects: Suspects) -> None:
    days = {1: True, 2: True, 3: True, 4: True, 5: False}  # 2 and 4 lie too near to the one before
    assert {day: suspects.hold(on(day), "same_words", counts=True) for day in days} == days
    assert suspects.get(LOOK.url) == (on(4), "same_words")
    suspects.clear(LOOK.url)
    assert suspects.get(LOOK.url) is None


def test_a_look_that_says_something_else_or_does_not_count_confirms_nothing(suspects: Suspects) -> None:
    assert suspects.hold(on(1), "same_words", counts=True)
    assert suspects.hold(on(4, gist=8), "same_words", counts=True), "begins anew"
    assert suspects.hold(on(7, gist=8), "same_words", counts=True)
    assert suspects.hold(on(10, gist=8), "same_words", counts=False)
    assert suspects.hold(on(13, gist=8, kind="gone"), "site_gone", counts=True), "begins anew"
    assert suspects.hold(on(16, gist=8, kind="gone"), "site_gone", counts=True)
    assert not suspects.hold(on(18, gist=8, kind="gone"), "site_gone", counts=True)


def test_the_weightier_reason_is_told_of_what_this_run_held_there(suspects: Suspects) -> None:
    others = [
        on(1, url="https://news.example.edu/2", listing="https://news.example.edu/other.htm"),
        on(1, url="https://news.example.edu/3", run=2),
        on(1, url="https://www.example.edu/4", place="https://www.example.edu:443", listing=None),
    ]
    for one in (LOOK, *others):
        suspects.hold(one, "many_changed", counts=True)
    suspects.rename(1, "same_words", site="example", place=PLACE)
    assert [suspects.get(one.url)[1] for one in (LOOK, *others)] == ["many_changed"] * 4  # type: ignore[index]
    suspects.rename(1, "listing_unread", site="example", listing=LOOK.listing)
    suspects.rename(1, "shrunk", site="example", place="https://www.example.edu:443")
    assert [suspects.get(one.url)[1] for one in (LOOK, *others)] == [  # type: ignore[index]
        "listing_unread",
        "many_changed",
        "many_changed",
        "shrunk",
    ]


def test_pages_that_are_not_there_are_listed_by_run_and_those_lost_anew_apart(suspects: Suspects) -> None:
    old, new = on(1, kind="gone"), on(3, url="https://news.example.edu/2", kind="gone", run=2)
    suspects.hold(old, "site_gone", counts=True)
    again = on(3, old, run=2)
    suspects.hold(again, "site_gone", counts=True)
    suspects.hold(new, "site_gone", counts=True)
    assert suspects.lost_in(2, "example", PLACE, fresh=False) == [again, new]
    assert suspects.lost_in(2, "example", PLACE, fresh=True) == [new]
    assert suspects.lost_in(1, "example", PLACE, fresh=False) == []


def test_a_believed_change_can_be_undone_for_sixty_days(suspects: Suspects) -> None:
    suspects.changed(LOOK, 3, "{}")
    assert suspects.change(LOOK.url) == (LOOK, 3, "{}")
    assert suspects.changes(1, "changed", site="example", place=PLACE) == [LOOK]
    assert suspects.changes(1, "changed", site="example", listing=LOOK.listing) == [LOOK]
    assert suspects.changes(1, "new", site="example", place=PLACE) == []
    assert suspects.changes(2, "changed", site="example", place=PLACE) == []
    later = replace(LOOK, url="https://news.example.edu/2", at="2026-12-31T08:00:00Z")
    suspects.changed(later, 1, "{}")
    assert suspects.change(LOOK.url) is not None, "sixty days, to the second"
    suspects.changed(replace(later, at="2026-12-31T08:00:01Z"), 1, "{}")
    assert suspects.change(LOOK.url) is None
    suspects.forget(later.url)
    assert suspects.change(later.url) is None


def test_looks_are_counted_by_run_and_the_most_changes_of_an_earlier_one_kept(suspects: Suspects) -> None:
    assert suspects.count("example", PLACE, 1, "well") == Tally(well=1)
    assert suspects.count("example", PLACE, 1, "well") == Tally(well=2)
    for n in (1, 2):
        suspects.changed(replace(LOOK, url=f"https://news.example.edu/{n}"), 1, "{}")
    assert suspects.count("example", PLACE, 2, "lost") == Tally(lost=1, most=2)
    assert suspects.count("example", PLACE, 3, "changed") == Tally(changed=1, most=2)
    assert suspects.tally("example", PLACE, 9) == Tally()


def test_what_is_believed_is_so_on_that_site_until_it_is_doubted(suspects: Suspects) -> None:
    suspects.believe("example", 7, LOOK.at)
    assert suspects.believes("example", 7) and suspects.believes("example", "7")
    assert not suspects.believes("another", 7) and not suspects.believes("example", 8)
    suspects.doubt("example", "7")
    assert not suspects.believes("example", 7)
