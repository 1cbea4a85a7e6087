"""campuswarc resume SITE…"""

from __future__ import annotations

import click

from crawler.adding import edits
from crawler.archive_folder import ArchiveFolder
from spiders.tables import ConfigError


@click.command()
@click.argument("sites", nargs=-1, required=True)
@click.pass_obj
def command(home: ArchiveFolder, sites: tuple[str, ...]) -> None:
    """Have these sites crawled again after `campuswarc pause`."""
    try:
        for site in sites:
            edits.resume(home.sites, site)
            click.echo(f"{site}: crawled again from the next run on")
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
