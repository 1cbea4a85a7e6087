"""One query over several archives, its hits in one order: shards of an archive that nobody has merged."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from archive.instants import now
from archive.search import bounds, term_weights
from archive.search.hits import Hit, hits
from archive.search.query_sql import Compiled, compiled
from archive.search.search import FACETS, RANKED, WEIGHTS, Overview, Results, Sort, overview, page_of, sought
from archive.search.search import count as count_in
from archive.search.suggest import better_query
from archive.search.term_weights import Size
from archive.search.unlooked import Unlooked, together, unlooked

if TYPE_CHECKING:
    from sqlite_utils import Database

# Rows that each archive puts forward by its own ranking, beside those asked for. Of a query of one word these are the
# right ones; of several words, one that is rare here and common elsewhere may put a row further behind than this
_BESIDE = 300
_RANK = f"bm25(articles_fts, {', '.join(map(str, WEIGHTS))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what a query finds in several archives."""

    results: Results
    names: Annotated[list[str], "For each hit the archive it is from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    name: str
    id: int
    url: str
    published: str
    confidence: float
    score: float = 0.0


def search(
    dbs: Mapping[str, Database], query: str, *, limit: int = 20, offset: int = 0, sort: Sort = "relevance"
) -> Found:
    """Articles that meet `query`, as one archive of all of them would list them. Raises QueryError.

    Words weigh by how few articles of all archives together have them.
    """
    query = sought(query, sort)
    asked = {name: compiled(db, query) for name, db in dbs.items()}
    page = _page(dbs, asked, limit, offset, sort)
    told: dict[tuple[str, int], Hit] = {}
    for name, db in dbs.items():
        ids_ = [one.id for one in page.rows if one.name == name]
        told |= {(name, hit.id): hit for hit in hits(db, asked[name], ids_)}
    shown = [one for one in page.rows if (one.name, one.id) in told]
    suggestion = None
    if page.total == 0:
        suggestion = next(filter(None, (better_query(dbs[name], query, one) for name, one in asked.items())), None)
    return Found(
        results=Results(
            total=page.total,
            hits=[told[one.name, one.id] for one in shown],
            over=page.over,
            deepest=bounds.DEEPEST if page.bounded else None,
            suggestion=suggestion,
            unlooked=unlooked_in(dbs, query),
        ),
        names=[one.name for one in shown],
    )


def unlooked_in(dbs: Mapping[str, Database], query: str) -> list[Unlooked]:
    """What it asks for that nobody has looked for in them, or not in all stories. Raises QueryError."""
    return together([unlooked(db, query) for db in dbs.values()])


def ids(dbs: Mapping[str, Database], query: str, *, limit: int, sort: Sort = "relevance") -> list[tuple[str, int]]:
    """Archive and id of the first `limit` articles that `search` would list. Raises QueryError."""
    query = sought(query, sort)
    asked = {name: compiled(db, query) for name, db in dbs.items()}
    return [(one.name, one.id) for one in _page(dbs, asked, limit, 0, sort).rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    rows: list[_Candidate]
    total: int
    over: bool
    bounded: bool


def _page(dbs: Mapping[str, Database], asked: Mapping[str, Compiled], limit: int, offset: int, sort: Sort) -> _Page:
    ranked = any(one.condition.match and not one.condition.negated for one in asked.values())
    beside = _BESIDE if ranked and sort in RANKED else 0
    pages = {name: page_of(dbs[name], one, sort, limit + offset + beside, 0) for name, one in asked.items()}
    candidates = _candidates(dbs, {name: page[2] for name, page in pages.items()})
    if ranked and sort in RANKED:
        candidates = _weighed(dbs, asked, candidates, sort)
        candidates.sort(key=lambda one: (-one.score, _backwards(one.published), one.url))
    elif sort == "doubtful":
        candidates.sort(key=lambda one: (one.confidence, one.url))
    elif sort == "oldest":
        candidates.sort(key=lambda one: (not one.published, one.published, one.url))
    else:
        candidates.sort(key=lambda one: (_backwards(one.published), one.url))
    return _Page(
        rows=candidates[offset : offset + limit],
        total=sum(page[0] for page in pages.values()),
        over=any(page[1] for page in pages.values()),
        bounded=any(page[3] for page in pages.values()),
    )


def count(dbs: Mapping[str, Database], query: str, *, estimated: bool = False) -> int:
    """How many articles of all archives meet it, as `archive.search.search.count` has it. Raises QueryError."""
    return sum(count_in(db, query, estimated=estimated) for db in dbs.values())


def spread(dbs: Mapping[str, Database], query: str, *, top: int = 20) -> Overview:
    """Facets and months of all archives together. Raises QueryError."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    months: Counter[str] = Counter()
    total, sampled = 0, False
    for db in dbs.values():
        one = overview(db, query, top=1_000_000)
        total, sampled = total + one.total, sampled or one.sampled
        months.update(dict(one.months))
        for name, values in one.facets.items():
            counts[name].update(dict(values))
    facets = {name: sorted(found.items(), key=lambda item: (-item[1], item[0]))[:top] for name, found in counts.items()}
    return Overview(total=total, facets=facets, months=sorted(months.items()), sampled=sampled)


def _candidates(dbs: Mapping[str, Database], ids: Mapping[str, list[int]]) -> list[_Candidate]:
    return [
        _Candidate(name=name, id=id_, url=url, published=published or "", confidence=confidence)
        for name, found in ids.items()
        for id_, url, published, confidence in dbs[name].execute(
            "select id, url, published, confidence from articles where id in (select value from json_each(?))",
            [json.dumps(found)],
        )
    ]


def _weighed(
    dbs: Mapping[str, Database], asked: Mapping[str, Compiled], candidates: list[_Candidate], sort: Sort
) -> list[_Candidate]:
    """With their scores: of each phrase by the sums of all archives."""
    sizes = {name: term_weights.size(db) for name, db in dbs.items()}
    whole = sum(sizes.values(), Size(0, 0))
    wanted = {name: term_weights.phrases(one.condition.match) for name, one in asked.items()}
    holding = {
        (name, phrase): term_weights.holding(dbs[name], phrase) for name, own in wanted.items() for phrase in set(own)
    }
    score: defaultdict[tuple[str, int], float] = defaultdict(float)
    for name, own in wanted.items():
        ids = [one.id for one in candidates if one.name == name]
        for phrase in own if ids else ():
            everywhere = sum(number for (_, other), number in holding.items() if other == phrase)
            for id_, more in term_weights.scores(
                dbs[name], ids, phrase, _RANK, own=(sizes[name], holding[name, phrase]), all_=(whole, everywhere)
            ).items():
                score[name, id_] += more
    at = now()
    return [
        _Candidate(
            name=one.name,
            id=one.id,
            url=one.url,
            published=one.published,
            confidence=one.confidence,
            score=score[one.name, one.id] / (_age(one.published, at) if sort == "recent" else 1.0),
        )
        for one in candidates
    ]


def _age(published: str, at: datetime) -> float:
    """What a score is divided by: as `recent` has it within one archive, undated stories are as old as can be."""
    try:
        day = datetime.strptime(published[:10], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return 1 + (at.toordinal() + 1_721_424.5) / 365.25
    return 1 + max(0.0, (at - day) / timedelta(days=1)) / 365.25


def _backwards(text: str) -> tuple[int, ...]:
    """A key by which later times come first, and none last."""
    return (*(-ord(char) for char in text), 0) if text else (1,)
