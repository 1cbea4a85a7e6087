"""Every saved page is read as a person said it should be: `tests/pages/<family>/<case>/{page.*, expected.json}`.

expected.json: `url` of the page, optionally `status`, `headers`, `fetched`, `select` and `also` (other families that
rightly claim it, less surely); and one of
- `listing`: items, older, total, pages, in full;
- `article`: the roles the page fills, in full, with `body` = {"has": [...], "lacks": [...]};
- `block`: the kind of block page it is.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from spiders import blocks
from spiders.families import NAMES, family
from spiders.page import Page
from tests.spiders.families import facts

PAGES = Path(__file__).parent.parent / "pages"
CASES = sorted(path for path in PAGES.glob("*/*/expected.json") if path.parts[-3] in NAMES)


def saved(path: Path) -> tuple[Page, dict[str, Any]]:
    """A saved page and what is expected of it."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    [content] = path.parent.glob("page.*")
    headers = tuple((name, value) for name, value in expected.get("headers", {}).items())
    fetched = datetime.fromisoformat(expected.get("fetched", "2026-10-09T00:00:00+00:00"))
    return Page(
        expected["url"], content.read_bytes(), status=expected.get("status", 200), headers=headers, fetched=fetched
    ), expected


def _case(path: Path) -> str:
    return "/".join(path.parts[-3:-1])


def test_there_are_saved_pages() -> None:
    assert CASES


WANTED = ("list_p1", "list_p2", "list_last", "article")
WITHOUT = {
    "feed": "a feed has one page, whatever its kind; its stories are pages of the CMS behind it",
    "sitemap": "an index leads to its parts (index_*), which have no order of pages among them",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_family_has_its_saved_pages(name: str) -> None:
    """Page 1, 2 and the last of a listing, and a story; or the reason why it has no such pages, and others for them."""
    there = {path.parts[-2] for path in CASES if path.parts[-3] == name}
    wanted = {"article"} if name in WITHOUT else set(WANTED)
    assert wanted <= there
    assert len(there) >= len(WANTED)


@pytest.mark.parametrize("path", CASES, ids=_case)
def test_a_saved_page_is_read_as_expected(path: Path) -> None:
    page, expected = saved(path)
    reader = family(path.parts[-3])
    select = {**reader.SELECT, **expected.get("select", {})}
    blocked = blocks.block(page)
    if "block" in expected:
        assert blocked is not None and blocked.kind == expected["block"]
        return
    assert blocked is None
    if "listing" in expected:
        assert (
            facts.of_listing(reader.read_listing(page, select))
            == {"total": None, "pages": None, "older": None, "items": []} | expected["listing"]
        )
        return
    raw = reader.read_article(page, select)
    said = dict(expected["article"])
    body = said.pop("body")
    assert facts.of_article(raw) == said
    assert [words for words in body["has"] if words not in facts.body(raw)] == []
    assert [words for words in body["lacks"] if words in facts.body(raw)] == []


def _told(path: Path) -> bool:
    """Block pages and pages without a CMS of their own (articles behind a feed) are nobody's."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    return (
        "block" not in expected
        and path.parts[-3] != "generic"
        and not (path.parts[-3] in ("feed", "sitemap") and "article" in expected)
    )


@pytest.mark.parametrize("path", [path for path in CASES if _told(path)], ids=_case)
def test_a_saved_page_is_told_by_its_family(path: Path) -> None:
    page, expected = saved(path)
    sure = {name: family(name).detect(page) for name in NAMES}
    own = sure.pop(path.parts[-3])
    assert own >= 0.5
    assert own > max(sure.values())
    assert {name for name, score in sure.items() if score >= 0.5} == set(expected.get("also", []))
