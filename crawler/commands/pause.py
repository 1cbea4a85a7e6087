"""campuswarc pause SITE…"""

from __future__ import annotations

import click

from crawler.adding import edits
from crawler.archive_folder import ArchiveFolder
from spiders.tables import ConfigError


@click.command()
@click.argument("sites", nargs=-1, required=True)
@click.pass_obj
def command(home: ArchiveFolder, sites: tuple[str, ...]) -> None:
    """Have crawls leave these sites alone (`paused = true` in sites.toml) until `campuswarc resume`."""
    try:
        for site in sites:
            edits.pause(home.sites, site)
            click.echo(f"{site}: paused")
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
