"""A query's tree as one FTS5 expression and one SQL condition; everything a person typed is quoted or a parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from archive.article import DOUBTFUL
from archive.rights import ORIGIN, needle
from archive.search.edited_words import edited
from archive.search.index import segmenter
from archive.search.query import AllOf, AnyOf, Filter, Node, Not, QueryError, Text, parse
from archive.search.query_prefix import words_from
from archive.search.query_tokens import QueryTokens
from archive.search.segment import Segmenter

if TYPE_CHECKING:
    from sqlite_utils import Database

_COLUMN = {
    "title": "title",
    "body": "body",
    "author": "byline",
    "source": "source",
    "attachment": "attachments",
    "caption": "captions",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What the articles of a query have to meet: `match`, or its contrary, and `where`."""

    match: Annotated[str, "FTS5 expression over articles_fts; empty for none"] = ""
    negated: Annotated[bool, "Whether it is those that `match` does not find"] = False
    where: Annotated[tuple[str, ...], "SQL conditions over articles `a`, all to hold"] = ()
    parameters: Annotated[tuple[str, ...], "Their parameters in order"] = ()

    def sql(self) -> tuple[str, list[str]]:
        """All of it as one SQL condition over `articles a`, with its parameters."""
        parts, parameters = list(self.where), list(self.parameters)
        if self.match:
            parts.insert(
                0,
                f"a.id {'not in' if self.negated else 'in'} (select rowid from articles_fts where articles_fts"
                " match ?)",
            )
            parameters.insert(0, self.match)
        return " and ".join(f"({part})" for part in parts) or "1", parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A query ready to run."""

    condition: Condition
    marks: Annotated[str, "FTS5 expression of the words to highlight; empty for none"]
    texts: Annotated[tuple[Text, ...], "The words looked for, in order"]
    scratch: QueryTokens
    segmenter: Segmenter


def compiled(db: Database, query: str) -> Compiled:
    """The query against this archive. Raises QueryError, never an SQL error."""
    tree = parse(query)
    compiler = _Compiler(db, _texts(tree))
    condition = compiler.condition(tree)
    if condition is None:
        if compiler.texts:
            raise QueryError("there is no letter or digit to look for")
        condition = Condition()
    return Compiled(
        condition=condition,
        marks=" OR ".join(compiler.marks),
        texts=tuple(compiler.wanted),
        scratch=compiler.scratch,
        segmenter=compiler.segmenter,
    )


def _texts(node: Node) -> list[Text]:
    match node:
        case Text():
            return [node]
        case AllOf(parts) | AnyOf(parts):
            return [text for part in parts for text in _texts(part)]
        case Not(part):
            return _texts(part)
        case _:
            return []


@dataclass(slots=True)
class _Compiler:
    """Walks the tree once; None stands for words without letters or digits, which ask for nothing."""

    db: Database
    texts: list[Text]
    marks: list[str] = field(default_factory=list)
    wanted: list[Text] = field(default_factory=list)
    segmenter: Segmenter = field(init=False)
    scratch: QueryTokens = field(init=False)
    _tokens: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.segmenter = segmenter(self.db)
        self.scratch = QueryTokens(self.segmenter)
        strings = list({text.text for text in self.texts})
        self._tokens = dict(zip(strings, self.scratch.tokens(strings), strict=True))

    def condition(self, node: Node, wanted: bool = True) -> Condition | None:
        """The condition of a node; words of one that is not `wanted` are not highlighted."""
        match node:
            case Text():
                return self._text(node, wanted)
            case Filter():
                where, parameters = _FILTERS[node.name](self.db, node.value)
                return Condition(where=(where,), parameters=tuple(parameters))
            case Not(part):
                inner = self.condition(part, not wanted)
                return _not(inner) if inner else None
            case AllOf(parts):
                return _all([c for part in parts if (c := self.condition(part, wanted))])
            case AnyOf(parts):
                return _any([c for part in parts if (c := self.condition(part, wanted))])

    def _text(self, text: Text, wanted: bool) -> Condition | None:
        tokens = self._tokens[text.text]
        if not tokens:
            return None
        expression = self._phrase(text.text) + " *" * text.prefix
        if text.prefix:
            prefixes, words = words_from(text.text, tokens[-1], self.scratch.tokens)
            expression = " OR ".join(
                [expression, *(self._phrase(p) + " *" for p in prefixes), *map(self._phrase, words)]
            )
        if text.field:
            expression = f"{{{_COLUMN[text.field]}}} : ({expression})"
        expression = f"({expression})"
        if wanted:
            self.marks.append(expression)
            self.wanted.append(text)
        return Condition(match=expression)

    def _phrase(self, words: str) -> str:
        return '"' + self.segmenter.segment(words).replace('"', '""') + '"'


def _not(part: Condition) -> Condition:
    if not part.where:
        return Condition(match=part.match, negated=not part.negated)
    where, parameters = part.sql()
    # an undated article is not after 2023
    return Condition(where=(f"({where}) is not true",), parameters=tuple(parameters))


def _all(parts: list[Condition]) -> Condition | None:
    if not parts:
        return None
    found = [part.match for part in parts if part.match and not part.negated]
    unwanted = " OR ".join(part.match for part in parts if part.match and part.negated)
    match = " AND ".join(found)
    if found and unwanted:
        match = f"({match}) NOT ({unwanted})"
    return Condition(
        match=f"({match})" if match else f"({unwanted})" if unwanted else "",
        negated=bool(unwanted and not found),
        where=tuple(where for part in parts for where in part.where),
        parameters=tuple(value for part in parts for value in part.parameters),
    )


def _any(parts: list[Condition]) -> Condition | None:
    if not parts or len(parts) == 1:
        return parts[0] if parts else None
    if all(part.match and not part.negated and not part.where for part in parts):
        return Condition(match=f"({' OR '.join(part.match for part in parts)})")
    pieces = [part.sql() for part in parts]
    return Condition(
        where=(" or ".join(f"({where})" for where, _ in pieces),),
        parameters=tuple(value for _, values in pieces for value in values),
    )


_Where = tuple[str, list[str]]


def _site(db: Database, value: str) -> _Where:
    if value.endswith("*"):
        return "substr(a.site, 1, length(?)) = ?", [value[:-1].lower()] * 2
    return "a.site = ?", [value.lower()]


def _college(db: Database, value: str) -> _Where:
    """By name in either spelling: the names of all sites are few and folded here."""
    fold = segmenter(db).fold
    wanted = fold(value).casefold()
    rows = db.execute("select id, coalesce(college, '') || char(10) || coalesce(name, '') from sites").fetchall()
    ids = [id_ for id_, names in rows if wanted in fold(names).casefold()]
    return f"a.site in ({', '.join('?' * len(ids))})", ids


def _country(db: Database, value: str) -> _Where:
    """Of the sites of a country; UK is what people type, GB what sites.toml has."""
    code = {"UK": "GB"}.get(value.upper(), value.upper())
    rows = db.execute("select id from sites where upper(country) = ?", [code]).fetchall()
    return f"a.site in ({', '.join('?' * len(rows))})", [id_ for (id_,) in rows]


def _tag(db: Database, value: str) -> _Where:
    ids = tagged(db, value)
    return f"a.site in ({', '.join('?' * len(ids))})", ids


def tagged(db: Database, tag: str) -> list[str]:
    """Ids of the sites that the operator tagged so."""
    rows = db.execute(
        "select s.id from sites s, json_each(s.config, '$.tags') t where s.config is not null and lower(t.value) = ?",
        [tag.lower()],
    )
    return [id_ for (id_,) in rows.fetchall()]


def _part_of(column: str) -> Callable[[Database, str], _Where]:
    def where(db: Database, value: str) -> _Where:
        pattern = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"a.{column} like ? escape '\\'", [f"%{pattern}%"]

    return where


def _equal(column: str) -> Callable[[Database, str], _Where]:
    return lambda db, value: (f"a.{column} = ?", [value])


def _cluster(db: Database, value: str) -> _Where:
    """The story with that identifier, and all that repeat it, or each other."""
    return (
        "a.id in (with recursive c(id) as (select x.id from articles x where x.url in (select url from identifiers"
        " where identifier = ?) union select d.id from c cross join articles d on d.near_duplicate_of = c.id)"
        " select id from c)",
        [value.lower()],
    )


def _named(kind: str) -> Callable[[Database, str], _Where]:
    """In either script, letters' case aside."""

    def where(db: Database, value: str) -> _Where:
        key = segmenter(db).fold(value).casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return (
            "a.id in (select e.article from entity_names x cross join entities e on e.name = x.id where x.kind = ? and"
            " x.shown and x.key like ? escape '\\')",
            [kind, f"%{key}%"],
        )

    return where


