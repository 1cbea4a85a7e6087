"""Our JSON as OpenAPI 3.1: each address with what it may be asked and the schema of what it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from archive.article import Article
from archive.changes.candidates import KINDS
from archive.changes.changes import Event
from archive.numbers.shares import BYS
from archive.numbers.shares import Asked as Topic
from archive.patterns import deferred
from archive.search.hits import Hit
from archive.search.search import SORTS
from archive.search.unlooked import What
from archive.store.health import SiteHealth
from archive.store.problems import Problem
from archive.store.withheld import Depth, Kind
from archive.web.schemas import (
    ADDRESS,
    ERROR,
    FLAG,
    NUMBER,
    NUMBER_OR_NONE,
    TEXT,
    TEXT_OR_NONE,
    Schema,
    many,
    record,
    schema_of,
    told,
)

_IN_PATH = deferred(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is asked of one address, and answered."""

    path: Annotated[str, "As OpenAPI writes it, `{id}` for a part that changes"]
    summary: Annotated[str, "One line"]
    answer: Annotated[Schema, "Of its answer"]
    query: Annotated[tuple[tuple[str, str, Schema], ...], "Parameters: name, text, schema"] = ()
    errors: Annotated[tuple[int, ...], "Statuses of errors"] = (503,)


def _page(size: int, most: int) -> tuple[tuple[str, str, Schema], ...]:
    return (
        ("page", "Which page of results", {"type": "integer", "minimum": 1, "default": 1}),
        ("size", "Results of a page", {"type": "integer", "minimum": 1, "maximum": most, "default": size}),
    )


