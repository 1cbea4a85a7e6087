"""campuswarc shards search WORDS…"""

from __future__ import annotations

import sys

import click

from archive.search import across
from archive.search.query import QueryError
from archive.search.search import SORTS, Sort, sought
from crawler.archive_folder import ArchiveFolder
from crawler.commands.search import show, show_spread
from crawler.shards import plan
from crawler.shards.reading import readers
from spiders.tables import ConfigError


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most articles to list.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Articles to pass over first.")
@click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True, help="As `search` has it.")
@click.option("--doubtful", "sort", flag_value="doubtful", help="As `search` has it.")
@click.option("--json", "form", flag_value="json", help="One JSON object; each hit names its shard.")
@click.option("--csv", "form", flag_value="csv", help="A table; cells that spreadsheets would run are quoted.")
@click.option("--count", "form", flag_value="count", help="Their number alone.")
@click.option("--facets", "form", flag_value="facets", help="How they spread, over all shards.")
@click.pass_obj
def command(home: ArchiveFolder, words: tuple[str, ...], limit: int, offset: int, sort: Sort, form: str | None) -> None:
    """List articles of all shards with all WORDS, best first, in the query language of `campuswarc search`.

    Words weigh by how few articles of all shards have them, as in one archive of all. Exit status 1 when nothing is
    found; shards that are not reached are named.
    """
    query = " ".join(words)
    try:
        opened = readers(home, plan.load(home), older=False)
        if form == "count":
            click.echo(total := across.count(opened.dbs, sought(query, sort)))
        elif form == "facets":
            total = show_spread(across.spread(opened.dbs, sought(query, sort)))
        else:
            found = across.search(opened.dbs, query, limit=limit, offset=offset, sort=sort)
            total = show(found.results, offset, form, found.names)
    except (ConfigError, QueryError) as problem:
        raise click.ClickException(str(problem)) from None
    for one in across.unlooked_in(opened.dbs, query):
        click.echo(f"{one.sentence}" + " (in each shard)" * bool(one.command), err=True)
    for text in opened.missing:
        click.echo(text, err=True)
    sys.exit(0 if total else 1)
