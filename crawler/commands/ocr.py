"""campuswarc ocr [QUERY]…"""

from __future__ import annotations

import sys

import click

from archive.search.query import QueryError
from archive.shadows import hide
from archive.store.lock import Locked
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.engine.writing import writing
from crawler.history.scans import Scan, read, scans
from spiders import catalogue
from spiders.scanned import NoReader, engine
from spiders.tables import ConfigError


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--below",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Stories of fewer words: 30 takes those too that introduce their picture in a sentence.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Read so many stories at most.")
@click.option("--list", "listing", is_flag=True, help="List them, read nothing, write nothing.")
@click.pass_obj
def command(home: ArchiveFolder, words: tuple[str, ...], below: int, limit: int | None, listing: bool) -> None:
    """Read notices whose words stand in a picture or a scanned PDF alone, by OCR (extra `ocr`), from the archive.

    Only stories without a word of their own are read, unless told. The words become the story's, marked as read by
    OCR with its confidence (has:ocr), as a record in the WARC that a rebuild obeys, until the page has other words.
    What cannot be read with trust stays as it is. Exit status 1 when there is none to read, or none could be read.
    """
    done = 0
    found: list[Scan] = []
    try:
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        if not listing:
            engine()
        with writing(home, settings, sites) as (archive, _):
            hide(archive.db.conn, "listed")
            found = list(scans(archive, " ".join(words), below=below))[:limit]
            hide(archive.db.conn, "all")
            for scan in found:
                title = "".join(c if c.isprintable() else " " for c in scan.story.title)
                if listing:
                    click.echo(f"{len(scan.sheets)} sheets\t{title}\t{scan.story.url}")
                    continue
                what = read(archive, home.warc, scan)
                done += what is not None
                sure = "not read" if what is None else f"{what.confidence:.2f}"
                click.echo(f"{sure}\t{title}\t{scan.story.url}")
            archive.near.update()
    except (ConfigError, Locked, QueryError, NoReader) as problem:
        raise click.ClickException(str(problem)) from None
    if listing and found:
        return
    click.echo(f"{done} of {len(found)} stories read by OCR" if found else "no story has its words in pictures alone")
    sys.exit(0 if done else 1)
