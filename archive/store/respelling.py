"""Addresses an archive knew before they were written as browsers do, brought to the spelling under which they are asked
for now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.address import asked, canonical

if TYPE_CHECKING:
    from sqlite_utils import Database

_FILES = ("attachment", "requisite")


def spelled(url: str, kind: str) -> str:
    """The key of an address: that of a page is canonical, that of a picture or document is as it is asked for; what is
    none stays as it is."""
    if kind in _FILES:
        return asked(url)
    try:
        return canonical(url)
    except ValueError:
        return url


def respell(db: Database) -> None:
    """Give what is known of an address its key of today; of two that are one now the first keeps it, the other stays as
    it was.

    Documents and pictures that were refused because nobody could ask for them as they were spelled are due again.
    Captures keep the address that was asked for.
    """
    for column in ("discovered_from", "listing"):  # of pages; those of the rows themselves come last, one by one
        _each(db, "frontier", column, "article")
    for table, column in (("listings", "url"), ("articles", "url"), ("parts", "url")):
        _each(db, table, column, "article")
    for table in ("attachments", "images"):
        _each(db, table, "url", "attachment")
    for id_, url, kind, state, reason, of in db.execute(
        "select id, url, kind, state, reason, json_extract(hint, '$.part_of') from frontier"
    ).fetchall():
        key = spelled(url, kind)
        if (
            key != url
            and db.execute("update or ignore frontier set url = ? where id = ?", [key, id_]).rowcount
            and (state, reason) == ("refused", "guard")
        ):
            db.execute(
                "update frontier set state = 'pending', reason = null, attempts = 0, due = first_seen where id = ?",
                [id_],
            )
        if state == "moved" and reason and (to := spelled(reason, kind)) != reason:
            db.execute("update frontier set reason = ? where id = ?", [to, id_])
        if of and (story := spelled(of, "article")) != of:
            db.execute(
                "update frontier set hint = json_set(hint, '$.part_of', ?, '$.page', ?) where id = ?", [story, key, id_]
            )


def _each(db: Database, table: str, column: str, kind: str) -> None:
    """One column: each of its addresses once."""
    for (url,) in db.execute(f"select distinct {column} from {table} where {column} is not null").fetchall():
        if (key := spelled(url, kind)) != url:
            db.execute(f"update or ignore {table} set {column} = ? where {column} = ?", [key, url])
