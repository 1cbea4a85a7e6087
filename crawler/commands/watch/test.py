"""campuswarc watch test NAME"""

from __future__ import annotations

import sys

import click

from archive.watches.watch import BadWatch, load
from crawler import config, user_agent
from crawler.archive_folder import ArchiveFolder
from crawler.reporting.watching import post, sample
from spiders.tables import ConfigError


@click.command()
@click.argument("name")
@click.pass_obj
def command(home: ArchiveFolder, name: str) -> None:
    """Send a digest that tells nothing to each address of a watch, to see whether it arrives."""
    try:
        watch = load(home.watches).get(name)
        agent = user_agent(config.load(home.config).operator.contact)
    except (BadWatch, ConfigError) as problem:
        raise click.ClickException(str(problem)) from None
    if watch is None:
        raise click.ClickException(f"there is no watch {name!r}")
    if not watch.notify:
        raise click.ClickException(f"watch {name} is a feed alone: it has no address to send to")
    wrong = 0
    for address in watch.notify:
        shown = f"{address.partition('://')[0]}://…"
        try:
            post(address, sample(watch), agent)
            click.echo(f"{shown} has got it")
        except ConfigError as problem:
            wrong += 1
            click.echo(str(problem), err=True)
    sys.exit(1 if wrong else 0)
