"""JSON of an article, its versions and captures: the same facts as the page, in a shape that stays."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from archive import packed_html
from archive.article import Article
from archive.identity import identifier
from archive.replay.captures import stamp
from archive.twins.table import of
from archive.web.cards import first, one
from archive.web.page_request import PageRequest
from archive.web.pages import permanent
from archive.web.pages.article import captures as captures_of
from archive.web.pages.article import read
from archive.web.pages.article import versions as versions_of

if TYPE_CHECKING:
    from sqlite_utils import Database

_VERSION = ("n", "title", "content_digest", "extractor", "seen_from", "seen_to")
_COLLEGE = (
    "select nullif(country, '') as country, nullif(json_extract(config, '$.ror'), '') as ror,"
    " nullif(wikidata, '') as wikidata from sites where id = ?"
)
_PLACE = ("warc", "offset", "length", "record_id", "payload_digest")
_CAPTURE = ("url", "fetched_at", "status", "mime", "record_type", "refers_to", "truncated", "tls", *_PLACE)


def article(db: Database, visit: PageRequest, id: str) -> Response:
    """The fields of the data dictionary, what the archive adds to them, and where the rest is."""
    found = permanent.find(db, visit, id)
    if isinstance(found, Response):
        return found
    row = read(db, found)
    assert row is not None
    original = one(db, "select url from articles where id = ?", [row["near_duplicate_of"]])
    pair = of(db, row["url"])
    other = pair and (pair.english if pair.chinese.url == row["url"] else pair.chinese).url
    plain = {field.name: row[field.name] for field in fields(Article) if field.name in row}
    children = {
        "images": db.query("select url, caption from images where article = ? order by n", [row["id"]]),
        "links": db.query("select url, text from links where article = ? order by n", [row["id"]]),
        "attachments": _documents(db, row["id"]),
    }
    here = f"{visit.origin}{visit.article(row['url'])}"
    return _json(
        {
            "id": identifier(row["url"]),
            **plain,
            **{name: list(rows) for name, rows in children.items()},
            "college": row["college"],
            **(first(db, _COLLEGE, [row["site"]]) or {}),
            "site_name": row["site_name"],
            "word_count": row["word_count"],
            "state": row["state"],
            "first_seen": row["first_seen"],
            "last_seen": row["last_seen"],
            "near_duplicate_of": original and identifier(original),
            "twin": other and identifier(other),
            "page": here,
            "versions": f"{here}/versions.json",
            "captures": f"{here}/captures.json",
        }
    )


def versions(db: Database, visit: PageRequest, id: str) -> Response:
    """All versions, oldest first, each with the record it was read from; their texts are one address each."""
    found = permanent.find(db, visit, id)
    if isinstance(found, Response):
        return found
    row = read(db, found)
    assert row is not None
    here = f"{visit.origin}{visit.article(row['url'])}"
    told = [
        {name: version[name] for name in _VERSION}
        | {
            "page": f"{here}/{stamp(version['seen_from'])}",
            "capture": _place(version),
            "text": f"{here}/versions/{stamp(version['seen_from'])}.json",
        }
        for version in versions_of(db, row["id"])
    ]
    return _json({"article": identifier(row["url"]), "url": row["url"], "versions": told})


def version(db: Database, visit: PageRequest, id: str, at: str) -> Response:
    """The version that stood at a time, with its text."""
    found = permanent.find(db, visit, id)
    if isinstance(found, Response):
        return found
    known = permanent.version_at(versions_of(db, found), at)
    if known is None:
        return _missing(f"no version {at} of article {id}")
    if at != stamp(known["seen_from"]):
        return visit.moved(f"/article/{id}/versions/{stamp(known['seen_from'])}.json", status=302)
    row = packed_html.plain(first(db, "select * from versions where id = ?", [known["id"]]) or {})
    return _json(
        {"article": id, **{name: row[name] for name in _VERSION}, "body": row["body"], "body_html": row["body_html"]}
    )


def captures(db: Database, visit: PageRequest, id: str) -> Response:
    """Captures of its address, newest first, with the place of each record."""
    found = permanent.find(db, visit, id)
    if isinstance(found, Response):
        return found
    row = read(db, found)
    assert row is not None
    told = [
        {name: capture[name] for name in _CAPTURE}
        | {"page": visit.origin + visit.capture(capture["record_id"])}
        | {"replay": visit.origin + visit.replay(stamp(capture["fetched_at"]), capture["url"])}
        for capture in captures_of(db, row)
    ]
    return _json({"article": identifier(row["url"]), "url": row["url"], "captures": told})


def _documents(db: Database, id: int) -> list[dict[str, Any]]:
    rows = db.query(
        "select url, filename, embedded, mime, size, text, capture from attachments where article = ? order by n", [id]
    )
    return [row | {"embedded": bool(row["embedded"]), "archived": row.pop("capture") is not None} for row in rows]


def _place(version: dict[str, Any]) -> dict[str, Any] | None:
    return (
        {"fetched_at": version["fetched_at"], **{name: version[name] for name in _PLACE}} if version["warc"] else None
    )


def _json(document: object, status: int = 200) -> Response:
    body = json.dumps(document, ensure_ascii=False, indent=1)
    return Response(body, status=status, content_type="application/json; charset=utf-8")


def _missing(text: str) -> Response:
    return _json({"error": text}, status=404)
