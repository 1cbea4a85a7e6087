"""Which stories name what: read from their texts, kept in news.db until they are read anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from archive.entities import chinese, english
from archive.entities.entity import Entity, Kind
from archive.search.index import segmenter
from archive.sqlite import as_json

if TYPE_CHECKING:
    from sqlite_utils import Database

BATCH = 50  # stories between two commits
_READ_BY = "case a.language when 'zh' then ? else ? end"
_WAITING = f"""
select a.id from articles a join version_rows v on v.id = a.current_version
left join entities_read r on r.article = a.id
where a.language in ('zh', 'en') and a.kind = 'article'
  and (r.article is null or r.digest != v.content_digest or r.method != {_READ_BY}) order by a.id
"""
_STORY = """
select a.language, a.title, a.body, v.content_digest from articles a join version_rows v on v.id = a.current_version
where a.id = ?
"""
_BYLINES = "select a.authors, a.editors, a.photographers from articles a where a.language = 'en'"
_COUNTED = """
select x.kind, x.name, count(*) as stories, (
  select office from entities o where o.name = x.id and o.office != '' group by office order by count(*) desc, office
  limit 1)
from entities e join entity_names x on x.id = e.name
where x.shown and x.kind = ? and ({among}) group by x.id order by stories desc, x.name limit ? offset ?
"""
_OF_STORY = """
select x.kind, x.name, e.office, e.n from entities e join entity_names x on x.id = e.name
where e.article = ? and x.shown order by e.n desc, x.name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person, an institution or a place, and how many stories name it."""

    kind: Kind
    name: str
    stories: int
    office: Annotated[str, "Of a person, the one that stands there most often; empty if none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What one story names."""

    kind: Kind
    name: str
    office: str
    times: int


def update(
    db: Database,
    *,
    commit: Callable[[], object],
    limit: int | None = None,
    told: Callable[[str], object] = lambda text: None,
) -> int:
    """Read the stories that are new, have changed, or were read by another model or other rules; how many.

    Killed, it goes on where it was. Raises archive.entities.entity.CannotRead.
    """
    by = {"zh": chinese.model(), "en": english.RULES}
    fold = segmenter(db).fold
    waiting = [row[0] for row in db.conn.execute(_WAITING, [by["zh"], by["en"]]).fetchall()][:limit]
    for begin in range(0, len(waiting), BATCH):
        for id_ in waiting[begin : begin + BATCH]:
            language, title, body, digest = db.conn.execute(_STORY, [id_]).fetchone()
            read = chinese.read if language == "zh" else english.read
            _keep(db, id_, read(f"{title}\n{body}"), fold)
            db.conn.execute("insert or replace into entities_read values (?, ?, ?)", [id_, digest, by[language]])
        commit()
        if len(waiting) > BATCH:
            told(f"entities: {min(begin + BATCH, len(waiting)):,} of {len(waiting):,} stories read")
    _show(db)
    commit()
    return len(waiting)


def counted(
    db: Database, kind: Kind, among: Collection[int] | None = None, *, limit: int = -1, offset: int = 0
) -> list[Named]:
    """Names of that kind, those of most stories first; of the stories `among` alone where it is given."""
    where, values = (
        ("1", []) if among is None else ("e.article in (select value from json_each(?))", [as_json([*among])])
    )
    rows = db.execute(_COUNTED.format(among=where), [kind, *values, limit, offset]).fetchall()
    return [Named(kind=kind_, name=name, stories=n, office=office or "") for kind_, name, n, office in rows]


def of(db: Database, id_: int) -> list[Mention]:
    """What the story of that row names, the most often named first."""
    if "entities" not in db.table_names():  # a database of before has none
        return []
    rows = db.execute(_OF_STORY, [id_]).fetchall()
    return [Mention(kind=kind, name=name, office=office, times=n) for kind, name, office, n in rows]


def _keep(db: Database, id_: int, found: Iterable[Entity], fold: Callable[[str], str]) -> None:
    seen: dict[tuple[Kind, str], list[Entity]] = {}
    for entity in found:
        seen.setdefault((entity.kind, entity.name), []).append(entity)
    db.conn.execute("delete from entities where article = ?", [id_])
    for (kind, name), several in seen.items():
        db.conn.execute(
            "insert or ignore into entity_names (kind, name, key) values (?, ?, ?)", [kind, name, fold(name).casefold()]
        )
        office = next((one.office for one in several if one.office), "")
        db.conn.execute(
            "insert into entities select ?, id, ?, ?, ? from entity_names where kind = ? and name = ?",
            [id_, office, len(several), any(one.sure for one in several), kind, name],
        )


def _show(db: Database) -> None:
    """A name is one where a text alone shows it, or a byline has it; what no story names any more is gone."""
    db.conn.execute("delete from entity_names where id not in (select name from entities)")
    known = sorted(set(_bylines(db)))
    db.conn.execute(
        "update entity_names set shown = id in (select name from entities where sure) or kind = 'person' and name in"
        " (select value from json_each(?))",
        [as_json(known)],
    )


def _bylines(db: Database) -> Iterator[str]:
    for lists in db.conn.execute(_BYLINES):
        for names in lists:
            if names != "[]":
                yield from json.loads(names)
