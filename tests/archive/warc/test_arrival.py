"""What a file of another tool came with is told apart from what became of it since."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from archive.warc.arrival import FAULTS, Arrivals
from archive.warc.history import INGESTED
from archive.warc.layout import GUESTS
from archive.warc.record import Record

CAME = b"as it came"


@pytest.fixture
def guest(tmp_path: Path) -> str:
    """Name of a guest below the folder; it begins with digits of another file, as of one that was rewritten."""
    (tmp_path / GUESTS).mkdir()
    (tmp_path / GUESTS / "0123456789abcdef.warc").write_bytes(CAME)
    return f"{GUESTS}/0123456789abcdef.warc"


def order(sha256: dict[str, str], url: str = INGESTED, kind: str = "resource", block: bytes = b"") -> Record:
    fields = (("WARC-Type", kind), ("WARC-Target-URI", url))
    return Record("1.1", fields, block or json.dumps({"sha256": sha256}).encode())


def test_a_fault_of_a_file_that_is_as_it_came_is_no_news(guest: str, tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path)
    arrivals.note(order({guest: hashlib.sha256(CAME).hexdigest()}))
    arrivals.note(order({guest: "0" * 64}))  # a later order may have seen it rot
    assert arrivals.changed(guest) is None
    assert all(arrivals.came_so(guest, kind) for kind in FAULTS)
    assert not arrivals.came_so(guest, "row") and not arrivals.came_so(guest, "fixity")
    assert not arrivals.came_so("2026/12/ours.warc.gz", "digest")


def test_a_file_that_has_changed_since_answers_for_its_faults(guest: str, tmp_path: Path) -> None:
    came = hashlib.sha256(CAME).hexdigest()
    (tmp_path / guest).write_bytes(b"rotten")
    arrivals = Arrivals(tmp_path)
    arrivals.note(order({guest: came}))
    assert f"it was {came}" in (arrivals.changed(guest) or "")
    assert not any(arrivals.came_so(guest, kind) for kind in FAULTS)


@pytest.mark.parametrize(
    "told", [order({"x": ""}, url="urn:x:other"), order({"x": ""}, kind="metadata"), order({}, block=b"[]")]
)
def test_of_a_file_that_no_order_tells_of_only_its_form_is_excused(guest: str, told: Record, tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path)
    arrivals.note(told)
    arrivals.note(order({}, block=b"{"))
    assert arrivals.came == {} and arrivals.changed(guest) is None
    assert {kind for kind in FAULTS if arrivals.came_so(guest, kind)} == {
        "field", "length", "pair", "revisit", "duplicate"
    }  # fmt: skip
    named = f"{GUESTS}/{hashlib.sha256(CAME).hexdigest()[:16]}.warc"
    (tmp_path / named).write_bytes(CAME)
    assert all(arrivals.came_so(named, kind) for kind in FAULTS), "its name says what came"


def test_what_is_missing_or_outside_has_changed_in_no_way_that_can_be_told(guest: str, tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path, {guest: "0" * 64, f"{GUESTS}/../../x": "0" * 64})
    (tmp_path / guest).unlink()
    for warc in arrivals.came:
        assert arrivals.changed(warc) is None and not arrivals.came_so(warc, "torn")
