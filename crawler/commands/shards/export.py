"""campuswarc shards export FORMAT OUT"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import click

from archive.exports import parts
from archive.exports.columns import TextForm, UnknownField
from archive.exports.dataset import Options
from archive.exports.exporting import CannotExport, Request
from archive.exports.selection import EmptySelection, Filters, Versions
from archive.guarded import StorageFailure
from archive.rights import Use
from archive.search.query import QueryError
from crawler import __version__
from crawler.archive_folder import ArchiveFolder
from crawler.exits import refused
from crawler.selection_options import named_fields, selection_options
from crawler.shards import plan
from crawler.shards.reading import readers
from spiders.tables import ConfigError


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(parts.FORMATS))
@click.argument("out", type=click.Path(path_type=Path))
@selection_options
@click.option("--compress", type=click.Choice(("gz", "zst")), help="jsonl and csv.")
@click.option("--force", is_flag=True, help="Replace OUT where an earlier export is there.")
@click.pass_obj
def command(
    home: ArchiveFolder,
    form: str,
    out: Path,
    query: str,
    sites: tuple[str, ...],
    after: str | None,
    before: str | None,
    languages: tuple[str, ...],
    states: tuple[str, ...],
    rights: tuple[Use, ...],
    fields: str | None,
    versions: Versions,
    text: tuple[TextForm, ...],
    compress: str | None,
    force: bool,
) -> None:
    """Write the articles of all shards to the folder OUT as one dataset: a file a shard, one data package.

    near_duplicate_of is that of each shard; `campuswarc shards duplicates` lists what resembles a story of another.
    Exit status 1 when a shard is not reached: the rest is written.
    """
    try:
        opened = readers(home, planned := plan.load(home), older=False)
        homes = {name: planned.shards[name].home(home) for name in opened.dbs}
        done = parts.export(
            [
                parts.Part(name=name, db=db, database=homes[name].database, warc=homes[name].warc)
                for name, db in opened.dbs.items()
            ],
            Request(
                form=form,
                out=out,
                folder=home.folder,
                database=home.database,
                warc=home.warc,
                software=f"campuswarc {__version__}",
                force=force,
                filters=Filters(
                    query=query,
                    sites=sites,
                    after=after,
                    before=before,
                    languages=languages,
                    states=states,
                    rights=rights,
                ),
                versions=versions,
                text=text,
                fields=named_fields(fields),
                options=Options(suffix=f".{compress}" if compress else ""),
            ),
        )
    except (ConfigError, QueryError, UnknownField, EmptySelection, CannotExport) as problem:
        raise click.ClickException(str(problem)) from None
    except (OSError, sqlite3.Error) as problem:
        if refused(problem):
            raise StorageFailure(f"{problem}; nothing written") from problem
        raise
    for line in opened.missing:
        click.echo(line, err=True)
    click.echo(done.summary)
    sys.exit(1 if opened.missing else 0)
