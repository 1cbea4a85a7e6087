"""Which articles an export holds, and its rows one by one in an order that is always the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Literal

from archive.article import words
from archive.exports.columns import Column
from archive.exports.markdown import markdown
from archive.identity import identifier
from archive.near.clusters import Place, places
from archive.packed_html import in_sql
from archive.rights import Use, merged
from archive.search.query_lexer import term
from archive.search.query_tree import Filter
from archive.search.search import condition

if TYPE_CHECKING:
    from sqlite_utils import Database

Versions = Literal["latest", "all"]
Row = tuple[Any, ...]
_BATCH = 256  # articles whose lists are fetched together; bodies are fetched one by one, since one may have megabytes


_OF_CLUSTERS = frozenset(field.name for field in fields(Place))


class EmptySelection(LookupError):
    """Nothing meets the filters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The filters of search; all have to hold, one of each tuple."""

    query: Annotated[str, "Query language of `campuswarc search`"] = ""
    sites: Annotated[tuple[str, ...], "Site ids"] = ()
    after: Annotated[str | None, "Published on or after: 2023, 2023-09 or 2023-09-01"] = None
    before: Annotated[str | None, "Published on or before"] = None
    languages: Annotated[tuple[str, ...], "ISO 639-1 codes"] = ()
    states: Annotated[tuple[str, ...], "live, gone, moved"] = ()
    rights: Annotated[tuple[Use, ...], "Uses: what its page or its host refuses for any of them is left out"] = ()
    captures: Annotated[bool, "Captures are chosen, read as articles or not; the days are those of capture"] = False
    url: Annotated[str, "Captures of this address; of a host where it has no scheme, of what begins so before a *"] = ""

    @property
    def of_articles(self) -> bool:
        """Whether something is asked that only articles have."""
        return bool(self.query or self.languages or self.states or self.rights)

    def stated(self) -> dict[str, Any]:
        """Those that are set, for the documentation of a dataset."""
        named = {
            "query": self.query,
            "site": list(self.sites),
            "after": self.after,
            "before": self.before,
            "language": list(self.languages),
            "state": list(self.states),
            "rights": list(self.rights),
            "captures": self.captures,
            "url": self.url,
        }
        return {name: value for name, value in named.items() if value}

    def sql(self, db: Database) -> tuple[str, list[str]]:
        """One SQL condition over `articles a` and its parameters. Raises archive.search.query.QueryError."""
        queries = [self.query, *(f"{name}:{day}" for name, day in self._days())]
        queries += [f"-rights:{use}=no" for use in self.rights]
        parts, parameters = [], []
        for query in filter(None, queries):
            where, more = condition(db, query)
            parts.append(f"({where})")
            parameters += more
        for name, values in (("site", self.sites), ("language", self.languages), ("state", self.states)):
            if values:
                parts.append(f"a.{name} in ({', '.join('?' * len(values))})")
                parameters += values
        return " and ".join(parts) or "1", parameters

    def of_captures(self) -> tuple[str, list[str]]:
        """One SQL condition over `captures c` and its parameters. Raises archive.search.query.QueryError."""
        parts, parameters = ["1"], list[str]()
        for name, day in self._days():
            parts.append("c.fetched_at >= ?" if name == "after" else "c.fetched_at <= ?")
            parameters.append(day if name == "after" else f"{day}~")
        if self.sites:
            parts.append(f"c.site in ({', '.join('?' * len(self.sites))})")
            parameters += self.sites
        if self.url:
            bare = self.url.removesuffix("*").rstrip("/" if "://" not in self.url else "")
            named = [bare] if "://" in bare else [f"http://{bare}", f"https://{bare}"]
            if self.url.endswith("*") or "/" not in bare:  # a beginning, or a host
                begins = named if self.url.endswith("*") else [f"{begin}/" for begin in named]
                parts.append(" or ".join(["(c.url >= ? and c.url < ?)"] * len(begins)))
                parameters += [text for begin in begins for text in (begin, begin + "\U0010ffff")]
            else:
                parts.append(f"c.url in ({', '.join('?' * len(named))})")
                parameters += named
        return " and ".join(f"({part})" for part in parts), parameters

    def _days(self) -> Iterator[tuple[str, str]]:
        for name, value in (("after", self.after), ("before", self.before)):
            if value is not None:
                checked = term(name, value, prefix=False)
                assert isinstance(checked, Filter)
                yield name, checked.value


class Selection:
    """The chosen articles as they stood when the selection was made: one read transaction, whatever a crawl writes
    meanwhile."""

    def __init__(
        self,
        db: Database,
        filters: Filters,
        *,
        versions: Versions = "latest",
        records: bool = False,
        whole: bool = False,
    ) -> None:
        """Raises EmptySelection and archive.search.query.QueryError. The connection is the selection's own from here
        on.

        With `records` captures are taken where no article meets filters that captures can meet; a `whole` archive may
        be empty.
        """
        self.db, self.filters, self.versions = db, filters, versions
        # text that is not UTF-8, which other tools may have stored, is shown as such and stops nothing
        db.conn.text_factory = lambda data: data.decode("utf-8", "replace")
        where, parameters = filters.sql(db)
        db.conn.execute("begin")
        db.conn.execute("create temp table chosen (id integer primary key)")
        db.conn.execute("create temp table wanted (id integer primary key)")
        self.articles = self.captures = 0
        if not filters.captures:
            insert = f"insert into temp.chosen select a.id from articles a where {where}"
            self.articles = db.conn.execute(insert, parameters).rowcount
            if not self.articles and records and not filters.of_articles:
                self.filters = replace(filters, captures=True)
        if self.filters.captures:
            self._take_captures()
        if not (self.articles or self.captures or whole):
            kind = "capture" if self.filters.captures else "article"
            raise EmptySelection(f"no {kind} meets these filters")

    def _take_captures(self) -> None:
        where, parameters = self.filters.of_captures()
        insert = f"insert into temp.wanted select c.id from captures c where {where}"
        self.captures = self.db.conn.execute(insert, parameters).rowcount
        read = "select distinct article from versions where capture in (select id from temp.wanted)"
        self.articles = self.db.conn.execute(f"insert into temp.chosen {read}").rowcount

    def count(self) -> int:
        """Rows: articles, or versions of articles."""
        if self.versions == "latest":
            return self.articles
        versions = f"(select count(*) from {_version_rows(self.db)} where article = chosen.id)"
        return int(self.db.conn.execute(f"select coalesce(sum(max(1, {versions})), 0) from temp.chosen").fetchone()[0])

    def rows(self, columns: Sequence[Column], *, by_site: bool = False) -> Iterator[Row]:
        """Values of the columns, row by row, ordered by (published, url, version), undated last; `by_site` by site
        first."""
        values = _Values(self.db, columns, self.versions)
        first = "a.site, a.published is null, substr(a.published, 1, 4)," if by_site else ""
        ids = self.db.conn.execute(
            f"select a.id from temp.chosen join articles a using (id) order by {first} a.published is null,"
            " a.published, a.url"
        )
        while batch := [row[0] for row in islice(ids, _BATCH)]:
            yield from values.of(batch)


class _Values:
    """Reads the values of columns: scalars by one statement an article, lists by one a batch and table."""

    def __init__(self, db: Database, columns: Sequence[Column], versions: Versions) -> None:
        self._connection = db.conn
        self._columns = columns
        sources = [self._source(column, versions) for column in columns]
        # the table, not the view `versions`: SQLite makes all of a view that has a left join anew where it is joined so
        held = _version_rows(db)
        join = (
            f"left join {held} v on v.id = a.current_version"
            if versions == "latest"
            else f"left join {held} v on v.article = a.id"
        )
        needs_capture = "left join captures c on c.id = v.capture" if any(s.startswith("c.") for s in sources) else ""
        needs_version = join if needs_capture or versions == "all" or any("v." in s for s in sources) else ""
        self._select = f"select {', '.join(sources)} from articles a {needs_version} {needs_capture} where a.id = ?" + (
            " order by v.n" if versions == "all" else ""
        )
        self._clustered = [(place, column.name) for place, column in enumerate(columns) if column.name in _OF_CLUSTERS]
        self._places = places(db) if self._clustered else {}
        self._tables = [column.name for column in columns if column.kind == "records"]
        self._changes = [
            (place, change) for place, column in enumerate(columns) if (change := self._change(column, versions))
        ]

    def of(self, ids: list[int]) -> Iterator[Row]:
        """The rows of these articles in that order."""
        lists = {table: self._lists(table, ids) for table in self._tables}
        records = [
            (place, lists[column.name]) for place, column in enumerate(self._columns) if column.kind == "records"
        ]
        for id_ in ids:
            for row in self._connection.execute(self._select, [id_]):
                values = list(row)
                for place, change in self._changes:
                    values[place] = change(values[place])
                for place, name in self._clustered:
                    values[place] = getattr(self._places.get(id_), name, None)
                for place, found in records:
                    values[place] = (
                        self._with_texts(found.get(id_, []), id_)
                        if self._columns[place].name == "attachments"
                        else found.get(id_, [])
                    )
                yield tuple(values)

    @staticmethod
    def _source(column: Column, versions: Versions) -> str:
        name = {"body_markdown": "body_html", "word_count": "body"}.get(column.name, column.name)
        if versions == "all" and name in ("title", "body", "body_html"):
            said = f"coalesce(v.{name}, a.{name})"
            return in_sql(said, "coalesce(v.body, a.body)") if name == "body_html" else said
        return in_sql("a.body_html", "a.body") if column.name == "body_markdown" else column.sql or "null"

    @staticmethod
    def _change(column: Column, versions: Versions) -> Callable[[Any], Any] | None:
        if column.name == "rights":
            return merged
        if column.kind == "texts":
            return _texts
        if column.name == "identifier":
            return identifier
        if column.name == "body_markdown":
            return markdown
        return words if column.name == "word_count" and versions == "all" else None

    def _lists(self, table: str, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
        members = {
            "attachments": "url, filename, embedded, mime, size",
            "images": "url, caption",
            "links": "url, text",
        }[table]
        found: dict[int, list[dict[str, Any]]] = {}
        names = members.split(", ")
        among = ", ".join("?" * len(ids))
        for article, *values in self._connection.execute(
            f"select article, {members} from {table} where article in ({among}) order by article, n", ids
        ):
            found.setdefault(article, []).append(dict(zip(names, values, strict=True)))
        return found

    def _with_texts(self, documents: list[dict[str, Any]], article: int) -> list[dict[str, Any]]:
        if documents:
            texts = self._connection.execute(
                "select text from attachments where article = ? order by n", [article]
            ).fetchall()
            for document, (text,) in zip(documents, texts, strict=True):
                document["embedded"], document["text"] = bool(document["embedded"]), text
        return documents


def _version_rows(db: Database) -> str:
    """The table of versions, which a database of before m012 has under another name."""
    return "version_rows" if "version_rows" in db.table_names() else "versions"


def _texts(value: str) -> list[str]:
    """A list of names; a lone surrogate, which JSON can spell and UTF-8 cannot, is replaced."""
    if value == "[]":
        return []
    return [str(name).encode("utf-16", "surrogatepass").decode("utf-16", "replace") for name in json.loads(value)]
