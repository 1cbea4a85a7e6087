"""campuswarc pictures [QUERY]…"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict

import click

from archive.exports.csv import guarded
from archive.photos.likeness import NAME, CannotCompare, photos, update
from archive.search.query import QueryError
from archive.search.search import ids
from archive.store.db import open_reader
from crawler.archive_folder import ArchiveFolder
from crawler.commands import tell_unlooked

_COLUMNS = ("picture", "caption", "url", "title", "site", "language", "published")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most photos to list.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As a table, a row a story.")
@click.pass_obj
def command(home: ArchiveFolder, words: tuple[str, ...], limit: int, form: str | None) -> None:
    """The same photo in several stories, also where it was scaled or compressed again.

    Pictures that came since the last time are read from the archive and hashed (PDQ) into pictures.db, which nothing
    else needs. A query chooses photos with a story that meets it. Exit status 1 when nothing is found.
    """
    db = open_reader(home.database, older=False)
    try:
        among = set(ids(db, " ".join(words))) if words else None
        tell_unlooked(home, db, " ".join(words))
        done = update(db, home.warc, home.folder / NAME, told=lambda text: click.echo(text, err=True))
    except (QueryError, CannotCompare) as problem:
        raise click.ClickException(str(problem)) from None
    if done.unreadable:
        click.echo(f"{done.unreadable:,} pictures could not be decoded", err=True)
    found = photos(db, home.folder / NAME, among=among)
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in found[:limit]], ensure_ascii=False))
    elif form == "csv":
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(["photo", "files", *_COLUMNS])
        for one in found[:limit]:
            for story in one.stories:
                row = asdict(story)
                table.writerow([one.id, one.files, *(guarded(row[name] or "") for name in _COLUMNS)])
    else:
        for one in found[:limit]:
            click.echo(f"{one.id}  {len(one.stories)} stories, {one.files} files")
            for story in one.stories:
                title = "".join(c if c.isprintable() else " " for c in story.title)
                click.echo(f"  {(story.published or 'undated')[:10]:10}  {story.site}  {title}\n    {story.picture}")
        if len(found) > limit:
            click.echo(f"{len(found):,} photos in all: --limit shows more", err=True)
    if not found:
        click.echo("no photo is in several stories", err=True)
    sys.exit(0 if found else 1)
