"""Readings that a person should look at, the least sure first, and those that a person has looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.packed_html import in_sql
from archive.search.search import condition
from archive.store.corrections import FIELDS, Correction

if TYPE_CHECKING:
    from sqlite_utils import Database

SURE = 0.8  # a reading that is as sure is not looked at, unless it is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A story as it was read, and the capture that it was read from."""

    id: int
    url: str
    site: str
    confidence: float
    title: str
    published: str | None
    published_precision: str | None
    byline: str
    authors: tuple[str, ...]
    body: str
    body_html: str
    language: str | None
    reader: str
    capture: str  # WARC-Record-ID
    captured: str
    captured_url: str
    pages: int


_DOUBTS = f"""
select a.id, a.url, a.site, a.confidence, a.title, a.published, a.published_precision, a.byline, a.authors, a.body,
  {in_sql("a.body_html", "a.body")} as body_html,
  a.language, v.extractor as reader, c.record_id as capture, c.fetched_at as captured,
  c.url as captured_url, (select count(*) from parts p where p.version = v.id) as pages
from articles a join version_rows v on v.id = a.current_version join captures c on c.id = v.capture
where a.kind = 'article' and {{doubtful}} and ({{where}})
order by a.confidence, a.id limit ? offset ?
"""
_COUNT = "select count(*) from articles a where a.kind = 'article' and {doubtful} and ({where})"


def doubts(db: Database, query: str = "", *, below: float = SURE, limit: int = -1, offset: int = 0) -> Iterator[Doubt]:
    """Stories that meet the query and are less sure than that, the least sure first. Raises QueryError."""
    where, parameters = condition(db, query)
    for row in db.query(_DOUBTS.format(doubtful=_doubtful(below), where=where), [below, *parameters, limit, offset]):
        yield Doubt(**row | {"authors": tuple(json.loads(row["authors"]))})


def _doubtful(below: float) -> str:
    """The index (m028) has what is less than SURE; whoever asks for more reads all articles."""
    return "a.confidence < 0.8 and a.confidence < ?" if below <= SURE else "a.confidence < ?"


def counted(db: Database, query: str = "", *, below: float = SURE) -> int:
    """How many there are. Raises QueryError."""
    where, parameters = condition(db, query)
    return int(db.execute(_COUNT.format(doubtful=_doubtful(below), where=where), [below, *parameters]).fetchone()[0])


def labelled(db: Database) -> Iterator[dict[str, Any]]:
    """What persons said, a page each: what the reader had read, what is right, which of it was wrong; by address."""
    rows = db.execute(
        "select said from corrections where said != '{}' and json_extract(said, '$.ocr') is null"
        " order by url, capture, at, record_id"
    )
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for (text,) in rows:
        one = Correction.of(text)
        known = merged.setdefault(
            (one.url, one.capture),
            {
                "url": one.url,
                "site": one.site,
                "capture": one.capture,
                "confidence": one.confidence,
                "reader": one.reader,
                "read": one.was,
                "right": dict(one.was),
                "wrong": [],
                "region": "",
                "by": [],
            },
        )
        known["right"] |= one.said
        known["wrong"] = [name for name in FIELDS if name in {*known["wrong"], *one.said}]
        known["region"] = one.region or known["region"]
        known["by"] = list(dict.fromkeys([*known["by"], *filter(None, [one.by])]))
    yield from merged.values()