_PATH: dict[str, tuple[str, Schema]] = {
    "id": ("Permanent identifier of an article, or 12 of its characters and more", {"type": "string"}),
    "time": ("Time from which a version was seen, 14 digits, UTC", {"type": "string", "pattern": r"^\d{1,14}$"}),
    "name": ("Name of a watch", {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"}),
    "url": ("Address of an archived page, not percent-encoded a second time", {"type": "string"}),
}
_QUERY = ("q", "Query: words and fields, as in docs/search.md", TEXT)
_SPAN = (
    ("since", "On or after a day, month or year: 2023-09-01, 2023-09, 2023", TEXT),
    ("until", "On or before it", TEXT),
)
_PLACE = {
    "warc": told(TEXT, "WARC file"),
    "offset": told(NUMBER, "First byte of the record in it"),
    "length": told(NUMBER, "Bytes of the record as it lies there"),
    "record_id": told(TEXT, "WARC-Record-ID"),
    "payload_digest": told(TEXT_OR_NONE, "WARC-Payload-Digest"),
}
_VERSION = {
    "n": told(NUMBER, "1 is the oldest"),
    "title": TEXT,
    "content_digest": TEXT,
    "extractor": told(TEXT_OR_NONE, "Version of the reader"),
    "seen_from": told(TEXT, "First capture that had it, UTC"),
    "seen_to": told(TEXT, "Last capture that had it, UTC"),
}
_RUN = {"id": NUMBER, "begun": TEXT, "ended": TEXT_OR_NONE, "reason": TEXT_OR_NONE}
_BAR = record(
    period=told(TEXT, "2024-03 or 2024; empty where bars are colleges"),
    college=TEXT,
    n=told(NUMBER, "Stories of the topic"),
    of=told(NUMBER, "Stories in all"),
    share={"type": ["number", "null"]},
    few=told(FLAG, "Of few stories"),
)
_HIT = schema_of(Hit)["properties"] | {"id": told(TEXT, "Permanent identifier"), "page": ADDRESS, "json": ADDRESS}
_FIELDS = schema_of(Article)["properties"]
_DOCUMENT = record(
    url=TEXT,
    filename=TEXT,
    embedded=FLAG,
    mime=TEXT_OR_NONE,
    size=NUMBER_OR_NONE,
    text=TEXT_OR_NONE,
    archived=told(FLAG, "Whether the document itself is here"),
)
_EVENT = {"identifier": told(TEXT, "Permanent identifier of the story"), **schema_of(Event)["properties"]}
_ITEM = {**_EVENT, "kind": {"enum": ["new", *KINDS]}, "id": TEXT, "page": ADDRESS, "published": TEXT_OR_NONE}
_OF_ALL = ("identifier", "url", "site", "title", "language", "at", "kind", "id", "page")  # new stories have fewer keys
_HEALTH = {name: one for name, one in schema_of(SiteHealth)["properties"].items() if name != "found"}
_NOT_FOUND = (300, 404, 410, 451, 503)

OPERATIONS = (
    Operation(
        path="/search.json",
        summary="Articles that meet a query, with their marked passages, facets and months",
        query=(_QUERY, ("sort", "Order", {"enum": list(SORTS)}), *_page(20, 100)),
        answer=record(
            query=TEXT,
            sort=TEXT,
            total=told(NUMBER, "Articles found; where `over`, as many as were counted"),
            over=FLAG,
            deepest=told(NUMBER_OR_NONE, "Pages end after so many articles"),
            page=NUMBER,
            size=NUMBER,
            next=told(TEXT_OR_NONE, "Address of the next page"),
            results=many(record(**_HIT)),
            facets={"type": "object", "additionalProperties": many(record(value=TEXT, count=NUMBER))},
            estimated=told(FLAG, "Facets are estimates"),
            months=many(record(month=TEXT, count=NUMBER)),
            suggestion=TEXT_OR_NONE,
            unlooked=many(
                record(
                    what={"enum": list(get_args(What))},
                    stories=told(NUMBER_OR_NONE, "In how many it has not been looked for; null: in none it has"),
                    value=told(TEXT, "The site or tag that there is not"),
                    said=told(TEXT, "The same in a sentence"),
                )
            ),
        ),
        errors=(400, 503),
    ),
    Operation(
        path="/article/{id}.json",
        summary="Every field of an article, with its pictures, links and documents",
        answer=record(
            **_FIELDS
            | {
                "id": TEXT,
                "images": many(record(url=TEXT, caption=TEXT)),
                "links": many(record(url=TEXT, text=TEXT)),
                "attachments": many(_DOCUMENT),
                "college": TEXT,
                "country": TEXT_OR_NONE,
                "ror": TEXT_OR_NONE,
                "wikidata": TEXT_OR_NONE,
                "site_name": TEXT,
                "word_count": NUMBER_OR_NONE,
                "state": {"enum": ["live", "gone", "moved"]},
                "first_seen": TEXT,
                "last_seen": TEXT,
                "near_duplicate_of": told(TEXT_OR_NONE, "Identifier of the story that this one repeats"),
                "twin": told(TEXT_OR_NONE, "Identifier of the story that tells the same in English, or in Chinese"),
                "page": ADDRESS,
                "versions": ADDRESS,
                "captures": ADDRESS,
            }
        ),
        errors=_NOT_FOUND,
    ),
    Operation(
        path="/article/{id}/versions.json",
        summary="Versions of an article, oldest first, with the record each was read from",
        answer=record(
            article=TEXT,
            url=TEXT,
            versions=many(
                record(
                    **_VERSION,
                    page=ADDRESS,
                    capture={"anyOf": [record(fetched_at=TEXT, **_PLACE), {"type": "null"}]},
                    text=told(ADDRESS, "Where its text is"),
                )
            ),
        ),
        errors=_NOT_FOUND,
    ),
    Operation(
        path="/article/{id}/versions/{time}.json",
        summary="The version that stood at a time, with its text",
        answer=record(article=TEXT, **_VERSION, body=TEXT, body_html=TEXT),
        errors=_NOT_FOUND,
    ),
    Operation(
        path="/article/{id}/captures.json",
        summary="Captures of an article's address, newest first, with file, offset, length and digest of each",
        answer=record(
            article=TEXT,
            url=TEXT,
            captures=many(
                record(
                    url=TEXT,
                    fetched_at=TEXT,
                    status=NUMBER,
                    mime=TEXT_OR_NONE,
                    record_type=TEXT,
                    refers_to=told(TEXT_OR_NONE, "Record that a revisit repeats"),
                    truncated=TEXT_OR_NONE,
                    tls=TEXT_OR_NONE,
                    **_PLACE,
                    page=ADDRESS,
                    replay=ADDRESS,
                )
            ),
        ),
        errors=_NOT_FOUND,
    ),
    Operation(
        path="/changes.json",
        summary="What was silently changed, the latest first, with the words that went and came",
        query=(
            _QUERY,
            ("kind", "Kind of change", {"enum": list(KINDS)}),
            ("site", "Id of a site", TEXT),
            *_SPAN,
            ("min-weight", "Least weight, 0 to 1", {"type": "number"}),
            *_page(20, 100),
        ),
        answer=record(
            page=NUMBER,
            size=NUMBER,
            next=TEXT_OR_NONE,
            unread=told(NUMBER, "Older changes that were not looked at"),
            changes=many(record(**_EVENT, page=ADDRESS)),
        ),
        errors=(400, 503),
    ),
    Operation(
        path="/numbers.json",
        summary="The share of a topic among all stories",
        query=(
            _QUERY,
            ("by", "What a bar is", {"enum": list(BYS)}),
            ("among", "Of which stories: a query", TEXT),
            ("college", "Part of a college's name; may be repeated", TEXT),
            *_SPAN,
        ),
        answer=record(
            asked=schema_of(Topic),
            bars=many(_BAR),
            whole=_BAR,
            undated=record(n=NUMBER, of=NUMBER),
            few_means_fewer_than=NUMBER,
        ),
        errors=(400, 503),
    ),
    Operation(
        path="/watch/{name}.json",
        summary="What a saved search has met, the latest first",
        answer=record(
            watch=TEXT, query=TEXT, items=many(record(tuple(name for name in _ITEM if name not in _OF_ALL), **_ITEM))
        ),
        errors=(404, 503),
    ),
    Operation(
        path="/withheld.json",
        summary="What is withheld, since when and why",
        answer=many(
            record(
                what=told(TEXT, "Site, WARC-Record-ID, or identifier of an article"),
                kind={"enum": list(get_args(Kind))},
                depth={"enum": list(get_args(Depth))},
                reason=TEXT,
                since=TEXT,
                until=TEXT_OR_NONE,
            )
        ),
    ),
    Operation(
        path="/sites.json",
        summary="How each site fares, and what is wrong",
        answer=many(record(**_HEALTH, problems=many(schema_of(Problem)))),
    ),
    Operation(
        path="/runs.json",
        summary="The last crawls, newest first",
        answer=many(record(**_RUN, exit=NUMBER_OR_NONE, counts={"type": "object"})),
    ),
    Operation(
        path="/healthz",
        summary="That the archive can be read, and when the last crawl ended",
        answer=record(
            status=TEXT,
            last_run={"anyOf": [record(**{name: one for name, one in _RUN.items() if name != "id"}), {"type": "null"}]},
        ),
    ),
    Operation(
        path="/timemap/json/{url}",
        summary="All mementos of an address (RFC 7089)",
        answer=record(
            original_uri=TEXT,
            self=TEXT,
            mementos={"type": "object", "properties": {"list": many(record(datetime=TEXT, uri=TEXT))}},
            timemap_uri={"type": "object", "additionalProperties": TEXT},
            timegate_uri=TEXT,
        ),
        errors=(404, 451, 503),
    ),
    Operation(
        path="/openapi.json",
        summary="This description",
        answer=record(openapi=TEXT, info={"type": "object"}, servers=many(record(url=TEXT)), paths={"type": "object"}),
    ),
)


def document(*, version: str, server: str, title: str, examples: Mapping[str, str]) -> dict[str, Any]:
    """The description, with `examples` of what parameters may be: their names and values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "description": "What the pages of the archive show, for programs. Reads only. Keys may be added within a"
            " major version; none is taken away.",
        },
        "servers": [{"url": server}],
        "paths": {one.path: {"get": _operation(one, examples)} for one in OPERATIONS},
        "components": {"schemas": {"Error": ERROR}},
    }


def _operation(one: Operation, examples: Mapping[str, str]) -> dict[str, Any]:
    parameters = [_parameter(name, *_PATH[name], examples, where="path") for name in _IN_PATH.findall(one.path)]
    parameters += [_parameter(name, text, schema, examples, where="query") for name, text, schema in one.query]
    error = {"description": "What is wrong", "content": {"application/json": {"schema": _ERROR_HERE}}}
    return {
        "operationId": re.sub(r"\W+", "_", one.path.removesuffix(".json")).strip("_"),
        "summary": one.summary,
        **({"parameters": parameters} if parameters else {}),
        "responses": {
            "200": {"description": one.summary, "content": {"application/json": {"schema": one.answer}}},
            **{str(status): error for status in one.errors},
        },
    }


_ERROR_HERE: Schema = {"$ref": "#/components/schemas/Error"}


def _parameter(name: str, text: str, schema: Schema, examples: Mapping[str, str], *, where: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "in": where, "description": text, "schema": schema}
    if where == "path":
        found["required"] = True
    if name in examples:
        found["example"] = examples[name]
    return found
