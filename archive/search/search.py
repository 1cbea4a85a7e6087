"""Finding articles: the best of a query, how many there are, and how they spread over sites, years and sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from archive.search import bounds
from archive.search.hits import Hit, hits
from archive.search.index import segmenter
from archive.search.query_sql import Compiled, compiled
from archive.search.suggest import better_query
from archive.search.unlooked import Unlooked, unlooked
from archive.shadows import hides

if TYPE_CHECKING:
    from sqlite_utils import Database

Sort = Literal["relevance", "recent", "newest", "oldest", "doubtful"]
SORTS: tuple[Sort, ...] = ("relevance", "recent", "newest", "oldest", "doubtful")
RANKED = ("relevance", "recent")  # by how well an article meets the words
FACETS = ("site", "college", "country", "year", "language", "section")
WEIGHTS = (10.0, 1.0, 4.0, 4.0, 0.5, 1.0)  # of COLUMNS: a word in the title says most, one in a document least
_RANK = f"bm25(articles_fts, {', '.join(map(str, WEIGHTS))})"
# one article in so many found: from there on reading the whole of articles_facets is quicker (measured at 200,000)
_BROAD = 6
# best match first, an article of today counting twice as much as one of a year ago, thrice one of two years
_RECENT = "{rank} / (1 + max(0, julianday('now') - coalesce(julianday(substr(a.published, 1, 10)), 0)) / 365.25)"
_NEWEST = "a.published desc nulls last, a.id desc"
_OLDEST = "a.published asc nulls last, a.id"
_DOUBTFUL = "a.confidence, a.id"  # what is most likely wrong first

# articles found from which on the filters lead: to look up the row of each costs more than to read a narrow index
_MANY = 500

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
class Results:
    """A page of what a query finds."""

    total: Annotated[int, "Articles found in all; where `over` is true, as many as were counted"]
    hits: Annotated[list[Hit], "Those of this page"]
    over: Annotated[bool, "There are more than `total`"] = False
    deepest: Annotated[
        int | None,
        "So many hold the words that not each was weighed: those with the words in their titles come first, and pages"
        " end after so many articles. None: all were weighed, and pages go to the end",
    ] = None
    suggestion: Annotated[
        str | None, "A query near this one that finds something; only where this one finds nothing"
    ] = None
    unlooked: Annotated[Sequence[Unlooked], "What is asked for that nobody has looked for, or not everywhere"] = ()

    @property
    def reach(self) -> int:
        """How many of them can be paged through."""
        return self.total if self.deepest is None else min(self.total, self.deepest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How the articles of a query spread."""

    total: Annotated[int, "Articles found, or an estimate"]
    facets: Annotated[
        dict[str, list[tuple[str, int]]],
        "For each of FACETS its values with their counts, most first; empty values left out",
    ]
    months: Annotated[
        list[tuple[str, int]], "Articles by month of publication (2023-12), oldest first; undated ones left out"
    ]
    sampled: Annotated[
        bool, "Counts are estimates: articles in spans that are spread evenly over the archive were counted"
    ] = False


def search(db: Database, query: str, *, limit: int = 20, offset: int = 0, sort: Sort = "relevance") -> Results:
    """Articles that meet `query`; an empty query finds all, newest first. Raises archive.search.query.QueryError."""
    query = sought(query, sort)
    asked = compiled(db, query)
    total, over, found, bounded = page_of(db, asked, sort, limit, offset)
    return Results(
        total=total,
        hits=list(hits(db, asked, found)),
        over=over,
        deepest=bounds.DEEPEST if bounded else None,
        suggestion=better_query(db, query, asked) if total == 0 else None,
        unlooked=unlooked(db, query),
    )


def sought(query: str, sort: Sort) -> str:
    """The query that an order asks: `doubtful` is one of doubtful articles alone, which an index keeps."""
    if sort != "doubtful" or query.strip() == "has:doubt":
        return query
    return f"({query}) has:doubt" if query.strip() else "has:doubt"


