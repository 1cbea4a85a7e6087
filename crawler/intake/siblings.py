"""Pages of a site that say the same, and which of them are not to be believed for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from archive.instants import iso, parse
from archive.near.likeness import agree, gist
from archive.store.rows import Rows
from archive.store.suspects import Look

_RECENT = timedelta(days=60)  # a story first seen within them may turn out to be none
_MOST = 200  # of one text, looked at


@dataclass(frozen=True, slots=True)
class Sibling:
    """A page among those that say the same."""

    url: str
    kind: str  # new, changed, old
    shown: str  # the headline it shows
    expected: str  # the one it should: the row's before, or the listing's
    bare: bool
    held: bool = False
    article: int | None = None


def siblings_of(archive: Rows, look: Look) -> list[Sibling]:
    """The other stories' pages of the site that say what this one says, as they stand or are held back."""
    rows = archive.db.conn.execute(
        "select f.url, coalesce(json_extract(f.hint, '$.title'), ''), s.kind, s.title, s.bare, coalesce(c.bare,"
        " 0), json_extract(c.before, '$.article.title'),"
        " a.id, a.title, a.first_seen >= ? and a.kind = 'article' and v.n = 1"
        " from frontier f left join suspects s on s.url = f.url and s.gist = f.gist left join changes c on c.url"
        " = f.url and c.gist = f.gist"
        " left join articles a on a.id = f.article left join version_rows v on v.id = a.current_version"
        " where f.site = ? and f.gist = ? and f.url != ? and f.kind = 'article' limit ?",
        [iso(parse(look.at) - _RECENT), look.site, look.gist, look.url, _MOST],
    )
    found = []
    for url, listed, held, held_title, held_bare, bare, before, article, title, fresh in rows.fetchall():
        if held is not None:
            found.append(
                Sibling(url, held, held_title, listed if held == "new" else title or listed, bool(held_bare), held=True)
            )
        elif before is not None:
            found.append(Sibling(url, "changed", title, before, bool(bare), article=article))
        elif article is not None:
            found.append(
                Sibling(url, "new" if fresh else "old", title, listed if fresh else title, bool(bare), article=article)
            )
    return found


def is_misled(one: Sibling, group: list[Sibling]) -> bool:
    """Whether a page says what it says for all that ask, not what its story says.

    A story that changes is not to say what another one says. A new one is not to under another headline than its
    listing gives it, nor what stories have changed to; where it shows no headline two more such pages tell.
    """
    if one.kind == "old":
        return False
    others = [
        other for other in group if other.url != one.url and not (one.expected and one.expected == other.expected)
    ]
    if one.kind == "changed":
        return bool(others)
    if one.expected and not agree(one.shown, one.expected):
        return any(
            gist(one.shown) == gist(other.shown) and not (other.expected and agree(one.shown, other.expected))
            for other in others
        )
    return any(other.kind == "changed" for other in others) or (
        one.bare and sum(other.bare and other.kind == "new" for other in others) >= 2
    )
