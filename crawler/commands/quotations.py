"""campuswarc quotations [QUERY]…"""

from __future__ import annotations

import csv
import json
import sys

import click

from archive.exports.csv import guarded
from archive.near.clusters import places
from archive.near.quotations import LEAST, MOST_STORIES, quotations
from archive.search.query import QueryError
from archive.search.search import ids
from archive.store.db import open_reader
from crawler.archive_folder import ArchiveFolder
from crawler.commands import tell_unlooked

_SHOWN = 160  # characters of a passage


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most passages to list.")
@click.option("--json", "form", flag_value="json", help="As JSON, passages whole.")
@click.option("--csv", "form", flag_value="csv", help="As a table, passages whole.")
@click.pass_obj
def command(home: ArchiveFolder, words: tuple[str, ...], limit: int, form: str | None) -> None:
    """Passages of more than 60 words that one story has of another, the longest first; reposts are not among them.

    Of all stories, or of those that meet a query. Reads each text once. Exit status 1 when nothing is found.
    """
    db = open_reader(home.database, older=False)
    try:
        chosen = sorted(ids(db, " ".join(words)))
        tell_unlooked(home, db, " ".join(words))
    except QueryError as problem:
        raise click.ClickException(str(problem)) from None
    known = places(db)

    def same(one: int, other: int) -> bool:
        return one in known and other in known and known[one].cluster == known[other].cluster

    found = quotations(db, chosen, same=same)
    rows = []
    for one in found.found[:limit]:
        earlier, later = (
            db.execute("select url from articles where id = ?", [id_]).fetchone()[0] for id_ in (one.earlier, one.later)
        )
        rows.append({"words": one.words, "earlier": earlier, "later": later, "text": one.text})
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False))
    elif form == "csv":
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(["words", "earlier", "later", "text"])
        for row in rows:
            table.writerow([row["words"], *(guarded(str(row[name])) for name in ("earlier", "later", "text"))])
    else:
        for row in rows:
            text = " ".join(str(row["text"]).split())
            click.echo(f"{row['words']} words\n  {row['earlier']}\n  {row['later']}\n  {text[:_SHOWN]}…")
    if found.boilerplate and form is None:
        click.echo(f"{found.boilerplate:,} passages that stand in more than {MOST_STORIES} stories left out", err=True)
    if not rows:
        click.echo(f"no passage of more than {LEAST} words in {found.stories:,} stories", err=True)
    sys.exit(0 if rows else 1)
