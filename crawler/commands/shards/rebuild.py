"""campuswarc shards rebuild"""

from __future__ import annotations

import os
import sys

import click

from crawler.archive_folder import ArchiveFolder
from crawler.commands.shards.verify import tell
from crawler.shards import plan
from crawler.shards.fan_out import run, worst
from spiders.tables import ConfigError


@click.command()
@click.option("--yes", "-y", is_flag=True, help="Put the new databases into place; without it they lie beside the old.")
@click.option("--reader-changed", is_flag=True, help="Only read again what an older version of the reader has read.")
@click.option(
    "--at-once", type=click.IntRange(min=1), default=os.cpu_count() or 1, show_default="one a core", help="Shards."
)
@click.pass_obj
def command(home: ArchiveFolder, yes: bool, reader_changed: bool, at_once: int) -> None:
    """Make the databases of all shards anew from their WARC files, each as `campuswarc rebuild` makes it.

    Exit status 5 when parts of one are damaged, 1 when one is not reached or is being crawled.
    """
    words = ["rebuild", *["--yes"] * yes, *["--reader-changed"] * reader_changed, "--processes", "1"]
    try:
        planned = plan.load(home)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    sys.exit(worst(one.status for one in run(home, planned, words, at_once=at_once, told=tell)))
