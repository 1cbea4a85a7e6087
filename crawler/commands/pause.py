"""campuswarc pause SITE…"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

from crawler.adding import edits
from crawler.archive_folder import ArchiveFolder
from spiders.tables import ConfigError


def each_site(sites: Iterable[str], change: Callable[[str], object], said: str) -> None:
    """Change them one after another and say so of each; the first that cannot be changed ends the command."""
    try:
        for site in sites:
            change(site)
            click.echo(f"{site}: {said}")
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None


@click.command()
@click.argument("sites", nargs=-1, required=True)
@click.pass_obj
def command(home: ArchiveFolder, sites: tuple[str, ...]) -> None:
    """Have crawls leave these sites alone (`paused = true` in sites.toml) until `campuswarc resume`."""
    each_site(sites, lambda site: edits.pause(home.sites, site), "paused")
