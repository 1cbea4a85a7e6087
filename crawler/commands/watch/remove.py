"""campuswarc watch remove NAME"""

from __future__ import annotations

import click

from archive.watches import watch as watches
from archive.watches.journal import Journal
from archive.watches.watch import BadWatch
from crawler.archive_folder import ArchiveFolder


@click.command()
@click.argument("name")
@click.pass_obj
def command(home: ArchiveFolder, name: str) -> None:
    """End a watch; what it has still to send is not sent."""
    try:
        watches.remove(home.watches, name)
    except BadWatch as problem:
        raise click.ClickException(str(problem)) from None
    if home.watch_journal.exists():
        with Journal(home.watch_journal) as journal:
            journal.forget(name)
    click.echo(f"watch {name} has ended")
