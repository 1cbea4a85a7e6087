"""`campuswarc cite` and the exports of references, of stories that were ingested."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.identity import identifier
from tests.crawler.box import Box
from tests.crawler.guests import ingest, run
from tests.crawler.history.test_ingest_order import recording
from tests.crawler.history.test_ingest_unlisted import HOST, LISTED, SITE

URL = HOST + LISTED


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    folder = tmp_path_factory.mktemp("cite")
    box = Box(folder / "archive", SITE)
    ingest(box, recording(folder, "2026-02-03"), recording(folder, "2026-03-05"))
    return box


def test_an_article_is_cited_by_its_address_and_by_its_identifier(box: Box) -> None:
    for name in (URL, identifier(URL), f"{URL}#top"):
        assert "Library opens on Sundays" in run(box, "cite", name)
    assert f"@online{{campuswarc-{identifier(URL)}," in run(box, "cite", URL, "--style", "bibtex")
    assert "DA  - 2026/02/03/" in run(box, "cite", URL, "--style", "ris")
    assert "there is no article" in run(box, "cite", f"{HOST}/none/", expect=1)
    assert "there is no article" in run(box, "cite", "a" * 16, expect=1)


def test_a_version_is_cited_with_the_capture_that_shows_it(box: Box) -> None:
    def accessed(*at: str) -> object:
        return json.loads(run(box, "cite", URL, "--style", "csl-json", *at))[0]["accessed"]["date-parts"][0]

    assert accessed() == [2026, 3, 5]
    assert accessed("--at", "20260210") == [2026, 2, 3]
    assert "was not seen by" in run(box, "cite", URL, "--at", "2025", expect=1)
    assert "needs --archive" in run(box, "cite", URL, "--style", "pwid", expect=2)
    said = run(box, "cite", URL, "--style", "pwid", "--archive", "news-archive.example.edu")
    assert said == f"urn:pwid:news-archive.example.edu:2026-03-05T08:00:00Z:page:{URL}\n"


@pytest.mark.parametrize("form", ["ris", "csl-json", "bibtex"])
def test_a_selection_is_exported_as_references(box: Box, tmp_path: Path, form: str) -> None:
    run(box, "export", form, tmp_path / "references")
    text = (tmp_path / "references").read_text()
    assert text.count(f"campuswarc-{identifier(URL)}") == 1
    assert ("Paper" in text and "2026-03-05T08:00:00Z" in text) or form == "bibtex"
    if form == "csl-json":
        assert [item["title"] for item in json.loads(text)] == ["Library opens on Sundays"]
    assert "is not for" in run(box, "export", form, tmp_path / "all", "--versions", "all", expect=1)
