"""Rows of another archive taken over as they are, where reading its pages again would give the same ones.

That is so where the same reader made them, nothing of them is known here, and its database says of its files what these
hold. Otherwise a merge reads the pages again (`row_builder`), which costs many times as much.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from archive.guarded import DamagedDatabase
from archive.search.index import ArticleIndex
from archive.sharing.merge import Joined
from archive.sqlite import step
from archive.store.corrections import CORRECTION
from archive.store.db import NoDatabase, UnfitDatabase, open_reader
from archive.store.rows import Rows
from archive.warc.history import INGESTED
from archive.warc.layout import MERGED
from archive.warc.reader import find, records
from archive.warc.record import ROWS
from crawler.history.acceptance import ACCEPTED
from crawler.history.steps import JOINED
from spiders.findings import VERSION

_BATCH = 500

# tables in the order in which they are taken, with what their columns are counted from; other columns stay as they are
_TAKEN: dict[str, dict[str, str]] = {
    "captures": {"id": "captures"},
    "articles": {"id": "articles"},
    "version_rows": {"id": "version_rows", "article": "articles", "capture": "captures"},
    "frontier": {"id": "frontier", "article": "articles"},
    "parts": {"version": "version_rows", "capture": "captures"},
    "attachments": {"article": "articles", "capture": "captures"},
    "images": {"article": "articles"},
    "links": {"article": "articles"},
    "deaths": {"article": "articles"},
    "sites": {},
    "listings": {},
    "identifiers": {},
    "news_days": {},
}
_CONFLICT = {"sites": "or ignore", "listings": "or replace", "identifiers": "or ignore", "news_days": "or replace"}
# what this archive numbers, or finds out, itself; a story's version is named when it is there: while a row waits for
# another one SQLite looks through whole tables, at each row that comes, for who has waited for this one
_OWN = {"captures": ("run",), "articles": ("near_duplicate_of", "current_version")}
# of what was held back, and of what was said before, the rows depend on more than the files
_NONE_OF = ("suspects", "changes", "believed", "unread", "withheld", "former_numbers", "former_versions", "corrections")


class Elsewhere:
    """The rows of an archive that is being merged."""

    def __init__(self, rows: Rows, folder: Path, other: Path, joined: Joined) -> None:
        """`folder` is warc/ of this archive, which has the other one's files by now."""
        self._rows, self._folder, self._joined = rows, folder, joined
        self._path = other / "news.db"

    def take(self) -> str | None:
        """Take all of them over; or the reason why the pages have to be read again, and nothing is done."""
        try:
            db = open_reader(self._path, older=False)
        except (NoDatabase, DamagedDatabase, UnfitDatabase) as problem:
            return str(problem)
        try:
            reason = self._refused(db.conn)
            if reason is None:
                with step(self._rows.db, "taken"):
                    self._copy(db.conn)
            return reason
        except sqlite3.DatabaseError as problem:  # of theirs: a failure of ours is another exception
            return f"{self._path}: {problem}"
        finally:
            db.conn.close()

    def _refused(self, there: sqlite3.Connection) -> str | None:
        """The one place where it is decided whether rows are taken over or pages read again."""
        if there.execute("pragma quick_check(1)").fetchone()[0] != "ok":
            return "its database is damaged"
        if there.execute("select 1 from version_rows where extractor != ? limit 1", [VERSION]).fetchone():
            return "another version of the reader made some of its rows"
        if there.execute("select 1 from runs where ended is null limit 1").fetchone():
            return "a run there has not ended"
        if any(there.execute(f"select 1 from {table} limit 1").fetchone() for table in _NONE_OF):
            return "pages are withheld or held back there, or unread"
        if self._rows.db.conn.execute("select 1 from withheld limit 1").fetchone():
            return "pages are withheld here"
        if self._joined.left or any(not name.startswith(f"{MERGED}/") for name in self._joined.own):
            return "some of its files are not here"
        if len(self._joined.own) < len(self._joined.merged):
            return "it has files of further archives"
        return self._known(there) or self._files_differ(there)

    def _known(self, there: sqlite3.Connection) -> str | None:
        """Whether something of it has rows here."""
        here = self._rows
        for (site,) in there.execute("select id from sites"):
            if here.frontier.any_of(site):
                return f"{site} has been crawled here too"
        for urls in _batches(row[0] for row in there.execute("select url from frontier")):
            if known := here.frontier.known(urls):
                return f"{min(known)} is known here"
        for (record_id,) in there.execute("select record_id from captures"):
            if here.captures.holds(record_id):
                return "some of its captures are here already"
        if here.captures.guests():
            return "files of other tools are here, which may hold its pages"
        return None

    def _files_differ(self, there: sqlite3.Connection) -> str | None:
        """Whether its files are damaged, or hold other records than its database says."""
        places = there.execute("select warc, offset, record_id from captures")
        known = {(warc, offset): id_ for warc, offset, id_ in places}
        damages: list[object] = []
        for name in self._joined.own:
            warc = name.split("/", 2)[2]
            for record, offset, _ in records(find(self._folder, name), on_damage=damages.append):
                if record.type in ROWS and known.pop((warc, offset), None) != record.record_id:
                    return "its files hold records that its database does not know"
                if record.type == "resource" and record.url in (INGESTED, JOINED, ACCEPTED, CORRECTION):
                    return (
                        "it has taken in files of other tools or archives, or was told what to believe or what is right"
                    )
        if damages:
            return "some of its files are damaged"
        return "its database knows records that its files do not hold" if known else None

    def _copy(self, there: sqlite3.Connection) -> None:
        here = self._rows.db.conn
        shift = {
            table: here.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0]
            for table in ("captures", "articles", "version_rows", "frontier")
        }
        prefix = "/".join(self._joined.own[0].split("/", 2)[:2])
        for table, counted in _TAKEN.items():
            names = [row[1] for row in here.execute(f"pragma table_info({table})").fetchall()]
            shown = [f"{name} + {shift[counted[name]]}" if name in counted else name for name in names]
            for name in _OWN.get(table, ()):
                shown[names.index(name)] = "null"
            if "warc" in names:
                shown[names.index("warc")] = f"'{prefix}/' || warc"
            # oldest first; a table without rowid has an order of its own
            order = " order by id" if "id" in counted else ""
            found = there.execute(f"select {', '.join(shown)} from {table}{order}")
            put = f"insert {_CONFLICT.get(table, '')} into {table} ({', '.join(names)})"
            while some := found.fetchmany(_BATCH):
                here.executemany(f"{put} values ({', '.join('?' * len(names))})", some)
        here.executemany(
            "update articles set current_version = ? where id = ?",
            there.execute(
                "select current_version + ?, id + ? from articles where current_version is not null",
                [shift["version_rows"], shift["articles"]],
            ),
        )
        articles = there.execute("select coalesce(max(id), 0) from articles").fetchone()[0]
        ArticleIndex(self._rows.db).add(range(shift["articles"] + 1, shift["articles"] + articles + 1))
        self._sign(there, shift["articles"])
        self._rows.frontier.stirs += 1

    def _sign(self, there: sqlite3.Connection, shift: int) -> None:
        """Signatures of bodies, which were made where these were read."""
        method = "select method from near_method"
        if there.execute(method).fetchone() != self._rows.db.conn.execute(method).fetchone():
            return
        signed = there.execute(
            "select t.signature, s.article + ? from near_signatures s join near_texts t on t.id = s.text", [shift]
        )
        self._rows.db.conn.executemany("update near_queue set signature = ? where article = ?", signed)


def _batches(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    rest = iter(values)
    while some := list(islice(rest, _BATCH)):
        yield some
