"""What older versions of the program let in and this one would not: found in the rows, without reading a page again."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from archive.near.likeness import gist, keeps_words

if TYPE_CHECKING:
    from sqlite_utils import Database

_LEAST = 2  # stories that came to say the same
_GONE = 3  # stories of a host, and none of it is left


def doubtful(db: Database) -> dict[str, list[str]]:
    """By site, in words: texts that several stories came to say, and hosts of which every story is gone."""
    found: dict[str, list[str]] = defaultdict(list)
    believed = set(db.execute("select site, what from believed").fetchall())
    for (site, said), titles in _came_to_say(db).items():
        if len(titles) >= _LEAST and (site, str(said)) not in believed:
            found[site].append(f"{len(titles)} stories came to say the same ({max(titles.values())})")
    gone = db.execute(
        "select a.site, substr(a.url, 1, instr(substr(a.url, 9), '/') + 7) as place, count(*), sum(a.state = 'live')"
        " from articles a group by a.site, place"
    )
    for site, place, count, live in gone.fetchall():
        if count >= _GONE and not live and (site, f"gone {place}") not in believed:
            found[site].append(f"all {count} stories of {place} are gone")
    return dict(found)


def _came_to_say(db: Database) -> dict[tuple[str, int], dict[int, str]]:
    """By site and text: the stories a later version of which has it in place of another text, with its headline."""
    found: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)
    before: tuple[int, str] | None = None
    rows = db.execute(
        "select a.id, a.site, v.title, v.body from version_rows r join articles a on a.id = r.article"
        " join versions v on v.id = r.id where r.article in (select article from version_rows where n > 1)"
        " order by r.article, r.n"
    )
    for id_, site, title, body in rows:
        if before is not None and before[0] == id_ and not keeps_words(before[1], body):
            said = gist(body, title)
            if said is not None:
                found[site, said][id_] = title
        before = id_, body
    return found
