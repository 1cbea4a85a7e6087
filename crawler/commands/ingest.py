"""campuswarc ingest WARC…"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from archive.store.lock import Locked
from archive.warc.foreign_warcs import ForeignWarc, NoArchive, place, remove, sweep
from archive.warc.history import INGESTED, SITES
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.commands import reading_processes
from crawler.engine.choice import choose
from crawler.engine.writing import writing
from crawler.exits import DAMAGED
from crawler.history.host_rights import note_host_rights
from crawler.history.ingest import Order, ingest
from crawler.history.withholding import carry_out
from crawler.intake.site_rows import enrol
from spiders import catalogue
from spiders.tables import ConfigError


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="WARC…", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--copy/--in-place",
    "copy",
    default=True,
    show_default=True,
    help="Copy the files into the archive, or only link to them.",
)
@click.option("--site", "sites", multiple=True, help="Take only pages of this site; may be repeated.")
@click.option(
    "--other",
    type=click.Choice(["index", "skip"]),
    default="index",
    show_default=True,
    help="Pages of no configured site: enter their captures, or leave them out.",
)
@reading_processes(each_core=False)
@click.pass_obj
def command(
    home: ArchiveFolder, files: tuple[Path, ...], copy: bool, sites: tuple[str, ...], other: str, processes: int
) -> None:
    """Take in what other tools recorded: WARC, WARC.gz, WARC.zst, ARC and WACZ files.

    Pages of configured sites become captures and articles. Repeating it changes nothing. Exit status: 0 well; 1 nothing
    done; 5 parts of the files are damaged, the rest was taken.
    """
    troubles: list[str] = []
    try:
        settings, configured = config.load(home.config), catalogue.load(home.sites)
        choose(configured, sites, home)
        with writing(home, settings, configured, troubles.append) as (archive, intake):
            guests = _lodged(files, home, in_place=not copy, trouble=troubles.append)
            order = Order(
                files=tuple(dict.fromkeys(guest.warc for guest in guests)),
                sites=sites,
                other="skip" if other == "skip" else "index",
                sha256={guest.warc: guest.lies_as for guest in guests},
            )
            toml = home.sites.read_bytes()
            at = archive.record_resource(SITES, "application/toml", toml).fetched_at
            archive.record_resource(INGESTED, "application/json", order.payload())
            enrol(archive, configured, at, text=toml)
            counts = ingest(archive, home.warc, intake, configured, order, processes=processes, trouble=troubles.append)
            carry_out(archive, troubles.append)  # what was removed here is not brought back
            archive.near.update()
            note_host_rights(archive, home.warc)
    except (ConfigError, Locked, NoArchive) as problem:
        raise click.ClickException(str(problem)) from None
    for text in troubles:
        click.echo(text, err=True)
    for guest in guests:
        click.echo(f"{guest.original} -> warc/{guest.warc}")
    click.echo(", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing to take")
    if troubles:
        sys.exit(DAMAGED)


def _lodged(
    files: tuple[Path, ...], home: ArchiveFolder, *, in_place: bool, trouble: Callable[[str], object]
) -> list[ForeignWarc]:
    """All of the files given a place, or none."""
    sweep(home.warc)
    guests: list[ForeignWarc] = []
    try:
        for path in files:
            guests += place(path, home.warc, in_place=in_place, on_damage=trouble)
    except BaseException:
        remove(guests, home.warc)
        raise
    for guest in guests:
        if guest.damage:
            trouble(guest.damage)
    return guests
