"""campuswarc shards split"""

from __future__ import annotations

import sys

import click

from crawler.archive_folder import ArchiveFolder
from crawler.exits import BROKEN_SITES, OK
from crawler.shards import plan
from crawler.shards.dividing import Divided, divide
from spiders.tables import ConfigError


@click.command()
@click.pass_obj
def command(home: ArchiveFolder) -> None:
    """Follow sites.toml: new sites get their shard, the files of each shard are made anew where they differ.

    Every other command of `shards` that crawls does this first. A site that has its shard keeps it. Exit status 3 when
    a site is crawled in no shard.
    """
    try:
        done = divide(home, plan.load(home))
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    sys.exit(tell(done))


def tell(done: Divided) -> int:
    """Say what has been divided; the exit status."""
    for shard in done.plan.shards.values():
        number = len(done.placed.of(shard.name))
        where = f" on {shard.machine}" if shard.machine else ""
        made = "written" if shard.name in done.changed else "as it was" if shard.here else "written when it is crawled"
        click.echo(f"{shard.name}\t{number} sites\t{shard.folder}{where}\t{made}")
    return complain(done)


def complain(done: Divided) -> int:
    """Say which sites are crawled nowhere; the exit status for that."""
    for text in done.wrong:
        click.echo(text, err=True)
    return BROKEN_SITES if done.wrong else OK