def count(db: Database, query: str, *, estimated: bool = False) -> int:
    """How many articles meet `query`; an estimate, as facets of very many are, will do. Raises QueryError."""
    asked = compiled(db, query)
    if estimated and (spans := bounds.windows(db)):
        source, where, parameters = _within(spans, *_source(db, asked, rows=False))
        found = db.execute(f"select count(*) from {source} where {where}", parameters).fetchone()[0]
        if found >= bounds.SHOWING:
            return bounds.estimate(db)(found)
    return count_of(db, asked)


def ids(db: Database, query: str, *, sort: Sort = "relevance", limit: int = -1, offset: int = 0) -> Iterator[int]:
    """Ids of the articles that meet `query`, all unless limited. Raises QueryError."""
    asked = compiled(db, sought(query, sort))
    if limit >= 0 and limit + offset <= bounds.DEEPEST:
        return iter(page_of(db, asked, sort, limit, offset)[2])
    return (row[0] for row in _ids(db, asked, sort, limit, offset))


def condition(db: Database, query: str) -> tuple[str, list[str]]:
    """The query as an SQL condition over `articles a`, with its parameters, for whoever selects rows. Raises
    QueryError."""
    return compiled(db, query).condition.sql()


def overview(db: Database, query: str, *, top: int = 20) -> Overview:
    """Facets, `top` values of each, and counts by month; of very many articles estimates. Raises QueryError."""
    asked = compiled(db, query)
    spans = _sampled(db, asked)
    found = _counts(db, asked, spans)
    if spans and sum(n for site, *_, n in found if site is not None) < bounds.SHOWING:
        spans = []
        found = _counts(db, asked, spans)
    rows = db.execute(
        "select id, coalesce(college, ''), iif(country glob '[A-Za-z][A-Za-z]', upper(country), '') from sites"
    ).fetchall()
    college, country = {id_: name for id_, name, _ in rows}, {id_: code for id_, _, code in rows}
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    months: list[tuple[str, int]] = []
    total = 0
    for site, language, section, month, n in found:
        if site is None:
            counts["year"][month[:4]] += n
            if len(month) == 7:
                months.append((month, n))
        else:
            total += n
            for name, value in (
                ("site", site),
                ("college", college.get(site, "")),
                ("country", country.get(site, "")),
                ("language", language),
                ("section", section),
            ):
                counts[name][value or ""] += n
    if spans:
        of_all = bounds.estimate(db)
        total = of_all(total)
        counts = {name: Counter({v: of_all(n) for v, n in counter.items()}) for name, counter in counts.items()}
        months = [(month, of_all(n)) for month, n in months]
    facets = {
        name: [(v, n) for v, n in sorted(counter.items(), key=lambda item: (-item[1], item[0])) if v][:top]
        for name, counter in counts.items()
    }
    return Overview(total=total, facets=facets, months=sorted(months), sampled=bool(spans))


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


def _sampled(db: Database, asked: Compiled) -> list[tuple[int, int]]:
    """Spans of ids in which facets are counted, where very many articles may be found; none where all are."""
    condition = asked.condition
    spans = bounds.windows(db)
    if not spans or bounds.narrow(db, condition):
        return []
    if condition.match and not condition.negated and bounds.held(db, condition.match, bounds.SAMPLED) < bounds.SAMPLED:
        return []
    return spans


def _counts(db: Database, asked: Compiled, spans: Sequence[tuple[int, int]]) -> list[tuple[Any, ...]]:
    source, where, parameters = _spread(db, asked, spans)
    return db.execute(_OVERVIEW.format(source=source, where=where), parameters).fetchall()


def _within(
    spans: Sequence[tuple[int, int]], source: str, where: str, parameters: list[str]
) -> tuple[str, str, list[str]]:
    """FROM and WHERE, with parameters, of those of a query whose ids lie in the spans."""
    id_ = "f.rowid" if source.startswith("articles_fts") else "a.id"
    values = ", ".join(f"({first}, {last})" for first, last in spans)
    some = f"(select column1 as first, column2 as last from (values {values})) w cross join {source}"
    return some, f"{id_} between w.first and w.last and {where}", parameters


