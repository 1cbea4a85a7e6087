"""Search: box, results with their hits marked, facets, a timeline to click; the same as JSON, CSV and Atom."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args

from datasette.utils.asgi import Response

from archive.exports.csv import guarded
from archive.identity import identifier
from archive.instants import iso, now
from archive.patterns import deferred
from archive.search import search
from archive.search.hits import Hit
from archive.search.query import QueryError
from archive.search.query_tree import MOST_LENGTH
from archive.search.search import Sort
from archive.web import growth, story
from archive.web.chosen import note_unlooked
from archive.web.feed import add, answer, begun
from archive.web.holdings import Holdings
from archive.web.page_request import PageRequest

PAGE, MOST_PAGE, MOST_ROWS, MOST_ENTRIES = 20, 100, 5000, 50
_FIELD = {
    "site": "site",
    "college": "college",
    "country": "country",
    "year": "year",
    "language": "lang",
    "section": "section",
}
_APPLIED = deferred(r'-?(?<!\w)\w{1,12}[:：](?:"[^"]*"|“[^”]*”|[^\s()]+)')
_FOR_ALL = ("relevance", "recent", "newest", "oldest")  # orders that each search is offered
_EXAMPLES = (
    ("招生 学院", "words"),
    ('"national science"', "phrase"),
    ("图书馆 OR library", "or"),
    ("招生 -研究生", "not"),
    ("univers*", "prefix"),
    ("title:招生", "title"),
    ("author:张三", "author"),
    ("source:研究生院", "source"),
    ("caption:图书馆", "caption"),
    ("site:example_news", "site"),
    ("lang:en", "lang"),
    ("after:2023-09 before:2024-01-31", "dates"),
    ("has:attachment", "attachment"),
    ("state:gone", "gone"),
)


def show(held: Holdings, visit: PageRequest) -> Response:
    """The page: `?q=…&sort=…&page=…`."""
    query, sort = _asked(visit)
    context: dict[str, Any] = {
        "query": query[:MOST_LENGTH],
        "sort": sort,
        "sorts": [one for one in get_args(Sort) if one in (sort, *_FOR_ALL)],
        "default_sort": _default(query),
        "examples": _EXAMPLES,
        "applied": _applied(query) if len(query) <= MOST_LENGTH else [],
        "asked": "q" in visit.args,
        "problem": "",
        "found": None,
    }
    number = visit.number("page", 1, most=10**6)
    try:
        found, names = held.search(query, limit=PAGE, offset=(number - 1) * PAGE, sort=sort)
        if number > 1 and not found.hits:  # past the end: the last page there is
            number = max(1, -(-found.reach // PAGE))
            found, names = held.search(query, limit=PAGE, offset=(number - 1) * PAGE, sort=sort)
        spread = held.overview(query, top=12)
    except QueryError as problem:
        return visit.page("search.html", 400, **context | {"problem": str(problem)})
    except sqlite3.OperationalError as problem:
        if "no such table" not in str(problem):
            raise
        return visit.page("search.html", 503, **context | {"problem": visit.word("no_index")})
    note_unlooked(visit, found.unlooked)
    counts = dict(spread.months)
    return visit.page(
        "search.html",
        **context
        | {
            "found": found,
            "rows": _rows(held, found.hits, names),
            "suggestion": found.suggestion,
            "chart": growth.chart(counts, visit, query),
            "years_": growth.years(counts),
            "facets": [*_facets(held, spread, query), *_copied(held, visit, query, estimated=spread.sampled)],
            "number": number,
            "last": -(-found.reach // PAGE),
            "sampled": spread.sampled,
            "first": (number - 1) * PAGE + 1,
        },
    )


def as_json(held: Holdings, visit: PageRequest) -> Response:
    """`/search.json`: results with marked texts as lists of [text, is it a hit], facets and months."""
    query, sort = _asked(visit)
    size, number = visit.number("size", PAGE, most=MOST_PAGE), visit.number("page", 1, most=10**6)
    try:
        found, _ = held.search(query, limit=size, offset=(number - 1) * size, sort=sort)
        spread = held.overview(query)
    except QueryError as problem:
        return _json({"error": str(problem), "query": query[:MOST_LENGTH]}, 400)
    here = visit.origin
    more = number * size < found.reach
    return _json(
        {
            "query": query,
            "sort": sort,
            "total": found.total,
            "over": found.over,
            "deepest": found.deepest,
            "page": number,
            "size": size,
            "next": here + visit.link("/search.json", q=query, sort=sort, size=size, page=number + 1) if more else None,
            "results": [
                asdict(hit)
                | {
                    "id": identifier(hit.url),
                    "page": here + visit.article(hit.url),
                    "json": here + visit.article(hit.url, suffix=".json"),
                }
                for hit in found.hits
            ],
            "facets": {
                name: [{"value": value, "count": n} for value, n in values] for name, values in spread.facets.items()
            },
            "estimated": spread.sampled,
            "months": [{"month": month, "count": n} for month, n in spread.months],
            "suggestion": found.suggestion,
            "unlooked": [one.as_dict() for one in found.unlooked],
        }
    )


def as_csv(held: Holdings, visit: PageRequest) -> Response:
    """`/search.csv`: one row an article, at most MOST_ROWS, safe to open in a spreadsheet."""
    query, sort = _asked(visit)
    columns = (
        "id",
        "url",
        "title",
        "published",
        "site",
        "site_name",
        "college",
        "section",
        "language",
        "state",
        "kind",
    )
    try:
        rows = held.first(query, sort, MOST_ROWS)
    except QueryError as problem:
        return Response(f"{problem}\n", status=400)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        named = row | {"id": identifier(row["url"])}
        writer.writerow([guarded(named[name]) for name in columns])
    headers = {"Content-Disposition": 'attachment; filename="search.csv"'}
    return Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def as_atom(held: Holdings, visit: PageRequest) -> Response:
    """`/search.atom`: the newest articles that meet the query (RFC 4287); to be subscribed to."""
    query, _ = _asked(visit)
    try:
        rows = held.first(query, "newest", MOST_ENTRIES)
    except QueryError as problem:
        return Response(f"{problem}\n", status=400)
    feed = begun()
    add(feed, "title", f"{query} · {visit.word('archive')}" if query else visit.word("archive"))
    add(feed, "id", visit.origin + visit.link("/search.atom", q=query))
    add(feed, "updated", max((row["first_seen"] for row in rows), default=iso(now())))
    add(add(feed, "author"), "name", visit.word("archive"))
    add(feed, "link", rel="self", href=visit.origin + visit.link("/search.atom", q=query))
    add(feed, "link", rel="alternate", type="text/html", href=visit.origin + visit.link("/search", q=query))
    for row in rows:
        entry = add(feed, "entry")
        add(entry, "title", row["title"])
        add(entry, "id", f"urn:campuswarc:article:{identifier(row['url'])}")
        add(entry, "link", rel="alternate", type="text/html", href=visit.origin + visit.article(row["url"]))
        add(entry, "link", rel="via", href=row["url"])
        add(entry, "updated", row["first_seen"])
        if len(row["published"] or "") >= 10:
            add(entry, "published", row["published"] if "T" in row["published"] else f"{row['published']}T00:00:00Z")
        add(add(entry, "author"), "name", row["site_name"])
        add(entry, "summary", row["opening"])
    return answer(feed)


def _asked(visit: PageRequest) -> tuple[str, Sort]:
    query = visit.wanted
    sort = next((sort for sort in get_args(Sort) if sort == visit.args.get("sort")), _default(query))
    return (query if "has:doubt" in query.split() else search.sought(query, sort)), sort


def _default(query: str) -> Sort:
    return "relevance" if query else "newest"


def _rows(held: Holdings, hits: list[Hit], names: list[str]) -> list[dict[str, Any]]:
    """Cards of the hits, marked."""
    pictures = held.pictures([(name, hit.id) for hit, name in zip(hits, names, strict=True)])
    of_url = {hit.url: pictures.get((name, hit.id)) for hit, name in zip(hits, names, strict=True)}
    return [
        card
        | {
            "title_marked": story.marked(hit.title),
            "snippet": story.marked(hit.snippet),
            "picture": of_url[hit.url],
            "document": hit.document,
            "in_document": "attachments" in hit.found_in,
            "in_caption": "captions" in hit.found_in,
        }
        for hit, card in held.with_cards(hits, names)
    ]


def _facets(held: Holdings, spread: search.Overview, query: str) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """Values that would narrow the search, each with the query that does; a facet with one value narrows nothing."""
    out = []
    names = _apart(held.site_names())
    for name, values in spread.facets.items():
        if len(values) > 1 or (values and values[0][1] < spread.total):
            out.append(
                (
                    name,
                    [
                        (
                            names.get(value, value) if name == "site" else value,
                            f"{query} {_term(_FIELD[name], value)}".strip(),
                            n,
                        )
                        for value, n in values
                    ],
                )
            )
    return out


def _apart(names: Mapping[str, str]) -> dict[str, str]:
    """Names of sites, each with its id where others are called the same: as a college's papers often are."""
    often = Counter(names.values())
    return {id_: f"{name} ({id_})" if often[name] > 1 else name for id_, name in names.items()}


def _copied(
    held: Holdings, visit: PageRequest, query: str, *, estimated: bool
) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """How many repeat another story, and how many are repeated."""
    found = []
    for value in ("duplicate", "copies"):
        narrower = f"({query}) has:{value}" if query else f"has:{value}"
        try:
            n = held.count(narrower, estimated=estimated)
        except QueryError:  # as long, as deep or of as many terms as a query may be: it cannot be narrowed
            continue
        if n:
            found.append((visit.word(f"copied_{value}"), narrower, n))
    return [("copied", found)] if found else []


def _term(field: str, value: str) -> str:
    bare = value.replace('"', " ")
    return f"{field}:{bare}" if re.fullmatch(r"[\w.-]+", bare) else f'{field}:"{bare}"'


def _applied(query: str) -> list[tuple[str, str]]:
    """The filters in a query, each with the query without it."""
    return [
        (match[0], " ".join(f"{query[: match.start()]} {query[match.end() :]}".split()))
        for match in _APPLIED.finditer(query)
    ]


def _json(document: object, status: int = 200) -> Response:
    return Response(
        json.dumps(document, ensure_ascii=False, indent=1),
        status=status,
        content_type="application/json; charset=utf-8",
    )
