"""campuswarc clusters [QUERY]…"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict

import click

from archive.exports.csv import guarded
from archive.near.clusters import clusters
from archive.search.query import QueryError
from archive.search.search import ids
from archive.store.db import open_reader
from crawler.archive_folder import ArchiveFolder
from crawler.commands import tell_unlooked

_COLUMNS = ("url", "site", "title", "published", "first_seen", "hours")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most clusters to list.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As a table, a row a story.")
@click.pass_obj
def command(home: ArchiveFolder, words: tuple[str, ...], limit: int, form: str | None) -> None:
    """Who copied whom: stories that are the same story, which came out first, and the hours between.

    A query chooses clusters with a story that meets it. Which came first is left open where the pages do not tell.
    Exit status 1 when nothing is found.
    """
    db = open_reader(home.database, older=False)
    try:
        among = set(ids(db, " ".join(words))) if words else None
        tell_unlooked(home, db, f"({' '.join(words)}) has:duplicate" if words else "has:duplicate")
    except QueryError as problem:
        raise click.ClickException(str(problem)) from None
    found = clusters(db, among)
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in found[:limit]], ensure_ascii=False))
    elif form == "csv":
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(["cluster", "first", *_COLUMNS])
        for one in found[:limit]:
            for member in one.members:
                row = asdict(member)
                cells = [one.id, one.first, *(row[name] for name in _COLUMNS)]
                table.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    else:
        for one in found[:limit]:
            click.echo(
                f"{one.id}  {len(one.members)} stories" + ("" if one.first else "  (which came first is not told)")
            )
            for member in one.members:
                mark = "first" if member.url == one.first else "" if member.hours is None else f"+{member.hours:g} h"
                title = "".join(c if c.isprintable() else " " for c in member.title)
                click.echo(
                    f"  {(member.published or 'undated')[:16]:16}  {mark:>9}  {member.site}  {title}\n    {member.url}"
                )
        if len(found) > limit:
            click.echo(f"{len(found):,} clusters in all: --limit shows more", err=True)
    if not found:
        click.echo("no cluster found", err=True)
    sys.exit(0 if found else 1)
