"""Told in two languages: Chinese stories beside the English ones that tell the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from archive.twins.table import Pair, of, pairs
from archive.web.chosen import chosen
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

PAGE = 20
_LISTS = ("numbers", "days", "names", "terms", "unmet")


def show(db: Database, visit: PageRequest) -> Response:
    """`/twins?q=…&page=…`; a query chooses pairs with a story that meets it."""
    found, status, told = chosen(db, visit, lambda among: pairs(db, among), PAGE, needs="has:twin")
    return visit.page("twins.html", status, **told, pairs=[(pair, evidence(pair, visit)) for pair in found])


def beside(db: Database, visit: PageRequest, url: str) -> dict[str, object] | None:
    """The story that tells the same in the other language, for the page of the one at this address."""
    pair = of(db, url)
    if pair is None:
        return None
    english = pair.chinese.url == url
    return {
        "heading": visit.word("twin_in_english" if english else "twin_in_chinese"),
        "story": pair.english if english else pair.chinese,
        "language": "en" if english else "zh",
        "confidence": pair.confidence,
        "evidence": evidence(pair, visit),
    }


def evidence(pair: Pair, visit: PageRequest) -> list[str]:
    """What speaks for a pair, in words."""
    told = pair.evidence
    said = [visit.word("twin_words", share=f"{told['words']:.0%}")]
    for name in _LISTS:
        if told.get(name):
            said.append(visit.word(f"twin_{name}", found=", ".join(told[name])))
    return said + [visit.word(f"twin_{name}") for name in ("picture", "link") if told.get(name)]
