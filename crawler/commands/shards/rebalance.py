"""campuswarc shards rebalance"""

from __future__ import annotations

import sys

import click

from crawler.archive_folder import ArchiveFolder
from crawler.commands.shards.split import tell
from crawler.shards import plan
from crawler.shards.dividing import divide, rebalance
from spiders.tables import ConfigError


@click.command()
@click.option("--shards", "number", type=click.IntRange(1, 10_000), default=1, help="Have at least so many shards.")
@click.pass_obj
def command(home: ArchiveFolder, number: int) -> None:
    """Even out the shards: sites that nobody has crawled yet move from those with many to those with few.

    A site that has been crawled stays: its pages, and what is known of its listings, lie in its shard; so do the sites
    of shards on other machines, of which nothing is known here.
    """
    try:
        planned = plan.load(home)
        moved = rebalance(home, planned, number)
        plan.save(home, planned)
        done = divide(home, planned)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    for domain, name in sorted(moved.items()):
        click.echo(f"{domain} moves to {name}")
    sys.exit(tell(done))
