"""news.db made anew from the WARC files: beside the old one, taken up again after a kill. crawler.history.replacing
puts it in its place."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from archive.guarded import DamagedDatabase
from archive.search.index import ArticleIndex
from archive.sqlite import connect
from archive.store.db import NewerDatabase, open_reader, open_writer
from archive.store.identifiers import carry_over
from archive.store.rows import Rows
from archive.warc.going_on import left
from archive.warc.history import Recorded, Source, recorded, sources
from archive.warc.layout import OPEN
from archive.warc.remote_copies import bring_back, lost
from archive.warc.scan import Damage
from crawler.archive_folder import ArchiveFolder
from crawler.history.host_rights import note_host_rights
from crawler.history.row_builder import Progress, RowBuilder
from crawler.intake import Intake, Schedule
from crawler.workers.gc_tuning import ease
from crawler.workers.readers import Readers
from spiders.findings import VERSION
from spiders.site import Site

if TYPE_CHECKING:
    from sqlite_utils import Database

TABLE = "rebuilding"  # how far the new database has come; dropped when it is whole
_LISTED = 1000  # troubles that are kept in words; the others are counted


@dataclass(slots=True)
class RebuildReport:
    """What a rebuild met with."""

    steps: Annotated[int, "Records taken in this process"] = 0
    pages: Annotated[int, "Pages read in this process"] = 0
    read_again: Annotated[int, "Pages read twice, since their listing said otherwise than expected"] = 0
    files: int = 0
    resumed: Annotated[bool, "An earlier, killed rebuild was taken up again"] = False
    damages: Annotated[int, "Stretches and records that could not be used"] = 0
    troubles: Annotated[list[str], "Them in words, with file and offset"] = field(default_factory=list)
    remarks: Annotated[list[str], "Faults that files of other tools came with: nothing is broken"] = field(
        default_factory=list
    )

    def trouble(self, text: str) -> None:
        """Count one more."""
        self.damages += 1
        if len(self.troubles) < _LISTED:
            self.troubles.append(text)

    def remark(self, text: str) -> None:
        """Something worth a line."""
        if len(self.remarks) < _LISTED:
            self.remarks.append(text)


def new_database(home: ArchiveFolder) -> Path:
    """Where the new database grows."""
    return home.folder / "news.db.rebuilding"


def discard(home: ArchiveFolder) -> None:
    """Take the new database away."""
    path = new_database(home)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def build(
    home: ArchiveFolder,
    sites: Mapping[str, Site],
    schedule: Schedule,
    *,
    processes: int,
    only: Mapping[str, Site] | None = None,
    advance: Callable[[int], object] = lambda size: None,
) -> RebuildReport:
    """Make the new database, or finish one begun before; the rows of all sites, or of `only` these in a copy of
    news.db.

    The archive must be locked. Raises DamagedDatabase, the new one taken away, where that was damaged meanwhile.
    """
    readers = Readers(sites, processes)  # they load what they need while this process does
    try:
        return _build(home, sites, schedule, readers, processes, only, advance)
    except DamagedDatabase as problem:
        new = str(new_database(home))
        if not str(problem).startswith(new):
            raise
        discard(home)  # taken up again it would fail as it did
        raise DamagedDatabase(f"{new} was damaged; it is taken away: rebuild once more") from problem
    finally:
        readers.close()


def _build(
    home: ArchiveFolder,
    sites: Mapping[str, Site],
    schedule: Schedule,
    readers: Readers,
    processes: int,
    only: Mapping[str, Site] | None,
    advance: Callable[[int], object],
) -> RebuildReport:
    for warc in lost(home.folder):
        bring_back(home.warc, warc)
    report, tale = RebuildReport(), sources(home.warc)
    journal = Journal.open(home, "all" if only is None else "only " + " ".join(sorted(only)), tale)
    if only is not None and not journal.since.warc:
        forget(journal.db, only)
    report.resumed, report.files = bool(journal.since.warc), len(tale)
    report.damages, report.troubles, report.remarks = journal.damages, journal.troubles, journal.remarks
    rows = Rows(journal.db)
    rows.captures.load_unread()
    ease()
    replay = RowBuilder(
        rows,
        home.warc,
        Intake(rows, schedule),
        sites,
        processes=processes,
        readers=readers,
        since=journal.since,
        on_trouble=report.trouble,
        on_remark=report.remark,
        committed=lambda progress: journal.write(progress, report),
        only=None if only is None else lambda site: site.id in only,
    )
    try:
        ends: dict[str, int] = {}
        asyncio.run(replay.run(_told(tale, journal.since, report.trouble, advance, ends)))
        rows.near.update()
        note_host_rights(rows, home.warc)
        if only is None:
            carry_over(journal.db, home.database)
            # the next writer closes what a kill left open, and would take for untold what lies behind the last capture
            if growing := {warc: ends[warc] for warc in _open(tale) if warc in ends}:
                rows.untold.grow(growing)
            elif tale and tale[-1].path.stat().st_size == ends.get(tale[-1].warc):  # told to its end
                rows.untold.leave(left(home.warc, tale[-1].warc))
        report.steps, report.pages, report.read_again = (
            replay.counts["steps"],
            replay.counts["pages"],
            replay.counts["read again"],
        )
    finally:
        rows.close()
    return report


def _told(
    tale: list[Source],
    since: Progress,
    trouble: Callable[[str], object],
    advance: Callable[[int], object],
    ends: dict[str, int],
) -> Iterator[Recorded]:
    """Every record that means something, in order, from where an earlier rebuild was; the end of the last of each file
    into `ends`."""
    reached = not since.warc
    for source in tale:
        start = 0
        size = source.path.stat().st_size
        if not reached:
            reached = source.warc == since.warc
            advance(since.end if reached else size)
            if not reached:
                continue
            start = since.end
        at = start
        for told in recorded(source, start=start, on_damage=_reporter(source, trouble)):
            yield told
            advance(told.end - at)
            at = ends[source.warc] = told.end
        advance(size - at)


def _open(tale: list[Source]) -> list[str]:
    return [source.warc for source in tale if source.path.name.endswith(OPEN)]


def _reporter(source: Source, trouble: Callable[[str], object]) -> Callable[[Damage], None]:
    def report(damage: Damage) -> None:
        if not (damage.torn and source.path.name.endswith(OPEN)):  # what a killed crawl leaves; the next one mends it
            trouble(f"{source.warc}, offset {damage.offset}: {damage.length} bytes are no record: {damage.reason}")

    return report


class Journal:
    """The new database, with how far it has come, which is written in the transactions of its rows."""

    def __init__(self, path: Path) -> None:
        self.db = open_writer(path)
        self.db.execute("pragma synchronous = normal")  # a power cut may cost the last commits, never the file
        self.db.execute(f"create table if not exists {TABLE} (key text primary key, value text)")
        kept = dict(self.db.execute(f"select key, value from {TABLE}").fetchall())
        fields = json.loads(kept.get("progress", "{}"))
        self.since = Progress(**fields | {"seeded": tuple(fields.get("seeded", ()))})
        self.damages: int = json.loads(kept.get("damages", "0"))
        self.troubles: list[str] = json.loads(kept.get("troubles", "[]"))
        self.remarks: list[str] = json.loads(kept.get("remarks", "[]"))
        self.plan, self.sources = kept.get("plan"), json.loads(kept.get("sources", "[]"))

    @classmethod
    def open(cls, home: ArchiveFolder, what: str, tale: list[Source]) -> Self:
        """That of a database begun with the same plan on the same files; else of a new one, or a copy of news.db unless
        `what` is all."""
        path, names = new_database(home), [source.warc for source in tale]
        plan = json.dumps([what, VERSION, None if what == "all" else _age(home.database)])
        if path.exists():
            with suppress(NewerDatabase, DamagedDatabase):  # begun by another version, or damaged since: begun anew
                journal = cls(path)
                if journal.plan == plan and journal.sources == names[: len(journal.sources)]:
                    journal.sources = names
                    return journal
                journal.db.close()
            discard(home)
        if what != "all":
            _copy(home.database, path)
        journal = cls(path)
        journal.db.conn.execute(f"insert or replace into {TABLE} values ('plan', ?)", [plan])
        journal.db.conn.commit()
        journal.sources = names
        return journal

    def write(self, progress: Progress, report: RebuildReport) -> None:
        """Put down how far things are; it counts with the transaction that is open."""
        done = self.sources[: self.sources.index(progress.warc) + 1]
        values = {
            "progress": json.dumps(asdict(progress)),
            "damages": json.dumps(report.damages),
            "troubles": json.dumps(report.troubles),
            "remarks": json.dumps(report.remarks),
            "sources": json.dumps(done),
        }
        self.db.conn.executemany(f"insert or replace into {TABLE} values (?, ?)", values.items())


def _age(path: Path) -> list[int | None]:
    """Grows with each crawl: what was copied before is out of date after."""
    with closing(open_reader(path, shown="all")) as db:
        return list(db.execute("select (select max(id) from captures), (select max(id) from runs)").fetchone())


def _copy(old: Path, new: Path) -> None:
    with closing(connect(old, timeout=30)) as source, closing(sqlite3.connect(new)) as target:
        source.backup(target)


_OF_SITES = ("articles", "frontier", "listings", "failures", "suspects", "changes", "tallies", "believed")


def forget(db: Database, sites: Collection[str]) -> None:
    """Take out what was read on behalf of these sites; their captures stay."""
    connection, marks = db.conn, ", ".join("?" * len(sites))
    chosen = f"select id from articles where site in ({marks})"
    # each row that goes would have SQLite look through the whole tables of articles and addresses for one that refers
    # to it
    connection.execute("pragma foreign_keys = off")
    connection.execute("begin")
    ArticleIndex(db).forget(row[0] for row in connection.execute(chosen, list(sites)).fetchall())
    for change in (
        f"insert or replace into near_queue (article) {chosen}",  # so that what resembles them is pointed elsewhere
        f"update near_signatures set original = null where original in ({chosen})",
        f"update near_signatures set original = null where article in ({chosen})",
        f"update articles set near_duplicate_of = null where near_duplicate_of in ({chosen})",
        f"update articles set current_version = null where id in ({chosen})",
        f"update frontier set article = null where article in ({chosen})",
        f"delete from parts where version in (select id from versions where article in ({chosen}))",
        *(
            f"delete from {table} where article in ({chosen})"
            for table in ("version_rows", "deaths", "attachments", "images", "links")
        ),
        *(f"delete from {table} where site in ({marks})" for table in _OF_SITES),
    ):
        connection.execute(change, list(sites))
    connection.execute("commit")
    connection.execute("pragma foreign_keys = on")
