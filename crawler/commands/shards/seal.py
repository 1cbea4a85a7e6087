"""campuswarc shards seal"""

from __future__ import annotations

import sys

import click

from crawler.archive_folder import ArchiveFolder
from crawler.shards import plan
from crawler.shards.fan_out import Ended, run, worst
from spiders.tables import ConfigError


@click.command()
@click.pass_obj
def command(home: ArchiveFolder) -> None:
    """Seal the closed WARC files of all shards and print a line a shard: its name and the head of its chain.

    Keep these lines somewhere else: `campuswarc shards verify --since FILE` proves that nothing sealed by now was
    changed. Exit status 1 when a shard is not reached.
    """
    try:
        planned = plan.load(home)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    sys.exit(worst(one.status for one in run(home, planned, ["seal"], at_once=1, told=_tell)))


def _tell(ended: Ended) -> None:
    head = ended.out.strip()
    if ended.status == 0 and not head.startswith("("):  # else nothing is sealed yet
        click.echo(f"{ended.shard}\t{head}")
    for line in ended.err.splitlines():
        click.echo(f"{ended.shard}: {line}", err=True)
