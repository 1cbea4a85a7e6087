"""campuswarc shards init N"""

from __future__ import annotations

import sys

import click

from crawler.archive_folder import ArchiveFolder
from crawler.commands.shards.split import tell
from crawler.shards.dividing import begin, divide
from spiders.tables import ConfigError


@click.command()
@click.argument("number", metavar="N", type=click.IntRange(1, 10_000))
@click.pass_obj
def command(home: ArchiveFolder, number: int) -> None:
    """Divide the sites of sites.toml into N shards, archive folders below shards/, by their registrable domains.

    shards.toml says which shard has what, and may be edited: another folder, the machine where it lies. Exit status 3
    when a site is crawled in no shard.
    """
    try:
        done = divide(home, begin(home, number))
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    if home.database.exists():
        click.echo(f"{home.database} stays as it is: the shards begin anew and know nothing of it", err=True)
    sys.exit(tell(done))
