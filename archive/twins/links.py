"""Which story a page names as its own in the other language."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from archive.address import canonical, join
from archive.patterns import deferred
from archive.replay.entity import Unreadable, load

if TYPE_CHECKING:
    from sqlite_utils import Database

_PAGE = """
select c.* from articles a join version_rows v on v.id = a.current_version join captures c on c.id = v.capture
where a.id = ?
"""
# <link rel=alternate hreflang=...>, <a hreflang=...>, and a switch of language
_NAMED = deferred(
    r"""
    <(?:link|a)\b(?=[^>]*\bhreflang\s*=)([^>]*)>
    |<a\b([^>]*)>\s*(?:<[^>]{1,80}>\s*)*
      (?:English(?:\s+version)?|EN|Eng|英文版?|中文(?:版|简体)?|简体中文|繁體中文|Chinese(?:\s+version)?)\s*<
    """,
    re.I | re.X,
)
_HREF = deferred(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)


@dataclass(slots=True)
class Named:
    """What pages say."""

    pairs: Annotated[dict[tuple[int, int], str], "Chinese and English story; which of them says so"]
    unread: Annotated[int, "Pages that could not be read from the archive"] = 0


def named(db: Database, folder: Path, chinese: dict[str, int], english: dict[str, int]) -> Named:
    """Pairs among these stories, by address, of which a page names the other as its translation.

    An address that several stories name is that of a home page or a section and says nothing of any of them.
    """
    found = Named({})
    for own, others, says in ((chinese, english, "chinese"), (english, chinese, "english")):
        of = defaultdict[int, set[int]](set)
        for url, id_ in own.items():
            try:
                targets = set(_targets(url, _text(db, folder, id_)))
            except Unreadable:
                found.unread += 1
                continue
            for target in targets & others.keys():
                of[others[target]].add(id_)
        for other, ids in of.items():
            if len(ids) == 1:
                [one] = ids
                pair = (one, other) if own is chinese else (other, one)
                found.pairs[pair] = "both" if pair in found.pairs else says
    return found


def _text(db: Database, folder: Path, id_: int) -> str:
    rows: Iterable[dict[str, Any]] = db.query(_PAGE, [id_])
    for capture in rows:
        entity = load(db, folder, capture)
        if entity.mime.endswith(("html", "xml")):
            return entity.text()
    return ""


def _targets(url: str, text: str) -> Iterator[str]:
    for match in _NAMED.finditer(text):
        href = _HREF.search(match[1] or match[2] or "")
        address = join(url, unescape(href[1] or href[2] or href[3] or "").strip()) if href else None
        if address:
            yield canonical(address)
