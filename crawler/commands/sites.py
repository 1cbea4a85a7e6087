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
@click.option("--check", is_flag=True, help="Only prove that sites.toml is right; nothing is fetched.")
@click.pass_obj
def command(home: ArchiveFolder, builtin: bool, check: bool) -> None:
    """List the configured sites: id, family, listings, college.

    With --check every table that is wrong is named, and the exit status is 1 where one is.
    """
    if check:
        wrong = catalogue.mistakes(home.sites)
        for text in wrong:
            click.echo(text, err=True)
        if wrong:
            raise click.ClickException(f"{home.sites}: {len(wrong)} mistakes; no crawl would begin")
        click.echo(f"{home.sites}: {len(catalogue.load(home.sites))} sites, all right")
        return
    try:
        sites = catalogue.builtin() if builtin else catalogue.load(home.sites)
        proved = catalogue.proved() if builtin else {}
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    for site in sites.values():
        click.echo(
            f"{site.id}\t{site.family}\t{site.college or site.name}"
            + (f"\ttags: {' '.join(site.tags)}" if site.tags else "")
            + ("\tpaused" if site.paused else "")
            + (f"\tproved: {proved[site.id]}" if builtin else "")
        )
        for seed in site.listings:
            click.echo(f"\t{seed.url}" + (f"\t{seed.section}" if seed.section else ""))
    if not sites:
        click.echo("No sites yet: campuswarc add https://news.example.edu/")
