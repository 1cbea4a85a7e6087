"""Near-duplicates among the stories of several archives, from the signatures that these keep: no page is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from archive.near.duplicates import NearDuplicates
from archive.near.signatures import method
from archive.sqlite import database_on

if TYPE_CHECKING:
    from sqlite_utils import Database


class CannotCompare(Exception):
    """Signatures that say nothing beside each other, or none; the text says whose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repost:
    """A story of one archive that resembles an earlier one of another."""

    url: Annotated[str, "Its address"]
    name: Annotated[str, "The archive that has it"]
    original: Annotated[str, "Address of the earliest story that it resembles"]
    of: Annotated[str, "The archive that has that one"]


# As much of an archive as near-duplicates are found with: stories without their words, and the four tables of
# signatures as archive.store.schema makes them
_SCRATCH = """
    create table articles (id integer primary key, url text not null, name text not null, first_seen text not null,
        body text not null default '', near_duplicate_of integer);
    create table near_queue (article integer primary key, signature blob);
    create table near_signatures (article integer primary key, text integer, first_seen text, original integer);
    create index near_signatures_text on near_signatures(text, first_seen);
    create table near_texts (id integer primary key, signature blob not null unique, article integer not null,
        first_seen text not null);
    create table near_bands (band integer not null, since integer not null, text integer not null,
        primary key (band, since, text)) without rowid;
    create table near_method (method text not null);
"""
_SIGNED = """
    select a.url, n.first_seen, t.signature from near_signatures n join near_texts t on t.id = n.text
    join articles a on a.id = n.article
"""


def reposts(dbs: Mapping[str, Database]) -> Iterator[Repost]:
    """Stories whose earliest likeness lies in another archive, by address: what one archive of all would point to.

    Memory does not grow with their number: they are compared in a database on disk. Raises CannotCompare.
    """
    import sqlite3

    made_by = method()
    if made_by is None:
        raise CannotCompare("signatures need an extra: pip install 'campuswarc[duplicates]'")
    for name, db in dbs.items():
        if (row := db.execute("select method from near_method").fetchone()) and row[0] != made_by:
            raise CannotCompare(f"the signatures of {name} were made in another way ({row[0]}): crawl there once more")
    with TemporaryDirectory(prefix="campuswarc-near-") as place:
        connection = sqlite3.connect(Path(place) / "near.db", isolation_level=None)
        try:
            connection.executescript(f"pragma journal_mode = off; pragma synchronous = off; begin; {_SCRATCH}")
            number = 0
            for name, db in dbs.items():
                for url, seen, signature in db.execute(_SIGNED):
                    number += 1
                    connection.execute(
                        "insert into articles (id, url, name, first_seen) values (?, ?, ?, ?)",
                        [number, url, name, seen],
                    )
                    connection.execute("insert into near_queue values (?, ?)", [number, signature])
            NearDuplicates(database_on(connection)).update()
            for url, name, original, of in connection.execute(
                "select a.url, a.name, o.url, o.name from articles a join articles o on o.id = a.near_duplicate_of"
                " where o.name != a.name order by o.url, a.url"
            ):
                yield Repost(url=url, name=name, original=original, of=of)
        finally:
            connection.close()
