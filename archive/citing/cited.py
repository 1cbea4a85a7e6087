"""What a citation says of an article, or of a version of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from archive.identity import identifier

if TYPE_CHECKING:
    from sqlite_utils import Database

_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")
_LENGTHS = {"year": 4, "month": 7}  # of a date that is known no further
_ROW = """
    select a.url, a.title, a.authors, a.published, a.published_precision, a.source, a.section, a.language, a.last_seen,
           coalesce(nullif(s.name, ''), a.site) as site_name, coalesce(s.college, '') as college
    from articles a left join sites s on s.id = a.site where a.id = ?
"""
_VERSION = """
    select coalesce(v.title, a.title) as title, c.fetched_at, c.record_id
    from version_rows v join articles a on a.id = v.article left join captures c on c.id = v.capture
    where v.article = ? and (v.id = a.current_version or ? <> '') and (v.seen_from <= ? or ? = '')
    order by v.seen_from desc, v.n desc limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What a citation needs; dates are ISO 8601, only as long as they are known."""

    id: Annotated[str, "Public identifier of the article"]
    title: str
    authors: tuple[str, ...]
    site: Annotated[str, "Name of the site"]
    publisher: Annotated[str, "The college"]
    published: str | None
    accessed: Annotated[str | None, "Day of the capture"]
    url: str
    language: str | None = None
    section: str = ""
    captured: Annotated[str | None, "Time of the capture, UTC"] = None
    record: Annotated[str | None, "WARC-Record-ID of what was read"] = None


def cited(article: Mapping[str, Any], version: Mapping[str, Any] | None) -> Cited:
    """Of a row of `articles` with its site's name and college, and the version that is meant with its capture."""
    published, captured = article["published"], (version or {}).get("fetched_at")
    return Cited(
        id=identifier(article["url"]),
        title=_line(article["title"]),
        authors=tuple(_line(name) for name in article["authors"]),
        site=_line(article["site_name"]),
        publisher=_line(article["source"] or article["college"]),
        published=published and published[: _LENGTHS.get(article["published_precision"] or "", 10)],
        accessed=(captured or article["last_seen"])[:10],
        url=article["url"],
        language=article["language"],
        section=_line(article["section"] or ""),
        captured=captured,
        record=(version or {}).get("record_id"),
    )


def _line(text: str) -> str:
    """One line, as every form of a citation has it, without control characters."""
    return " ".join(text.translate(_CONTROLS).split())


def find(db: Database, id_: int, at: str = "") -> Cited | None:
    """Of an article's row as it stands, or as it stood `at` a time; None where it was not seen by then."""
    article = next(db.query(_ROW, [id_]))
    version = next(db.query(_VERSION, [id_, at, at, at]), None)
    if version is None:
        return None if at else cited(article | {"authors": json.loads(article["authors"] or "[]")}, None)
    return cited(article | {"authors": json.loads(article["authors"] or "[]"), "title": version["title"]}, version)
