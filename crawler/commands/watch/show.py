"""campuswarc watch show NAME"""

from __future__ import annotations

import csv
import json
import sys
from contextlib import closing
from typing import Any

import click

from archive.exports.csv import guarded
from archive.search.query import QueryError
from archive.store.db import open_reader
from archive.watches.journal import Journal
from archive.watches.matching import latest
from archive.watches.watch import BadWatch, Watch, load
from crawler.archive_folder import ArchiveFolder

_COLUMNS = ("kind", "at", "identifier", "url", "site", "title", "language")


@click.command()
@click.argument("name")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most items to list.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As a table.")
@click.pass_obj
def command(home: ArchiveFolder, name: str, limit: int, form: str | None) -> None:
    """List the latest that a watch has met, told or there when it began; nothing is sent.

    Exit status 1 when nothing is found.
    """
    with closing(open_reader(home.database, older=False)) as db:
        try:
            watch = _named(home, name)
            with Journal(home.watch_journal) as journal:
                items = latest(db, journal, watch, limit)
        except (BadWatch, QueryError) as problem:
            raise click.ClickException(str(problem)) from None
    if form == "json":
        click.echo(json.dumps(items, ensure_ascii=False))
    elif form == "csv":
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(_COLUMNS)
        for one in items:
            table.writerow([guarded(one[column] or "") for column in _COLUMNS])
    else:
        for one in items:
            click.echo(
                f"{one['at'][:16].replace('T', ' ')}  {one['kind']}  {one['site']}  {_line(one)}\n  {one['url']}"
            )
    sys.exit(0 if items else 1)


def _named(home: ArchiveFolder, name: str) -> Watch:
    known = load(home.watches)
    if name not in known:
        raise BadWatch(f"there is no watch {name!r}" + (f"; there are {', '.join(known)}" if known else ""))
    return known[name]


def _line(one: dict[str, Any]) -> str:
    return "".join(c if c.isprintable() else " " for c in one["title"])
