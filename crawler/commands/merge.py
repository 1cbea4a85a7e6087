"""campuswarc merge OTHER…"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from archive.instants import iso, now
from archive.sharing.merge import Joined as Brought
from archive.sharing.merge import NotMerged, check, join
from archive.store.db import refuse_newer
from archive.store.lock import Locked, WriterLock
from archive.store.store import Archive
from archive.warc.foreign_warcs import sweep
from archive.warc.history import SITES, named
from archive.warc.reader import find, records
from archive.warc.record import ROWS
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.commands import reading_processes
from crawler.engine.writing import writing
from crawler.exits import DAMAGED
from crawler.history.host_rights import note_host_rights
from crawler.history.row_builder import RowBuilder, records_of
from crawler.history.steps import JOINED, Joined
from crawler.history.taking_over import Elsewhere
from crawler.history.withholding import carry_out
from crawler.intake import Intake
from crawler.intake.site_rows import enrol
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError

_SHOWN = 20


@click.command()
@click.argument(
    "others", nargs=-1, required=True, metavar="OTHER…", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
@reading_processes(each_core=False)
@click.pass_obj
def command(home: ArchiveFolder, others: tuple[Path, ...], processes: int) -> None:
    """Join other archive folders into this one: their WARC files, and the rows these give.

    A story that both have keeps all its versions; the words of the newest capture are the present ones, and it is
    reported. Repeating it changes nothing. The sites of both should be in this archive's sites.toml: others are kept,
    but retired. Exit status: 0 well; 1 nothing done; 5 parts of the files are damaged, the rest was taken.
    """
    troubles: list[str] = []
    try:
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        for other in others:
            check(home.folder, other)  # none is merged where one cannot be
            refuse_newer(other / home.database.name)
        with writing(home, settings, sites, troubles.append) as (archive, intake):
            sweep(home.warc)
            for other in others:
                _merge(home, archive, other, sites, intake, processes, troubles)
            carry_out(archive, troubles.append)  # what was removed here is not brought back
            archive.near.update()
            note_host_rights(archive, home.warc)
    except (ConfigError, Locked, NotMerged) as problem:
        raise click.ClickException(str(problem)) from None
    for text in troubles:
        click.echo(text, err=True)
    if troubles:
        sys.exit(DAMAGED)


def _merge(
    home: ArchiveFolder,
    archive: Archive,
    other: Path,
    sites: dict[str, Site],
    intake: Intake,
    processes: int,
    troubles: list[str],
) -> None:
    lock = WriterLock(other / "news.lock")
    lock.acquire()
    try:
        joined = join(home.folder, other)
    finally:
        lock.release()
    for warc in joined.left:
        click.echo(f"{other}: {warc} is still open; crawl there once more, then merge again", err=True)
    # else an earlier merge was killed
    if not joined.fresh and not archive.unread and all(_taken(home, archive, warc) for warc in joined.merged):
        click.echo(f"{other}: nothing new")
        return
    toml = home.sites.read_bytes()
    configured = archive.record_resource(SITES, "application/toml", toml)
    told = Joined(files=tuple(joined.own), source=str(other.absolute()))
    merged = archive.record_resource(JOINED, "application/json", told.payload())
    enrol(archive, sites, configured.fetched_at)
    with archive.telling(configured, merged):
        archive.commit()  # the files count from here on, whatever becomes of this process: the next one reads them
        outcome = _rows_of(home, archive, other, joined, sites, intake, processes, troubles)
        archive.sites.entered = None  # others have been, since
        enrol(archive, sites, iso(now()), text=toml)
    archive.commit()
    click.echo(f"{other}: {joined.fresh} files, {outcome}")
    _conflicts(archive, joined.own)


def _rows_of(
    home: ArchiveFolder,
    archive: Archive,
    other: Path,
    joined: Brought,
    sites: dict[str, Site],
    intake: Intake,
    processes: int,
    troubles: list[str],
) -> str:
    """Rows of what has been joined, taken over or read; which of it, in words."""
    refused = Elsewhere(archive, home.warc, other, joined).take()
    if refused is None:
        return "rows taken over"
    replay = RowBuilder(
        archive,
        home.warc,
        intake,
        sites,
        processes=processes,
        on_trouble=troubles.append,
        on_remark=lambda text: click.echo(f"as it came from another tool: {text}", err=True),
        twice=True,
    )
    asyncio.run(replay.run(records_of(named(home.warc, joined.own, troubles.append), troubles.append)))
    captures, known = replay.counts["captures"], replay.counts["known already"]
    return f"{captures} captures, {known} known already; its pages were read again: {refused}"


def _taken(home: ArchiveFolder, archive: Archive, warc: str) -> bool:
    """Whether a file's captures have rows, as far as it holds any."""
    return bool(archive.captures.end_of(warc)) or not any(
        record.type in ROWS for record, _, _ in records(find(home.warc, warc), on_damage=lambda damage: None)
    )


def _conflicts(archive: Archive, files: tuple[str, ...]) -> None:
    """Stories of which both archives hold captures, with other words."""
    theirs = f"c.warc in ({', '.join('?' * len(files))})"
    found = archive.db.execute(
        "select a.url, count(*) from articles a join versions v on v.article = a.id join captures c on c.id = v.capture"
        f" group by a.id having count(*) > 1 and sum({theirs}) between 1 and count(*) - 1 order by a.url",
        list(files),
    ).fetchall()
    for url, count in found[:_SHOWN]:
        click.echo(f"  conflict: {url}: {count} versions of both; that of the newest capture is the present one")
    if found:
        click.echo(f"  {len(found)} stories with other words here and there")
