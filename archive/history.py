"""What became of an article: its versions, what changed between two of them and when that was seen; what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from lxml import html
from lxml.etree import ParserError

from archive.difference import Piece, pieces
from archive.instants import parse
from archive.packed_html import in_sql

if TYPE_CHECKING:
    from sqlite_utils import Database


class NoSuchVersion(LookupError):
    """The archive has no such article or version; the text says which it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A row of `versions`."""

    n: Annotated[int, "1 is the oldest"]
    title: Annotated[str, "Headline"]
    body: Annotated[str, "Story text"]
    body_html: Annotated[str, "Story as HTML"]
    seen_from: Annotated[str, "Time of the first capture that had it"]
    seen_to: Annotated[str, "Time of the last capture that had it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How one version became another."""

    old: Version
    new: Version
    changed: Annotated[tuple[str, ...], "Which of title, body, links, images differ; empty where only the markup does"]
    title: Annotated[list[Piece], "The titles as one: (same, deleted or added; text)"]
    body: Annotated[list[Piece], "The bodies as one"]
    links: Annotated[list[Piece], "Addresses linked, documents among them, that only one version has"]
    images: Annotated[list[Piece], "Addresses of pictures that only one version has"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An article whose page is no longer there."""

    url: str
    site: str
    title: str
    first_seen: str
    last_seen: Annotated[str, "Time of the last capture that had it"]
    found_gone: Annotated[
        str | None, "Time of the first capture after that which said it is gone; None where none is kept"
    ]
    days: Annotated[int, "Whole days between the first and the last sight of it"]


def versions(db: Database, url: str) -> list[Version]:
    """All versions of the article at `url`, oldest first. Raises NoSuchVersion where it is unknown."""
    names = Version.__slots__
    values = (in_sql("v.body_html", "v.body") if name == "body_html" else f"v.{name}" for name in names)
    rows = db.execute(
        f"select {', '.join(values)} from versions v join articles a on a.id = v.article where a.url = ? order by v.n",
        [url],
    ).fetchall()
    if not rows:
        raise NoSuchVersion(f"no article at {url}")
    return [Version(**dict(zip(names, row, strict=True))) for row in rows]


def change(db: Database, url: str, old: int | None = None, new: int | None = None) -> Change:
    """What changed from version `old` to `new`: by default to the newest from the one before it. Raises
    NoSuchVersion."""
    known = {version.n: version for version in versions(db, url)}
    if len(known) == 1 and old is None and new is None:
        raise NoSuchVersion(f"{url} has one version only")
    new = max(known) if new is None else new
    old = max((n for n in known if n < new), default=new) if old is None else old
    for n in (old, new):
        if n not in known:
            raise NoSuchVersion(f"{url} has no version {n}; it has {', '.join(map(str, sorted(known)))}")
    return between(known[old], known[new])


def between(old: Version, new: Version) -> Change:
    """What changed from `old` to `new`."""
    found = {
        "title": pieces(old.title, new.title),
        "body": pieces(old.body, new.body),
        "links": _only_one_has(_addresses(old.body_html, "//a/@href"), _addresses(new.body_html, "//a/@href")),
        "images": _only_one_has(_addresses(old.body_html, "//img/@src"), _addresses(new.body_html, "//img/@src")),
    }
    changed = tuple(name for name, parts in found.items() if any(kind != "same" for kind, _ in parts))
    return Change(old=old, new=new, changed=changed, **found)


def gone(db: Database, site: str | None = None) -> Iterator[Gone]:
    """Articles that are gone, of one site or all, the latest loss first."""
    of_site = "" if site is None else "and site = ?"
    rows = db.execute(  # both states, since the index of what is gone is of both
        f"""
        select url, site, title, first_seen, last_seen,
               (select min(c.fetched_at) from captures c where c.url = a.url and c.fetched_at > a.last_seen
                 and c.status in (404, 410)) as found_gone
        from articles a where state in ('gone', 'moved') and state = 'gone' {of_site} order by last_seen desc, url
        """,
        [] if site is None else [site],
    ).fetchall()
    for url, of_site, title, first_seen, last_seen, found_gone in rows:
        days = (parse(last_seen) - parse(first_seen)).days
        yield Gone(
            url=url,
            site=of_site,
            title=title,
            first_seen=first_seen,
            last_seen=last_seen,
            found_gone=found_gone,
            days=days,
        )


def _addresses(fragment: str, path: str) -> list[str]:
    if not fragment.strip():
        return []
    try:
        return [str(address) for address in html.fragment_fromstring(fragment, create_parent="div").xpath(path)]
    except (ParserError, ValueError):  # a comment alone; characters XML cannot hold
        return []


def _only_one_has(old: list[str], new: list[str]) -> list[Piece]:
    lost: list[Piece] = [("deleted", address) for address in dict.fromkeys(old) if address not in new]
    return lost + [("added", address) for address in dict.fromkeys(new) if address not in old]
