"""campuswarc watch list"""

from __future__ import annotations

import click

from archive.watches.journal import Journal
from archive.watches.watch import BadWatch, load
from crawler.archive_folder import ArchiveFolder


@click.command()
@click.pass_obj
def command(home: ArchiveFolder) -> None:
    """Name the watches, what they watch for, where they tell it, and what is still to be sent."""
    try:
        watches = load(home.watches)
    except BadWatch as problem:
        raise click.ClickException(str(problem)) from None
    if not watches:
        click.echo('no watch: campuswarc watch add NAME "QUERY" --notify URL', err=True)
        return
    waiting = []
    if home.watch_journal.exists():
        with Journal(home.watch_journal, read_only=True) as journal:
            waiting = journal.outbox()
    for watch in watches.values():
        schemes = ", ".join(f"{address.partition('://')[0]}://…" for address in watch.notify) or "a feed alone"
        click.echo(f"{watch.name}\t{watch.query}\t{schemes}")
        for parcel in waiting:
            if parcel.watch == watch.name:
                click.echo(f"  to be sent: digest {parcel.key}{f' ({parcel.problem})' if parcel.problem else ''}")
