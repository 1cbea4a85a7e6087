"""Pages of a survey saved as test cases: the bytes, and what was read of them, for a person to review."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive.article import Article
from archive.instants import iso
from spiders.discover.proof import Proof
from spiders.page import Page


def save(folder: Path, name: str, proofs: Sequence[Proof], pages: dict[str, Page]) -> list[Path]:
    """Write `NAME-list-1/page.html` and `expected.json`, and so on for page 2 and each story; gives the case folders.

    `reviewed` is false in every expected.json: a test of saved pages fails until a person has looked and set it.
    """
    made = []
    for n, proof in enumerate(proofs, 1):
        listing = {
            "items": [dataclasses.asdict(item) for item in proof.listing.items],
            "older": proof.listing.older,
            "total": proof.listing.total,
            "pages": proof.listing.pages,
        }
        made += _case(folder / f"{name}-list-{n}", pages.get(proof.url), proof, "listing", listing)
        for m, one in enumerate(proof.stories, 1):
            if isinstance(one.found, Article):
                made += _case(
                    folder / f"{name}-story-{n}-{m}",
                    pages.get(one.item.url),
                    proof,
                    "article",
                    {"item": dataclasses.asdict(one.item), "article": dataclasses.asdict(one.found)},
                )
    return made


def _case(folder: Path, page: Page | None, proof: Proof, kind: str, facts: dict[str, Any]) -> list[Path]:
    if page is None:
        return []
    folder.mkdir(parents=True, exist_ok=False)
    (folder / "page.html").write_bytes(page.content)
    about = {
        "url": page.url,
        "kind": kind,
        "family": proof.family,
        "status": page.status,
        "content_type": page.header("content-type"),
        "fetched": iso(page.fetched) if page.fetched else None,
        "reviewed": False,
    }
    (folder / "expected.json").write_text(
        json.dumps({**about, **facts}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return [folder]