def _rights(db: Database, value: str) -> _Where:
    """Said by the page, or by a file of its host."""
    of_hosts = f"{ORIGIN} in (select origin from host_rights where instr(said, ?) > 0)"
    said = "a.id in (select id from articles where rights != '[]' and instr(rights, ?) > 0)"
    return f"{said} or {of_hosts}", [needle(value)] * 2


def _added(db: Database, value: str) -> _Where:
    return "a.id in (select value from json_each(?))", [edited(db, "added", value)]


def _removed(db: Database, value: str) -> _Where:
    """By an edit, or with the whole story."""
    phrase = segmenter(db).segment(value).replace('"', '""')
    return (
        "a.id in (select value from json_each(?)) or a.state = 'gone' and a.id in (select rowid from articles_fts"
        " where articles_fts match ?)",
        [edited(db, "removed", value), f'{{title body}} : "{phrase}"'],
    )


_HAS = {
    "attachment": "exists (select 1 from attachments where article = a.id)",
    "image": "exists (select 1 from images where article = a.id)",
    "link": "exists (select 1 from links where article = a.id)",
    "body": "a.word_count > 0",
    "date": "a.published is not null",
    "author": "a.authors != '[]'",
    "versions": "exists (select 1 from versions where article = a.id and n > 1)",
    "copies": "a.id in (select near_duplicate_of from articles where near_duplicate_of is not null)",
    "duplicate": "a.near_duplicate_of is not null",
    "doubt": f"a.{DOUBTFUL}",
    "twin": "a.url in (select chinese from twins union all select english from twins)",
    "ocr": "a.id in (select x.id from corrections k cross join articles x on x.url = k.url where"
    " json_extract(k.said, '$.ocr') is not null and json_extract(k.said, '$.said.body') = x.body)",
}
# an instant such as 2023-09-30T01:12:00Z sorts between the day it begins with and that day and a tilde
_FILTERS: dict[str, Callable[[Database, str], _Where]] = {
    "site": _site,
    "college": _college,
    "country": _country,
    "tag": _tag,
    "lang": lambda db, value: ("a.language = ?", [value.lower().partition("-")[0]]),
    "section": _part_of("section"),
    "url": _part_of("url"),
    "after": lambda db, value: ("a.published >= ?", [value]),
    "before": lambda db, value: ("a.published <= ?", [value + "~"]),
    "on": lambda db, value: ("a.published between ? and ?", [value, value + "~"]),
    "year": lambda db, value: ("a.published between ? and ?", [value, value + "~"]),
    "has": lambda db, value: (_HAS[value], []),
    "state": _equal("state"),
    "kind": _equal("kind"),
    "cluster": _cluster,
    "person": _named("person"),
    "org": _named("org"),
    "place": _named("place"),
    "rights": _rights,
    "added": _added,
    "removed": _removed,
}