def _spread(db: Database, asked: Compiled, spans: Sequence[tuple[int, int]] = ()) -> tuple[str, str, list[Any]]:
    """As `_source` with rows, for reading all that is found and no more of it than `articles_facets` holds.

    Looking up each row costs a page of the database, so where much is found the narrow index is read from end to end
    instead, which the plus before the id has SQLite do: at 133,000 of 200,000 articles in half the time.
    """
    condition = asked.condition
    if spans:
        return _within(spans, *_source(db, asked, rows=True, lead=False))
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
        if count_of(db, asked) * _BROAD > newest:
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
    if not condition.match or condition.negated or not bounds.of_index(condition):
        return False
    return bounds.held(db, condition.match, _MANY) == _MANY


def _source(db: Database, asked: Compiled, *, rows: bool, lead: bool | None = None) -> tuple[str, str, list[str]]:
    """FROM and WHERE of a query, with parameters; `rows` where columns of `articles a` are needed; `lead` says whether
    the filters do."""
    condition = asked.condition
    if condition.match and not condition.negated:
        lead = _filters_lead(db, asked) if lead is None else lead
        joined = rows or bool(condition.where and not lead) or hides(db.conn)  # the index knows what is withheld too
        # cross: the index is asked once, not for each row
        source = "articles_fts f" + " cross join articles a on a.id = f.rowid" * joined
        passes = " and ".join(f"({part})" for part in condition.where)
        if lead:  # the plus keeps SQLite from asking the index of words anew for each article that passes
            passes = f"+f.rowid in (select a.id from articles a where {passes})"
        where = " and ".join(["articles_fts match ?", *([passes] if passes else [])])
        return source, where, [condition.match, *condition.parameters]
    return "articles a", *condition.sql()


def count_of(db: Database, asked: Compiled) -> int:
    """How many articles meet a query that is compiled."""
    source, where, parameters = _source(db, asked, rows=False)
    return int(db.execute(f"select count(*) from {source} where {where}", parameters).fetchone()[0])


def page_of(db: Database, asked: Compiled, sort: Sort, limit: int, offset: int) -> tuple[int, bool, list[int], bool]:
    """How many meet a query that is compiled, whether there are more than that, the ids of a page, and whether these
    come of a part."""
    condition = asked.condition
    if bounds.many(db, condition):
        if bounds.narrow(db, condition):  # one reading of the index of words gives number and order
            ids = [id_ for (id_,) in _ids(db, asked, sort, -1, 0)]
            return len(ids), False, ids[offset : offset + limit if limit >= 0 else None], False
        total, over, dense = bounds.counted(db, condition)
        if dense:
            if sort not in RANKED:
                ids = bounds.by_date(db, condition, order=_order(sort), limit=limit, offset=offset)
            else:
                ids = bounds.best(db, condition, rank=_RANK, order=_order(sort), limit=limit, offset=offset)
            return total, over, ids, True
    elif condition.negated or (condition.where and not condition.match and not bounds.of_index(condition)):
        total, over, dense = bounds.counted_last(db, condition)
        if dense:
            return total, over, [id_ for (id_,) in _ids(db, asked, sort, limit, offset)], False
    return count_of(db, asked), False, [id_ for (id_,) in _ids(db, asked, sort, limit, offset)], False


def _order(sort: Sort, rank: str = "f.rank") -> str:
    if sort == "oldest":
        return _OLDEST
    if sort == "newest":
        return _NEWEST
    if sort == "doubtful":
        return _DOUBTFUL
    return f"{rank}, f.rowid desc" if sort == "relevance" else f"{_RECENT.format(rank=rank)}, a.id desc"


def _ids(db: Database, asked: Compiled, sort: Sort, limit: int, offset: int) -> Any:
    source, where, parameters = _source(db, asked, rows=sort != "relevance")
    ranked = asked.condition.match and not asked.condition.negated
    if not ranked and sort in RANKED:
        sort = "newest"
    return db.execute(
        f"select {'f.rowid' if ranked else 'a.id'} from {source} where {where} order by {_order(sort, _RANK)}"
        " limit ? offset ?",
        [*parameters, limit, offset],
    )
