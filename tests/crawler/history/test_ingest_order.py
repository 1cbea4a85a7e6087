"""Recordings of one story that are taken in in any order give the versions in order of time, and a rebuild gives the
same."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from tests.crawler.box import Box
from tests.crawler.guests import http, ingest, record, run, sound, written
from tests.crawler.history.test_ingest_unlisted import HOST, LISTED, LISTING, SITE, TEXT, story

TITLE = "Library opens on Sundays"
REMOVED = "Tuition stays free for all."
LOOKS = {
    "2026-02-03": f"{TEXT} {REMOVED}",
    "2026-03-05": TEXT,
    "2026-04-05": f"{TEXT} {REMOVED}",
    "2026-05-05": f"{TEXT} {REMOVED}",
}


def recording(path: Path, day: str) -> Path:
    """The listing and the story as they were on a day."""
    at = f"{day}T08:00:00Z"
    page = story(TITLE, text=LOOKS[day]).encode()
    return written(
        path / f"{day}.warc.gz",
        record("response", "/news/", http(LISTING.encode()), at=at),
        record("response", LISTED, http(page), at=at),
    )


@pytest.mark.parametrize("order", [*permutations(sorted(LOOKS))][::3], ids=lambda days: " ".join(d[6] for d in days))
def test_versions_are_in_order_of_time_in_whatever_order_recordings_came(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    box = Box(tmp_path / "archive", SITE)
    for day in order:
        ingest(box, recording(tmp_path, day))
    shown = json.loads(run(box, "diff", "--list", "--json", HOST + LISTED))
    assert [(one["n"], one["seen_from"][:10], one["seen_to"][:10]) for one in shown] == [
        (1, "2026-02-03", "2026-02-03"),
        (2, "2026-03-05", "2026-03-05"),
        (3, "2026-04-05", "2026-05-05"),
    ]
    assert f"[- {REMOVED}-]" in run(box, "diff", "--from", "1", "--to", "2", HOST + LISTED)
    assert box.column("select current_version = (select id from versions order by n desc limit 1) from articles") == [1]
    assert box.column("select body like ? from articles", f"%{REMOVED}") == [1]
    out = tmp_path / "all.jsonl"
    run(box, "export", "jsonl", out, "--versions", "all", "--fields", "version,body,version_seen_from")
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(row["version"], row["body"].endswith(REMOVED)) for row in rows] == [(1, True), (2, False), (3, True)]
    sound(box)


def test_a_page_that_was_missing_once_and_is_there_later_is_not_gone(tmp_path: Path) -> None:
    box = Box(tmp_path / "archive", SITE)
    ingest(box, recording(tmp_path, "2026-03-05"))
    missing = http(b"<h1>Not found</h1>", "HTTP/1.1 404 Not Found")
    ingest(box, written(tmp_path / "a.warc.gz", record("response", LISTED, missing, at="2026-02-20T08:00:00Z")))
    assert box.column("select state from articles") == ["live"]
    ingest(box, written(tmp_path / "b.warc.gz", record("response", LISTED, missing, at="2026-03-20T08:00:00Z")))
    assert box.column("select state from articles") == ["gone"]
    sound(box)
