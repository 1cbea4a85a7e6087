"""What is public of an article stays what it is, whatever becomes of the rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from archive.identity import identifier
from archive.store import identifiers
from archive.store.db import open_reader
from tests.crawler.box import Box
from tests.crawler.guests import http, ingest, record, run, written
from tests.crawler.history.test_ingest_unlisted import HOST, LISTED, SITE, story
from tests.crawler.history.test_rebuild import alter

OTHER = "/2026/01/choir-tours-three-cities/"
LISTING = (
    '<html><body class="blog">'
    + "".join(
        f'<article class="post"><h2 class="entry-title"><a href="{path}">{title}</a></h2>'
        '<time class="entry-date" datetime="2026-02-03T08:00:00+00:00">3 February</time></article>'
        for path, title in ((LISTED, "Library opens on Sundays"), (OTHER, "Choir tours three cities"))
    )
    + "</body></html>"
)


def recording(folder: Path, name: str, *pages: str) -> Path:
    """The listing, and these of its stories in that order."""
    titles = {LISTED: "Library opens on Sundays", OTHER: "Choir tours three cities"}
    records = [record("response", "/news/", http(LISTING.encode()))]
    records += [record("response", path, http(story(titles[path]).encode())) for path in pages]
    return written(folder / f"{name}.warc.gz", *records)


def public(box: Box, tmp_path: Path) -> Mapping[str, str]:
    """Identifiers of all articles, as an export has them; each leads to its article."""
    out = tmp_path / "ids.jsonl"
    out.unlink(missing_ok=True)
    run(box, "export", "jsonl", out, "--fields", "identifier,url", "--force")
    found = {row["identifier"]: row["url"] for row in map(json.loads, out.read_text().splitlines())}
    db = open_reader(box.folder / "news.db")
    for name, url in found.items():
        assert [identifiers.stands(db, one) for one in identifiers.addresses(db, name)] == [
            (db.execute("select id from articles where url = ?", [url]).fetchone()[0], url)
        ]
    db.close()
    return found


EXPECTED = {identifier(HOST + path): HOST + path for path in (LISTED, OTHER)}


@pytest.fixture
def box(tmp_path: Path) -> Box:
    box = Box(tmp_path / "archive", SITE)
    ingest(box, recording(tmp_path, "both", LISTED, OTHER))
    return box


def test_rebuilds_of_all_and_of_a_site_and_ingests_leave_identifiers_and_numbers(box: Box, tmp_path: Path) -> None:
    assert public(box, tmp_path) == EXPECTED
    alter(box.folder / "news.db", "insert into former_numbers select 900 + id, url from articles")
    numbers = {row["number"]: row["url"] for row in box.rows("select number, url from former_numbers")}
    assert len(numbers) == 2
    for command in (("rebuild", "--only", "paper", "--yes"), ("rebuild", "--yes")):
        run(box, *command, "--processes", "0")
        assert public(box, tmp_path) == EXPECTED
        assert {row["number"]: row["url"] for row in box.rows("select number, url from former_numbers")} == numbers
    ingest(box, recording(tmp_path, "once more", OTHER))
    assert public(box, tmp_path) == EXPECTED


@pytest.mark.parametrize("order", [(LISTED, OTHER), (OTHER, LISTED)])
def test_archives_merged_in_either_order_have_the_same_identifiers(tmp_path: Path, order: tuple[str, str]) -> None:
    boxes = []
    for n, path in enumerate(order):
        boxes.append(Box(tmp_path / f"archive {n}", SITE))
        ingest(boxes[n], recording(tmp_path, f"file {n}", path))
    run(boxes[0], "merge", boxes[1].folder)
    assert public(boxes[0], tmp_path) == EXPECTED
