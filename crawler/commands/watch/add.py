"""campuswarc watch add NAME QUERY"""

from __future__ import annotations

from contextlib import closing

import click

from archive.search.query import QueryError
from archive.search.search import count
from archive.store.db import open_reader
from archive.watches import watch as watches
from archive.watches.journal import Journal
from archive.watches.watch import BadWatch, Watch
from crawler.archive_folder import ArchiveFolder
from crawler.commands import tell_unlooked
from crawler.reporting.delivery import known
from spiders.tables import ConfigError


@click.command()
@click.argument("name")
@click.argument("query")
@click.option(
    "--notify",
    multiple=True,
    metavar="URL",
    help="https://… gets a webhook with JSON; others are addresses of Apprise such as mailto://…; may be repeated.",
)
@click.pass_obj
def command(home: ArchiveFolder, name: str, query: str, notify: tuple[str, ...]) -> None:
    """Watch for QUERY, as in search, from now on: what the archive holds already is not told.

    Without --notify it is a feed alone: /watch/NAME.atom. It is told at the end of each crawl, and by
    `campuswarc watch run`.
    """
    db = open_reader(home.database, older=False)
    try:
        made = Watch(name=name, query=query, notify=notify)
        for address in notify:
            known(address)
        holds = count(db, query)
        tell_unlooked(home, db, query)
        watches.add(home.watches, made)
    except (BadWatch, ConfigError, QueryError) as problem:
        raise click.ClickException(str(problem)) from None
    with closing(db), Journal(home.watch_journal) as journal:
        journal.note(db)
        journal.begin(name)
    click.echo(f"watch {name} begins; {holds:,} articles of the archive meet it already")
