"""Finding articles: the best of a query, how many there are, and how they spread over sites, years and sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from archive.search.index import COLUMNS, segmenter
from archive.search.query_sql import Compiled, compiled
from archive.search.query_tokens import Parts
from archive.search.snippet import snippet
from archive.search.suggest import better_query

if TYPE_CHECKING:
    from sqlite_utils import Database

Sort = Literal["relevance", "recent", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "recent", "newest", "oldest")
FACETS = ("site", "college", "year", "language", "section")
WEIGHTS = (10.0, 1.0, 4.0, 4.0, 0.5)  # of COLUMNS: a word in the title says most, one in a document least
# one article in so many found: from there on reading the whole of articles_facets is quicker (measured at 200,000)
_BROAD = 6
# best match first, an article of today counting twice as much as one of a year ago, thrice one of two years
_RECENT = "{rank} / (1 + max(0, julianday('now') - coalesce(julianday(substr(a.published, 1, 10)), 0)) / 365.25)"
_NEWEST = "a.published desc nulls last, a.id desc"
_OLDEST = "a.published asc nulls last, a.id"

# articles found from which on the filters lead: to look up the row of each costs more than to read a narrow index
_MANY = 500
_OF_INDEX = (
    "a.site",
    "substr(a.site",
    "a.published",
    "a.language",
    "a.section",
)  # filters that articles_facets answers

# what is found is read once and counted twice: grouped by all at once there are nearly as many groups as articles
_OVERVIEW = """
with found as materialized (
    select a.site, a.language, a.section, substr(a.published, 1, 7) as month from {source} where {where}
)
select site, language, section, null, count(*) from found group by 1, 2, 3
union all
select null, null, null, month, count(*) from found where month is not null group by month
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article found. Marked texts are lists of (text, is it a hit): nothing in them is escaped."""

    id: Annotated[int, "articles.id"]
    url: Annotated[str, "Canonical address"]
    site: Annotated[str, "Site id"]
    title: Annotated[Parts, "Title, marked"]
    published: Annotated[str | None, "As in `articles`"]
    language: Annotated[str | None, "ISO 639-1 code"]
    section: Annotated[str, "Column or section"]
    source: Annotated[str, "Office or medium named as source"]
    state: Annotated[str, "live, gone or moved"]
    kind: Annotated[str, "article, external or file"]
    snippet: Annotated[Parts, "The passage that shows why it was found, marked"]
    found_in: Annotated[
        tuple[str, ...], "Columns of the index in which words were found: title, body, byline, source, attachments"
    ]
    document: Annotated[str | None, "File name of the document the snippet is from; None for the story itself"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of what a query finds."""

    total: Annotated[int, "Articles found in all"]
    hits: Annotated[list[Hit], "Those of this page"]
    suggestion: Annotated[
        str | None, "A query near this one that finds something; only where this one finds nothing"
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How the articles of a query spread."""

    total: Annotated[int, "Articles found"]
    facets: Annotated[
        dict[str, list[tuple[str, int]]],
        "For each of FACETS its values with their counts, most first; empty values left out",
    ]
    months: Annotated[
        list[tuple[str, int]], "Articles by month of publication (2023-12), oldest first; undated ones left out"
    ]


def search(db: Database, query: str, *, limit: int = 20, offset: int = 0, sort: Sort = "relevance") -> Results:
    """Articles that meet `query`; an empty query finds all, newest first. Raises archive.search.query.QueryError."""
    asked = compiled(db, query)
    total = _count(db, asked)
    hits = list(_hits(db, asked, [id_ for (id_,) in _ids(db, asked, sort, limit, offset)]))
    return Results(total=total, hits=hits, suggestion=better_query(db, query, asked) if total == 0 else None)


def count(db: Database, query: str) -> int:
    """How many articles meet `query`. Raises QueryError."""
    return _count(db, compiled(db, query))


def ids(db: Database, query: str, *, sort: Sort = "relevance", limit: int = -1, offset: int = 0) -> Iterator[int]:
    """Ids of the articles that meet `query`, all unless limited. Raises QueryError."""
    asked = compiled(db, query)
    return (row[0] for row in _ids(db, asked, sort, limit, offset))


def condition(db: Database, query: str) -> tuple[str, list[str]]:
    """The query as an SQL condition over `articles a`, with its parameters, for whoever selects rows. Raises
    QueryError."""
    return compiled(db, query).condition.sql()


def overview(db: Database, query: str, *, top: int = 20) -> Overview:
    """Facets, `top` values of each, and counts by month. Raises QueryError."""
    source, where, parameters = _spread(db, compiled(db, query))
    college = dict(db.execute("select id, coalesce(college, '') from sites").fetchall())
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    months: list[tuple[str, int]] = []
    total = 0
    for site, language, section, month, found in db.execute(
        _OVERVIEW.format(source=source, where=where), parameters
    ).fetchall():
        if site is None:
            counts["year"][month[:4]] += found
            if len(month) == 7:
                months.append((month, found))
        else:
            total += found
            for name, value in (
                ("site", site),
                ("college", college.get(site, "")),
                ("language", language),
                ("section", section),
            ):
                counts[name][value or ""] += found
    facets = {
        name: [(v, n) for v, n in sorted(counter.items(), key=lambda item: (-item[1], item[0])) if v][:top]
        for name, counter in counts.items()
    }
    return Overview(total=total, facets=facets, months=sorted(months))


def by_site_and_month(db: Database, query: str) -> list[tuple[str, str, int]]:
    """Articles found, by site and month of publication (as much of it as is known). Raises QueryError."""
    source, where, parameters = _spread(db, compiled(db, query))
    rows = db.execute(
        f"select a.site, coalesce(substr(a.published, 1, 7), ''), count(*) from {source} where {where} group by 1, 2",
        parameters,
    )
    return [(site, month, n) for site, month, n in rows.fetchall()]


def same_name(db: Database, part: str, name: str) -> bool:
    """Whether that is part of a name, in any spelling that search takes for the same."""
    fold = segmenter(db).fold
    return fold(part).casefold() in fold(name).casefold()


def _spread(db: Database, asked: Compiled) -> tuple[str, str, list[str]]:
    """As `_source` with rows, for reading all that is found and no more of it than `articles_facets` holds.

    Looking up each row costs a page of the database, so where much is found the narrow index is read from end to end
    instead, which the plus before the id has SQLite do: at 133,000 of 200,000 articles in half the time.
    """
    condition = asked.condition
    if _filters_lead(db, asked):
        where = " and ".join(
            [
                *(f"({part})" for part in condition.where),
                "+a.id in (select rowid from articles_fts where articles_fts match ?)",
            ]
        )
        return "articles a", where, [*condition.parameters, condition.match]
    if condition.match and not condition.negated and not condition.where:
        newest = db.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
        if _count(db, asked) * _BROAD > newest:
            return (
                "articles a",
                "+a.id in (select rowid from articles_fts where articles_fts match ?)",
                [condition.match],
            )
    return _source(db, asked, rows=True)


def _filters_lead(db: Database, asked: Compiled) -> bool:
    """Whether the articles that pass the filters are sought first: they are told without their rows, and many hold the
    words."""
    condition = asked.condition
    if not condition.match or condition.negated or not condition.where:
        return False
    if not all(part.startswith(_OF_INDEX) for part in condition.where):
        return False
    some = "select count(*) from (select 1 from articles_fts where articles_fts match ? limit ?)"
    return bool(db.execute(some, [condition.match, _MANY]).fetchone()[0] == _MANY)


def _source(db: Database, asked: Compiled, *, rows: bool) -> tuple[str, str, list[str]]:
    """FROM and WHERE of a query, with parameters; `rows` where columns of `articles a` are needed."""
    condition = asked.condition
    if condition.match and not condition.negated:
        lead = _filters_lead(db, asked)
        joined = rows or bool(condition.where and not lead)
        source = (
            "articles_fts f" + " cross join articles a on a.id = f.rowid" * joined
        )  # cross: the index is asked once, not for each row
        passes = " and ".join(f"({part})" for part in condition.where)
        if lead:  # the plus keeps SQLite from asking the index of words anew for each article that passes
            passes = f"+f.rowid in (select a.id from articles a where {passes})"
        where = " and ".join(["articles_fts match ?", *([passes] if passes else [])])
        return source, where, [condition.match, *condition.parameters]
    return "articles a", *condition.sql()


def _count(db: Database, asked: Compiled) -> int:
    source, where, parameters = _source(db, asked, rows=False)
    return int(db.execute(f"select count(*) from {source} where {where}", parameters).fetchone()[0])


def _ids(db: Database, asked: Compiled, sort: Sort, limit: int, offset: int) -> Any:
    source, where, parameters = _source(db, asked, rows=sort != "relevance")
    rank = f"bm25(articles_fts, {', '.join(map(str, WEIGHTS))})"
    ranked = asked.condition.match and not asked.condition.negated
    if sort == "oldest":
        order = _OLDEST
    elif sort == "newest" or not ranked:
        order = _NEWEST
    else:
        order = f"{rank}, f.rowid desc" if sort == "relevance" else f"{_RECENT.format(rank=rank)}, a.id desc"
    id_ = "f.rowid" if ranked else "a.id"
    return db.execute(
        f"select {id_} from {source} where {where} order by {order} limit ? offset ?", [*parameters, limit, offset]
    )


def _hits(db: Database, asked: Compiled, found: list[int]) -> Iterator[Hit]:
    if not found:  # else SQLite reads every article for a list of none
        return
    among = ", ".join("?" * len(found))
    facts = ("url", "site", "published", "language", "section", "state", "kind")
    rows = {
        row[0]: row[1:]
        for row in db.execute(
            f"select a.id, {', '.join(f'a.{name}' for name in facts)}, {', '.join(f't.{name}' for name in COLUMNS)}"
            f" from articles a join articles_text t on t.id = a.id where a.id in ({among})",
            found,
        )
    }
    present = [id_ for id_ in found if id_ in rows]
    texts = [dict(zip(COLUMNS, rows[id_][len(facts) :], strict=True)) for id_ in present]
    for id_, text, marked in zip(present, texts, asked.scratch.marked(texts, asked.marks), strict=True):
        found_in = tuple(column for column in COLUMNS if any(hit for _, hit in marked[column]))
        document = None
        passage = marked["body"]
        if "attachments" in found_in and not set(found_in) & {"title", "body"}:
            document, passage = _document(db, id_, marked["attachments"])
        yield Hit(
            id=id_,
            **dict(zip(facts, rows[id_], strict=False)),
            title=_first_line(marked["title"]),
            source=text["source"],
            snippet=snippet(passage),
            found_in=found_in,
            document=document,
        )


def _first_line(parts: Parts) -> Parts:
    """The title without the subtitle under it."""
    out: Parts = []
    for text, hit in parts:
        line, newline, _ = text.partition("\n")
        out.append((line, hit))
        if newline:
            break
    return [part for part in out if part[0]]


def _document(db: Database, article: int, marked: Parts) -> tuple[str | None, Parts]:
    """The first document with a hit, and its text; names and texts follow each other as in the view `articles_text`."""
    for name, length in db.execute(
        "select filename, length(filename || coalesce(char(10) || text, '')) from attachments where article = ? order"
        " by n",
        [article],
    ).fetchall():
        own, marked = _split(marked, length)
        if any(hit for _, hit in own):
            return name, own
        _, marked = _split(marked, 1)
    return None, marked


def _split(parts: Parts, at: int) -> tuple[Parts, Parts]:
    before: Parts = []
    for place, (text, hit) in enumerate(parts):
        if len(text) > at:
            return [*before, (text[:at], hit)], [(text[at:], hit), *parts[place + 1 :]]
        before.append((text, hit))
        at -= len(text)
    return before, []
