"""What is withheld, how deep and why: the `withheld` table, the orders it is made of, and who is told what."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from archive.identity import LENGTH, identifier
from archive.shadows import IN_FORCE, hides
from archive.sqlite import as_json
from archive.store.db import NoDatabase, open_reader
from archive.store.joining import spellings

if TYPE_CHECKING:
    from sqlite_utils import Database

WITHHELD = "urn:campuswarc:withheld"
RELEASED = "urn:campuswarc:released"

Depth = Literal["unlisted", "blocked", "removed"]
DEPTHS: tuple[Depth, ...] = get_args(Depth)
Kind = Literal["url", "site", "record"]
_HIDDEN_RECORDS = (
    "select record_id from main.captures where id in (select id from temp.hidden_captures) or site in (select name from"
    " temp.withheld_sites)"
)
_RANK = "when 'removed' then 2 when 'blocked' then 1 else 0 end"
_COLUMNS = "asked, kind, depth, reason, by, since, until"
_IDENTIFIERS = "select url from main.identifiers where identifier >= ? and identifier < ? order by url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """That something is withheld: the record at urn:campuswarc:withheld."""

    asked: Annotated[str, "What the person named: an address, a site's id, or a WARC-Record-ID"]
    kind: Kind
    names: Annotated[tuple[str, ...], "All it goes for: every address of a story, its further pages and documents"]
    depth: Depth
    reason: str
    by: Annotated[str, "Who decided"]
    since: Annotated[str, "When, UTC"]
    until: Annotated[str | None, "Day on which it ends, UTC"] = None
    sites: Annotated[tuple[str, ...], "Of what it goes for"] = ()

    def payload(self) -> bytes:
        """As the record holds it."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def of(cls, payload: bytes) -> Self:
        """Of such a record; raises ValueError for any other."""
        try:
            told = json.loads(payload)
            lists = {name: tuple(map(str, told.get(name, ()))) for name in ("names", "sites")}
            order = cls(**told | lists)
        except (TypeError, AttributeError) as problem:
            raise ValueError(f"not an order to withhold: {problem}") from None
        if order.depth not in DEPTHS or order.kind not in get_args(Kind):
            raise ValueError(f"not an order to withhold: {order.kind} {order.depth}")
        return order


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """That something is withheld no longer: the record at urn:campuswarc:released."""

    asked: Annotated[str, "As in the order that it ends"]
    reason: str
    by: str
    at: str
    names: tuple[str, ...] = field(default=())

    def payload(self) -> bytes:
        """As the record holds it."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def of(cls, payload: bytes) -> Self:
        """Of such a record; raises ValueError for any other."""
        try:
            told = json.loads(payload)
            return cls(**told | {"names": tuple(map(str, told["names"]))})
        except (TypeError, KeyError) as problem:
            raise ValueError(f"not a release: {problem}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """One thing that is withheld, as it is told of."""

    asked: str
    kind: Kind
    depth: Depth
    reason: str
    by: str
    since: str
    until: str | None

    @property
    def sentence(self) -> str:
        """What is said in place of it, without a word of what it held."""
        end = f" until {self.until[:10]}" if self.until and self.depth != "removed" else ""
        what = "was removed on" if self.depth == "removed" else "has been withheld since"
        return f"This {what} {self.since[:10]}{end}: {self.reason}"


class Withholding:
    """The `withheld` table as a collection."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def put(self, order: Order, *, of_another: bool = False) -> None:
        """From now on it is withheld; what was removed stays removed, and an order `of_another` archive weakens none of
        ours."""
        deeper = f"case excluded.depth {_RANK} > case depth {_RANK}" if of_another else "depth != 'removed'"
        self.db.conn.executemany(
            f"insert into withheld (name, {_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (kind, name) do"
            " update set asked = excluded.asked, depth = excluded.depth, reason = excluded.reason, by = excluded.by,"
            f" since = excluded.since, until = excluded.until where {deeper}",
            [
                (name, order.asked, order.kind, order.depth, order.reason, order.by, order.since, order.until)
                for name in order.names
            ],
        )

    def release(self, asked: str) -> int:
        """It is withheld no longer, unless it was removed; how many names that goes for."""
        done = self.db.conn.execute("delete from withheld where asked = ? and depth != 'removed'", [asked])
        return done.rowcount

    def is_removed(self, asked: str) -> bool:
        """Whether what a person named was removed."""
        return (
            self.db.conn.execute("select 1 from withheld where asked = ? and depth = 'removed'", [asked]).fetchone()
            is not None
        )

    def asked(self) -> set[str]:
        """What persons have named of all that is withheld."""
        return {row[0] for row in self.db.conn.execute("select distinct asked from withheld")}

    def names(self, kind: Kind, depths: Collection[Depth] = DEPTHS) -> set[str]:
        """Addresses, sites or records that are withheld so now."""
        return {
            row[0]
            for row in self.db.conn.execute(
                f"select name from main.withheld where kind = ? and depth in (select value from json_each(?)) and"
                f" {IN_FORCE}",
                [kind, as_json(list(depths))],
            )
        }

    def removals(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        """When, why and by whom each address, site and record was removed."""
        rows = self.db.conn.execute("select kind, name, since, reason, by from withheld where depth = 'removed'")
        return {(row[0], row[1]): row[2:] for row in rows}

    def removed(self, urls: Collection[str]) -> set[str]:
        """Those of these addresses that were removed: they are named by nothing and asked for no more."""
        if (
            not urls
            or self.db.conn.execute("select 1 from withheld where depth = 'removed' limit 1").fetchone() is None
        ):
            return set()
        return {
            row[0]
            for row in self.db.conn.execute(
                "select name from withheld where kind = 'url' and depth = 'removed' and name in (select value from"
                " json_each(?))",
                [as_json(list(urls))],
            )
        }


def everything(db: Database, *, ended: bool = False) -> list[Withheld]:
    """What is withheld, the latest first; with what has `ended` by its day and was not released."""
    if not _known(db):
        return []
    rows = db.conn.execute(
        f"select distinct {_COLUMNS} from main.withheld" + ("" if ended else f" where {IN_FORCE}") + " order by since"
        " desc, asked"
    )
    return [_withheld(row) for row in rows]


def over(db: Database, *, url: str = "", record: str = "") -> Withheld | None:
    """What keeps an address, or a capture, from being shown even to those who have its address; None where nothing
    does."""
    if not _known(db):
        return None
    row = db.conn.execute(
        f"select {_COLUMNS} from main.withheld where {IN_FORCE} and depth != 'unlisted' and (kind = 'url' and name in"
        " (select value from json_each(?)) or kind = 'record' and name = ? or kind = 'site' and name in (select site"
        " from main.frontier where url = ? union select site from main.captures where url = ? or record_id = ?))"
        f" order by case depth {_RANK} desc limit 1",
        [as_json(_spelled(url)), record, url, url, record],
    ).fetchone()
    return _withheld(row) if row else None


def unlisted(db: Database, urls: Collection[str]) -> set[str]:
    """Those of these addresses that the connection of a reader lists nothing of, since they are withheld."""
    if not hides(db.conn):
        return set()
    rows = db.conn.execute(
        "select j.value from json_each(?) j where j.value in (select name from temp.withheld_urls) or exists (select 1"
        " from main.articles a where a.url = j.value and a.id in (select id from temp.hidden_articles)) or exists"
        " (select 1 from main.frontier f where f.url = j.value and f.site in (select name from temp.withheld_sites))",
        [as_json(list(urls))],
    )
    return {row[0] for row in rows}


def over_identifier(db: Database, asked: str) -> Withheld | None:
    """As `over`, of an article's public identifier."""
    if not _known(db):
        return None
    urls = [row[0] for row in db.conn.execute(_IDENTIFIERS, [asked[:LENGTH], asked[:LENGTH] + "~"])]
    urls += Withholding(db).names("url", ("blocked", "removed"))
    return next(
        (found for url in urls if identifier(url, len(asked)) == asked and (found := over(db, url=url)) is not None),
        None,
    )


def names_of(db: Database, url: str) -> tuple[str, ...]:
    """Every address of the story at that one: where it was before, its further pages, the documents no other story
    has, what its scripts had loaded for it alone; the address alone where there is no story."""
    connection = db.conn
    row = connection.execute(
        "select id from articles where url = ? union select article from frontier where url = ? and article is not null"
        " order by 1 limit 1",
        [url, url],
    ).fetchone()
    id_ = row[0] if row else None
    led = (
        "with recursive led (url) as (select ? union select url from articles where id = ? union select url from"
        " frontier where article = ? and kind = 'article' union select f.url from led join frontier f on f.reason ="
        " led.url and f.state = 'moved') select url from led"
    )
    own = [row[0] for row in connection.execute(led, [url, id_, id_])]
    beside = connection.execute(
        "select p.url from parts p join version_rows v on v.id = p.version where v.article = ?"
        " union select c.url from captures c join version_rows v on v.capture = c.id where v.article = ?"
        "   and c.kind != 'listing'"
        " union select t.url from attachments t where t.article = ? and not exists (select 1 from attachments o where"
        "   o.url = t.url and o.article != t.article)"
        " union select i.url from images i where i.article = ? and not exists (select 1 from images o where"
        "   o.url = i.url and o.article != i.article)",
        [id_, id_, id_, id_],
    )
    loaded = connection.execute(  # by scripts, when a browser drew it; the scripts are the site's
        "select c.url from captures c where c.kind = 'probe' and c.via in (select value from json_each(?))"
        " and coalesce(c.mime, '') not like '%javascript%' and not exists (select 1 from captures o where o.url = c.url"
        " and o.kind = 'probe' and o.via not in (select value from json_each(?)))",
        [as_json(own), as_json(own)],
    )
    spelled = (other for one in own for other in _spelled(one))
    return tuple(dict.fromkeys([*spelled, *(row[0] for row in (*beside, *loaded))]))


def blocked(path: Path) -> Callable[[str, str], bool]:
    """Whether a record, by its address and WARC-Record-ID, is not to be shown: of the database at that path, where
    there is one."""
    try:
        db = open_reader(path, shown="addressed")
    except NoDatabase:
        return lambda url, record_id: False
    with closing(db.conn):
        if not hides(db.conn):
            return lambda url, record_id: False
        ids = {row[0] for row in db.conn.execute(_HIDDEN_RECORDS)}
        urls = Withholding(db).names("url", ("blocked", "removed"))
    return lambda url, record_id: url in urls or record_id in ids


def _spelled(url: str) -> list[str]:
    try:
        return [url, *spellings(url)] if "://" in url else [url]
    except ValueError:  # "http://[": no address
        return [url]


def _known(db: Database) -> bool:
    """A database of before has no such table."""
    return db.conn.execute("select 1 from main.sqlite_master where name = 'withheld'").fetchone() is not None


def _withheld(row: tuple[Any, ...]) -> Withheld:
    return Withheld(**dict(zip(_COLUMNS.split(", "), row, strict=True)))
