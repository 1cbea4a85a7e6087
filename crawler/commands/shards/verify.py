"""campuswarc shards verify"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from crawler.archive_folder import ArchiveFolder
from crawler.shards import plan
from crawler.shards.fan_out import Ended, run, worst
from spiders.tables import ConfigError, text_of


@click.command()
@click.option("--quick", is_flag=True, help="As `campuswarc verify` has it.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="As --quick, and N captures of each shard.")
@click.option("--repair", is_flag=True, help="Then mend what can be mended; deletes nothing.")
@click.option(
    "--since",
    "heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What `shards seal` printed once: all that was sealed by then must be unchanged.",
)
@click.option(
    "--at-once", type=click.IntRange(min=1), default=os.cpu_count() or 1, show_default="one a core", help="Shards."
)
@click.pass_obj
def command(
    home: ArchiveFolder, quick: bool, sample: int | None, repair: bool, heads: Path | None, at_once: int
) -> None:
    """Prove all shards, each as `campuswarc verify` proves it. Exit status 5 when something is wrong in one, 1 when one
    is not reached."""
    words = ["verify", *["--quick"] * quick, *(["--sample", str(sample)] if sample else []), *["--repair"] * repair]
    try:
        planned = plan.load(home)
        since = {name: ("--since", head) for name, head in (_heads(heads, planned) if heads else {}).items()}
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    sys.exit(worst(one.status for one in run(home, planned, words, own=since, at_once=at_once, told=tell)))


def tell(ended: Ended) -> None:
    """Print what a command said in a shard, each line behind its name."""
    for text, to_stderr in ((ended.out, False), (ended.err, True)):
        for line in text.splitlines():
            click.echo(f"{ended.shard}: {line}", err=to_stderr)


def _heads(path: Path, planned: plan.Plan) -> dict[str, str]:
    found = {}
    for line in text_of(path).splitlines():
        name, _, head = line.partition("\t")
        if name not in planned.shards or not head:
            raise ConfigError(f"{path}: {line!r} is no line that `campuswarc shards seal` prints: shard, tab, head")
        found[name] = head
    return found
