"""What a query asks for that nobody has looked for, or not in all stories: so that nothing found is not taken for
nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from archive.search.query import parse
from archive.search.query_sql import tagged
from archive.search.query_tree import AllOf, AnyOf, Filter, Node, Not

if TYPE_CHECKING:
    from sqlite_utils import Database

What = Literal["names", "twins", "copies", "scans", "site", "tag"]
_ASKED: dict[str, dict[str, What]] = {  # by field, and where it has choices by these
    "person": {"": "names"},
    "org": {"": "names"},
    "place": {"": "names"},
    "cluster": {"": "copies"},
    "has": {"twin": "twins", "duplicate": "copies", "copies": "copies", "ocr": "scans"},
    "site": {"": "site"},
    "tag": {"": "tag"},
}
_COMMAND = {
    "names": "campuswarc entities --find",
    "twins": "campuswarc twins --find",
    "copies": "campuswarc crawl, with the extra `duplicates`",
    "scans": "campuswarc ocr",
}


@dataclass(frozen=True, slots=True)
class Unlooked:
    """One thing that is asked for."""

    what: What
    stories: Annotated[int | None, "In how many it has not been looked for; None: in none it has"] = None
    value: Annotated[str, "The id of a site or the tag that none has"] = ""

    @property
    def command(self) -> str:
        """What looks; empty where nothing would help."""
        return _COMMAND.get(self.what, "")

    @property
    def sentence(self) -> str:
        """In English."""
        if self.what in ("site", "tag"):
            return f"no site {'has the id' if self.what == 'site' else 'has the tag'} {self.value}"
        thing = {
            "names": "names have",
            "twins": "the same in another language has",
            "copies": "copies have",
            "scans": "words in scans have",
        }[self.what]
        where = "" if self.stories is None else f" in {self.stories:,} stories"
        return f"{thing} not been looked for{where}: {self.command}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"what": self.what, "stories": self.stories, "value": self.value, "said": self.sentence}


def unlooked(db: Database, query: str) -> list[Unlooked]:
    """What the query asks for that has not been looked for, each once. Raises archive.search.query.QueryError."""
    asked = {
        (what, one.value if what in ("site", "tag") else "") for one in _filters(parse(query)) for what in _of(one)
    }
    found = []
    for what, value in sorted(asked):
        if what in ("site", "tag"):
            missing = _no_site(db, value) if what == "site" else _no_tag(db, value)
            found += [Unlooked(what, value=value)] if missing else []
        elif (left := _left(db, what)) != 0:
            found.append(Unlooked(what, left))
    return found


def together(of_each: list[list[Unlooked]]) -> list[Unlooked]:
    """The same of several archives: a site is missing where none has it, stories are all of theirs."""
    by: dict[tuple[What, str], list[Unlooked]] = {}
    for one in (one for some in of_each for one in some):
        by.setdefault((one.what, one.value), []).append(one)
    found = []
    for (what, value), some in by.items():
        if value:
            found += [some[0]] if len(some) == len(of_each) else []
        elif all(one.stories is None for one in some) and len(some) == len(of_each):
            found.append(some[0])
        else:
            known = [one.stories for one in some if one.stories is not None]
            found.append(Unlooked(what, sum(known) or None, value))
    return found


def _filters(node: Node) -> Iterator[Filter]:
    if isinstance(node, Filter):
        yield node
    elif isinstance(node, Not):
        yield from _filters(node.part)
    elif isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from _filters(part)


def _of(one: Filter) -> Iterator[What]:
    kinds = _ASKED.get(one.name, {})
    if found := kinds.get("") or kinds.get(one.value):
        yield found


def _left(db: Database, what: What) -> int | None:
    """In how many stories it has not been looked for; None where in none it has."""
    tables = db.table_names()
    if what == "copies":
        return int(db.execute("select count(*) from near_queue").fetchone()[0]) if "near_queue" in tables else None
    if what == "scans":
        said = "select 1 from corrections where json_extract(said, '$.ocr') is not null limit 1"
        return 0 if "corrections" in tables and db.execute(said).fetchone() else None
    table, last = {
        "names": ("entities_read", "select max(article) from entities_read"),
        "twins": ("looked", "select max(article) from looked where what = 'twins'"),
    }[what]
    (newest,) = db.execute(last).fetchone() if table in tables else (None,)
    if newest is None:
        return None
    languages = "language in ('zh', 'en') and kind = 'article'"
    return int(db.execute(f"select count(*) from articles where id > ? and {languages}", [newest]).fetchone()[0])


def _no_site(db: Database, value: str) -> bool:
    low, many = value.lower().removesuffix("*"), value.endswith("*")
    row = db.execute("select 1 from sites where id >= ? and id <= ? limit 1", [low, f"{low}~" if many else low])
    return row.fetchone() is None


def _no_tag(db: Database, value: str) -> bool:
    return not tagged(db, value)
