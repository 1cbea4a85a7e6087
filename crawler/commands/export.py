"""campuswarc export FORMAT OUT"""

from __future__ import annotations

import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from archive.exports import exporting
from archive.exports.columns import TextForm, UnknownField
from archive.exports.dataset import Options
from archive.exports.exporting import CannotExport, Request, formats
from archive.exports.selection import EmptySelection, Filters, Versions
from archive.guarded import StorageFailure
from archive.rights import Use
from archive.search.query import QueryError
from archive.store.db import open_reader
from archive.watches.watch import BadWatch, load
from crawler import __version__
from crawler.archive_folder import ArchiveFolder
from crawler.commands import tell_unlooked
from crawler.exits import refused
from crawler.selection_options import named_fields, selection_options


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(formats()))
@click.argument("out", type=click.Path(path_type=Path))
@selection_options
@click.option("--tag", "tags", multiple=True, help="A tag of sites; may be repeated: with any of them.")
@click.option("--watch", "watched", metavar="NAME", help="What meets the query of this watch.")
@click.option("--bom", is_flag=True, help="csv: with a byte order mark, which Excel wants.")
@click.option("--raw", is_flag=True, help="csv: leave cells that a spreadsheet would run as formulas as they are.")
@click.option("--partition", is_flag=True, help="parquet: a file for each site and year, in a folder.")
@click.option(
    "--compress",
    type=click.Choice(("gz", "zst")),
    help="jsonl and csv in a folder; a file's name says it by its suffix.",
)
@click.option("--whole", is_flag=True, help="bagit: the whole archive, WARC files, database and configuration.")
@click.option(
    "--captures",
    is_flag=True,
    help="wacz, warc, bagit: captures, read as articles or not; --after and --before are then days of capture.",
)
@click.option("--url", default="", help="Captures of this address, of a host, or before a * of all that begins so.")
@click.option(
    "--sign",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="KEY",
    help="wacz: sign with this private key (PEM, P-384).",
)
@click.option("--force", is_flag=True, help="Replace OUT where an earlier export is there.")
@click.pass_obj
def command(
    home: ArchiveFolder,
    form: str,
    out: Path,
    query: str,
    sites: tuple[str, ...],
    tags: tuple[str, ...],
    after: str | None,
    before: str | None,
    languages: tuple[str, ...],
    states: tuple[str, ...],
    rights: tuple[Use, ...],
    watched: str | None,
    fields: str | None,
    versions: Versions,
    text: tuple[TextForm, ...],
    bom: bool,
    raw: bool,
    partition: bool,
    compress: str | None,
    whole: bool,
    captures: bool,
    url: str,
    sign: Path | None,
    force: bool,
) -> None:
    """Write articles to OUT as a dataset, or their captures as an archive.

    jsonl, csv, parquet and sqlite make a folder with documentation and checksums, or one file where OUT ends in .jsonl,
    .csv (.gz, .zst), .parquet or .db, its data package beside it. atom makes a feed; ris, csl-json and bibtex make a
    file of references; pairs and tmx one of Chinese stories with their English twins; wacz and warc.gz files hold the
    captures; bagit a bag; site is a folder of pages, zim a file for Kiwix.
    """
    request = Request(
        form=form,
        out=out,
        folder=home.folder,
        database=home.database,
        warc=home.warc,
        software=f"campuswarc {__version__}",
        force=force,
        whole=whole,
        sign=sign,
        filters=Filters(
            query=_watched(home, _tagged(query, tags), watched),
            sites=sites,
            after=after,
            before=before,
            languages=languages,
            states=states,
            rights=rights,
            captures=captures or bool(url),
            url=url,
        ),
        versions=versions,
        text=text,
        fields=named_fields(fields),
        options=Options(bom=bom, guard=not raw, partition=partition, suffix=f".{compress}" if compress else ""),
    )
    try:
        db = open_reader(home.database, older=False)
        with _terminated_in_order(), _shown() as told:
            done = exporting.export(db, request, told)
        tell_unlooked(home, db, request.filters.query)
    except (QueryError, UnknownField, EmptySelection, CannotExport) as problem:
        raise click.ClickException(str(problem)) from None
    except (OSError, sqlite3.Error) as problem:
        if refused(problem):
            raise StorageFailure(f"{problem}; nothing written") from problem
        raise
    for line in done.problems:
        click.echo(line, err=True)
    click.echo(done.summary)
    sys.exit(1 if done.problems else 0)


@contextmanager
def _terminated_in_order() -> Iterator[None]:
    """SIGTERM ends the block by an exception, so that what is half made is taken away; behind it all is as before."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _shown() -> Iterator[exporting.Told]:
    """A bar on a terminal, silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console

    columns = (TextColumn("exporting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("rows")
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _tagged(query: str, tags: tuple[str, ...]) -> str:
    """The query, of sites with any of the tags."""
    if not tags:
        return query
    tagged = " OR ".join(f'tag:"{tag}"' for tag in tags)
    return f"({query}) ({tagged})" if query else tagged


def _watched(home: ArchiveFolder, query: str, name: str | None) -> str:
    """The query, and that of the watch."""
    if name is None:
        return query
    try:
        watches = load(home.watches)
    except BadWatch as problem:
        raise click.ClickException(str(problem)) from None
    if name not in watches:
        raise click.ClickException(f"there is no watch {name!r}")
    return f"({query}) ({watches[name].query})" if query else watches[name].query
