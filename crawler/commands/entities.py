"""campuswarc entities [QUERY]…"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict

import click

from archive.entities.entity import KINDS, CannotRead, Kind
from archive.entities.table import Named, counted, update
from archive.exports.csv import guarded
from archive.search.query import QueryError
from archive.search.search import ids
from archive.store.db import open_reader
from archive.store.lock import Locked
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.commands import tell_unlooked
from crawler.engine.writing import writing
from spiders import catalogue
from spiders.tables import ConfigError


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--find", "looking", is_flag=True, help="First read stories that are new or have changed (extra `entities`)."
)
@click.option("--most", type=click.IntRange(min=1), help="With --find: read so many stories at most.")
@click.option("--kind", type=click.Choice(KINDS), default="person", show_default=True, help="What is counted.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most names to list.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As a table, a row a name.")
@click.pass_obj
def command(
    home: ArchiveFolder,
    words: tuple[str, ...],
    looking: bool,
    most: int | None,
    kind: Kind,
    limit: int,
    form: str | None,
) -> None:
    """People with their offices, institutions or places that stories name, those of most stories first.

    With --find Chinese stories are read by the model of LAC, English ones by rules; others are not. A rebuild forgets
    what was read. A query chooses the stories that are counted. Exit status 1 when nothing is found.
    """
    try:
        if looking:
            click.echo(f"{_read(home, most):,} stories read", err=True)
        db = open_reader(home.database, older=False)
        among = set(ids(db, " ".join(words))) if words else None
        tell_unlooked(home, db, f"({' '.join(words)}) person:any" if words else "person:any")
    except (ConfigError, Locked, QueryError, CannotRead) as problem:
        raise click.ClickException(str(problem)) from None
    found = counted(db, kind, among, limit=limit)
    _show(found, form)
    if not found:
        click.echo("nothing named", err=True)
    sys.exit(0 if found else 1)


def _read(home: ArchiveFolder, most: int | None) -> int:
    with writing(home, config.load(home.config), catalogue.load(home.sites)) as (archive, _):
        return update(archive.db, commit=archive.commit, limit=most, told=lambda text: click.echo(text, err=True))


def _show(found: list[Named], form: str | None) -> None:
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    elif form == "csv":
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(["kind", "name", "stories", "office"])
        table.writerows([one.kind, guarded(one.name), one.stories, guarded(one.office)] for one in found)
    else:
        for one in found:
            click.echo(f"{one.stories:6,}  {one.name}" + (f"  ({one.office})" if one.office else ""))
