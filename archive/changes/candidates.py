"""When stories were edited, deleted, back again and moved, as far as rows say it without a text being read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from archive.identity import identifier

if TYPE_CHECKING:
    from sqlite_utils import Database

Kind = Literal["edited", "deleted", "back", "moved"]
KINDS: tuple[Kind, ...] = ("edited", "deleted", "back", "moved")
_STORY = "a.id, a.url, a.site, a.title, a.language"
# each gives the columns of _STORY, then: when it was seen, when it was last seen otherwise, number of the version,
# a former address; {where} is over `articles a`, and what is seen in between is asked of the whole
_EDITED = f"""
    select {_STORY}, v.seen_from as at, p.seen_to as since, v.n as n, '' as former
    from version_rows v join version_rows p on p.article = v.article and p.n = v.n - 1
      join articles a on a.id = v.article
    where v.id in (select id from version_rows where n > 1) and {{where}}"""
_DELETED = f"""
    select {_STORY}, coalesce((select min(c.fetched_at) from captures c where c.url = a.url
        and c.fetched_at > a.last_seen and c.status in (404, 410)), a.last_seen) as at, a.last_seen as since,
      0 as n, '' as former
    from articles a where a.state in ('gone', 'moved') and a.state = 'gone' and {{where}}"""
_BACK = f"""
    select {_STORY}, (select min(b.fetched_at) from captures b where b.url = a.url and b.fetched_at > d.at
        and b.status in (200, 304)) as at, d.at as since, 0 as n, '' as former
    from deaths d join articles a on a.id = d.article where a.last_seen > d.at and {{where}}"""
_MOVED = f"""
    select {_STORY}, coalesce((select min(c.fetched_at) from captures c where c.url = f.url
        and c.status between 300 and 399), f.done_at) as at, f.first_seen as since, 0 as n, f.url as former
    from frontier f join articles a on a.id = coalesce((select id from articles where url = f.url),
      (select id from articles where url = f.reason))
    where f.state = 'moved' and f.kind = 'article' and {{where}}"""
_SQL: dict[Kind, str] = {"edited": _EDITED, "deleted": _DELETED, "back": _BACK, "moved": _MOVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """That something became of a story, and when it was seen."""

    kind: Kind
    article: int
    url: str
    site: str
    title: Annotated[str, "As it is now"]
    language: str | None
    at: Annotated[str, "Time of the capture that showed it first"]
    since: Annotated[str, "Time at which it was last seen otherwise; of a story that is back: seen to be gone"]
    n: Annotated[int, "Number of the version that the edit made; 0 for other kinds"]
    former: Annotated[str, "Address at which a story that moved was before"]


def candidates(
    db: Database, kind: Kind, condition: tuple[str, list[str]], since: str | None, until: str | None
) -> Iterator[Candidate]:
    """Of one kind, the latest first; of articles that meet the condition, seen from `since` to `until`."""
    where, parameters = condition
    rows = db.execute(
        f"select * from ({_SQL[kind].format(where=f'({where})')}) where at >= ? and at <= ? order by at desc, url",
        [*parameters, since or "", f"{until or ''}~"],
    )
    seen = set()
    for id_, url, site, title, language, at, before, n, former in rows.fetchall():
        if kind == "back" and (id_, at) in seen:
            continue
        if kind == "moved" and not _was_there(db, former):
            continue
        seen.add((id_, at))
        yield Candidate(
            kind=kind,
            article=id_,
            url=url,
            site=site,
            title=title,
            language=language,
            at=at,
            since=before,
            n=n,
            former=former,
        )


def _was_there(db: Database, url: str) -> bool:
    """Whether a story was read at that address; most redirects never had one."""
    return (
        db.execute("select 1 from identifiers where identifier = ? and url = ?", [identifier(url), url]).fetchone()
        is not None
    )
