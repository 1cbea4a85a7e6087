"""Which pictures of stories lie in the archive: of a query, of each story of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from archive.search.search import condition
from archive.sqlite import as_json

if TYPE_CHECKING:
    from sqlite_utils import Database

_HELD = "exists (select 1 from captures c where c.url = i.url and c.status < 400)"
_WALL = f"""
select i.url, i.caption, a.url, a.title, a.site, a.language, a.published, a.last_seen
from articles a cross join images i on i.article = a.id where {{where}} and {_HELD}
order by a.published desc nulls last, a.id desc, i.n limit ? offset ?
"""
_FIRST = f"""
select i.article, i.url, min(i.n) from images i
where i.article in (select value from json_each(?)) and {_HELD} group by i.article
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a story, of which there is a capture."""

    url: Annotated[str, "Its own address"]
    caption: str
    story: Annotated[str, "Address of the story"]
    title: str
    site: str
    language: str | None
    published: str | None
    seen: Annotated[str, "When the story was last seen: the time at which its picture is looked for"]


def wall(db: Database, query: str, *, limit: int, offset: int = 0) -> list[Picture]:
    """Pictures of the stories that meet `query`, those of the newest story first. Raises QueryError."""
    where, parameters = condition(db, query)
    rows = db.execute(_WALL.format(where=where), [*parameters, limit, offset]).fetchall()
    return [Picture(*row) for row in rows]


def first_of(db: Database, stories: Iterable[int]) -> dict[int, str]:
    """Of each of these rows of articles the address of its first picture; of one without none."""
    return {row[0]: row[1] for row in db.execute(_FIRST, [as_json(list(stories))]).fetchall()}
