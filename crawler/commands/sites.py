"""campuswarc sites"""

from __future__ import annotations

import click

from crawler.archive_folder import ArchiveFolder
from spiders import catalogue
from spiders.tables import ConfigError


@click.command()
@click.option(
    "--builtin",
    is_flag=True,
    help="List the sites that come with campuswarc instead; `add --builtin ID` takes one over.",
)
@click.pass_obj
def command(home: ArchiveFolder, builtin: bool) -> None:
    """List the configured sites: id, family, listings, college."""
    try:
        sites = catalogue.builtin() if builtin else catalogue.load(home.sites)
        proved = catalogue.proved() if builtin else {}
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    for site in sites.values():
        click.echo(
            f"{site.id}\t{site.family}\t{site.college or site.name}"
            + (f"\tproved: {proved[site.id]}" if builtin else "")
        )
        for seed in site.listings:
            click.echo(f"\t{seed.url}" + (f"\t{seed.section}" if seed.section else ""))
    if not sites:
        click.echo("No sites yet: campuswarc add https://news.example.edu/")
