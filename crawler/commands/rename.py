"""campuswarc rename SITE NEW"""

from __future__ import annotations

import click

from crawler.adding import edits
from crawler.archive_folder import ArchiveFolder
from spiders.tables import ConfigError


@click.command()
@click.argument("site")
@click.argument("new")
@click.pass_obj
def command(home: ArchiveFolder, site: str, new: str) -> None:
    """Give SITE the id NEW in sites.toml; its articles follow with the next crawl, by its listings."""
    try:
        edits.rename(home.sites, site, new)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{site} is {new} now; its articles follow with the next crawl")
